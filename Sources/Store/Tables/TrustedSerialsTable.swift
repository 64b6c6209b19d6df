package import Base

/// The table `served`: the serials that our ADB key may sign for, with when each was last trusted.
struct TrustedSerialsTable {
    /// As version 1 of the schema made it, under the name it has kept.
    static let creation = [
        """
        CREATE TABLE served (
            serial TEXT PRIMARY KEY,
            last_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """
    ]

    let database: Connection

    func all() throws(StoreError) -> Set<String> {
        Set(try database.all(.readTrusted) { row throws(StoreError) in try row.text(.serial) })
    }

    /// Adds a serial, or brings its date up to date. The one not seen for longest goes when there are too many.
    func add(_ serial: String, at now: WallTime) throws(StoreError) {
        let serial = serial.cut(toScalars: StoreLimits.identityScalarsMax)
        try database.run(.trust, [.serial: .text(serial), .lastAt: SQLValue(now)])
        try database.run(.pruneTrusted, [.kept: SQLValue(StoreLimits.trustedSerialsMax)])
    }
}

extension SQLName {
    fileprivate static let serial: SQLName = "serial"
    fileprivate static let lastAt: SQLName = "last_at"
    fileprivate static let kept: SQLName = "kept"
}

extension SQL {
    fileprivate static let readTrusted = SQL("read trusted serials", "SELECT serial FROM served")
    fileprivate static let trust = insertion(
        "trust serial", into: "served", [.serial, .lastAt],
        ending: "ON CONFLICT DO UPDATE SET last_at = excluded.last_at")
    fileprivate static let pruneTrusted = SQL(
        "prune trusted serials",
        """
        DELETE FROM served WHERE serial IN
            (SELECT serial FROM served ORDER BY last_at DESC LIMIT -1 OFFSET :kept)
        """)
}

extension EventStore {
    /// Serials of phones that were online with our key, or that the user named: the ADB key signs for no others.
    package func trustedSerials() throws(StoreError) -> Set<String> {
        try TrustedSerialsTable(database: database()).all()
    }

    /// Lets the ADB key sign for a serial from now on. The one not seen for longest goes when there are more than
    /// `StoreLimits.trustedSerialsMax`.
    package func trust(serial: String, at now: WallTime) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try TrustedSerialsTable(database: database).add(serial, at: now)
        }
    }
}
