package import Delivery
import Events
package import Time

/// What is due. Every query here is a search in the index `deliveries_lane`, which holds pending deliveries only:
/// what was delivered costs nothing. A lane has two ends that are taken in turn, so that neither a flood of new
/// events starves the retries nor a heap of retries the new events: deliveries never tried (due_at = 0, in the
/// order of their events, whatever the clock did meanwhile), and retries by date.
extension EventStore {
    /// The deliveries of `webhook` that may be sent now: for each of its lanes at most `perLane`, without those
    /// in `excluding` (in flight). Nothing for a webhook that is removed or switched off, nor for one that is paused,
    /// unless `evenPaused` asks for something to probe it with.
    ///
    /// - Parameter excluding: costs one step each; keep it to what is in flight for this webhook.
    package func due(
        webhook: WebhookKey, now: WallTime, perLane: Int, excluding: Set<DeliveryKey>,
        evenPaused: Bool = false
    ) throws(StoreError) -> [DeliveryLease] {
        let database = try database()
        guard try isOpen(webhook, evenPaused: evenPaused, database) else { return [] }
        let limit = min(max(perLane, 0), StoreLimits.leasesPerLaneMax)
        var leases: [DeliveryLease] = []
        try eachLane(of: webhook, database) { (device) throws(StoreError) in
            let fresh = try freshKeys(webhook, device, limit, excluding, database)
            let again = try retryKeys(webhook, device, limit, now, excluding, database)
            for key in Self.inTurn(fresh, again).prefix(limit) {
                if let lease = try lease(key, database) { leases.append(lease) }
            }
        }
        return leases
    }

    /// When the next delivery of any webhook that is neither switched off nor paused is due: `now` when one is
    /// due already, nil when nothing waits. Those in `excluding` (in flight) do not count.
    package func nextDue(
        now: WallTime, excluding: Set<DeliveryKey> = []
    ) throws(StoreError) -> WallTime? {
        let database = try database()
        var next: WallTime?
        for webhook in try loadWebhooks(database) where webhook.enabled && webhook.pausedReason == nil {
            try eachLane(of: webhook.key, database) { (device) throws(StoreError) in
                guard let first = try firstDue(webhook.key, device, excluding, database) else { return }
                let far = try firstFar(webhook.key, device, now, excluding, database)
                let due = first <= now || far ? now : first
                next = min(next ?? due, due)
            }
            if next == now { break }
        }
        return next
    }

    private func isOpen(
        _ key: WebhookKey, evenPaused: Bool, _ database: Connection
    ) throws(StoreError) -> Bool {
        try loadWebhooks(database).contains {
            $0.key == key && $0.enabled && (evenPaused || $0.pausedReason == nil)
        }
    }

    /// Finds the phones with pending deliveries by one index search each.
    private func eachLane(
        of webhook: WebhookKey, _ database: Connection, _ body: (DeviceKey) throws(StoreError) -> Void
    ) throws(StoreError) {
        var after = Int64.min
        while true {
            let device = try database.first(.nextLane, SQLValue(webhook), .integer(after)) {
                row throws(StoreError) in
                try row.key(0, DeviceKey.self)
            }
            guard let device else { return }
            try body(device)
            after = device.rawValue
        }
    }

    private func freshKeys(
        _ webhook: WebhookKey, _ device: DeviceKey, _ limit: Int, _ excluding: Set<DeliveryKey>,
        _ database: Connection
    ) throws(StoreError) -> [DeliveryKey] {
        var keys = KeyCollector(limit: limit, excluding: excluding)
        if limit > 0 {
            try database.each(.freshInLane, SQLValue(webhook), SQLValue(device)) { row throws(StoreError) in
                keys.add(try row.key(0))
            }
        }
        return keys.keys
    }

    private func retryKeys(
        _ webhook: WebhookKey, _ device: DeviceKey, _ limit: Int, _ now: WallTime,
        _ excluding: Set<DeliveryKey>, _ database: Connection
    ) throws(StoreError) -> [DeliveryKey] {
        var keys = KeyCollector(limit: limit, excluding: excluding)
        if limit > 0 {
            try database.each(
                .retriesInLane, SQLValue(webhook), SQLValue(device), SQLValue(now)
            ) { row throws(StoreError) in keys.add(try row.key(0)) }
        }
        if keys.keys.count < limit {
            // Planned before the clock was set back.
            let horizon = SQLValue(now.advanced(by: StoreLimits.dueHorizon))
            try database.each(
                .farInLane, SQLValue(webhook), SQLValue(device), horizon
            ) { row throws(StoreError) in keys.add(try row.key(0)) }
        }
        return keys.keys
    }

