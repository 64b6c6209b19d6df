import Base

/// The SIM cards as `dumpsys isub` tells them, Android 6 to 16
/// (LineageOS/android_frameworks_opt_telephony `SubscriptionController.java`, `SubscriptionManagerService.java`).
///
/// The map from subscription to slot is read from the head alone, which holds no free text, so no SIM name can forge
/// it. Details are anchored before any free text of their line.
package struct SubscriptionDump: Sendable, Equatable {
    /// Most slots and subscriptions believed.
    package static let entriesMax = 64

    /// One subscription's line: every SIM that was ever in the phone has one.
    package struct Subscription: Sendable, Equatable {
        /// Android's row id.
        package let id: Int
        /// The card's number as shown: cut to 9 digits on user builds.
        package let iccid: String
        /// Slot, 0-based; -1 when the card is out.
        package let slotIndex: Int
    }

    /// Subscription of each slot that has one, keyed by the 0-based slot.
    package let slots: [Int: Int]
    /// The subscriptions, each once.
    package let subscriptions: [Subscription]
    /// False while Android 14 and later still load SIMs: ask again later.
    package let isLoaded: Bool

    /// Reads the dump's bytes.
    ///
    /// Law: this map, or one error. A dump without a known head is refused; a head that says two subscriptions for
    /// one slot too.
    package init(parsing output: [UInt8]) throws(PhoneParseError) {
        var slots: [Int: Int] = [:]
        var subscriptions: [Int: Subscription] = [:]
        var inHead = true
        var knownHead = false
        var loaded = true
        for (number, line) in lines(of: output).enumerated() {
            if inHead {
                if Self.endsHead(line) {
                    inHead = false
                } else if line.elementsEqual("SubscriptionManagerService:".utf8)
                    || line.elementsEqual("SubscriptionController:".utf8)
                {
                    knownHead = true
                } else if line.elementsEqual("areAllSubscriptionsLoaded=false".utf8) {
                    loaded = false
                } else if let (slot, subscription) = Self.mapping(line) {
                    guard slots[slot] == nil || slots[slot] == subscription, slots.count < Self.entriesMax
                    else {
                        throw PhoneParseError("SIM slot", row: number, offset: line.startIndex)
                    }
                    slots[slot] = subscription
                }
            } else if let found = Self.subscription(line), subscriptions.count < Self.entriesMax {
                if subscriptions[found.id] == nil { subscriptions[found.id] = found }
            }
        }
        guard knownHead, !inHead || !slots.isEmpty else {
            throw PhoneParseError("SIM dump", row: 0, offset: 0)
        }
        self.slots = slots
        self.subscriptions = subscriptions.values.sorted { $0.id < $1.id }
        isLoaded = loaded
    }

    private static func endsHead(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: Array("++++".utf8)) || line.elementsEqual("Active subscriptions:".utf8)
    }

    /// ` sSlotIdxToSubId[0]: subId=1` (6, 7), ` sSlotIndexToSubId[0]: subId=1` (8, 9), `…: subIds=0=[1]` (10 to
    /// 13), `  Logical SIM slot 0: subId=2` (14 and later).
    private static func mapping(_ line: ArraySlice<UInt8>) -> (slot: Int, subscription: Int)? {
        var scanner = ByteScanner(line)
        if scanner.accept("  Logical SIM slot ") {
            guard let slot = scanner.integer(), scanner.accept(": subId="),
                let subscription = scanner.integer(), scanner.isAtEnd
            else { return nil }
            return valid(slot, subscription)
        }
        guard scanner.accept(" sSlotIndexToSubId[") || scanner.accept(" sSlotIdxToSubId["),
            let slot = scanner.integer(), scanner.accept("]: ")
        else { return nil }
        if scanner.accept("subId="), let subscription = scanner.integer(), scanner.isAtEnd {
            return valid(slot, subscription)
        }
        guard scanner.accept("subIds="), scanner.integer() != nil, scanner.accept("=["),
            let subscription = scanner.integer()
        else { return nil }
        return valid(slot, subscription)
    }

    private static func valid(_ slot: Int64, _ subscription: Int64) -> (Int, Int)? {
        guard 0..<Int64(entriesMax) ~= slot, 0...Int64(Int32.max) ~= subscription else { return nil }
        return (Int(slot), Int(subscription))
    }

    /// `{id=1, iccId=… simSlotIndex=0 ` (6 to 10), `{id=9 iccId=… ` (11 to 13),
    /// `[SubscriptionInfoInternal: id=2 iccId=… ` (14 and later).
    private static func subscription(_ line: ArraySlice<UInt8>) -> Subscription? {
        var scanner = ByteScanner(line)
        _ = scanner.prefix { $0 == .space }
        guard
            scanner.accept("{id=") || scanner.accept("[SubscriptionInfoInternal: id=")
                || scanner.accept("[SubscriptionInfo: id="),
            let id = scanner.integer(), 0...Int64(Int32.max) ~= id
        else { return nil }
        _ = scanner.accept(",")
        guard scanner.accept(" iccId=") else { return nil }
        let iccid = scanner.prefix { $0 > .space && $0 < .delete }
        guard iccid.count <= 32, scanner.accept(" simSlotIndex="), let slot = scanner.integer(),
            scanner.accept(" "), -1..<Int64(entriesMax) ~= slot
        else { return nil }
        return Subscription(id: Int(id), iccid: LossyText.decode(iccid), slotIndex: Int(slot))
    }
}
