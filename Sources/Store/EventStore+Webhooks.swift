package import Delivery
import Events
package import Time

extension EventStore {
    /// Stores a new webhook. It gets what is recorded from now on.
    package func addWebhook(_ draft: WebhookDraft, at now: WallTime) throws(StoreError) -> WebhookSummary {
        try check(draft)
        defer { knownWebhooks = nil }
        let kinds = draft.kinds.map(\.rawValue).sorted().joined(separator: ",")
        return try write { (database) throws(StoreError) in
            let known = try readWebhooks(database)
            guard !known.contains(where: { $0.name == draft.name }) else {
                throw refusal("add webhook", "there is a webhook named \(draft.name) already")
            }
            guard known.count < StoreLimits.webhooksMax else {
                throw refusal("add webhook", "there are \(known.count) webhooks, the most there can be")
            }
            try database.run(
                .insertWebhook, .text(draft.name), .text(draft.url), SQLValue(draft.format),
                .text(draft.secret), .text(kinds), SQLValue(now),
                .text(draft.packages.sorted().joined(separator: ",")))
            let key = WebhookKey(rawValue: database.lastRowID)
            return WebhookSummary(
                Webhook(
                    key: key, name: draft.name, url: draft.url, format: draft.format, secret: draft.secret,
                    kinds: draft.kinds, packages: draft.packages, enabled: true, pausedReason: nil,
                    createdAt: now))
        }
    }

    /// Every webhook, by name.
    package func webhooks() throws(StoreError) -> [WebhookSummary] {
        try loadWebhooks(try database()).map { WebhookSummary($0) }
    }

    /// The webhook that the user calls `name`.
    package func webhook(named name: String) throws(StoreError) -> WebhookSummary? {
        try loadWebhooks(try database()).first { $0.name == name }.map { WebhookSummary($0) }
    }

    /// The webhook with its secret, for the one who sends requests. Never show or log it.
    package func webhook(_ key: WebhookKey) throws(StoreError) -> Webhook? {
        try loadWebhooks(try database()).first { $0.key == key }
    }

    /// Every webhook with its secret, for the one who sends requests. Never show or log them.
    package func sendingWebhooks() throws(StoreError) -> [Webhook] { try loadWebhooks(try database()) }

    /// Removes a webhook and forgets its secret. Its pending deliveries end as `removed`, some at a time so that
    /// nobody waits for them; should the daemon be killed meanwhile, the next start ends the rest.
    package nonisolated func removeWebhook(_ key: WebhookKey) async throws(StoreError) {
        try await markRemoved(key)
        while try await endSomeDeliveries(of: key) {}
    }

    /// Makes the deliveries of a webhook wait, for a reason in one printable line; nil lets them go on.
    package func pauseWebhook(_ key: WebhookKey, reason: String?) throws(StoreError) {
        let reason = reason.map { cut($0, to: StoreLimits.reasonScalarsMax) }
        try change(key, "pause webhook", .pauseWebhook, SQLValue(reason))
    }

    /// Switches a webhook on or off. While it is off no deliveries are made and none are sent.
    package func setEnabled(_ key: WebhookKey, _ enabled: Bool) throws(StoreError) {
        try change(key, "switch webhook", .switchWebhook, SQLValue(enabled))
    }

    /// The webhooks that exist, from memory when nothing has changed since they were last read.
    func loadWebhooks(_ database: Connection) throws(StoreError) -> [Webhook] {
        if let knownWebhooks { return knownWebhooks }
        let read = try readWebhooks(database)
        knownWebhooks = read
        return read
    }

    private func readWebhooks(_ database: Connection) throws(StoreError) -> [Webhook] {
        try database.all(.readWebhooks) { row throws(StoreError) in
            var kinds: Set<EventKind> = []
            for word in try row.text(5).split(separator: ",") {
                guard let kind = EventKind(rawValue: String(word)) else {
                    throw row.damaged(5, "names a kind of event we do not know")
                }
                kinds.insert(kind)
            }
            return Webhook(
                key: try row.key(0), name: try row.text(1), url: try row.text(2), format: try row.word(3),
                secret: try row.text(4), kinds: kinds,
                packages: Set(try row.text(9).split(separator: ",").map(String.init)),
                enabled: try row.bool(6), pausedReason: try row.optionalText(7), createdAt: try row.time(8))
        }
    }

    private func change(
        _ key: WebhookKey, _ operation: String, _ sql: SQL, _ value: SQLValue
    ) throws(StoreError) {
        defer { knownWebhooks = nil }
        try write { (database) throws(StoreError) in
            try database.run(sql, value, SQLValue(key))
            try expectWebhook(key, operation, database)
        }
    }

    private func markRemoved(_ key: WebhookKey) throws(StoreError) {
        try change(key, "remove webhook", .removeWebhook, SQLValue(clock.wallNow()))
    }

    private func endSomeDeliveries(of key: WebhookKey) throws(StoreError) -> Bool {
        let now = clock.wallNow()
        return try write { (database) throws(StoreError) in
            try database.endSomeDeliveries(of: key, endedAt: now)
        }
    }

