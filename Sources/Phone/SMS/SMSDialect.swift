/// How the SMS provider of one build wants to be asked, as found by asking it; kept for the build in the cursor.
///
/// AOSP's `SmsProvider` takes any SQL expression as a column and `LIMIT` in the sort order. A build that has a projection map, or
/// Android's strict grammar, takes plain columns only (`Invalid column …`), and may refuse `LIMIT` (`Invalid token LIMIT`)
/// (aosp-mirror/platform_frameworks_base `core/java/android/database/sqlite/SQLiteQueryBuilder.java`).
package struct SMSDialect: Sendable, Equatable {
    /// How rows are read so that no text can forge one.
    package enum Reading: String, Sendable, CaseIterable {
        /// Texts as `hex(…)`: many rows in one query.
        case hex = "x"
        /// Plain columns: numbers first, then each text in a query of its own, told apart by marks with a fresh nonce.
        case nonce = "n"
    }

    /// Where a row says which SIM card it came on.
    package enum Card: String, Sendable, CaseIterable {
        /// `sub_id` is Android's subscription.
        case subscription = "s"
        /// `sub_id` is the slot, counted from 0.
        case slotInSubID = "h"
        /// `sim_slot` is the slot, counted from 0; `sub_id` as with `subscription`. 0 is also what stands there when the SMS app
        /// writes nothing, so by itself it says nothing.
        case simSlot = "g"
        /// `sim_id` is the subscription where `sub_id` is -1; 0 says nothing, for the same reason.
        case simID = "x"
    }

    var reading: Reading
    /// Whether the sort order may end in `LIMIT`.
    var limits: Bool
    var card: Card

    /// A dialect; without arguments AOSP's.
    package init(reading: Reading = .hex, limits: Bool = true, card: Card = .subscription) {
        self.reading = reading
        self.limits = limits
        self.card = card
    }

    /// The maker's column beside `sub_id`; nil where there is none.
    var cardColumn: String? {
        switch card {
        case .subscription, .slotInSubID: nil
        case .simSlot: "sim_slot"
        case .simID: "sim_id"
        }
    }
}

/// What a row says of its SIM card.
enum SMSCardMark: Sendable, Hashable {
    /// The slot, counted from 0.
    case slot(Int)
    /// Android's subscription.
    case subscription(Int)
    /// A slot and a subscription, which may contradict each other.
    case both(slot: Int, subscription: Int)
    /// Nothing.
    case none

    /// The mark under which a row of this card is counted.
    var counted: SMSCardMark {
        switch self {
        case .both(_, let subscription): .subscription(subscription)
        case .slot, .subscription, .none: self
        }
    }

    /// Most slots and the largest subscription believed.
    private static let slotsMax = Int64(SubscriptionDump.entriesMax)

    /// What the columns of a row say on a build of `dialect`; `own` is the maker's column.
    init(_ dialect: SMSDialect, subID: Int64?, own: Int64?) {
        let subscription = subID.flatMap { 0...Int64(Int32.max) ~= $0 ? Int($0) : nil }
        func slot(_ value: Int64?) -> Int? { value.flatMap { 0..<Self.slotsMax ~= $0 ? Int($0) : nil } }
        switch dialect.card {
        case .subscription: self = subscription.map { .subscription($0) } ?? .none
        // More than two slots no phone of these makers has: such a value is what it is elsewhere.
        case .slotInSubID: self = subscription.map { $0 < 2 ? .slot($0) : .subscription($0) } ?? .none
        case .simSlot:
            switch (slot(own).flatMap { $0 > 0 ? $0 : nil }, subscription) {
            case (let slot?, let subscription?): self = .both(slot: slot, subscription: subscription)
            case (let slot?, nil): self = .slot(slot)
            case (nil, let subscription?): self = .subscription(subscription)
            case (nil, nil): self = .none
            }
        case .simID:
            let other = own.flatMap { 1...Int64(Int32.max) ~= $0 ? Int($0) : nil }
            self = (subscription ?? other).map { .subscription($0) } ?? .none
        }
    }
}

/// What rows have shown of the meaning of `sub_id` on a phone whose maker is known to keep the slot in it: newer phones of such makers may
/// keep Android's subscription there (unverified), and 1 can be either.
struct SMSCardEvidence: Sendable, Equatable {
    /// A row held 0, which no subscription is: it is the slot.
    var isSlot = false
    /// A row held more than a slot can be: it is the subscription.
    var isSubscription = false

    /// A row says this of its card.
    mutating func saw(_ mark: SMSCardMark, _ dialect: SMSDialect) {
        guard dialect.card == .slotInSubID else { return }
        switch mark {
        case .slot(0): isSlot = true
        case .subscription: isSubscription = true
        default: break
        }
    }
}
