package import Base
package import Events

/// An event with what the store knows beside it.
package struct StoredEvent: Sendable, Equatable {
    /// The event.
    package let event: Event
    /// What makes it the same when it is read again.
    package let key: SourceKey
    /// Android's subscription id, where known.
    package let subscription: Int?
    /// When it was written.
    package let committedAt: WallTime
    /// Whether it is part of a history that came back to the phone: no deliveries were made for it.
    package let isHistory: Bool
}

/// The table `events`: the content as JSON (`EventContent`), the id receivers were told. The index (device, kind) has the row
/// id at its end, so it serves every list.
struct EventsTable {
    /// As version 1 of the schema made it.
    static let creation = [
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            device INTEGER NOT NULL REFERENCES devices (id),
            wire_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            source TEXT NOT NULL,
            key BLOB NOT NULL,
            slot INTEGER,
            subscription INTEGER,
            iccid TEXT,
            sent_at INTEGER,
            received_at INTEGER,
            seen_at INTEGER NOT NULL,
            committed_at INTEGER NOT NULL,
            content TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX events_kind ON events (device, kind)",
    ]
    /// Version 4. Of older events nobody knows any more.
    static let historyColumn = ["ALTER TABLE events ADD COLUMN history INTEGER NOT NULL DEFAULT 0"]

    /// Version 5: what was known of the SIM card then. Of older events only its number is.
    static let cardColumns = [
        "ALTER TABLE events ADD COLUMN carrier TEXT", "ALTER TABLE events ADD COLUMN own_number TEXT",
        "ALTER TABLE events ADD COLUMN label TEXT",
    ]

    let database: Connection

    func insert(_ stored: StoredEvent) throws(StoreError) {
        let event = stored.event
        try database.run(
            .insertEvent,
            [
                .id: SQLValue(event.id), .device: SQLValue(event.device), .wireID: .text(event.deviceWireID),
                .kind: SQLValue(event.content.kind), .source: SQLValue(stored.key.source),
                .key: .blob(stored.key.bytes), .slot: SQLValue(event.slot),
                .subscription: SQLValue(stored.subscription), .iccid: SQLValue(event.iccid),
                .sentAt: SQLValue(event.sentAt), .receivedAt: SQLValue(event.receivedAt),
                .seenAt: SQLValue(event.seenAt), .committedAt: SQLValue(stored.committedAt),
                .content: try database.json(event.content, for: .insertEvent),
                .history: SQLValue(stored.isHistory), .carrier: SQLValue(event.carrier),
                .ownNumber: SQLValue(event.ownNumber), .label: SQLValue(event.label),
            ])
    }

    /// One event; nil when there is none with this id.
    func event(_ id: EventID) throws(StoreError) -> StoredEvent? {
        try database.first(.readEvent, [.id: SQLValue(id)], read: Self.event)
    }

    /// The largest id; nil when there is none.
    func largestID() throws(StoreError) -> EventID? {
        try database.first(.largestEventID) { row throws(StoreError) in
            try row.optionalKey(.id)
        } ?? nil
    }

    /// Ids below `before`, newest first.
    func ids(before: EventID?, limit: Int) throws(StoreError) -> [EventID] {
        try database.all(.newestEvents, [.id: Self.below(before), .limit: SQLValue(limit)], read: Self.id)
    }

    /// Ids below `before` of one phone and kind, newest first.
    func ids(
        of device: DeviceKey, _ kind: EventKind, before: EventID?, limit: Int
    ) throws(StoreError) -> [EventID] {
        try database.all(
            .newestEventsOfKind,
            [
                .device: SQLValue(device), .kind: SQLValue(kind), .id: Self.below(before),
                .limit: SQLValue(limit),
            ], read: Self.id)
    }

    /// Ids above `after`, oldest first.
    func ids(after: EventID, limit: Int) throws(StoreError) -> [EventID] {
        try database.all(.eventsAfter, [.id: SQLValue(after), .limit: SQLValue(limit)], read: Self.id)
    }

    /// The events of these ids, in their order.
    func events(_ ids: some Sequence<EventID>) throws(StoreError) -> [Event] {
        var events: [Event] = []
        for id in ids {
            if let found = try event(id) { events.append(found.event) }
        }
        return events
    }

    /// The tallies of a page of one phone's events of one kind above `after`; `last`: the page's last event, nil when there is none.
    func tally(
        of device: DeviceKey, _ kind: EventKind, after: EventID, limit: Int
    ) throws(StoreError) -> (tallies: [EventTally], last: EventID?) {
        let values: SQLValues = [
            .device: SQLValue(device), .kind: SQLValue(kind), .id: SQLValue(after), .limit: SQLValue(limit),
        ]
        let last = try database.first(.lastEventOfPage, values) { row throws(StoreError) in
            try row.optionalKey(.id, EventID.self)
        }
        let tallies = try database.all(.tallyEvents, values) { row throws(StoreError) in
            EventTally(
                slot: try row.optionalInt(.slot), iccid: try row.optionalText(.iccid),
                events: try row.int(.count),
                history: try row.int(.history), forwarded: try row.int(.forwarded),
                waiting: try row.int(.waiting), dead: try row.int(.dead))
        }
        return (tallies, last ?? nil)
    }

