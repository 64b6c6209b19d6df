import Base
import Phone

extension Laws {
    /// Output of an SMS query gives rows or one error, whatever the build's dialect; rows that were read say, printed again, exactly
    /// what was read: there was one way to read it.
    package static let smsRow = Law(name: "SMSRow") { bytes throws(BrokenLaw) in
        for card in [SMSDialect.Card.subscription, .simSlot] {
            try readAgain(bytes, .hex, card)
            try readAgain(bytes, .nonce, card)
        }
        _ = ContentAnswer(output: bytes, errorOutput: [])
        _ = ContentAnswer(output: [], errorOutput: bytes)
        _ = try? SMSCanary(parsing: bytes)
        try textIsWhole(bytes)
    }

    private static func readAgain(
        _ bytes: [UInt8], _ reading: SMSDialect.Reading, _ card: SMSDialect.Card
    ) throws(BrokenLaw) {
        let dialect = SMSDialect(reading: reading, card: card)
        let rows: [SMSRow]
        do throws(PhoneParseError) {
            rows = try SMSQuery(dialect: dialect, isWide: true).rows(bytes)
        } catch {
            return try promise(error.offset <= bytes.count, "an error's offset lies in the output")
        }
        guard !rows.contains(where: { $0.isCut || $0.type != 1 }) else { return }
        let text = rows.enumerated().map { print($1, $0, isHex: reading == .hex, own: card == .simSlot) }
            .joined()
        try promise(same(Array(text.utf8), bytes), "printed again it is what was read")
    }

    /// A text that was read by itself is what stood between its head and the last line feed, and nothing else is one.
    private static func textIsWhole(_ bytes: [UInt8]) throws(BrokenLaw) {
        let row = SMSRow(id: 7, type: 1)
        let address = Array("Row: 0 address=A\n".utf8)
        let there = Array("Row: 0 _id=7\n".utf8)
        guard let read = try? SMSQuery.adding([address, bytes, there], to: [row]) else { return }
        let body = read.first??.body
        let head = Array("Row: 0 body=".utf8)
        let printed = body.map { head + $0 + [0x0A] } ?? Array("No result found.\n".utf8)
        guard read.first??.isCut != true else { return }
        try promise(printed == bytes, "a text printed again is what was read")
    }

    private static func print(_ row: SMSRow, _ index: Int, isHex: Bool, own: Bool) -> String {
        func number(_ value: Int64?) -> String { value.map { String($0) } ?? "NULL" }
        func hex(_ bytes: [UInt8]?) -> String { Hex.encode(bytes ?? []).uppercased() }
        let names = isHex ? ["t", "s", "o", "d", "ds"] : ["type", "sub_id", "sim_slot", "date", "date_sent"]
        let values = [row.type, row.subID, row.cardValue, row.date, row.dateSent].map { number($0) }
        var fields = zip(names, values).map { "\($0)=\($1)" }
        if !own { fields.remove(at: 2) }
        if isHex {
            fields += [
                "ha=\(hex(row.address))", "na=\(row.address == nil ? 1 : 0)", "hb=\(hex(row.body))",
                "lb=\(number(row.body.map { Int64($0.count) }))",
            ]
        }
        return "Row: \(index) _id=\(row.id), " + fields.joined(separator: ", ") + "\n"
    }

    /// Whether both are the same but for a terminal's line ends (`\r\n`) and a missing last line end.
    private static func same(_ printed: [UInt8], _ read: [UInt8]) -> Bool { lines(printed) == lines(read) }

    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0.last == 0x0D ? $0.dropLast() : $0 }
    }
}