    private func firstDue(
        _ webhook: WebhookKey, _ device: DeviceKey, _ excluding: Set<DeliveryKey>, _ database: Connection
    ) throws(StoreError) -> WallTime? {
        var due: WallTime?
        try database.each(.lane, SQLValue(webhook), SQLValue(device)) { row throws(StoreError) in
            if excluding.contains(try row.key(0)) { return true }
            due = try row.time(1)
            return false
        }
        return due
    }

    /// Whether a retry waits that was planned before the clock was set back.
    private func firstFar(
        _ webhook: WebhookKey, _ device: DeviceKey, _ now: WallTime, _ excluding: Set<DeliveryKey>,
        _ database: Connection
    ) throws(StoreError) -> Bool {
        var keys = KeyCollector(limit: 1, excluding: excluding)
        let horizon = SQLValue(now.advanced(by: StoreLimits.dueHorizon))
        try database.each(.farInLane, SQLValue(webhook), SQLValue(device), horizon) {
            row throws(StoreError) in
            keys.add(try row.key(0))
        }
        return !keys.keys.isEmpty
    }

    private func lease(_ key: DeliveryKey, _ database: Connection) throws(StoreError) -> DeliveryLease? {
        try database.first(.readLease, SQLValue(key)) { row throws(StoreError) in
            DeliveryLease(
                delivery: key, event: try row.key(0), webhook: try row.key(1), device: try row.key(2),
                attempt: try row.int(3) + 1, createdAt: try row.time(4), body: try row.body(5))
        }
    }

    /// One of each in turn, the smaller key (the older delivery) first.
    private static func inTurn(_ fresh: [DeliveryKey], _ again: [DeliveryKey]) -> [DeliveryKey] {
        var out: [DeliveryKey] = []
        var (fresh, again) = (fresh[...], again[...])
        var takesFresh = (fresh.first?.rawValue ?? .max) < (again.first?.rawValue ?? .max)
        while !(fresh.isEmpty && again.isEmpty) {
            if let key = takesFresh ? fresh.popFirst() : again.popFirst() { out.append(key) }
            takesFresh.toggle()
        }
        return out
    }
}

/// The first keys that are not excluded, up to a limit.
private struct KeyCollector {
    let limit: Int
    let excluding: Set<DeliveryKey>
    var keys: [DeliveryKey] = []

    /// - Returns: whether more are wanted.
    mutating func add(_ key: DeliveryKey) -> Bool {
        if !excluding.contains(key) { keys.append(key) }
        return keys.count < limit
    }
}

extension Row {
    /// A stored body in the columns content_type, secret_offset, body from `column` on.
    func body(_ column: Int32) throws(StoreError) -> FrozenBody {
        FrozenBody(
            contentType: try text(column), bytes: try blob(column + 2),
            secretOffset: try optionalInt(column + 1))
    }
}

extension SQL {
    static let nextLane = SQL(
        "next lane",
        "SELECT device FROM deliveries WHERE state = 0 AND webhook = ? AND device > ? ORDER BY device LIMIT 1"
    )
    static let freshInLane = SQL(
        "new in lane",
        "SELECT id FROM deliveries WHERE state = 0 AND webhook = ? AND device = ? AND due_at = 0 ORDER BY id")
    static let retriesInLane = SQL(
        "retries in lane",
        """
        SELECT id FROM deliveries WHERE state = 0 AND webhook = ? AND device = ? AND due_at > 0 AND due_at <= ?
        ORDER BY due_at, id
        """)
    static let farInLane = SQL(
        "far retries in lane",
        """
        SELECT id FROM deliveries WHERE state = 0 AND webhook = ? AND device = ? AND due_at > ?
        ORDER BY due_at, id
        """)
    static let lane = SQL(
        "first in lane",
        "SELECT id, due_at FROM deliveries WHERE state = 0 AND webhook = ? AND device = ? ORDER BY due_at, id"
    )
    static let readLease = SQL(
        "read lease",
        """
        SELECT event, webhook, device, attempts, created_at, content_type, secret_offset, body
        FROM deliveries WHERE id = ? AND state = 0
        """)
}
