import Phone

extension Laws {
    /// A SIM dump gives a map or one error; what stands behind the head never changes the map.
    package static let subscriptionDump = Law(name: "SubscriptionDump") { bytes throws(BrokenLaw) in
        let dump: SubscriptionDump
        do throws(PhoneParseError) {
            dump = try SubscriptionDump(parsing: bytes)
        } catch {
            return try promise(error.offset <= bytes.count, "an error's offset lies in the dump")
        }
        try promise(dump.slots.count <= SubscriptionDump.entriesMax, "slots are limited")
        try promise(dump.subscriptions.count <= SubscriptionDump.entriesMax, "subscriptions are limited")
        try promise(
            Set(dump.subscriptions.map(\.id)).count == dump.subscriptions.count, "each subscription once")
        guard let end = headEnd(bytes) else { return }
        let head = try? SubscriptionDump(parsing: Array(bytes[..<end]))
        try promise(head?.slots == dump.slots, "the head alone makes the map")
    }

    /// The end of the line that ends the head.
    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
            var line = bytes[start..<end]
            if line.last == 0x0D { line = line.dropLast() }
            if line.starts(with: Array("++++".utf8)) || line.elementsEqual("Active subscriptions:".utf8) {
                return end
            }
            start = end + 1
        }
        return nil
    }
}