    private func expectWebhook(
        _ key: WebhookKey, _ operation: String, _ database: Connection
    ) throws(StoreError) {
        guard database.changes == 1 else {
            throw .notFound("webhook \(key.rawValue)", path: path, operation: operation)
        }
    }

    private func check(_ draft: WebhookDraft) throws(StoreError) {
        guard NameRule.allows(draft.name) else {
            throw refusal(
                "add webhook", "the name must be 1 to \(StoreLimits.nameBytesMax) of A-Z a-z 0-9 . _ -")
        }
        guard (1...StoreLimits.urlBytesMax).contains(draft.url.utf8.count) else {
            throw refusal("add webhook", "the URL must have 1 to \(StoreLimits.urlBytesMax) bytes")
        }
        if let fault = Self.fault(of: draft.url) { throw refusal("add webhook", fault) }
        guard draft.secret.utf8.count <= StoreLimits.secretBytesMax else {
            throw refusal("add webhook", "the secret is longer than \(StoreLimits.secretBytesMax) bytes")
        }
        guard !draft.kinds.isEmpty else {
            throw refusal("add webhook", "it would get no kind of event")
        }
        do throws(PackageRefusal) {
            try PackageRule.check(draft.packages)
        } catch {
            throw refusal("add webhook", error.sentence)
        }
        guard draft.packages.isEmpty || draft.kinds.contains(.notification) else {
            throw refusal("add webhook", "it names apps but would get no notification")
        }
    }

    /// What is wrong with a URL at first sight; nil when nothing is. The HTTP engine judges the rest. User
    /// information is refused because URLs are shown.
    private static func fault(of url: String) -> String? {
        let lower = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: { lower.hasPrefix($0) }) else {
            return "the URL must begin with http:// or https://"
        }
        guard !url.unicodeScalars.contains(where: { $0.value <= 0x20 || (0x7F...0x9F).contains($0.value) })
        else {
            return "the URL must not contain spaces or control characters"
        }
        let authority = url.dropFirst(scheme.count).prefix { !"/?#\\".contains($0) }
        guard !authority.isEmpty else { return "the URL names no host" }
        guard !authority.contains("@") else {
            return "the URL must not contain a user name or password: give a secret instead"
        }
        return nil
    }

    func refusal(_ operation: String, _ words: String) -> StoreError {
        .refused(words, path: path, operation: operation)
    }
}

extension Connection {
    /// Ends what a removed webhook still had pending when the daemon was last stopped.
    func endRemovedDeliveries(gate: CommitGate?) throws(StoreError) {
        let removed = try all(.removedWebhooks) { row throws(StoreError) in
            (key: try row.key(0, WebhookKey.self), at: try row.time(1))
        }
        for webhook in removed {
            var more = true
            while more {
                more = try transaction(gate: gate) { () throws(StoreError) in
                    try endSomeDeliveries(of: webhook.key, endedAt: webhook.at)
                }
            }
        }
    }

    /// - Returns: whether there may be more.
    func endSomeDeliveries(of webhook: WebhookKey, endedAt: WallTime) throws(StoreError) -> Bool {
        let limit = StoreLimits.removalsPerCommit
        try run(.endRemoved, SQLValue(endedAt), SQLValue(webhook), SQLValue(limit))
        let ended = changes
        var tally = Tally()
        tally.move(webhook, from: .pending, to: .removed, count: Int64(ended))
        try tally.write(self)
        return ended == limit
    }
}

extension SQL {
    static let insertWebhook = SQL(
        "insert webhook",
        "INSERT INTO webhooks (name, url, format, secret, kinds, created_at, packages) VALUES (?, ?, ?, ?, ?, ?, ?)"
    )
    static let readWebhooks = SQL(
        "read webhooks",
        """
        SELECT id, name, url, format, secret, kinds, enabled, paused_reason, created_at, packages FROM webhooks
        WHERE removed_at IS NULL ORDER BY name
        """)
    static let pauseWebhook = SQL(
        "pause webhook", "UPDATE webhooks SET paused_reason = ? WHERE id = ? AND removed_at IS NULL")
    static let switchWebhook = SQL(
        "switch webhook", "UPDATE webhooks SET enabled = ? WHERE id = ? AND removed_at IS NULL")
    static let removeWebhook = SQL(
        "remove webhook",
        "UPDATE webhooks SET removed_at = ?, secret = '' WHERE id = ? AND removed_at IS NULL")
    static let removedWebhooks = SQL(
        "removed webhooks with pending deliveries",
        """
        SELECT id, removed_at FROM webhooks WHERE removed_at IS NOT NULL
        AND EXISTS (SELECT 1 FROM deliveries WHERE webhook = webhooks.id AND state = 0)
        """)
    static let endRemoved = SQL(
        "end deliveries of removed webhook",
        """
        UPDATE deliveries SET state = 3, ended_at = ?, reason = 'the webhook was removed'
        WHERE id IN (SELECT id FROM deliveries WHERE webhook = ? AND state = 0 LIMIT ?)
        """)
}
