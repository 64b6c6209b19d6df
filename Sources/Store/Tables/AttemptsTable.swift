import Base
import Delivery

/// The table `attempts`: every request that was made for a delivery; the oldest go when there are too many.
struct AttemptsTable {
    /// As version 1 of the schema made it.
    static let creation = [
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
        """
    ]

    let database: Connection

    /// - Returns: false when the attempt is on record already.
    func insert(_ attempt: AttemptRecord, of delivery: DeliveryKey) throws(StoreError) -> Bool {
        let error = attempt.error.map { $0.cut(toScalars: StoreLimits.reasonScalarsMax) }
        try database.run(
            .insertAttempt,
            [
                .delivery: SQLValue(delivery), .number: SQLValue(attempt.number),
                .startedAt: SQLValue(attempt.startedAt), .microseconds: .integer(attempt.microseconds),
                .status: SQLValue(attempt.status), .error: SQLValue(error), .reply: .blob(attempt.reply),
            ])
        guard database.changes > 0 else { return false }
        if attempt.number > StoreLimits.attemptsKeptMax {
            try database.run(
                .pruneAttempts,
                [
                    .delivery: SQLValue(delivery),
                    .number: SQLValue(attempt.number - StoreLimits.attemptsKeptMax),
                ])
        }
        return true
    }

    /// A delivery's attempts, oldest first.
    func all(of delivery: DeliveryKey) throws(StoreError) -> [AttemptRecord] {
        try database.all(.readAttempts, [.delivery: SQLValue(delivery)], read: Self.attempt)
    }

    /// A delivery's last attempt; nil before the first.
    func last(of delivery: DeliveryKey) throws(StoreError) -> AttemptRecord? {
        try database.first(.lastAttempt, [.delivery: SQLValue(delivery)], read: Self.attempt)
    }

    private static func attempt(_ row: borrowing Row) throws(StoreError) -> AttemptRecord {
        AttemptRecord(
            number: try row.int(.number), startedAt: try row.time(.startedAt),
            microseconds: try row.integer(.microseconds), status: try row.optionalInt(.status),
            error: try row.optionalText(.error), reply: try row.blob(.reply))
    }
}

extension SQLName {
    fileprivate static let delivery: SQLName = "delivery"
    fileprivate static let number: SQLName = "number"
    fileprivate static let startedAt: SQLName = "started_at"
    fileprivate static let microseconds: SQLName = "microseconds"
    fileprivate static let status: SQLName = "status"
    fileprivate static let error: SQLName = "error"
    fileprivate static let reply: SQLName = "reply"
}

extension SQL {
    private static let columns: [SQLName] = [.number, .startedAt, .microseconds, .status, .error, .reply]
    private static let selection = "SELECT \(columns.list) FROM attempts WHERE delivery = :delivery"
    fileprivate static let insertAttempt = insertion(
        "insert attempt", into: "attempts", [.delivery] + columns, ending: "ON CONFLICT DO NOTHING")
    fileprivate static let pruneAttempts = SQL(
        "prune attempts", "DELETE FROM attempts WHERE delivery = :delivery AND number <= :number")
    fileprivate static let readAttempts = SQL("read attempts", "\(selection) ORDER BY number")
    fileprivate static let lastAttempt = SQL(
        "read last attempt", "\(selection) ORDER BY number DESC LIMIT 1")
}
