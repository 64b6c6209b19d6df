package import Base
package import Delivery

/// The table `webhooks`: also the removed ones, their secret wiped, so that their deliveries stay readable.
struct WebhooksTable {
    /// As version 1 of the schema made it.
    static let creation = [
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
    ]
    /// Version 2: names of apps with commas between; empty: every app, as before.
    static let packagesColumn = ["ALTER TABLE webhooks ADD COLUMN packages TEXT NOT NULL DEFAULT ''"]
    /// Version 3: what a webhook gets is one JSON value (`Filter`). Words and names hold nothing that JSON escapes.
    static let filterColumn = [
        "ALTER TABLE webhooks ADD COLUMN filter TEXT NOT NULL DEFAULT '{}'",
        """
        UPDATE webhooks SET filter = '{"events":' || iif(kinds = '', '[]', '["' || replace(kinds, ',', '","') || '"]') || ',"packages":'
            || iif(packages = '', '[]', '["' || replace(packages, ',', '","') || '"]') || '}'
        """,
        "ALTER TABLE webhooks DROP COLUMN kinds",
        "ALTER TABLE webhooks DROP COLUMN packages",
    ]

    let database: Connection

    /// The webhooks that exist, by name.
    func all() throws(StoreError) -> [Webhook] { try database.all(.readWebhooks, read: Self.webhook) }

    /// The keys of every webhook, removed ones too: their deliveries stay on record.
    func keysEvenRemoved() throws(StoreError) -> [WebhookKey] {
        try database.all(.everyWebhookKey) { row throws(StoreError) in try row.key(.id) }
    }

    /// Webhooks that were removed while deliveries were pending, with when.
    func removedWithPendingDeliveries() throws(StoreError) -> [(key: WebhookKey, at: WallTime)] {
        try database.all(.removedWebhooks) { row throws(StoreError) in
            (key: try row.key(.id), at: try row.time(.removedAt))
        }
    }

    func insert(_ settings: WebhookSettings, at now: WallTime) throws(StoreError) -> WebhookKey {
        try database.run(
            .insertWebhook,
            [
                .name: .text(settings.name), .url: .text(settings.url), .format: .text(settings.format.name),
                .secret: .text(settings.secret.revealed),
                .filter: try database.json(settings.filter, for: .insertWebhook), .createdAt: SQLValue(now),
            ])
        return WebhookKey(rawValue: database.lastRowID)
    }

    func pause(_ key: WebhookKey, reason: String?) throws(StoreError) {
        let reason = reason.map { $0.cut(toScalars: StoreLimits.reasonScalarsMax) }
        try change(key, by: .pauseWebhook, set: .pausedReason, to: SQLValue(reason))
    }

    func setEnabled(_ key: WebhookKey, to isEnabled: Bool) throws(StoreError) {
        try change(key, by: .switchWebhook, set: .enabled, to: SQLValue(isEnabled))
    }

    /// Marks a webhook as removed and forgets its secret; its deliveries are as they were.
    func markRemoved(_ key: WebhookKey, at now: WallTime) throws(StoreError) {
        try change(key, by: .removeWebhook, set: .removedAt, to: SQLValue(now))
    }

    private func change(
        _ key: WebhookKey, by sql: SQL, set column: SQLName, to value: SQLValue
    ) throws(StoreError) {
        try database.run(sql, [.id: SQLValue(key), column: value])
        guard database.changes == 1 else { throw database.notFound("webhook \(key.rawValue)", sql.name) }
    }

    private static func webhook(_ row: borrowing Row) throws(StoreError) -> Webhook {
        guard let format = BodyFormat.named(try row.text(.format)) else {
            throw row.damaged(.format, "names a format we do not know")
        }
        let settings = WebhookSettings(
            stored: try row.text(.name), url: try row.text(.url), format: format,
            filter: try row.json(.filter, orDamaged: "is not a filter of a webhook"),
            secret: Secret(try row.text(.secret)))
        return Webhook(
            key: try row.key(.id), settings: settings, enabled: try row.bool(.enabled),
            pausedReason: try row.optionalText(.pausedReason), createdAt: try row.time(.createdAt))
    }
}

extension SQLName {
    fileprivate static let id: SQLName = "id"
    fileprivate static let name: SQLName = "name"
    fileprivate static let url: SQLName = "url"
    fileprivate static let format: SQLName = "format"
    fileprivate static let secret: SQLName = "secret"
    fileprivate static let filter: SQLName = "filter"
    fileprivate static let enabled: SQLName = "enabled"
    fileprivate static let pausedReason: SQLName = "paused_reason"
    fileprivate static let createdAt: SQLName = "created_at"
    fileprivate static let removedAt: SQLName = "removed_at"
}

