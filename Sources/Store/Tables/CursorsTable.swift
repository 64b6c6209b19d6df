package import Events

/// The table `cursors`: how far each source of a phone has been read. Opaque to the store.
struct CursorsTable {
    /// As version 1 of the schema made it.
    static let creation = [
        """
        CREATE TABLE cursors (
            device INTEGER NOT NULL REFERENCES devices (id),
            source TEXT NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (device, source)
        ) STRICT, WITHOUT ROWID
        """
    ]

    let database: Connection

    func value(of source: SourceName, on device: DeviceKey) throws(StoreError) -> [UInt8]? {
        try database.first(.readCursor, [.device: SQLValue(device), .source: SQLValue(source)]) {
            row throws(StoreError) in try row.blob(.value)
        }
    }

    func write(_ value: [UInt8], of source: SourceName, on device: DeviceKey) throws(StoreError) {
        try database.run(
            .writeCursor, [.device: SQLValue(device), .source: SQLValue(source), .value: .blob(value)])
    }
}

extension SQLName {
    fileprivate static let device: SQLName = "device"
    fileprivate static let source: SQLName = "source"
    fileprivate static let value: SQLName = "value"
}

extension SQL {
    fileprivate static let readCursor = SQL(
        "read cursor", "SELECT value FROM cursors WHERE device = :device AND source = :source")
    fileprivate static let writeCursor = insertion(
        "write cursor", into: "cursors", [.device, .source, .value],
        ending: "ON CONFLICT (device, source) DO UPDATE SET value = excluded.value")
}

extension EventStore {
    /// How far a source of a phone has been read; nil when it never was.
    package func cursor(_ device: DeviceKey, _ source: SourceName) throws(StoreError) -> [UInt8]? {
        try CursorsTable(database: database()).value(of: source, on: device)
    }
}
