/// The table `facts`: single values about the installation, by name.
struct FactsTable {
    /// As version 1 of the schema made it.
    static let creation = [
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID"
    ]
    /// The name of the installation's id.
    private static let installationName = "installation"

    let database: Connection

    /// The installation's id; nil in a new database.
    func installation() throws(StoreError) -> String? {
        try database.first(.readFact, [.name: .text(Self.installationName)]) { row throws(StoreError) in
            try row.text(.value)
        }
    }

    func setInstallation(_ installation: String) throws(StoreError) {
        try database.run(.writeFact, [.name: .text(Self.installationName), .value: .text(installation)])
    }
}

extension SQLName {
    fileprivate static let name: SQLName = "name"
    fileprivate static let value: SQLName = "value"
}

extension SQL {
    fileprivate static let readFact = SQL("read fact", "SELECT value FROM facts WHERE name = :name")
    fileprivate static let writeFact = insertion(
        "write fact", into: "facts", [.name, .value],
        ending: "ON CONFLICT (name) DO UPDATE SET value = excluded.value")
}
