package import Delivery
package import Events
package import Time

/// Something that went wrong, for people to see.
package struct Problem: Sendable, Equatable {
    /// When.
    package let at: WallTime
    /// With which phone.
    package let device: DeviceKey?
    /// With which webhook.
    package let webhook: WebhookKey?
    /// What, in one printable line without secrets and message texts.
    package let text: String
}

extension EventStore {
    /// Notes a problem; the newest `StoreLimits.problemsMax` are kept.
    package func note(
        problem text: String, device: DeviceKey? = nil, webhook: WebhookKey? = nil, at now: WallTime
    ) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try database.run(
                .insertProblem, SQLValue(now), SQLValue(device?.rawValue), SQLValue(webhook?.rawValue),
                .text(cut(text, to: StoreLimits.reasonScalarsMax)))
            try database.run(.pruneProblems, .integer(database.lastRowID - Int64(StoreLimits.problemsMax)))
        }
    }

    /// The newest problems, newest first.
    package func problems(limit: Int) throws(StoreError) -> [Problem] {
        let limit = min(max(limit, 0), StoreLimits.problemsMax)
        return try database().all(.readProblems, SQLValue(limit)) { row throws(StoreError) in
            Problem(
                at: try row.time(0), device: try row.optionalInteger(1).map { DeviceKey(rawValue: $0) },
                webhook: try row.optionalInteger(2).map { WebhookKey(rawValue: $0) }, text: try row.text(3))
        }
    }
}

extension SQL {
    static let insertProblem = SQL(
        "insert problem", "INSERT INTO problems (at, device, webhook, text) VALUES (?, ?, ?, ?)")
    static let pruneProblems = SQL("prune problems", "DELETE FROM problems WHERE id <= ?")
    static let readProblems = SQL(
        "read problems", "SELECT at, device, webhook, text FROM problems ORDER BY id DESC LIMIT ?")
}
