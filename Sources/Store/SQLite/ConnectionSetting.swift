/// A setting of the connection: how it is asked for, and what must be read back before anything is written.
struct ConnectionSetting: Sendable {
    /// The PRAGMA's name, and the column's in which it answers.
    let name: SQLName
    let set: SQL
    let read: SQL
    let expected: SQLValue

    /// `PRAGMA name = value`, and what `PRAGMA name` must say afterwards.
    init(_ name: String, _ value: String, reads expected: SQLValue) {
        self.name = SQLName(text: name)
        set = SQL("set \(name)", "PRAGMA \(name) = \(value)")
        read = SQL("read \(name)", "PRAGMA \(name)")
        self.expected = expected
    }

    /// What durability, integrity and privacy rest on (sqlite.org/pragma.html). In this order.
    static let required: [ConnectionSetting] = [
        // Nothing may be written to the file by way of the schema, and views or triggers of others do not run.
        ConnectionSetting("trusted_schema", "OFF", reads: .integer(0)),
        // One fsync a commit; a power cut takes nothing that was committed.
        ConnectionSetting("journal_mode", "WAL", reads: .text("wal")),
        ConnectionSetting("synchronous", "FULL", reads: .integer(2)),
        ConnectionSetting("foreign_keys", "ON", reads: .integer(1)),
        // FAST: deleted text is overwritten where that costs no further writing.
        ConnectionSetting("secure_delete", "FAST", reads: .integer(2)),
        ConnectionSetting(
            "journal_size_limit", "\(StoreLimits.journalBytesMax)",
            reads: .integer(StoreLimits.journalBytesMax)
        ),
        ConnectionSetting("cell_size_check", "ON", reads: .integer(1)),
        ConnectionSetting("mmap_size", "0", reads: .integer(0)),
        ConnectionSetting("temp_store", "MEMORY", reads: .integer(2)),
        ConnectionSetting("cache_size", "-2048", reads: .integer(-2048)),
    ]
}

extension Connection {
    /// Asks for each setting and reads it back; refuses to go on with any that did not take.
    func apply(_ settings: [ConnectionSetting]) throws(StoreError) {
        guard setDefensive() else { throw refusal("set defensive mode", "is off") }
        for setting in settings {
            try run(setting.set)
            let found = try first(setting.read) { row throws(StoreError) in
                switch setting.expected {
                case .text: SQLValue.text(try row.text(setting.name))
                default: SQLValue.integer(try row.integer(setting.name))
                }
            }
            // SQLite built without memory mapping answers nothing at all, which is what we want of it.
            if found == nil, setting.name == "mmap_size" { continue }
            guard found == setting.expected else {
                throw refusal(setting.set.name, "reads back as \(found.map { "\($0)" } ?? "nothing")")
            }
        }
    }

    private func refusal(_ operation: String, _ words: String) -> StoreError {
        StoreError(
            .settingRefused, path: path, operation: operation, message: words,
            remedy:
                "phonewire does not run without it: keep its state on a local file system (not NFS, not FUSE)"
        )
    }
}
