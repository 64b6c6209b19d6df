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
                .history: SQLValue(stored.isHistory),
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
            seenAt: try row.time(.seenAt))
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
    fileprivate static let limit: SQLName = "limit"
}

extension SQL {
    private static let columns: [SQLName] = [
        .id, .device, .wireID, .kind, .source, .key, .slot, .subscription, .iccid, .sentAt, .receivedAt,
        .seenAt,
        .committedAt, .content, .history,
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
    fileprivate static let eventsAfter = SQL(
        "events after", "SELECT id FROM events WHERE id > :id ORDER BY id LIMIT :limit")
}

extension EventStore {
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