    private static func below(_ id: EventID?) -> SQLValue { .integer(id?.rawValue ?? .max) }

    private static func id(_ row: borrowing Row) throws(StoreError) -> EventID { try row.key(.id) }

    private static func event(_ row: borrowing Row) throws(StoreError) -> StoredEvent {
        let id = try row.key(.id, EventID.self)
        let content: EventContent = try row.json(
            .content, orDamaged: "of event \(id.rawValue) is not the content of an event")
        let key = try row.blob(.key)
        guard key.count <= SourceKey.bytesMax else {
            throw row.damaged(.key, "of event \(id.rawValue) is too long")
        }
        let event = Event(
            id: id, device: try row.key(.device), deviceWireID: try row.text(.wireID), content: content,
            slot: try row.optionalInt(.slot), iccid: try row.optionalText(.iccid),
            sentAt: try row.optionalTime(.sentAt), receivedAt: try row.optionalTime(.receivedAt),
            seenAt: try row.time(.seenAt), carrier: try row.optionalText(.carrier),
            ownNumber: try row.optionalText(.ownNumber), label: try row.optionalText(.label))
        return StoredEvent(
            event: event, key: SourceKey(source: SourceName(rawValue: try row.text(.source)), bytes: key),
            subscription: try row.optionalInt(.subscription), committedAt: try row.time(.committedAt),
            isHistory: try row.bool(.history))
    }
}

extension SQLName {
    fileprivate static let id: SQLName = "id"
    fileprivate static let device: SQLName = "device"
    fileprivate static let wireID: SQLName = "wire_id"
    fileprivate static let kind: SQLName = "kind"
    fileprivate static let source: SQLName = "source"
    fileprivate static let key: SQLName = "key"
    fileprivate static let slot: SQLName = "slot"
    fileprivate static let subscription: SQLName = "subscription"
    fileprivate static let iccid: SQLName = "iccid"
    fileprivate static let sentAt: SQLName = "sent_at"
    fileprivate static let receivedAt: SQLName = "received_at"
    fileprivate static let seenAt: SQLName = "seen_at"
    fileprivate static let committedAt: SQLName = "committed_at"
    fileprivate static let content: SQLName = "content"
    fileprivate static let history: SQLName = "history"
    fileprivate static let carrier: SQLName = "carrier"
    fileprivate static let ownNumber: SQLName = "own_number"
    fileprivate static let label: SQLName = "label"
    fileprivate static let limit: SQLName = "limit"
    fileprivate static let count: SQLName = "count"
    fileprivate static let forwarded: SQLName = "forwarded"
    fileprivate static let waiting: SQLName = "waiting"
    fileprivate static let dead: SQLName = "dead"
}

extension SQL {
    private static let columns: [SQLName] = [
        .id, .device, .wireID, .kind, .source, .key, .slot, .subscription, .iccid, .sentAt, .receivedAt,
        .seenAt,
        .committedAt, .content, .history, .carrier, .ownNumber, .label,
    ]
    static let insertEvent = insertion("insert event", into: "events", columns)
    fileprivate static let readEvent = SQL(
        "read event", "SELECT \(columns.list) FROM events WHERE id = :id")
    fileprivate static let largestEventID = SQL("largest event id", "SELECT max(id) AS id FROM events")
    fileprivate static let newestEvents = SQL(
        "newest events", "SELECT id FROM events WHERE id < :id ORDER BY id DESC LIMIT :limit")
    fileprivate static let newestEventsOfKind = SQL(
        "newest events of phone and kind",
        """
        SELECT id FROM events WHERE device = :device AND kind = :kind AND id < :id
        ORDER BY id DESC LIMIT :limit
        """)
    private static let tallyPage = """
        SELECT id, slot, iccid, history FROM events
        WHERE device = :device AND kind = :kind AND id > :id ORDER BY id LIMIT :limit
        """
    private static func hasDelivery(_ state: DeliveryState) -> String {
        "EXISTS (SELECT 1 FROM deliveries WHERE event = page.id AND state = \(state.rawValue))"
    }
    fileprivate static let lastEventOfPage = SQL(
        "last event of page", "SELECT max(id) AS id FROM (\(tallyPage))")
    fileprivate static let tallyEvents = SQL(
        "tally events",
        """
        SELECT slot, iccid, count(*) AS count,
            sum(history AND NOT forwarded AND NOT waiting AND NOT dead) AS history,
            sum(forwarded) AS forwarded, sum(waiting AND NOT forwarded) AS waiting,
            sum(dead AND NOT waiting AND NOT forwarded) AS dead
        FROM (SELECT slot, iccid, history, \(hasDelivery(.delivered)) AS forwarded,
                \(hasDelivery(.pending)) AS waiting, \(hasDelivery(.dead)) AS dead
            FROM (\(tallyPage)) AS page)
        GROUP BY slot, iccid
        """)
    fileprivate static let eventsAfter = SQL(
        "events after", "SELECT id FROM events WHERE id > :id ORDER BY id LIMIT :limit")
}

