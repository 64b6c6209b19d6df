import Base
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

    /// Whether both are the same but for a terminal's line ends (`\r\n`) and a missing last line end.
    private static func same(_ printed: [UInt8], _ read: [UInt8]) -> Bool { lines(printed) == lines(read) }

    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == 0x0D ? $0.dropLast() : $0 }
    }
}
