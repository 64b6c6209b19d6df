package import Base

/// What a source knows of everything that was on its phone since it was enrolled: what was read, what is still there, and what was
/// passed over.
package struct PhoneLedger: Sendable, Equatable {
    /// Rows that the phone holds now, of one SIM card.
    package struct Held: Sendable, Equatable {
        /// SIM slot, 1-based, where the rows name it themselves.
        package let slot: Int?
        /// Android's subscription, where the rows name that.
        package let subscription: Int?
        /// How many.
        package let rows: Int64
    }

    /// Rows that came since enrolment and are on the phone, by card, as the last whole check counted them.
    package let held: [Held]
    /// When that was, by the phone's clock; nil before the first.
    package let checkedAt: WallTime?
    /// Became events.
    package let events: Int64
    /// Of them, those whose slot nothing settled.
    package let withoutSlot: Int64
    /// Came back from a backup: events that are not forwarded.
    package let history: Int64
    /// Were put back into the phone's store and known already.
    package let putBack: Int64
    /// Could not be read.
    package let unreadable: Int64
    /// Ids that were passed over: deleted before any read, or a draft or a failed message that the phone hides.
    package let missing: Int64
    /// The newest stretches of such ids.
    package let gaps: [ClosedRange<Int64>]
    /// How often the store was found empty: wiped, or hidden.
    package let emptied: Int64
}
