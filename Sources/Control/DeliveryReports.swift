/// One event to one webhook.
package struct DeliveryReport: Sendable, Equatable, Codable {
    package var id: Int64
    package var event: Int64
    package var webhook: String
    /// `pending`, `delivered`, `dead` or `removed`.
    package var state: String
    package var createdAt: Timestamp
    /// When the next attempt is due; nil when there is none to come.
    package var nextAttemptAt: Timestamp?
    /// When it was delivered or given up.
    package var endedAt: Timestamp?
    /// How many attempts were made.
    package var attemptsMade: Int
    /// What came of the last attempt: a status or an error.
    package var lastResult: String?
    /// Why it was given up.
    package var deadReason: String?
    /// Every attempt; empty in lists.
    package var attempts: [AttemptReport]
    /// The stored body, its secret left out; nil in lists.
    package var body: SampleRequest?

    package init(
        id: Int64, event: Int64, webhook: String, state: String, createdAt: Timestamp,
        nextAttemptAt: Timestamp? = nil, endedAt: Timestamp? = nil, attemptsMade: Int = 0,
        lastResult: String? = nil, deadReason: String? = nil, attempts: [AttemptReport] = [],
        body: SampleRequest? = nil
    ) {
        self.id = id
        self.event = event
        self.webhook = webhook
        self.state = state
        self.createdAt = createdAt
        self.nextAttemptAt = nextAttemptAt
        self.endedAt = endedAt
        self.attemptsMade = attemptsMade
        self.lastResult = lastResult
        self.deadReason = deadReason
        self.attempts = attempts
        self.body = body
    }
}

/// One HTTP request that was made.
package struct AttemptReport: Sendable, Equatable, Codable {
    /// 1 for the first.
    package var number: Int
    package var startedAt: Timestamp
    package var durationMicroseconds: Int64
    /// Status code; nil when no answer came.
    package var status: Int?
    /// Why no answer came.
    package var error: String?
    /// First line of the answer's body.
    package var reply: String?

    package init(
        number: Int, startedAt: Timestamp, durationMicroseconds: Int64, status: Int?, error: String?,
        reply: String?
    ) {
        self.number = number
        self.startedAt = startedAt
        self.durationMicroseconds = durationMicroseconds
        self.status = status
        self.error = error
        self.reply = reply
    }
}

/// Deliveries, newest first.
package struct DeliveryList: Sendable, Equatable, Codable {
    package var deliveries: [DeliveryReport]
    /// Whether there are older ones: ask with `before` = the last delivery's id.
    package var more: Bool

    package init(deliveries: [DeliveryReport], more: Bool) {
        self.deliveries = deliveries
        self.more = more
    }
}
