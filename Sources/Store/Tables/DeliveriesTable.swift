package import Base
package import Delivery
package import Events

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

/// An event's whole story, from capture to the last attempt. Holds no secret.
package struct EventStory: Sendable, Equatable {
    /// The event as stored.
    package let stored: StoredEvent
    /// Its deliveries, the oldest webhook first; empty when no webhook took it.
    package let deliveries: [DeliveryStory]

    /// The event.
    package var event: Event { stored.event }
    /// The source key, printable.
    package var keyText: String {
        PrintableText.escape(LossyText.decode(stored.key.bytes), limit: SourceKey.bytesMax)
    }
}

/// A delivery with everything on record about it. Holds no secret.
package struct DeliveryStory: Sendable, Equatable {
    /// The delivery.
    package let summary: DeliverySummary
    /// Its attempts, oldest first.
    package let attempts: [AttemptRecord]
    /// What is sent, the secret left out.
    package let body: FrozenBody
}

/// A delivery as lists show it.
package struct DeliverySummary: Sendable, Equatable {
    /// The delivery.
    package let key: DeliveryKey
    /// Its event.
    package let event: EventID
    /// Where it goes.
    package let webhook: WebhookKey
    /// The webhook's name, also when it was removed.
    package let webhookName: String
    /// The event's phone.
    package let device: DeviceKey
    /// Where it stands.
    package let state: DeliveryState
    /// How many attempts were made.
    package let attempts: Int
    /// When it was made.
    package let createdAt: WallTime
    /// When the next attempt is due: `createdAt` before the first; nil when none will follow.
    package let dueAt: WallTime?
    /// When it ended; nil while pending.
    package let endedAt: WallTime?
    /// Why it was given up or removed.
    package let reason: String?
    /// The last attempt; nil before the first.
    package let last: AttemptRecord?
}

