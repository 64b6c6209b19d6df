/// What version 2 of the schema changed, as it was released, in plain SQL. Never edit it.
enum VersionTwo {
    static let steps = [
        "ALTER TABLE webhooks ADD COLUMN packages TEXT NOT NULL DEFAULT ''",
        "INSERT INTO migrations VALUES (2, '2 packages of webhooks')",
        "PRAGMA user_version = 2",
    ]
}
