package import Delivery
package import Events
import Time

extension EventStore {
    /// Everything about one event; nil when there is none with this id.
    package func eventStory(_ id: EventID) throws(StoreError) -> EventStory? {
        let database = try database()
        guard let stored = try event(id, database) else { return nil }
        let keys = try database.all(.deliveriesOfEvent, SQLValue(id)) { row throws(StoreError) in
            try row.key(0, DeliveryKey.self)
        }
        var deliveries: [DeliveryStory] = []
        for key in keys {
            if let story = try story(key, database) { deliveries.append(story) }
        }
        return EventStory(stored: stored, deliveries: deliveries)
    }

    /// Everything about one delivery; nil when there is none with this key.
    package func deliveryStory(_ key: DeliveryKey) throws(StoreError) -> DeliveryStory? {
        try story(key, try database())
    }

    /// Deliveries, newest first: those older than `before`, of one webhook or state where given. At most
    /// `StoreLimits.listRowsMax`. Each pair of webhook and state asked for costs one index search.
    package func deliveries(
        webhook: WebhookKey? = nil, state: DeliveryState? = nil, before: DeliveryKey? = nil, limit: Int
    ) throws(StoreError) -> [DeliverySummary] {
        let database = try database()
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        let before = SQLValue(before?.rawValue ?? .max)
        var keys: [Int64] = []
        if webhook == nil, state == nil {
            keys = try database.all(.newestDeliveries, before, SQLValue(limit)) { row throws(StoreError) in
                try row.integer(0)
            }
        } else {
            let webhooks: [WebhookKey]
            if let webhook { webhooks = [webhook] } else { webhooks = try everyWebhookKey(database) }
            for webhook in webhooks {
                for state in state.map({ [$0] }) ?? DeliveryState.allCases {
                    keys += try database.all(
                        .newestDeliveriesOfState, SQLValue(webhook), .integer(state.rawValue), before,
                        SQLValue(limit)
                    ) { row throws(StoreError) in try row.integer(0) }
                }
            }
            keys.sort(by: >)
        }
        var deliveries: [DeliverySummary] = []
        for key in keys.prefix(limit) {
            if let summary = try summary(DeliveryKey(rawValue: key), database) { deliveries.append(summary) }
        }
        return deliveries
    }

    /// Of every phone with deliveries to `webhook` that were tried and wait, the one that is tried again first.
    package func nextRetries(_ webhook: WebhookKey) throws(StoreError) -> [DeliverySummary] {
        let database = try database()
        var retries: [DeliverySummary] = []
        for device in try deviceKeys(database) {
            let key = try database.first(.nextRetry, SQLValue(webhook), SQLValue(device)) {
                row throws(StoreError) in try row.key(0, DeliveryKey.self)
            }
            if let key, let summary = try summary(key, database) { retries.append(summary) }
        }
        return retries
    }

    /// Removed webhooks too: their deliveries stay on record.
    private func everyWebhookKey(_ database: Connection) throws(StoreError) -> [WebhookKey] {
        try database.all(.everyWebhookKey) { row throws(StoreError) in try row.key(0) }
    }

    private func story(_ key: DeliveryKey, _ database: Connection) throws(StoreError) -> DeliveryStory? {
        guard let summary = try summary(key, database) else { return nil }
        let body = try database.first(.readBody, SQLValue(key)) { row throws(StoreError) in try row.body(0) }
        let attempts = try database.all(.readAttempts, SQLValue(key), read: Self.attempt)
        guard let body else { return nil }
        return DeliveryStory(summary: summary, attempts: attempts, body: body)
    }

    private func summary(_ key: DeliveryKey, _ database: Connection) throws(StoreError) -> DeliverySummary? {
        let last = try database.first(.lastAttempt, SQLValue(key), read: Self.attempt)
        return try database.first(.readDelivery, SQLValue(key)) { row throws(StoreError) in
            let state = try row.state(3)
            let createdAt = try row.time(6)
            let due = try row.time(5)
            return DeliverySummary(
                key: key, event: try row.key(0), webhook: try row.key(1), webhookName: try row.text(9),
                device: try row.key(2), state: state, attempts: try row.int(4), createdAt: createdAt,
                dueAt: state == .pending ? (due.milliseconds == 0 ? createdAt : due) : nil,
                endedAt: try row.optionalTime(7), reason: try row.optionalText(8), last: last)
        }
    }

    private static func attempt(_ row: borrowing Row) throws(StoreError) -> AttemptRecord {
        AttemptRecord(
            number: try row.int(0), startedAt: try row.time(1), microseconds: try row.integer(2),
            status: try row.optionalInt(3), error: try row.optionalText(4), reply: try row.blob(5))
    }
}

extension SQL {
    static let deliveriesOfEvent = SQL(
        "deliveries of event", "SELECT id FROM deliveries WHERE event = ? ORDER BY webhook LIMIT 1000")
    static let newestDeliveries = SQL(
        "newest deliveries", "SELECT id FROM deliveries WHERE id < ? ORDER BY id DESC LIMIT ?")
    static let newestDeliveriesOfState = SQL(
        "newest deliveries of webhook and state",
        "SELECT id FROM deliveries WHERE webhook = ? AND state = ? AND id < ? ORDER BY id DESC LIMIT ?")
    static let nextRetry = SQL(
        "next retry",
        """
        SELECT id FROM deliveries WHERE state = 0 AND webhook = ? AND device = ? AND due_at > 0
        ORDER BY due_at LIMIT 1
        """)
    static let everyWebhookKey = SQL("read webhook keys", "SELECT id FROM webhooks")
    static let readBody = SQL(
        "read body", "SELECT content_type, secret_offset, body FROM deliveries WHERE id = ?")
    static let readDelivery = SQL(
        "read delivery",
        """
        SELECT event, webhook, device, state, attempts, due_at, deliveries.created_at, ended_at, reason,
            webhooks.name
        FROM deliveries JOIN webhooks ON webhooks.id = webhook WHERE deliveries.id = ?
        """)
    private static let attemptColumns = "SELECT number, started_at, microseconds, status, error, reply"
    static let readAttempts = SQL(
        "read attempts", "\(attemptColumns) FROM attempts WHERE delivery = ? ORDER BY number")
    static let lastAttempt = SQL(
        "read last attempt",
        "\(attemptColumns) FROM attempts WHERE delivery = ? ORDER BY number DESC LIMIT 1")
}
