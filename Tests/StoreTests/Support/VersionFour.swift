/// What version 4 of the schema changed, as it was released, in plain SQL. Never edit it.
enum VersionFour {
    static let steps = [
        "ALTER TABLE events ADD COLUMN history INTEGER NOT NULL DEFAULT 0",
        "INSERT INTO migrations VALUES (4, '4 history among the events')",
        "PRAGMA user_version = 4",
    ]
}
