import Control
package import Delivery
import Events
package import Log
package import Store
package import Time

/// Sends what is due. The scheduler's driver: it asks the store, sends what the machine says, and has the store write
/// down what came of it.
///
/// What is in flight is known in memory alone. A daemon killed at any point finds every delivery that was not settled
/// still pending, and sends it again under the same `webhook-id`.
package actor DeliveryService {
    /// The driver's own numbers.
    enum Limits {
        /// Successes that wait for a common commit at most.
        static let settleTogether = 64
        /// How long a success may wait for others. Losing it only repeats a delivery.
        static let settleWithin = Duration.milliseconds(250)
        /// Outcomes that could not be written down, before nothing more is sent.
        static let unsettledMax = 256
        /// Shortest time between two looks into a store that has due deliveries which may not start yet.
        static let lookAgain = Duration.seconds(1)
        /// Longest time without a look into the store: the wall clock may be moved, a wake-up forgotten.
        static let idle = Duration.seconds(60)
        /// Wait after the store has failed; doubles up to `storeWaitMax`.
        static let storeWait = Duration.seconds(1)
        /// Longest wait after the store has failed.
        static let storeWaitMax = Duration.seconds(30)
    }

    let store: EventStore
    let clock: any DaemonClock
    let log: Logger
    private let client: any HTTPClient
    private let installation: String
    private let jitter: @Sendable () -> Double
    private nonisolated let inbox = DeliveryInbox()

    var machine = DeliveryMachine()
    /// With their secrets; as last read.
    var webhooks: [WebhookKey: Webhook] = [:]
    var webhooksStale = true
    /// Outcomes that the store has not written down yet.
    var unsettled: [DeliveryOutcome] = []
    /// What the store must note about webhooks, after the outcomes.
    var changes: [DeliveryMachine.Change] = []
    /// When the outcomes must be written down; nil while there are none.
    var settleAt: Instant?
    /// When the store should be asked for what has become due.
    var lookAt: Instant?
    var dueUnknown = true
    var storeFailures = 0
    var storeRetryAt: Instant?

    /// A service over `store` that sends through `client`. `installation` is the part of `webhook-id` before the
    /// event's number; `jitter` gives a number from 0 up to 1 at random.
    package init(
        store: EventStore, client: any HTTPClient, clock: any DaemonClock, installation: String,
        jitter: @escaping @Sendable () -> Double, log: Logger
    ) {
        self.store = store
        self.client = client
        self.clock = clock
        self.installation = installation
        self.jitter = jitter
        self.log = log
    }

    /// Says that the store has new deliveries, or that a webhook was added, changed or removed. From anywhere, at once.
    package nonisolated func wake() { inbox.wake() }

    /// Sends what is due until the task is cancelled; then requests under way are stopped, and what has ended is
    /// written down. Stopped requests stay pending.
    package func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                read(inbox.take())
                await takeIn()
                for lease in startable() { send(lease, in: &group) }
                await writeDown()
                await inbox.wait(until: deadline(), clock: clock)
            }
            group.cancelAll()
        }
        read(inbox.take())
        storeRetryAt = nil
        settleAt = clock.now()
        await writeDown()
    }

    /// Judges what has ended.
    private func read(_ mail: DeliveryInbox.Mail) {
        if mail.woken {
            machine.storeChanged()
            webhooksStale = true
            dueUnknown = true
        }
        for ended in mail.ended {
            let verdict = machine.ended(
                ended, jitter: 0.8 + 0.4 * jitter(), now: clock.now(), wallNow: clock.wallNow())
            if let outcome = verdict.outcome { queue(outcome) }
            if let change = verdict.change {
                changes.append(change)
                settleAt = clock.now()
            }
        }
        if let lookAt, lookAt <= clock.now() {
            machine.storeChanged()
            self.lookAt = nil
            dueUnknown = true
        }
    }

    private func queue(_ outcome: DeliveryOutcome) {
        unsettled.append(outcome)
        let now = clock.now()
        if outcome.next == .delivered, unsettled.count < Limits.settleTogether {
            settleAt = settleAt ?? now.advanced(by: Limits.settleWithin)
        } else {
            // A retry's date and an end are written down at once.
            settleAt = now
        }
    }

    private func startable() -> [DeliveryLease] {
        // A store that writes nothing down must not have deliveries sent again and again.
        guard storeFailures == 0, unsettled.count < Limits.unsettledMax else { return [] }
        return machine.start(now: clock.now())
    }

    private func send(_ lease: DeliveryLease, in group: inout DiscardingTaskGroup) {
        guard let webhook = webhooks[lease.webhook] else {
            preconditionFailure(
                "a delivery started for a webhook that was never read: both come from one read")
        }
        let startedAt = clock.wallNow()
        let begun = clock.now()
        let request = WebhookRequest.make(
            webhook: webhook, body: lease.body, id: "\(installation)-\(lease.event.rawValue)",
            attempt: lease.attempt, at: startedAt, version: ProductVersion.text)
        group.addTask { [client, clock, inbox] in
            let result = await client.send(request).masking(webhook.secret)
            inbox.ended(
                DeliveryMachine.Ended(
                    lease: lease, result: result, startedAt: startedAt, took: begun.duration(to: clock.now()))
            )
        }
    }

    private func deadline() -> Instant {
        let now = clock.now()
        let idle = now.advanced(by: Limits.idle)
        if let storeRetryAt { return min(storeRetryAt, idle) }
        return [settleAt, lookAt, machine.deadline(now: now)].compactMap { $0 }.reduce(idle, min)
    }
}