/// What became of one phone's events on one slot and card.
package struct EventTally: Sendable, Equatable {
    /// SIM slot, 1-based; nil when unknown.
    package var slot: Int?
    /// The SIM card's own number; nil when unknown.
    package var iccid: String?
    /// How many there are, those of a restored history too.
    package var events: Int
    /// Of them, part of a restored history that nobody has asked for by a backfill.
    package var history: Int
    /// Of them, those that a receiver has.
    package var forwarded: Int
    /// Those that no receiver has yet and that are still tried.
    package var waiting: Int
    /// Those that no receiver has and none will get by itself: given up for all that wanted them.
    package var dead: Int
}

/// What `EventStore.tally` has counted. Belongs to the store's actor, which alone uses it.
final class TallyCache {
    struct Key: Hashable {
        let device: DeviceKey
        let kind: EventKind
    }

    struct Counted {
        let goodUntil: Instant
        let tallies: [EventTally]
    }

    var counted: [Key: Counted] = [:]
}

extension EventStore {
    /// Events counted at a time by `tally`, between which others get their turn.
    private static let tallyPageRows = 2000

    /// What became of a phone's events of one kind, by slot and card, as counted a moment ago: for so long that counting takes a
    /// twentieth of the time at most, however often it is asked for.
    package func tally(of device: DeviceKey, _ kind: EventKind) async throws(StoreError) -> [EventTally] {
        let key = TallyCache.Key(device: device, kind: kind)
        let start = clock.now()
        if let known = tallyCache.counted[key], start < known.goodUntil { return known.tallies }
        let tallies = try await tallyNow(of: device, kind)
        let cost = start.duration(to: clock.now())
        tallyCache.counted[key] = TallyCache.Counted(
            goodUntil: clock.now().advanced(by: cost * 20), tallies: tallies)
        return tallies
    }

    /// The same, counted now. Reads page by page: others are served between.
    package func tallyNow(of device: DeviceKey, _ kind: EventKind) async throws(StoreError) -> [EventTally] {
        var tallies: [EventTally] = []
        var after = EventID(rawValue: 0)
        while true {
            let events = EventsTable(database: try database())
            let page = try events.tally(of: device, kind, after: after, limit: Self.tallyPageRows)
            for found in page.tallies {
                if let index = tallies.firstIndex(where: { $0.slot == found.slot && $0.iccid == found.iccid })
                {
                    tallies[index].events += found.events
                    tallies[index].history += found.history
                    tallies[index].forwarded += found.forwarded
                    tallies[index].waiting += found.waiting
                    tallies[index].dead += found.dead
                } else {
                    tallies.append(found)
                }
            }
            guard let last = page.last else { break }
            after = last
            await Task.yield()
        }
        return tallies.sorted { ($0.slot ?? 0, $0.iccid ?? "") < ($1.slot ?? 0, $1.iccid ?? "") }
    }

    /// Events, newest first: those older than `before`, of one phone or kind where given. At most
    /// `StoreLimits.listRowsMax`.
    ///
    /// Each pair of phone and kind asked for costs one index search, so a page costs the same however many events
    /// there are and however rare those asked for.
    package func events(
        before: EventID? = nil, limit: Int, device: DeviceKey? = nil, kind: EventKind? = nil
    ) throws(StoreError) -> [Event] {
        let database = try database()
        let events = EventsTable(database: database)
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        if device == nil, kind == nil { return try events.events(events.ids(before: before, limit: limit)) }
        let devices: [DeviceKey]
        if let device { devices = [device] } else { devices = try DevicesTable(database: database).keys() }
        var ids: [EventID] = []
        for device in devices {
            for kind in kind.map({ [$0] }) ?? EventKind.all {
                ids += try events.ids(of: device, kind, before: before, limit: limit)
            }
        }
        return try events.events(ids.sorted(by: >).prefix(limit))
    }

    /// Events newer than `after`, oldest first, at most `StoreLimits.listRowsMax`: one index search when there is
    /// nothing new.
    package func events(after: EventID, limit: Int) throws(StoreError) -> [Event] {
        let events = EventsTable(database: try database())
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        return try events.events(events.ids(after: after, limit: limit))
    }
}
