package import Events

/// The table `sightings`: every key that a source of a phone has shown. Apart from the events, so that purged events do not
/// make old rows look new.
struct SightingsTable {
    /// As version 1 of the schema made it.
    static let creation = [
        """
        CREATE TABLE sightings (
            device INTEGER NOT NULL REFERENCES devices (id),
            source TEXT NOT NULL,
            key BLOB NOT NULL,
            PRIMARY KEY (device, source, key)
        ) STRICT, WITHOUT ROWID
        """
    ]

    /// Version 5: the event that was made of what has this key; null where none was. For older keys it is looked up once, by an
    /// index that is not kept.
    static let eventColumn = [
        "ALTER TABLE sightings ADD COLUMN event INTEGER",
        "CREATE INDEX events_key ON events (device, source, key)",
        """
        UPDATE sightings SET event = (SELECT max(id) FROM events
            WHERE events.device = sightings.device AND events.source = sightings.source AND events.key = sightings.key)
        """,
        "DROP INDEX events_key",
    ]

    let database: Connection

    /// Takes note of a key that no event was made of.
    /// - Returns: false when the key was there already.
    func insert(_ key: SourceKey, of device: DeviceKey) throws(StoreError) -> Bool {
        try database.run(.insertSighting, Self.values(key, device) + [.event: .null])
        return database.changes > 0
    }

    /// Takes note of a key and of the event that was made of it, whether the key was there or not.
    func write(_ key: SourceKey, of device: DeviceKey, event: EventID) throws(StoreError) {
        try database.run(.writeSighting, Self.values(key, device) + [.event: SQLValue(event)])
    }

    func contains(_ key: SourceKey, of device: DeviceKey) throws(StoreError) -> Bool {
        try database.first(.findSighting, Self.values(key, device)) { _ throws(StoreError) in true } ?? false
    }

    /// The event that was made of what has this key; nil where none was.
    func event(_ key: SourceKey, of device: DeviceKey) throws(StoreError) -> EventID? {
        try database.first(.findSighting, Self.values(key, device)) { row throws(StoreError) in
            try row.optionalKey(.event, EventID.self)
        } ?? nil
    }

    private static func values(_ key: SourceKey, _ device: DeviceKey) -> SQLValues {
        [.device: SQLValue(device), .source: SQLValue(key.source), .key: .blob(key.bytes)]
    }
}

extension SQLName {
    fileprivate static let device: SQLName = "device"
    fileprivate static let source: SQLName = "source"
    fileprivate static let key: SQLName = "key"
    fileprivate static let event: SQLName = "event"
}

extension SQL {
    static let insertSighting = insertion(
        "insert sighting", into: "sightings", [.device, .source, .key, .event],
        ending: "ON CONFLICT DO NOTHING")
    static let writeSighting = insertion(
        "write sighting", into: "sightings", [.device, .source, .key, .event],
        ending: "ON CONFLICT DO UPDATE SET event = excluded.event")
    fileprivate static let findSighting = SQL(
        "find sighting",
        "SELECT event FROM sightings WHERE device = :device AND source = :source AND key = :key")
}

extension EventStore {
    /// Those of `keys` that no batch of this phone has recorded yet: one index search each.
    package func unseen(_ keys: [SourceKey], of device: DeviceKey) throws(StoreError) -> Set<SourceKey> {
        let sightings = SightingsTable(database: try database())
        var unseen: Set<SourceKey> = []
        for key in keys where try !sightings.contains(key, of: device) { unseen.insert(key) }
        return unseen
    }
}
