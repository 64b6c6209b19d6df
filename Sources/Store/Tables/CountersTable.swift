package import Base
package import Delivery

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

/// The name of something that is counted, as it is stored.
struct CounterName: Hashable {
    let text: String

    /// Events stored.
    static let events = CounterName(text: "events")
    /// Upper bound of the event ids that were ever reserved.
    static let eventIDs = CounterName(text: "event-ids")

    /// Deliveries to `webhook` in `state`.
    static func deliveries(to webhook: WebhookKey, _ state: DeliveryState) -> CounterName {
        CounterName(text: "webhook/\(webhook.rawValue)/\(state)")
    }
}

/// What a transaction adds to the counters, so that nobody has to count rows.
struct Tally {
    private var changes: [CounterName: Int64] = [:]

    mutating func addEvent() { changes[.events, default: 0] += 1 }

    mutating func add(_ count: Int64, to webhook: WebhookKey, _ state: DeliveryState) {
        changes[.deliveries(to: webhook, state), default: 0] += count
    }

    mutating func move(
        _ webhook: WebhookKey, from: DeliveryState, to: DeliveryState, count: Int64 = 1
    ) {
        add(-count, to: webhook, from)
        add(count, to: webhook, to)
    }

    mutating func merge(_ other: Tally) { changes.merge(other.changes, uniquingKeysWith: +) }

    /// Writes the changes, inside the transaction whose rows they count.
    func write(_ database: Connection) throws(StoreError) {
        let counters = CountersTable(database: database)
        for (counter, change) in changes.sorted(by: { $0.key.text < $1.key.text }) where change != 0 {
            try counters.add(change, to: counter)
        }
    }
}

/// The table `counters`: kept by each transaction, so that nothing is counted on demand.
struct CountersTable {
    /// As version 1 of the schema made it.
    static let creation = [
        "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID"
    ]

    let database: Connection

    /// The value of a counter; nil when nothing was ever counted.
    func value(of counter: CounterName) throws(StoreError) -> Int64? {
        try database.first(.readCounter, [.name: .text(counter.text)]) { row throws(StoreError) in
            try row.integer(.value)
        }
    }

    /// The value of a counter of rows; 0 when nothing was ever counted.
    func count(of counter: CounterName) throws(StoreError) -> Int {
        try database.first(.readCounter, [.name: .text(counter.text)]) { row throws(StoreError) in
            try row.int(.value)
        } ?? 0
    }

    func set(_ counter: CounterName, to value: Int64) throws(StoreError) {
        try database.run(.setCounter, [.name: .text(counter.text), .value: .integer(value)])
    }

    func add(_ change: Int64, to counter: CounterName) throws(StoreError) {
        try database.run(.addToCounter, [.name: .text(counter.text), .value: .integer(change)])
    }
}

extension SQLName {
    fileprivate static let name: SQLName = "name"
    fileprivate static let value: SQLName = "value"
}

extension SQL {
    fileprivate static let readCounter = SQL(
        "read counter", "SELECT value FROM counters WHERE name = :name")
    fileprivate static let setCounter = insertion(
        "set counter", into: "counters", [.name, .value],
        ending: "ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    fileprivate static let addToCounter = insertion(
        "add to counter", into: "counters", [.name, .value],
        ending: "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value")
}

extension EventStore {
    /// How much is stored.
    package func counts() throws(StoreError) -> StoreCounts {
        let database = try database()
        let counters = CountersTable(database: database)
        let deliveries = DeliveriesTable(database: database)
        var webhooks: [WebhookCounts] = []
        for webhook in try self.webhooks() {
            let key = webhook.key
            webhooks.append(
                WebhookCounts(
                    webhook: key, name: webhook.name,
                    pending: try counters.count(of: .deliveries(to: key, .pending)),
                    delivered: try counters.count(of: .deliveries(to: key, .delivered)),
                    dead: try counters.count(of: .deliveries(to: key, .dead)),
                    oldestPendingAt: try deliveries.oldestPending(to: key)))
        }
        return StoreCounts(
            events: try counters.count(of: .events), webhooks: webhooks, databaseBytes: fileBytes,
            checkpointError: checkpoints.error, writeTrouble: writeTrouble)
    }
}
