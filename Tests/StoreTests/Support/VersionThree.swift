/// What version 3 of the schema changed, as it was released, in plain SQL. Never edit it.
enum VersionThree {
    static let steps = [
        "ALTER TABLE webhooks ADD COLUMN filter TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE webhooks DROP COLUMN kinds",
        "ALTER TABLE webhooks DROP COLUMN packages",
        "ALTER TABLE deliveries ADD COLUMN headers TEXT",
        "INSERT INTO migrations VALUES (3, '3 filters of webhooks, headers of deliveries')",
        "PRAGMA user_version = 3",
    ]
}
