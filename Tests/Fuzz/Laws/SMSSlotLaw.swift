import Base
import Events
import Phone

extension Laws {
    /// What settles a slot (the radio's log, the raw table), rows of the call log and stored cursors: a value or an error, whatever comes.
    package static let smsSlot = Law(name: "SMSSlot") { bytes throws(BrokenLaw) in
        let log = SMSRadioLog(bytes)
        let dates: [Int64] = [.min, 0, 1_760_000_000_124, 1_760_000_000_900, 1_760_000_004_000, .max]
        for index in dates.indices {
            let slot = log.slot(ofRowAt: index, among: dates)
            try promise(
                slot.map { 0..<SubscriptionDump.entriesMax ~= $0 } ?? true,
                "a slot is one that a phone can have")
        }
        for reading in SMSDialect.Reading.allCases { _ = try? SMSRawPart.parse(bytes, reading) }
        try callsPrintedAgain(bytes)
        _ = SMSSource.ledger(bytes)
        let identity = PhoneIdentity(
            serial: "", androidID: nil, manufacturer: "", model: "", androidVersion: "", apiLevel: 34,
            fingerprint: "")
        let phone = PhoneContext(traits: PhoneTraits(identity), sims: [])
        for type in PhoneCatalog.sources { _ = type.init(cursor: bytes, phone: phone) }
    }

    private static func callsPrintedAgain(_ bytes: [UInt8]) throws(BrokenLaw) {
        guard let rows = try? CallQuery.rows(bytes) else { return }
        func number(_ value: Int64?) -> String { value.map { String($0) } ?? "NULL" }
        let text = rows.enumerated().map { index, row in
            "Row: \(index) _id=\(row.id), type=\(number(row.type)), date=\(number(row.date))\n"
        }.joined()
        let read = bytes.filter { $0 != 0x0D }
        try promise(
            Array(text.utf8) == read || Array(text.utf8).dropLast() == read[...],
            "calls printed again are what was read")
    }
}
