/// What version 5 of the schema changed, as it was released, in plain SQL. Never edit it.
enum VersionFive {
    static let steps = [
        "ALTER TABLE sightings ADD COLUMN event INTEGER",
        "CREATE INDEX events_key ON events (device, source, key)",
        """
        UPDATE sightings SET event = (SELECT max(id) FROM events
            WHERE events.device = sightings.device AND events.source = sightings.source AND events.key = sightings.key)
        """,
        "DROP INDEX events_key",
        "ALTER TABLE events ADD COLUMN carrier TEXT",
        "ALTER TABLE events ADD COLUMN own_number TEXT",
        "ALTER TABLE events ADD COLUMN label TEXT",
        "ALTER TABLE sims ADD COLUMN number TEXT NOT NULL DEFAULT ''",
        "CREATE TABLE cards (card TEXT PRIMARY KEY, label TEXT NOT NULL, number TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT INTO migrations VALUES (5, '5 events of keys, cards of events, settings of cards')",
        "PRAGMA user_version = 5",
    ]
}
