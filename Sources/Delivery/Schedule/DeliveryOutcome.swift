package import Base

/// One HTTP request, for the record.
package struct AttemptRecord: Sendable, Equatable {
    /// Longest part of a reply's body that is kept, in bytes.
    package static let replyBytesMax = 1024

    /// Which attempt it was, 1 for the first.
    package let number: Int
    /// When it began.
    package let startedAt: WallTime
    /// How long it took, in microseconds.
    package let microseconds: Int64
    /// The status line's code; nil when none came.
    package let status: Int?
    /// Why it did not succeed, in one printable line without secrets; nil when it did.
    package let error: String?
    /// The first bytes of the reply's body. Outside text: escape it before showing.
    package let reply: [UInt8]

    /// The record of one attempt; `reply` is cut to `replyBytesMax`.
    package init(
        number: Int, startedAt: WallTime, microseconds: Int64, status: Int?, error: String?, reply: [UInt8]
    ) {
        self.number = number
        self.startedAt = startedAt
        self.microseconds = microseconds
        self.status = status
        self.error = error
        self.reply = Array(reply.prefix(Self.replyBytesMax))
    }
}

/// What came of an attempt, for the store to write down.
package struct DeliveryOutcome: Sendable, Equatable {
    /// What the delivery becomes.
    package enum Next: Sendable, Equatable {
        /// The receiver has it.
        case delivered
        /// Still pending; the next attempt not before this date.
        case retry(at: WallTime)
        /// Given up, kept for replay. One printable sentence why.
        case dead(reason: String)
    }

    /// The delivery.
    package let delivery: DeliveryKey
    /// The attempt.
    package let attempt: AttemptRecord
    /// What it becomes.
    package let next: Next

    /// The outcome of one attempt.
    package init(delivery: DeliveryKey, attempt: AttemptRecord, next: Next) {
        self.delivery = delivery
        self.attempt = attempt
        self.next = next
    }
}
