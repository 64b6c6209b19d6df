/// The schema's history. README.md says what each table is for and why it is shaped so.
enum Schema {
    static let migrations: [Migration] = [
        Migration(
            name: "1 events and deliveries",
            statements: tablesOfPhones + tablesOfCapture + tablesOfDelivery + tablesOfBookkeeping),
        // Names with commas between; empty: every app, as before.
        Migration(
            name: "2 packages of webhooks",
            statements: ["ALTER TABLE webhooks ADD COLUMN packages TEXT NOT NULL DEFAULT ''"]),
    ]

    private static let tablesOfPhones = [
        """
        CREATE TABLE devices (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            wire_id TEXT NOT NULL,
            wire_id_chosen INTEGER NOT NULL DEFAULT 0,
            serial TEXT NOT NULL,
            android_id TEXT,
            manufacturer TEXT NOT NULL,
            model TEXT NOT NULL,
            android_version TEXT NOT NULL,
            api_level INTEGER NOT NULL,
            fingerprint TEXT NOT NULL,
            enrolled_at INTEGER NOT NULL,
            last_seen_at INTEGER,
            enabled INTEGER NOT NULL DEFAULT 1
        ) STRICT
        """,
        "CREATE UNIQUE INDEX devices_identity ON devices (serial, ifnull(android_id, ''))",
        "CREATE INDEX devices_wire_id ON devices (wire_id)",
        """
        CREATE TABLE served (
            serial TEXT PRIMARY KEY,
            last_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE addresses (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
        """
        CREATE TABLE sims (
            id INTEGER PRIMARY KEY,
            device INTEGER NOT NULL REFERENCES devices (id),
            slot INTEGER NOT NULL,
            subscription INTEGER NOT NULL,
            iccid TEXT NOT NULL,
            network TEXT NOT NULL,
            carrier TEXT NOT NULL,
            since INTEGER NOT NULL,
            until INTEGER
        ) STRICT
        """,
        "CREATE UNIQUE INDEX sims_now ON sims (device, slot, subscription) WHERE until IS NULL",
        "CREATE INDEX sims_history ON sims (device)",
    ]

    private static let tablesOfCapture = [
        """
        CREATE TABLE cursors (
            device INTEGER NOT NULL REFERENCES devices (id),
            source TEXT NOT NULL,
            value BLOB NOT NULL,
            PRIMARY KEY (device, source)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE sightings (
            device INTEGER NOT NULL REFERENCES devices (id),
            source TEXT NOT NULL,
            key BLOB NOT NULL,
            PRIMARY KEY (device, source, key)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            device INTEGER NOT NULL REFERENCES devices (id),
            wire_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            source TEXT NOT NULL,
            key BLOB NOT NULL,
            slot INTEGER,
            subscription INTEGER,
            iccid TEXT,
            sent_at INTEGER,
            received_at INTEGER,
            seen_at INTEGER NOT NULL,
            committed_at INTEGER NOT NULL,
            content TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX events_kind ON events (device, kind)",
    ]

    private static let tablesOfDelivery = [
        """
        CREATE TABLE webhooks (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            url TEXT NOT NULL,
            format TEXT NOT NULL,
            secret TEXT NOT NULL,
            kinds TEXT NOT NULL,
            enabled INTEGER NOT NULL DEFAULT 1,
            paused_reason TEXT,
            created_at INTEGER NOT NULL,
            removed_at INTEGER
        ) STRICT
        """,
        "CREATE UNIQUE INDEX webhooks_name ON webhooks (name) WHERE removed_at IS NULL",
        // State: 0 pending, 1 delivered, 2 dead, 3 removed. due_at: 0 = at once (no attempt yet).
        """
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            event INTEGER NOT NULL REFERENCES events (id),
            webhook INTEGER NOT NULL REFERENCES webhooks (id),
            device INTEGER NOT NULL,
            state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
            due_at INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            ended_at INTEGER,
            reason TEXT,
            content_type TEXT NOT NULL,
            secret_offset INTEGER,
            body BLOB NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX deliveries_event ON deliveries (event, webhook)",
        "CREATE INDEX deliveries_state ON deliveries (webhook, state)",
        // The state is in it although it is always 0: without it SQLite 3.40 reads the table for each row.
        "CREATE INDEX deliveries_lane ON deliveries (state, webhook, device, due_at) WHERE state = 0",
        """
        CREATE TABLE attempts (
            delivery INTEGER NOT NULL REFERENCES deliveries (id),
            number INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            microseconds INTEGER NOT NULL,
            status INTEGER,
            error TEXT,
            reply BLOB NOT NULL,
            PRIMARY KEY (delivery, number)
        ) STRICT, WITHOUT ROWID
        """,
    ]

    private static let tablesOfBookkeeping = [
        "CREATE TABLE migrations (position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
        "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """
        CREATE TABLE problems (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            device INTEGER,
            webhook INTEGER,
            text TEXT NOT NULL
        ) STRICT
        """,
    ]
}
