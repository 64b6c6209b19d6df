import Bytes
import Phone

extension Laws {
    /// Output of an SMS query gives rows or one error; rows that were read say, printed again, exactly what was read:
    /// there was one way to read it.
    package static let smsRow = Law(name: "SMSRow") { bytes throws(BrokenLaw) in
        let rows: [SMSRow]
        do throws(PhoneParseError) {
            rows = try SMSRow.parse(bytes)
        } catch {
            return try promise(error.offset <= bytes.count, "an error's offset lies in the output")
        }
        let text = rows.enumerated().map { print($1, $0) }.joined()
        try promise(same(Array(text.utf8), bytes), "printed again it is what was read")
        _ = ContentAnswer(output: bytes, errorOutput: [])
        _ = ContentAnswer(output: [], errorOutput: bytes)
        _ = try? SMSCanary(parsing: bytes)
    }

    private static func print(_ row: SMSRow, _ index: Int) -> String {
        func number(_ value: Int64?) -> String { value.map { String($0) } ?? "NULL" }
        func hex(_ bytes: [UInt8]?) -> String { Hex.encode(bytes ?? []).uppercased() }
        return "Row: \(index) _id=\(row.id), type=\(number(row.type)), status=\(number(row.status)), "
            + "error_code=\(number(row.errorCode)), sub_id=\(number(row.subscription)), read=\(number(row.read)), "
            + "d=\(number(row.date)), ds=\(number(row.dateSent)), ha=\(hex(row.address)), na=\(row.address == nil ? 1 : 0), "
            + "hb=\(hex(row.body)), nb=\(row.body == nil ? 1 : 0), hc=\(hex(row.creator))\n"
    }

    /// Whether both say the same but for what a terminal changes (`\r\n`), a missing last line end and how a number
    /// is written (`007`, `-0`).
    private static func same(_ printed: [UInt8], _ read: [UInt8]) -> Bool {
        lines(printed) == lines(read)
    }

    private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { line in
            var line = line
            if line.last == 0x0D { line.removeLast() }
            return line.split(separator: 0x20).flatMap { field in plain(field) + [0x20] }
        }
    }

    /// A field without the leading zeros of its number.
    private static func plain(_ field: ArraySlice<UInt8>) -> [UInt8] {
        guard let equals = field.firstIndex(of: 0x3D), !field.starts(with: Array("h".utf8)) else {
            return field.allSatisfy({ 0x30...0x39 ~= $0 }) ? digits(field) : Array(field)
        }
        var value = field[(equals + 1)...]
        let comma = value.last == 0x2C
        if comma { value = value.dropLast() }
        let negative = value.first == 0x2D
        let number = digits(negative ? value.dropFirst() : value)
        let sign: [UInt8] = negative && number != [0x30] ? [0x2D] : []
        return Array(field[...equals]) + sign + number + (comma ? [0x2C] : [])
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let rest = bytes.drop { $0 == 0x30 }
        return rest.isEmpty && !bytes.isEmpty ? [0x30] : Array(rest)
    }
}
