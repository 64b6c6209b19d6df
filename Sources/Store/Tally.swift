import Delivery

/// Where a delivery stands; the raw value is stored.
package enum DeliveryState: Int64, Sendable, CaseIterable, CustomStringConvertible {
    /// To be tried, for the first time or again.
    case pending = 0
    /// The receiver has it.
    case delivered = 1
    /// Given up, kept for replay.
    case dead = 2
    /// Its webhook was removed first.
    case removed = 3

    /// The word that people see.
    package var description: String {
        switch self {
        case .pending: "pending"
        case .delivered: "delivered"
        case .dead: "dead"
        case .removed: "removed"
        }
    }
}

/// What a transaction adds to the counters, so that nobody has to count rows.
struct Tally {
    private(set) var changes: [String: Int64] = [:]

    mutating func addEvent() { changes[CounterName.events, default: 0] += 1 }

    mutating func add(_ count: Int64, _ webhook: WebhookKey, _ state: DeliveryState) {
        changes[CounterName.deliveries(of: webhook, state), default: 0] += count
    }

    mutating func move(
        _ webhook: WebhookKey, from: DeliveryState, to: DeliveryState, count: Int64 = 1
    ) {
        add(-count, webhook, from)
        add(count, webhook, to)
    }

    mutating func merge(_ other: Tally) { changes.merge(other.changes, uniquingKeysWith: +) }

    /// Writes the changes, inside the transaction whose rows they count.
    func write(_ connection: Connection) throws(StoreError) {
        for (name, change) in changes.sorted(by: { $0.key < $1.key }) where change != 0 {
            try connection.run(.addToCounter, .text(name), .integer(change))
        }
    }
}

/// Names of rows in the table of counters.
enum CounterName {
    /// Events stored.
    static let events = "events"
    /// Upper bound of the event ids that were ever reserved.
    static let eventIDs = "event-ids"

    /// Deliveries to `webhook` in `state`.
    static func deliveries(of webhook: WebhookKey, _ state: DeliveryState) -> String {
        "webhook/\(webhook.rawValue)/\(state)"
    }
}

extension SQL {
    static let readCounter = SQL("read counter", "SELECT value FROM counters WHERE name = ?")
    static let setCounter = SQL(
        "set counter",
        "INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )
    static let addToCounter = SQL(
        "add to counter",
        """
        INSERT INTO counters (name, value) VALUES (?, ?)
        ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
        """)
}
