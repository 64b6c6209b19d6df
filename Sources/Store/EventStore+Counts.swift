package import Delivery
package import Time

/// How much is stored. Kept up with every commit, not counted on demand.
package struct StoreCounts: Sendable, Equatable {
    /// Events in the store.
    package var events: Int
    /// Every webhook's deliveries, by name.
    package var webhooks: [WebhookCounts]
    /// Size of the database and its log on disk, in bytes.
    package var databaseBytes: Int64
    /// Why the log could not be copied into the database the last time it was tried; nil when it could.
    package var checkpointError: StoreError?
    /// Why nothing can be written; nil when the last write was committed.
    package var writeTrouble: WriteTrouble?

    /// Deliveries that wait.
    package var pending: Int { webhooks.reduce(0) { $0 + $1.pending } }
    /// Deliveries that arrived.
    package var delivered: Int { webhooks.reduce(0) { $0 + $1.delivered } }
    /// Deliveries given up.
    package var dead: Int { webhooks.reduce(0) { $0 + $1.dead } }
    /// When the oldest delivery that waits was made.
    package var oldestPendingAt: WallTime? { webhooks.compactMap(\.oldestPendingAt).min() }
}

/// How one webhook fares.
package struct WebhookCounts: Sendable, Equatable {
    /// The webhook.
    package var webhook: WebhookKey
    /// Its name.
    package var name: String
    /// Deliveries that wait.
    package var pending: Int
    /// Deliveries that arrived.
    package var delivered: Int
    /// Deliveries given up.
    package var dead: Int
    /// When the oldest delivery that waits was made.
    package var oldestPendingAt: WallTime?
}

extension EventStore {
    /// How much is stored.
    package func counts() throws(StoreError) -> StoreCounts {
        let database = try database()
        var webhooks: [WebhookCounts] = []
        for webhook in try loadWebhooks(database) {
            let oldest = try database.first(.oldestPending, SQLValue(webhook.key)) { row throws(StoreError) in
                try row.time(0)
            }
            webhooks.append(
                WebhookCounts(
                    webhook: webhook.key, name: webhook.name,
                    pending: try count(webhook.key, .pending, database),
                    delivered: try count(webhook.key, .delivered, database),
                    dead: try count(webhook.key, .dead, database), oldestPendingAt: oldest))
        }
        return StoreCounts(
            events: try counter(CounterName.events, database), webhooks: webhooks,
            databaseBytes: folder.size(of: folder.database) + folder.size(of: folder.writeAheadLog),
            checkpointError: checkpoints.error, writeTrouble: writeTrouble)
    }

    private func count(
        _ webhook: WebhookKey, _ state: DeliveryState, _ database: Connection
    ) throws(StoreError) -> Int {
        try counter(CounterName.deliveries(of: webhook, state), database)
    }

    private func counter(_ name: String, _ database: Connection) throws(StoreError) -> Int {
        try database.first(.readCounter, .text(name)) { row throws(StoreError) in try row.int(0) } ?? 0
    }
}

extension SQL {
    static let oldestPending = SQL(
        "oldest pending delivery",
        "SELECT created_at FROM deliveries WHERE webhook = ? AND state = 0 ORDER BY id LIMIT 1")
}
