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

    let database: Connection

    /// - Returns: false when the key was there already.
    func insert(_ key: SourceKey, of device: DeviceKey) throws(StoreError) -> Bool {
        try database.run(.insertSighting, Self.values(key, device))
        return database.changes > 0
    }

    func contains(_ key: SourceKey, of device: DeviceKey) throws(StoreError) -> Bool {
        try database.first(.findSighting, Self.values(key, device)) { _ throws(StoreError) in true } ?? false
    }

    private static func values(_ key: SourceKey, _ device: DeviceKey) -> SQLValues {
        [.device: SQLValue(device), .source: SQLValue(key.source), .key: .blob(key.bytes)]
    }
}

extension SQLName {
    fileprivate static let device: SQLName = "device"
    fileprivate static let source: SQLName = "source"
    fileprivate static let key: SQLName = "key"
}

extension SQL {
    static let insertSighting = insertion(
        "insert sighting", into: "sightings", [.device, .source, .key], ending: "ON CONFLICT DO NOTHING")
    fileprivate static let findSighting = SQL(
        "find sighting",
        "SELECT 1 AS found FROM sightings WHERE device = :device AND source = :source AND key = :key")
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
