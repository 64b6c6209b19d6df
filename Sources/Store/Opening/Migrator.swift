/// One step of the schema's history. Append-only: a step that was ever released is never changed or removed.
struct Migration: Sendable {
    /// Its name on record.
    let name: String
    /// Its statements, in order.
    let statements: [String]
}

/// Brings a database to the newest schema, one transaction a step.
struct Migrator {
    /// The table `migrations`, as version 1 of the schema made it: the steps taken, for a later program to check.
    static let creation = [
        "CREATE TABLE migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT"
    ]
    /// `PRAGMA application_id` of our files: "PHWR".
    static let applicationID: Int64 = 0x5048_5752

    let migrations: [Migration]

    /// Refuses a file that is not ours or is newer than we are. Only reads.
    /// - Returns: how many steps it has behind it.
    func version(of connection: Connection) throws(StoreError) -> Int {
        let application = try connection.first(.applicationID) { row throws(StoreError) in
            try row.integer(.applicationID)
        }
        let version =
            try connection.first(.userVersion) { row throws(StoreError) in
                try row.int(.userVersion)
            } ?? 0
        let objects = try connection.first(.countObjects) { row throws(StoreError) in try row.integer(.count)
        }
        if application == 0, objects == 0 { return 0 }
        guard application == Self.applicationID else {
            throw StoreError(
                .foreignDatabase, path: connection.path, operation: "open",
                message: "the file is a database of another program",
                remedy: "Move it away, or name another state folder")
        }
        guard version <= migrations.count else {
            throw StoreError(
                .newerSchema(found: version, known: migrations.count), path: connection.path,
                operation: "open",
                message:
                    "the database has schema version \(version), this phonewire knows \(migrations.count)",
                remedy: "Start the phonewire that wrote it, or a newer one; nothing was changed")
        }
        return version
    }

    /// Takes the steps that are still to take and notes each by name.
    func migrate(_ connection: Connection, gate: CommitGate?) throws(StoreError) {
        let version = try version(of: connection)
        try checkHistory(connection, version: version)
        for (index, migration) in migrations.enumerated().dropFirst(version) {
            try connection.transaction(gate: gate) { () throws(StoreError) in
                // Read again with the write lock: another program may have been faster.
                guard try self.version(of: connection) == index else {
                    throw .refused(
                        "another program is changing the schema", path: connection.path, operation: "migrate")
                }
                for (number, text) in migration.statements.enumerated() {
                    try connection.run(SQL("migration \(migration.name), statement \(number + 1)", text))
                }
                try connection.run(
                    .noteMigration, [.position: SQLValue(index + 1), .name: .text(migration.name)])
                try connection.run(SQL("set application_id", "PRAGMA application_id = \(Self.applicationID)"))
                try connection.run(SQL("set user_version", "PRAGMA user_version = \(index + 1)"))
            }
        }
    }

    private func checkHistory(_ connection: Connection, version: Int) throws(StoreError) {
        guard version > 0 else { return }
        let names = try connection.all(.migrationNames) { row throws(StoreError) in try row.text(.name) }
        guard names == migrations.prefix(version).map(\.name) else {
            throw StoreError(
                .unknownHistory, path: connection.path, operation: "open",
                message: "its schema was made by steps that this phonewire does not know",
                remedy: "Start the phonewire that wrote it; nothing was changed")
        }
    }
}

extension SQLName {
    fileprivate static let applicationID: SQLName = "application_id"
    fileprivate static let userVersion: SQLName = "user_version"
    fileprivate static let count: SQLName = "count"
    fileprivate static let position: SQLName = "position"
    fileprivate static let name: SQLName = "name"
}

extension SQL {
    fileprivate static let applicationID = SQL("read application_id", "PRAGMA application_id")
    fileprivate static let userVersion = SQL("read user_version", "PRAGMA user_version")
    fileprivate static let countObjects = SQL(
        "count tables", "SELECT count(*) AS count FROM sqlite_schema")
    fileprivate static let noteMigration = insertion(
        "note migration", into: "migrations", [.position, .name])
    fileprivate static let migrationNames = SQL(
        "read migrations", "SELECT name FROM migrations ORDER BY position")
}
