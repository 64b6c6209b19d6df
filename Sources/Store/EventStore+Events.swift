package import Events
import FoundationEssentials
import Time

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
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        let before = SQLValue(before?.rawValue ?? .max)
        var ids: [Int64] = []
        if device == nil, kind == nil {
            ids = try database.all(.newestEvents, before, SQLValue(limit)) { row throws(StoreError) in
                try row.integer(0)
            }
        } else {
            let devices: [DeviceKey]
            if let device { devices = [device] } else { devices = try deviceKeys(database) }
            for device in devices {
                for kind in kind.map({ [$0] }) ?? EventKind.allCases {
                    ids += try database.all(
                        .newestEventsOfKind, SQLValue(device), SQLValue(kind), before, SQLValue(limit)
                    ) { row throws(StoreError) in try row.integer(0) }
                }
            }
            ids.sort(by: >)
        }
        var events: [Event] = []
        for id in ids.prefix(limit) {
            if let event = try event(EventID(rawValue: id), database)?.event { events.append(event) }
        }
        return events
    }

    /// Events newer than `after`, oldest first, at most `StoreLimits.listRowsMax`: one index search when there is
    /// nothing new.
    package func events(after: EventID, limit: Int) throws(StoreError) -> [Event] {
        let database = try database()
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        let ids = try database.all(.eventsAfter, SQLValue(after), SQLValue(limit)) { row throws(StoreError) in
            try row.key(0, EventID.self)
        }
        var events: [Event] = []
        for id in ids {
            if let event = try event(id, database)?.event { events.append(event) }
        }
        return events
    }

    func deviceKeys(_ database: Connection) throws(StoreError) -> [DeviceKey] {
        try database.all(.deviceKeys) { row throws(StoreError) in try row.key(0) }
    }

    /// One event as stored.
    func event(_ id: EventID, _ database: Connection) throws(StoreError) -> StoredEvent? {
        try database.first(.readEvent, SQLValue(id)) { row throws(StoreError) in
            guard let content = try? decoder.decode(EventContent.self, from: Data(try row.text(11).utf8))
            else {
                throw row.damaged(11, "of event \(id.rawValue) is no content of an event")
            }
            let key = try row.blob(3)
            guard key.count <= SourceKey.bytesMax else {
                throw row.damaged(3, "of event \(id.rawValue) is too long")
            }
            let event = Event(
                id: id, device: try row.key(0), deviceWireID: try row.text(1), content: content,
                slot: try row.optionalInt(4), iccid: try row.optionalText(6),
                sentAt: try row.optionalTime(7), receivedAt: try row.optionalTime(8), seenAt: try row.time(9))
            return StoredEvent(
                event: event, key: SourceKey(source: try row.word(2), bytes: key),
                subscription: try row.optionalInt(5),
                committedAt: try row.time(10))
        }
    }
}

extension SQL {
    static let newestEvents = SQL(
        "newest events", "SELECT id FROM events WHERE id < ? ORDER BY id DESC LIMIT ?")
    static let eventsAfter = SQL("events after", "SELECT id FROM events WHERE id > ? ORDER BY id LIMIT ?")
    static let newestEventsOfKind = SQL(
        "newest events of phone and kind",
        "SELECT id FROM events WHERE device = ? AND kind = ? AND id < ? ORDER BY id DESC LIMIT ?")
    static let deviceKeys = SQL("read phone keys", "SELECT id FROM devices")
    static let readEvent = SQL(
        "read event",
        """
        SELECT device, wire_id, source, key, slot, subscription, iccid, sent_at, received_at, seen_at,
            committed_at, content FROM events WHERE id = ?
        """)
}