extension SQL {
    private static let columns: [SQLName] = [
        .id, .name, .url, .format, .secret, .filter, .enabled, .pausedReason, .createdAt,
    ]
    fileprivate static let readWebhooks = SQL(
        "read webhooks", "SELECT \(columns.list) FROM webhooks WHERE removed_at IS NULL ORDER BY name")
    fileprivate static let everyWebhookKey = SQL("read webhook keys", "SELECT id FROM webhooks")
    fileprivate static let insertWebhook = insertion(
        "insert webhook", into: "webhooks", [.name, .url, .format, .secret, .filter, .createdAt])
    fileprivate static let pauseWebhook = SQL(
        "pause webhook",
        "UPDATE webhooks SET paused_reason = :paused_reason WHERE id = :id AND removed_at IS NULL")
    fileprivate static let switchWebhook = SQL(
        "switch webhook", "UPDATE webhooks SET enabled = :enabled WHERE id = :id AND removed_at IS NULL")
    fileprivate static let removeWebhook = SQL(
        "remove webhook",
        """
        UPDATE webhooks SET removed_at = :removed_at, secret = ''
        WHERE id = :id AND removed_at IS NULL
        """)
    fileprivate static let removedWebhooks = SQL(
        "removed webhooks with pending deliveries",
        """
        SELECT id, removed_at FROM webhooks WHERE removed_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM deliveries WHERE webhook = webhooks.id AND state = 0)
        """)
}

/// The webhooks that exist, from memory when none has changed since they were last read. Belongs to the store's actor, like
/// its connection.
final class WebhookCache {
    private var known: [Webhook]?

    /// Every webhook, by name.
    func all(_ database: Connection) throws(StoreError) -> [Webhook] {
        if let known { return known }
        let read = try WebhooksTable(database: database).all()
        known = read
        return read
    }

    /// To be called after every change of a webhook, also one that may have failed.
    func forget() { known = nil }
}

extension EventStore {
    /// Stores a new webhook. It gets what is recorded from now on. Refused when the name is taken or when there are
    /// `StoreLimits.webhooksMax` already.
    package func addWebhook(_ settings: WebhookSettings, at now: WallTime) throws(StoreError) -> Webhook {
        try changeWebhooks { (database) throws(StoreError) in
            let webhooks = WebhooksTable(database: database)
            let known = try webhooks.all()
            guard !known.contains(where: { $0.name == settings.name }) else {
                throw database.refusal("add webhook", "there is a webhook named \(settings.name) already")
            }
            guard known.count < StoreLimits.webhooksMax else {
                throw database.refusal(
                    "add webhook", "there are \(known.count) webhooks, the most there can be")
            }
            return Webhook(key: try webhooks.insert(settings, at: now), settings: settings, createdAt: now)
        }
    }

    /// Every webhook, by name.
    package func webhooks() throws(StoreError) -> [Webhook] { try webhookCache.all(database()) }

    /// The webhook that the user calls `name`.
    package func webhook(named name: String) throws(StoreError) -> Webhook? {
        try webhooks().first { $0.name == name }
    }

    /// One webhook; nil when it was removed.
    package func webhook(_ key: WebhookKey) throws(StoreError) -> Webhook? {
        try webhooks().first { $0.key == key }
    }

    /// Removes a webhook and forgets its secret. Its pending deliveries end as `removed`, some at a time so that
    /// nobody waits for them; should the daemon be killed meanwhile, the next start ends the rest.
    package nonisolated func removeWebhook(_ key: WebhookKey) async throws(StoreError) {
        try await markRemoved(key)
        while try await endSomeDeliveries(to: key) {}
    }

    /// Makes the deliveries of a webhook wait, for a reason in one printable line; nil lets them go on.
    package func pauseWebhook(_ key: WebhookKey, reason: String?) throws(StoreError) {
        try changeWebhooks { (database) throws(StoreError) in
            try WebhooksTable(database: database).pause(key, reason: reason)
        }
    }

    /// Switches a webhook on or off. While it is off no deliveries are made and none are sent.
    package func setEnabled(_ key: WebhookKey, to isEnabled: Bool) throws(StoreError) {
        try changeWebhooks { (database) throws(StoreError) in
            try WebhooksTable(database: database).setEnabled(key, to: isEnabled)
        }
    }

    private func markRemoved(_ key: WebhookKey) throws(StoreError) {
        let now = clock.wallNow()
        try changeWebhooks { (database) throws(StoreError) in
            try WebhooksTable(database: database).markRemoved(key, at: now)
        }
    }

    private func endSomeDeliveries(to key: WebhookKey) throws(StoreError) -> Bool {
        let now = clock.wallNow()
        return try write { (database) throws(StoreError) in
            try DeliveriesTable(database: database).endSome(to: key, at: now)
        }
    }

    private func changeWebhooks<Value>(
        _ body: (Connection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        defer { webhookCache.forget() }
        return try write(body)
    }
}