/// The table `deliveries`: one event to one webhook, its body as it was made. The body stands behind every column that
/// lists read, so that they do not read it; only `headers`, added by version 3 and read with the body, stands behind it.
///
/// The index `deliveries_lane` (webhook, device, due_at) holds pending rows only, so looking for what is due costs one search
/// a lane, whatever was delivered; `deliveries_state` (webhook, state) serves lists and the oldest pending one.
struct DeliveriesTable {
    /// As version 1 of the schema made it.
    static let creation = [
        // State: 0 pending, 1 delivered, 2 dead, 3 removed. due_at: 0 = at once (no attempt yet).
        """
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            event INTEGER NOT NULL REFERENCES events (id),
            webhook INTEGER NOT NULL REFERENCES webhooks (id),
            device INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
            due_at INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            ended_at INTEGER,
            reason TEXT,
            content_type TEXT NOT NULL,
            secret_offset INTEGER,
            body BLOB NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX deliveries_event ON deliveries (event, webhook)",
        "CREATE INDEX deliveries_state ON deliveries (webhook, state)",
        // The state is in it although it is always 0: without it SQLite 3.40 reads the table for each row.
        "CREATE INDEX deliveries_lane ON deliveries (state, webhook, device, due_at) WHERE state = 0",
    ]
    /// Version 3: a format's own header fields, a JSON list; null where there are none.
    static let headersColumn = ["ALTER TABLE deliveries ADD COLUMN headers TEXT"]
    /// `due_at` of a delivery that was not tried yet: it is due at once, whatever the clock does.
    fileprivate static let dueAtOnce: Int64 = 0

    let database: Connection

    /// A new delivery of `event` to `webhook`, due at once. `isBehind`: in turn with retries and not in the order of the events, so that
    /// old events do not hold new ones up.
    func insert(
        _ body: FrozenBody, of event: Event, to webhook: WebhookKey, createdAt: WallTime,
        isBehind: Bool = false
    ) throws(StoreError) {
        let due = isBehind ? max(createdAt.milliseconds, Self.dueAtOnce + 1) : Self.dueAtOnce
        try database.run(
            .insertDelivery,
            [
                .event: SQLValue(event.id), .webhook: SQLValue(webhook), .device: SQLValue(event.device),
                .dueAt: .integer(due), .createdAt: SQLValue(createdAt), .contentType: .text(body.contentType),
                .secretOffset: SQLValue(body.secretOffset), .body: .blob(body.bytes),
                .headers: body.headers.isEmpty
                    ? .null : try database.json(body.headers, for: .insertDelivery),
            ])
    }

    /// Whether there is a delivery of `event` to `webhook`, whatever became of it.
    func has(_ event: EventID, to webhook: WebhookKey) throws(StoreError) -> Bool {
        try database.first(
            .findDelivery, [.event: SQLValue(event), .webhook: SQLValue(webhook)]
        ) { _ throws(StoreError) in true } ?? false
    }

    // MARK: Its state

    /// Where a delivery stands, and to which webhook it goes.
    func state(of key: DeliveryKey) throws(StoreError) -> (state: DeliveryState, webhook: WebhookKey) {
        let found = try database.first(.deliveryState, [.id: SQLValue(key)]) { row throws(StoreError) in
            (state: try Self.state(row), webhook: try row.key(.webhook, WebhookKey.self))
        }
        guard let found else { throw database.notFound("delivery \(key.rawValue)", "settle") }
        return found
    }

    /// Plans the next attempt of a pending delivery; `attempts` were made.
    func retry(_ key: DeliveryKey, at date: WallTime, attempts: Int) throws(StoreError) {
        let due = max(date.milliseconds, Self.dueAtOnce + 1)
        try database.run(
            .retryDelivery, [.id: SQLValue(key), .attempts: SQLValue(attempts), .dueAt: .integer(due)])
    }

    /// Ends a delivery; `reason` says why it was given up.
    func end(
        _ key: DeliveryKey, _ state: DeliveryState, reason: String?, attempts: Int, at now: WallTime
    ) throws(StoreError) {
        let reason = reason.map { $0.cut(toScalars: StoreLimits.reasonScalarsMax) }
        try database.run(
            .endDelivery,
            [
                .id: SQLValue(key), .state: SQLValue(state), .attempts: SQLValue(attempts),
                .endedAt: SQLValue(now), .reason: SQLValue(reason),
            ])
    }

    /// Notes that at least `attempts` were made of a delivery that has ended.
    func count(attempts: Int, of key: DeliveryKey) throws(StoreError) {
        try database.run(.countAttempt, [.id: SQLValue(key), .attempts: SQLValue(attempts)])
    }

    /// Ends some of the pending deliveries to a webhook that was removed, inside a transaction.
    /// - Returns: whether there may be more.
    func endSome(to webhook: WebhookKey, at now: WallTime) throws(StoreError) -> Bool {
        let limit = StoreLimits.removalsPerCommit
        try database.run(
            .endRemoved, [.webhook: SQLValue(webhook), .endedAt: SQLValue(now), .limit: SQLValue(limit)])
        let ended = database.changes
        var tally = Tally()
        tally.move(webhook, from: .pending, to: .removed, count: Int64(ended))
        try tally.write(database)
        return ended == limit
    }

    // MARK: Reading

    /// When the oldest pending delivery to a webhook was made; nil when none waits.
    func oldestPending(to webhook: WebhookKey) throws(StoreError) -> WallTime? {
        try database.first(.oldestPending, [.webhook: SQLValue(webhook)]) { row throws(StoreError) in
            try row.time(.createdAt)
        }
    }

    /// A pending delivery with its body; nil when it is not there or has ended.
    func pending(_ key: DeliveryKey) throws(StoreError) -> DueDelivery? {
        try database.first(.readPending, [.id: SQLValue(key)]) { row throws(StoreError) in
            let attempts = try row.int(.attempts)
            let due = try row.time(.dueAt).milliseconds
            return DueDelivery(
                key: key, event: try row.key(.event), webhook: try row.key(.webhook),
                device: try row.key(.device), attempt: attempts + 1, createdAt: try row.time(.createdAt),
                body: try Self.body(row), isBehind: attempts == 0 && due != Self.dueAtOnce)
        }
    }

    /// A delivery as lists show it; nil when there is none.
    func summary(_ key: DeliveryKey) throws(StoreError) -> DeliverySummary? {
        let last = try AttemptsTable(database: database).last(of: key)
        return try database.first(.readDelivery, [.id: SQLValue(key)]) { row throws(StoreError) in
            let state = try Self.state(row)
            let createdAt = try row.time(.createdAt)
            let due = try row.time(.dueAt)
            let isNew = due.milliseconds == Self.dueAtOnce
            return DeliverySummary(
                key: key, event: try row.key(.event), webhook: try row.key(.webhook),
                webhookName: try row.text(.webhookName), device: try row.key(.device), state: state,
                attempts: try row.int(.attempts), createdAt: createdAt,
                dueAt: state == .pending ? (isNew ? createdAt : due) : nil,
                endedAt: try row.optionalTime(.endedAt), reason: try row.optionalText(.reason), last: last)
        }
    }

    /// The summaries of these deliveries, in their order.
    func summaries(_ keys: some Sequence<DeliveryKey>) throws(StoreError) -> [DeliverySummary] {
        var summaries: [DeliverySummary] = []
        for key in keys {
            if let summary = try summary(key) { summaries.append(summary) }
        }
        return summaries
    }

    /// Everything about one delivery; nil when there is none.
    func story(_ key: DeliveryKey) throws(StoreError) -> DeliveryStory? {
        guard let summary = try summary(key) else { return nil }
        let body = try database.first(.readBody, [.id: SQLValue(key)], read: Self.body)
        guard let body else { return nil }
        let attempts = try AttemptsTable(database: database).all(of: key)
        return DeliveryStory(summary: summary, attempts: attempts, body: body)
    }

    /// The stories of an event's deliveries, the oldest webhook first.
    func stories(of event: EventID) throws(StoreError) -> [DeliveryStory] {
        let keys = try database.all(.deliveriesOfEvent, [.event: SQLValue(event)], read: Self.key)
        var stories: [DeliveryStory] = []
        for key in keys {
            if let story = try story(key) { stories.append(story) }
        }
        return stories
    }

    /// Keys below `before`, newest first.
    func keys(before: DeliveryKey?, limit: Int) throws(StoreError) -> [DeliveryKey] {
        try database.all(
            .newestDeliveries, [.id: Self.below(before), .limit: SQLValue(limit)], read: Self.key)
    }

    /// Keys below `before` of one webhook and state, newest first.
    func keys(
        to webhook: WebhookKey, _ state: DeliveryState, before: DeliveryKey?, limit: Int
    ) throws(StoreError) -> [DeliveryKey] {
        try database.all(
            .newestDeliveriesOfState,
            [
                .webhook: SQLValue(webhook), .state: SQLValue(state), .id: Self.below(before),
                .limit: SQLValue(limit),
            ], read: Self.key)
    }

    /// Of the deliveries of a phone's events to a webhook that were tried and wait, the one that is tried again first.
    func nextRetry(to webhook: WebhookKey, of device: DeviceKey) throws(StoreError) -> DeliveryKey? {
        try database.first(
            .nextRetry, [.webhook: SQLValue(webhook), .device: SQLValue(device)], read: Self.key)
    }

    // MARK: Encoding and decoding

    private static func below(_ key: DeliveryKey?) -> SQLValue { .integer(key?.rawValue ?? .max) }

    fileprivate static func key(_ row: borrowing Row) throws(StoreError) -> DeliveryKey { try row.key(.id) }

    private static func state(_ row: borrowing Row) throws(StoreError) -> DeliveryState {
        guard let state = DeliveryState(rawValue: try row.integer(.state)) else {
            throw row.damaged(.state, "is not a state of a delivery")
        }
        return state
    }

    private static func body(_ row: borrowing Row) throws(StoreError) -> FrozenBody {
        let hasHeaders = try !row.isNull(.headers)
        let headers: [HTTPField] =
            hasHeaders ? try row.json(.headers, orDamaged: "is not a list of headers") : []
        return FrozenBody(
            contentType: try row.text(.contentType), headers: headers, bytes: try row.blob(.body),
            secretOffset: try row.optionalInt(.secretOffset))
    }
}

/// A lane: the pending deliveries of one phone's events to one webhook. Every query here is a search in the index
/// `deliveries_lane`, which holds pending deliveries only: what was delivered costs nothing.
///
/// It has two ends that are served in turn, so that neither a flood of new events starves the retries nor a heap of retries
/// the new events: deliveries never tried (due_at = 0, in the order of their events, whatever the clock did meanwhile), and
/// retries by date.
private struct StoredLane {
    let database: Connection
    let webhook: WebhookKey
    let device: DeviceKey
    /// In flight: they count as not there. Each costs one step.
    let excluding: Set<DeliveryKey>

    private var values: SQLValues { [.webhook: SQLValue(webhook), .device: SQLValue(device)] }

    /// Every lane of a webhook: one index search for each phone with pending deliveries.
    static func each(
        of webhook: WebhookKey, _ database: Connection, excluding: Set<DeliveryKey>,
        _ body: (StoredLane) throws(StoreError) -> Void
    ) throws(StoreError) {
        var after = SQLValue.integer(.min)
        while true {
            let device = try database.first(.nextLane, [.webhook: SQLValue(webhook), .device: after]) {
                row throws(StoreError) in try row.key(.device, DeviceKey.self)
            }
            guard let device else { return }
            try body(
                StoredLane(database: database, webhook: webhook, device: device, excluding: excluding))
            after = SQLValue(device)
        }
    }

    /// What is due, at most `limit`: new ones and retries in turn, the older delivery first.
    func due(_ now: WallTime, limit: Int) throws(StoreError) -> [DeliveryKey] {
        guard limit > 0 else { return [] }
        let new = try keys(.newInLane, values, limit: limit)
        var again = try keys(.retriesInLane, values + [.now: SQLValue(now)], limit: limit)
        if again.count < limit { again += try farRetries(now, limit: limit - again.count) }
        return Array(Self.inTurn(new, again).prefix(limit))
    }

    /// When the first delivery is due; nil when none waits.
    func firstDue(_ now: WallTime) throws(StoreError) -> WallTime? {
        var first: WallTime?
        try database.each(.lane, values) { row throws(StoreError) in
            if excluding.contains(try row.key(.id)) { return true }
            first = try row.time(.dueAt)
            return false
        }
        guard let first else { return nil }
        let isFar = try !farRetries(now, limit: 1).isEmpty
        return first <= now || isFar ? now : first
    }

    /// Retries that were planned before the clock was set back.
    private func farRetries(_ now: WallTime, limit: Int) throws(StoreError) -> [DeliveryKey] {
        let horizon = now.advanced(by: StoreLimits.dueHorizon)
        return try keys(.farInLane, values + [.horizon: SQLValue(horizon)], limit: limit)
    }

    /// The first keys that are not excluded.
    private func keys(_ sql: SQL, _ values: SQLValues, limit: Int) throws(StoreError) -> [DeliveryKey] {
        var keys: [DeliveryKey] = []
        try database.each(sql, values) { row throws(StoreError) in
            let key = try DeliveriesTable.key(row)
            if !excluding.contains(key) { keys.append(key) }
            return keys.count < limit
        }
        return keys
    }

    /// One of each in turn, the smaller key (the older delivery) first.
    private static func inTurn(_ new: [DeliveryKey], _ again: [DeliveryKey]) -> [DeliveryKey] {
        var out: [DeliveryKey] = []
        var (new, again) = (new[...], again[...])
        var isNewNext = (new.first?.rawValue ?? .max) < (again.first?.rawValue ?? .max)
        while !(new.isEmpty && again.isEmpty) {
            if let key = isNewNext ? new.popFirst() : again.popFirst() { out.append(key) }
            isNewNext.toggle()
        }
        return out
    }
}

extension SQLName {
    fileprivate static let id: SQLName = "id"
    fileprivate static let event: SQLName = "event"
    fileprivate static let webhook: SQLName = "webhook"
    fileprivate static let webhookName: SQLName = "webhook_name"
    fileprivate static let device: SQLName = "device"
    fileprivate static let state: SQLName = "state"
    fileprivate static let dueAt: SQLName = "due_at"
    fileprivate static let attempts: SQLName = "attempts"
    fileprivate static let createdAt: SQLName = "created_at"
    fileprivate static let endedAt: SQLName = "ended_at"
    fileprivate static let reason: SQLName = "reason"
    fileprivate static let contentType: SQLName = "content_type"
    fileprivate static let secretOffset: SQLName = "secret_offset"
    fileprivate static let body: SQLName = "body"
    fileprivate static let headers: SQLName = "headers"
    fileprivate static let now: SQLName = "now"
    fileprivate static let horizon: SQLName = "horizon"
    fileprivate static let limit: SQLName = "limit"
}

extension SQL {
    private static let bodyColumns: [SQLName] = [.contentType, .secretOffset, .body, .headers]
    static let insertDelivery = insertion(
        "insert delivery", into: "deliveries", [.event, .webhook, .device, .dueAt, .createdAt] + bodyColumns)
    fileprivate static let findDelivery = SQL(
        "find delivery", "SELECT 1 AS found FROM deliveries WHERE event = :event AND webhook = :webhook")

    fileprivate static let deliveryState = SQL(
        "read delivery state", "SELECT state, webhook FROM deliveries WHERE id = :id")
    static let retryDelivery = SQL(
        "retry delivery",
        """
        UPDATE deliveries SET attempts = max(attempts, :attempts), due_at = :due_at
        WHERE id = :id AND state = 0
        """)
    static let endDelivery = SQL(
        "end delivery",
        """
        UPDATE deliveries SET state = :state, attempts = max(attempts, :attempts), ended_at = :ended_at,
            reason = :reason WHERE id = :id
        """)
    fileprivate static let countAttempt = SQL(
        "count attempt", "UPDATE deliveries SET attempts = max(attempts, :attempts) WHERE id = :id")
    fileprivate static let endRemoved = SQL(
        "end deliveries of removed webhook",
        """
        UPDATE deliveries SET state = 3, ended_at = :ended_at, reason = 'the webhook was removed'
        WHERE id IN (SELECT id FROM deliveries WHERE webhook = :webhook AND state = 0 LIMIT :limit)
        """)

    private static let inLane = "FROM deliveries WHERE state = 0 AND webhook = :webhook AND device = :device"
    static let nextLane = SQL(
        "next lane",
        """
        SELECT device FROM deliveries WHERE state = 0 AND webhook = :webhook AND device > :device
        ORDER BY device LIMIT 1
        """)
    static let newInLane = SQL("new in lane", "SELECT id \(inLane) AND due_at = 0 ORDER BY id")
    static let retriesInLane = SQL(
        "retries in lane", "SELECT id \(inLane) AND due_at > 0 AND due_at <= :now ORDER BY due_at, id")
    static let farInLane = SQL(
        "far retries in lane", "SELECT id \(inLane) AND due_at > :horizon ORDER BY due_at, id")
    static let lane = SQL("first in lane", "SELECT id, due_at \(inLane) ORDER BY due_at, id")
    fileprivate static let nextRetry = SQL(
        "next retry", "SELECT id \(inLane) AND due_at > 0 ORDER BY due_at LIMIT 1")

    private static let pendingColumns: [SQLName] = [.event, .webhook, .device, .attempts, .dueAt, .createdAt]
    static let readPending = SQL(
        "read pending delivery",
        "SELECT \((pendingColumns + bodyColumns).list) FROM deliveries WHERE id = :id AND state = 0")
    fileprivate static let readBody = SQL(
        "read body", "SELECT \(bodyColumns.list) FROM deliveries WHERE id = :id")
    fileprivate static let readDelivery = SQL(
        "read delivery",
        """
        SELECT event, webhook, device, state, attempts, due_at, deliveries.created_at AS created_at, ended_at,
            reason, webhooks.name AS webhook_name
        FROM deliveries JOIN webhooks ON webhooks.id = webhook WHERE deliveries.id = :id
        """)
    fileprivate static let deliveriesOfEvent = SQL(
        "deliveries of event", "SELECT id FROM deliveries WHERE event = :event ORDER BY webhook LIMIT 1000")
    fileprivate static let newestDeliveries = SQL(
        "newest deliveries", "SELECT id FROM deliveries WHERE id < :id ORDER BY id DESC LIMIT :limit")
    fileprivate static let newestDeliveriesOfState = SQL(
        "newest deliveries of webhook and state",
        """
        SELECT id FROM deliveries WHERE webhook = :webhook AND state = :state AND id < :id
        ORDER BY id DESC LIMIT :limit
        """)
    fileprivate static let oldestPending = SQL(
        "oldest pending delivery",
        "SELECT created_at FROM deliveries WHERE webhook = :webhook AND state = 0 ORDER BY id LIMIT 1")
}

extension EventStore {
    /// The deliveries of `webhook` that may be sent now: for each of its lanes at most `perLane` and at most
    /// `StoreLimits.duePerLaneMax`, without those in `excluding` (in flight). Nothing for a webhook that is removed or
    /// switched off, nor for one that is paused, unless `evenPaused` asks for something to probe it with.
    ///
    /// - Parameter excluding: costs one step each; keep it to what is in flight for this webhook.
    package func due(
        webhook: WebhookKey, now: WallTime, perLane: Int, excluding: Set<DeliveryKey>,
        evenPaused: Bool = false
    ) throws(StoreError) -> [DueDelivery] {
        let database = try database()
        guard let known = try self.webhook(webhook), known.enabled, evenPaused || known.pausedReason == nil
        else { return [] }
        let limit = min(max(perLane, 0), StoreLimits.duePerLaneMax)
        let deliveries = DeliveriesTable(database: database)
        var due: [DueDelivery] = []
        try StoredLane.each(of: webhook, database, excluding: excluding) { (lane) throws(StoreError) in
            for key in try lane.due(now, limit: limit) {
                if let delivery = try deliveries.pending(key) { due.append(delivery) }
            }
        }
        return due
    }

    /// When the next delivery of any webhook that is neither switched off nor paused is due: `now` when one is
    /// due already, nil when nothing waits. Those in `excluding` (in flight) do not count.
    package func nextDue(
        now: WallTime, excluding: Set<DeliveryKey> = []
    ) throws(StoreError) -> WallTime? {
        let database = try database()
        var next: WallTime?
        for webhook in try webhooks() where webhook.enabled && webhook.pausedReason == nil {
            try StoredLane.each(of: webhook.key, database, excluding: excluding) {
                (lane) throws(StoreError) in
                guard let due = try lane.firstDue(now) else { return }
                next = min(next ?? due, due)
            }
            if next == now { break }
        }
        return next
    }

    /// Everything about one event; nil when there is none with this id.
    package func eventStory(_ id: EventID) throws(StoreError) -> EventStory? {
        let database = try database()
        guard let stored = try EventsTable(database: database).event(id) else { return nil }
        return EventStory(stored: stored, deliveries: try DeliveriesTable(database: database).stories(of: id))
    }

    /// Everything about one delivery; nil when there is none with this key.
    package func deliveryStory(_ key: DeliveryKey) throws(StoreError) -> DeliveryStory? {
        try DeliveriesTable(database: database()).story(key)
    }

    /// Deliveries, newest first: those older than `before`, of one webhook or state where given. At most
    /// `StoreLimits.listRowsMax`. Each pair of webhook and state asked for costs one index search.
    package func deliveries(
        webhook: WebhookKey? = nil, state: DeliveryState? = nil, before: DeliveryKey? = nil, limit: Int
    ) throws(StoreError) -> [DeliverySummary] {
        let database = try database()
        let deliveries = DeliveriesTable(database: database)
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        if webhook == nil, state == nil {
            return try deliveries.summaries(deliveries.keys(before: before, limit: limit))
        }
        let webhooks: [WebhookKey]
        if let webhook {
            webhooks = [webhook]
        } else {
            webhooks = try WebhooksTable(database: database).keysEvenRemoved()
        }
        var keys: [DeliveryKey] = []
        for webhook in webhooks {
            for state in state.map({ [$0] }) ?? DeliveryState.allCases {
                keys += try deliveries.keys(to: webhook, state, before: before, limit: limit)
            }
        }
        return try deliveries.summaries(keys.sorted(by: >).prefix(limit))
    }

    /// Of every phone with deliveries to `webhook` that were tried and wait, the one that is tried again first.
    package func nextRetries(_ webhook: WebhookKey) throws(StoreError) -> [DeliverySummary] {
        let database = try database()
        let deliveries = DeliveriesTable(database: database)
        var keys: [DeliveryKey] = []
        for device in try DevicesTable(database: database).keys() {
            if let key = try deliveries.nextRetry(to: webhook, of: device) { keys.append(key) }
        }
        return try deliveries.summaries(keys)
    }
}
