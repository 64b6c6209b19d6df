package import Base
package import Delivery
package import Events

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

/// The table `problems`: the newest `StoreLimits.problemsMax`; the oldest go first.
struct ProblemsTable {
    /// As version 1 of the schema made it.
    static let creation = [
        """
        CREATE TABLE problems (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            device INTEGER,
            webhook INTEGER,
            text TEXT NOT NULL
        ) STRICT
        """
    ]

    let database: Connection

    func insert(_ problem: Problem) throws(StoreError) {
        try database.run(
            .insertProblem,
            [
                .at: SQLValue(problem.at), .device: SQLValue(problem.device?.rawValue),
                .webhook: SQLValue(problem.webhook?.rawValue),
                .text: .text(problem.text.cut(toScalars: StoreLimits.reasonScalarsMax)),
            ])
        let newestToGo = database.lastRowID - Int64(StoreLimits.problemsMax)
        try database.run(.pruneProblems, [.id: .integer(newestToGo)])
    }

    /// The newest, newest first.
    func newest(_ limit: Int) throws(StoreError) -> [Problem] {
        try database.all(.readProblems, [.limit: SQLValue(limit)]) { row throws(StoreError) in
            Problem(
                at: try row.time(.at), device: try row.optionalKey(.device),
                webhook: try row.optionalKey(.webhook), text: try row.text(.text))
        }
    }
}

extension SQLName {
    fileprivate static let id: SQLName = "id"
    fileprivate static let at: SQLName = "at"
    fileprivate static let device: SQLName = "device"
    fileprivate static let webhook: SQLName = "webhook"
    fileprivate static let text: SQLName = "text"
    fileprivate static let limit: SQLName = "limit"
}

extension SQL {
    private static let columns: [SQLName] = [.at, .device, .webhook, .text]
    fileprivate static let insertProblem = insertion("insert problem", into: "problems", columns)
    fileprivate static let pruneProblems = SQL("prune problems", "DELETE FROM problems WHERE id <= :id")
    fileprivate static let readProblems = SQL(
        "read problems", "SELECT \(columns.list) FROM problems ORDER BY id DESC LIMIT :limit")
}

extension EventStore {
    /// Notes a problem; the newest `StoreLimits.problemsMax` are kept.
    package func note(
        problem text: String, device: DeviceKey? = nil, webhook: WebhookKey? = nil, at now: WallTime
    ) throws(StoreError) {
        try write { (database) throws(StoreError) in
            try ProblemsTable(database: database).insert(
                Problem(at: now, device: device, webhook: webhook, text: text))
        }
    }

    /// The newest problems, newest first, at most `StoreLimits.problemsMax`.
    package func problems(limit: Int) throws(StoreError) -> [Problem] {
        try ProblemsTable(database: database()).newest(min(max(limit, 0), StoreLimits.problemsMax))
    }
}
