import Base
import Delivery

/// Writes down what came of attempts, inside a transaction.
struct Settling {
    let database: Connection
    /// When the transaction is.
    let now: WallTime

    /// Notes attempts and what their deliveries have become. An attempt that is on record already is skipped.
    /// - Returns: what it adds to the counters.
    func settle(_ outcomes: [DeliveryOutcome]) throws(StoreError) -> Tally {
        var tally = Tally()
        for outcome in outcomes { try settle(outcome, &tally) }
        return tally
    }

    private func settle(_ outcome: DeliveryOutcome, _ tally: inout Tally) throws(StoreError) {
        let deliveries = DeliveriesTable(database: database)
        let key = outcome.delivery
        let (state, webhook) = try deliveries.state(of: key)
        guard try AttemptsTable(database: database).insert(outcome.attempt, of: key) else { return }
        let attempts = outcome.attempt.number
        switch (state, outcome.next) {
        case (.pending, .retry(let date)):
            try deliveries.retry(key, at: date, attempts: attempts)
        case (.pending, .delivered), (.removed, .delivered):
            // A webhook that was removed while the request ran: the receiver has it nonetheless.
            try deliveries.end(key, .delivered, reason: nil, attempts: attempts, at: now)
            tally.move(webhook, from: state, to: .delivered)
        case (.pending, .dead(let reason)):
            try deliveries.end(key, .dead, reason: reason, attempts: attempts, at: now)
            tally.move(webhook, from: .pending, to: .dead)
        case (.delivered, _), (.dead, _), (.removed, _):
            // It has ended; the attempt stays on record.
            try deliveries.count(attempts: attempts, of: key)
        }
    }
}
