import Delivery
import Time

extension EventStore {
    /// The rows of some outcomes, inside a transaction.
    func settle(_ outcomes: [DeliveryOutcome], _ database: Connection) throws(StoreError) -> Tally {
        var tally = Tally()
        for outcome in outcomes { try settle(outcome, database, &tally) }
        return tally
    }

    private func settle(
        _ outcome: DeliveryOutcome, _ database: Connection, _ tally: inout Tally
    ) throws(StoreError) {
        let key = outcome.delivery
        let found = try database.first(.deliveryState, SQLValue(key)) { row throws(StoreError) in
            (state: try row.state(0), webhook: try row.key(1, WebhookKey.self))
        }
        guard let (state, webhook) = found else {
            throw .notFound("delivery \(key.rawValue)", path: path, operation: "settle")
        }
        guard try insert(outcome.attempt, of: key, database) else { return }
        let number = SQLValue(outcome.attempt.number)
        switch (state, outcome.next) {
        case (.pending, .retry(let date)):
            // 0 means "at once, not tried yet".
            let due = max(date.milliseconds, 1)
            try database.run(.retryDelivery, number, .integer(due), SQLValue(key))
        case (.pending, .delivered), (.removed, .delivered):
            // A webhook that was removed while the request ran: the receiver has it nonetheless.
            try end(key, .delivered, reason: nil, number, database)
            tally.move(webhook, from: state, to: .delivered)
        case (.pending, .dead(let reason)):
            try end(key, .dead, reason: cut(reason, to: StoreLimits.reasonScalarsMax), number, database)
            tally.move(webhook, from: .pending, to: .dead)
        case (.delivered, _), (.dead, _), (.removed, _):
            // It has ended; the attempt stays on record.
            try database.run(.countAttempt, number, SQLValue(key))
        }
    }

    private func end(
        _ key: DeliveryKey, _ state: DeliveryState, reason: String?, _ number: SQLValue,
        _ database: Connection
    ) throws(StoreError) {
        try database.run(
            .endDelivery, .integer(state.rawValue), number, SQLValue(clock.wallNow()), SQLValue(reason),
            SQLValue(key))
    }

    /// - Returns: false when the attempt is on record already.
    private func insert(
        _ attempt: AttemptRecord, of key: DeliveryKey, _ database: Connection
    ) throws(StoreError) -> Bool {
        try database.run(
            .insertAttempt, SQLValue(key), SQLValue(attempt.number), SQLValue(attempt.startedAt),
            .integer(attempt.microseconds), SQLValue(attempt.status),
            SQLValue(attempt.error.map { cut($0, to: StoreLimits.reasonScalarsMax) }), .blob(attempt.reply))
        guard database.changes > 0 else { return false }
        if attempt.number > StoreLimits.attemptsKeptMax {
            try database.run(
                .pruneAttempts, SQLValue(key), SQLValue(attempt.number - StoreLimits.attemptsKeptMax))
        }
        return true
    }
}

/// `text` cut to its first `limit` scalars.
func cut(_ text: String, to limit: Int) -> String {
    // No text has more scalars than bytes: most are short enough at a glance.
    text.utf8.count <= limit ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
}

extension Row {
    /// The state of a delivery.
    func state(_ column: Int32) throws(StoreError) -> DeliveryState {
        guard let state = DeliveryState(rawValue: try integer(column)) else {
            throw damaged(column, "is no state of a delivery")
        }
        return state
    }
}

extension SQL {
    static let deliveryState = SQL(
        "read delivery state", "SELECT state, webhook FROM deliveries WHERE id = ?")
    static let insertAttempt = SQL(
        "insert attempt",
        """
        INSERT INTO attempts (delivery, number, started_at, microseconds, status, error, reply)
        VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """)
    static let pruneAttempts = SQL(
        "prune attempts", "DELETE FROM attempts WHERE delivery = ? AND number <= ?")
    static let retryDelivery = SQL(
        "retry delivery",
        "UPDATE deliveries SET attempts = max(attempts, ?), due_at = ? WHERE id = ? AND state = 0")
    static let endDelivery = SQL(
        "end delivery",
        "UPDATE deliveries SET state = ?, attempts = max(attempts, ?), ended_at = ?, reason = ? WHERE id = ?")
    static let countAttempt = SQL(
        "count attempt", "UPDATE deliveries SET attempts = max(attempts, ?) WHERE id = ?")
}
