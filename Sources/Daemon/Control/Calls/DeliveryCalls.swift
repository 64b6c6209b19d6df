import Base
package import Control
import Delivery
import Events
import Store

/// Calls about deliveries.
package enum DeliveryCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [ListDeliveries.self, ShowDelivery.self]
}

/// Deliveries, newest first.
package struct ListDeliveries: AnsweredCall {
    package typealias Reply = DeliveryList
    package static let word = "deliveries"
    /// The words for the states there are.
    package static let states = DeliveryState.allCases.map(\.description)

    /// One webhook, by name.
    package let webhook: String?
    /// One of `states`.
    package let state: String?
    /// Only deliveries with a smaller number; nil from the newest on.
    package let before: Int64?
    /// Rows, 1 to `ControlLimits.listRowsMax`.
    package let limit: Int

    /// The call about the deliveries that are all of these.
    package init(webhook: String? = nil, state: String? = nil, before: Int64? = nil, limit: Int) {
        self.webhook = webhook
        self.state = state
        self.before = before
        self.limit = limit
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> DeliveryList {
        let limit = try ListLimit.checked(limit)
        var key: WebhookKey?
        if let webhook { key = try await daemon.webhook(named: webhook).key }
        let state = try deliveryState()
        let before = before.map { DeliveryKey(rawValue: $0) }
        let deliveries = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.deliveries(webhook: key, state: state, before: before, limit: limit)
        }
        var more = false
        if deliveries.count == limit, let last = deliveries.last {
            more = try await daemon.stored { () throws(StoreError) in
                try await !daemon.store.deliveries(webhook: key, state: state, before: last.key, limit: 1)
                    .isEmpty
            }
        }
        return DeliveryList(deliveries: deliveries.map { DeliveryReport($0) }, more: more)
    }

    private func deliveryState() throws(ControlError) -> DeliveryState? {
        guard let state else { return nil }
        guard let found = DeliveryState.allCases.first(where: { $0.description == state }) else {
            throw ControlError(.badRequest, "there is no state \"\(state)\"")
        }
        return found
    }
}

/// One delivery with its attempts.
package struct ShowDelivery: AnsweredCall {
    package typealias Reply = DeliveryReport
    package static let word = "delivery"

    /// The delivery's number.
    package let id: Int64

    /// The call about the delivery with the number `id`.
    package init(id: Int64) { self.id = id }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> DeliveryReport {
        let story = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.deliveryStory(DeliveryKey(rawValue: id))
        }
        guard let story else {
            throw ControlError(
                .notFound, "there is no delivery \(id)", hint: "\"phonewire deliveries\" lists the newest")
        }
        return DeliveryReport(story)
    }
}

/// Deliveries, newest first.
package struct DeliveryList: Sendable, Equatable, Codable {
    /// The deliveries.
    package var deliveries: [DeliveryReport]
    /// Whether there are older ones: ask with `before` = the last delivery's id.
    package var more: Bool
}

/// One event to one webhook.
package struct DeliveryReport: Sendable, Equatable, Codable {
    /// Its number.
    package var id: Int64
    /// The event's number.
    package var event: Int64
    /// The webhook's name.
    package var webhook: String
    /// `pending`, `delivered`, `dead` or `removed`.
    package var state: String
    /// When its event was recorded.
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
    package var attempts: [AttemptReport] = []
    /// The stored body, its secret left out; nil in lists.
    package var body: SampleRequest?
}

extension DeliveryReport {
    /// A row of a list.
    init(_ summary: DeliverySummary) {
        let pending = summary.state == .pending
        self.init(
            id: summary.key.rawValue, event: summary.event.rawValue, webhook: summary.webhookName,
            state: summary.state.description, createdAt: Timestamp(summary.createdAt),
            nextAttemptAt: pending ? summary.dueAt.map { Timestamp($0) } : nil,
            endedAt: summary.endedAt.map { Timestamp($0) }, attemptsMade: summary.attempts,
            lastResult: summary.last.map { $0.error ?? $0.status.map(String.init) ?? "" },
            deadReason: pending ? nil : summary.reason)
    }

    /// A delivery with its attempts and its body.
    init(_ story: DeliveryStory) {
        self.init(story.summary)
        attempts = story.attempts.map { AttemptReport($0) }
        body = SampleRequest(stored: story.body)
    }
}

/// One request that was made.
package struct AttemptReport: Sendable, Equatable, Codable {
    /// 1 for the first.
    package var number: Int
    /// When it was sent.
    package var startedAt: Timestamp
    /// From sending to the answer or the failure.
    package var durationMicroseconds: Int64
    /// Status code; nil when no answer came.
    package var status: Int?
    /// Why no answer came.
    package var error: String?
    /// First line of the answer's body.
    package var reply: String?
}

extension AttemptReport {
    fileprivate init(_ attempt: AttemptRecord) {
        let firstLine = attempt.reply.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        self.init(
            number: attempt.number, startedAt: Timestamp(attempt.startedAt),
            durationMicroseconds: attempt.microseconds, status: attempt.status, error: attempt.error,
            reply: firstLine.isEmpty ? nil : LossyText.decode(firstLine))
    }
}
