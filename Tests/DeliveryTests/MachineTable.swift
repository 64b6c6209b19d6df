import Base
import Delivery
import Events
import Testing

/// A table for playing a machine against: a store in memory, a clock, and what was sent, by name.
///
/// Deliveries are named by their event's number; `lane` is the phone.
struct MachineTable {
    static let hook = WebhookKey(rawValue: 1)
    private struct Row {
        let delivery: DueDelivery
        var attempts = 0
        var dueAt = WallTime(milliseconds: 0)
        var state: DeliveryOutcome.Next?
    }

    var machine: DeliveryMachine
    var now = Instant(nanoseconds: 0)
    var wall = WallTime(milliseconds: 1_000_000_000_000)
    var webhooks: [Webhook]
    private var rows: [Int64: Row] = [:]
    private(set) var flying: [Int64: DueDelivery] = [:]
    private(set) var changes: [DeliveryMachine.Change] = []

    init(limits: DeliveryLimits = DeliveryLimits(), hooks: Int = 1) {
        machine = DeliveryMachine(limits: limits)
        webhooks = (1...Int64(hooks)).map { number in
            Webhook(
                key: WebhookKey(rawValue: number),
                settings: WebhookSettings(
                    stored: "w\(number)", url: "http://x/", format: .smsnotif, filter: Filter(), secret: .none
                ),
                createdAt: WallTime(milliseconds: 0))
        }
        machine.webhooksRead(webhooks, now: now)
    }

    /// A commit: new events, in this order.
    mutating func record(_ events: [Int64], lane: Int64 = 1, hook: WebhookKey = hook) {
        for event in events {
            rows[event] = Row(
                delivery: DueDelivery(
                    key: DeliveryKey(rawValue: event), event: EventID(rawValue: event), webhook: hook,
                    device: DeviceKey(rawValue: lane), attempt: 1, createdAt: wall,
                    body: FrozenBody(contentType: "t", bytes: [0], secretOffset: nil)))
        }
        machine.storeChanged()
    }

    /// What is sent now, in order.
    mutating func sent() -> [Int64] {
        for want in machine.wants(now: now) { machine.fetched(due(want), for: want) }
        let deliveries = machine.start(now: now)
        for delivery in deliveries {
            #expect(flying[delivery.event.rawValue] == nil, "sent twice at once")
            flying[delivery.event.rawValue] = delivery
        }
        return deliveries.map(\.event.rawValue)
    }

    /// The answer to a request in flight; what becomes of the delivery, nil when nothing is written down.
    @discardableResult
    mutating func answer(_ event: Int64, _ result: HTTPResult, jitter: Double = 1) -> DeliveryOutcome.Next? {
        guard let delivery = flying.removeValue(forKey: event) else {
            Issue.record("event \(event) is not in flight")
            return nil
        }
        let verdict = machine.ended(
            DeliveryMachine.Ended(
                delivery: delivery, result: result, startedAt: wall, took: .milliseconds(12)),
            jitter: jitter, now: now, wallNow: wall)
        if let change = verdict.change { apply(change) }
        guard let outcome = verdict.outcome else { return nil }
        #expect(outcome.delivery == delivery.key)
        #expect(outcome.attempt.number == delivery.attempt)
        rows[event]?.attempts = delivery.attempt
        switch outcome.next {
        case .retry(let date): rows[event]?.dueAt = WallTime(milliseconds: max(date.milliseconds, 1))
        case .delivered, .dead: rows[event]?.state = outcome.next
        }
        return outcome.next
    }

    /// Time passes on both clocks; the service looks into the store again.
    mutating func pass(_ duration: Duration) {
        now = now.advanced(by: duration)
        wall = wall.advanced(by: duration)
        machine.storeChanged()
    }

    mutating func readWebhooks() { machine.webhooksRead(webhooks, now: now) }

    /// Events that are neither delivered nor dead.
    var pending: [Int64] { rows.filter { $0.value.state == nil }.keys.sorted() }
    var delivered: [Int64] { rows.filter { $0.value.state == .delivered }.keys.sorted() }

    private mutating func apply(_ change: DeliveryMachine.Change) {
        changes.append(change)
        for index in webhooks.indices {
            switch change {
            case .pause(webhooks[index].key, let reason): webhooks[index].pausedReason = reason
            case .resume(webhooks[index].key): webhooks[index].pausedReason = nil
            default: break
            }
        }
    }

    /// As the store does it: of each lane, those never tried and those due for a retry in turn.
    private func due(_ want: DeliveryMachine.Want) -> [DueDelivery] {
        let open = rows.values.filter {
            $0.delivery.webhook == want.webhook && $0.state == nil && $0.dueAt <= wall
                && !want.known.contains($0.delivery.key)
        }
        let lanes = Dictionary(grouping: open, by: \.delivery.device).sorted { $0.key < $1.key }
        return lanes.flatMap { _, rows in
            let news = rows.filter { $0.attempts == 0 }.sorted { $0.delivery.event < $1.delivery.event }
            let retries = rows.filter { $0.attempts > 0 }.sorted {
                ($0.dueAt, $0.delivery.event) < ($1.dueAt, $1.delivery.event)
            }
            var both: [Row] = []
            for index in 0..<max(news.count, retries.count) {
                if index < news.count { both.append(news[index]) }
                if index < retries.count { both.append(retries[index]) }
            }
            return both.prefix(want.perLane).map { row in
                DueDelivery(
                    key: row.delivery.key, event: row.delivery.event, webhook: row.delivery.webhook,
                    device: row.delivery.device, attempt: row.attempts + 1, createdAt: row.delivery.createdAt,
                    body: row.delivery.body)
            }
        }
    }
}
