package import Base
package import Delivery
import Events
package import Store

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

    private let store: EventStore
    private let clock: any DaemonClock
    private let log: Logger
    private let transport: any DeliveryTransport
    private let installation: String
    private let jitter: @Sendable () -> Double
    private nonisolated let inbox = DeliveryInbox()

    private var machine = DeliveryMachine()
    /// With their secrets; as last read.
    private var webhooks: [WebhookKey: Webhook] = [:]
    private var webhooksStale = true
    /// Outcomes that the store has not written down yet.
    private var unsettled: [DeliveryOutcome] = []
    /// What the store must note about webhooks, after the outcomes.
    private var changes: [DeliveryMachine.Change] = []
    /// When the outcomes must be written down; nil while there are none.
    private var settleAt: Instant?
    /// When the store should be asked for what has become due.
    private var lookAt: Instant?
    private var dueUnknown = true
    private var storePause = Backoff(doubling: Limits.storeWait, until: Limits.storeWaitMax)
    private var storeRetryAt: Instant?

    /// A service over `store` that sends through `transport`. `installation` is the part of `webhook-id` before the
    /// event's number; `jitter` gives a number from 0 up to 1 at random.
    package init(
        store: EventStore, transport: any DeliveryTransport, clock: any DaemonClock, installation: String,
        jitter: @escaping @Sendable () -> Double, log: Logger
    ) {
        self.store = store
        self.transport = transport
        self.clock = clock
        self.installation = installation
        self.jitter = jitter
        self.log = log
    }

    /// Says that the store has new deliveries, or that a webhook was added, changed or removed. From anywhere, at once.
    package nonisolated func wake() { inbox.storeChanged() }

    /// Whether the service's actor and the store's thread answer. Asks for what is always readable: a damaged webhook must not
    /// make the daemon look dead.
    package func isAlive() async -> Bool { (try? await store.trustedSerials()) != nil }

    /// Sends what is due until the task is cancelled; then requests under way are stopped, and what has ended is
    /// written down. Stopped requests stay pending.
    package func run() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                read(inbox.empty())
                await fetchWhatIsDue()
                for delivery in startable() { send(delivery, in: &group) }
                await writeDown()
                await inbox.wait(until: deadline(), clock: clock)
            }
            group.cancelAll()
        }
        read(inbox.empty())
        storeRetryAt = nil
        settleAt = clock.now()
        await writeDown()
    }

    /// Judges what has ended.
    private func read(_ mail: DeliveryInbox.Mail) {
        if mail.storeChanged {
            machine.storeChanged()
            webhooksStale = true
            dueUnknown = true
        }
        for ended in mail.ended {
            let verdict = machine.ended(
                ended, jitter: RetrySchedule.jitter(random: jitter()), now: clock.now(),
                wallNow: clock.wallNow())
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

    private func startable() -> [DueDelivery] {
        // A store that writes nothing down must not have deliveries sent again and again.
        guard storePause.failures == 0, unsettled.count < Limits.unsettledMax else { return [] }
        return machine.start(now: clock.now())
    }

    private func send(_ delivery: DueDelivery, in group: inout DiscardingTaskGroup) {
        guard let webhook = webhooks[delivery.webhook] else {
            preconditionFailure(
                "a delivery started for a webhook that was never read: both come from one read")
        }
        let begun = clock.now()
        let attempt = Attempt(
            id: "\(installation)-\(delivery.event.rawValue)", number: delivery.attempt, body: delivery.body,
            startedAt: clock.wallNow())
        group.addTask { [transport, clock, inbox] in
            let result = await transport.send(attempt, to: webhook.settings)
            inbox.ended(
                DeliveryMachine.Ended(
                    delivery: delivery, result: result, startedAt: attempt.startedAt,
                    took: begun.duration(to: clock.now())))
        }
    }

    private func deadline() -> Instant {
        let now = clock.now()
        let idle = now.advanced(by: Limits.idle)
        if let storeRetryAt { return min(storeRetryAt, idle) }
        return [settleAt, lookAt, machine.deadline(now: now)].compactMap { $0 }.reduce(idle, min)
    }
}

// MARK: Towards the store

/// What is new is fetched first and sent; what has ended is written down while those requests run, so that no event waits for
/// the commit of others. One exception: a pause is on record before the webhooks are read again.
extension DeliveryService {
    /// Reads webhooks and fetches what is due.
    private func fetchWhatIsDue() async {
        guard isStoreReady else { return }
        do throws(StoreError) {
            if !changes.isEmpty { try await settle() }
            if webhooksStale { try await readWebhooks() }
            try await fetch()
        } catch {
            storeFailed(error)
        }
    }

    /// Writes down what has ended, if it is time.
    private func writeDown() async {
        guard isStoreReady else { return }
        do throws(StoreError) {
            if let settleAt, settleAt <= clock.now() { try await settle() }
            if dueUnknown { try await findNextDue() }
            // Go on at once with what had to wait.
            if storePause.failures > 0 { lookAt = clock.now() }
            storePause.succeeded()
            storeRetryAt = nil
        } catch {
            storeFailed(error)
        }
    }

    private var isStoreReady: Bool { storeRetryAt.map { $0 <= clock.now() } ?? true }

    private func storeFailed(_ error: StoreError) {
        storeRetryAt = clock.now().advanced(by: storePause.failed())
        log.log(
            .error, "deliveries wait because the store fails", ("error", "\(error)"),
            ("unsettled", String(unsettled.count)))
    }

    private func settle() async throws(StoreError) {
        let outcomes = unsettled
        do throws(StoreError) {
            try await store.settle(outcomes)
        } catch {
            if error.disposition == .retry || error.cause == .closed { throw error }
            try await settleEach(outcomes)
        }
        unsettled.removeFirst(outcomes.count)
        settleAt = nil
        if outcomes.contains(where: { $0.next != .delivered }) { dueUnknown = true }
        for outcome in outcomes { note(outcome) }
        while let change = changes.first {
            try await apply(change)
            changes.removeFirst()
        }
    }

    /// One by one, when the store refuses them together: what it can never write down is dropped, and said.
    private func settleEach(_ outcomes: [DeliveryOutcome]) async throws(StoreError) {
        for outcome in outcomes {
            do throws(StoreError) {
                try await store.settle([outcome])
            } catch {
                if error.disposition == .retry || error.cause == .closed { throw error }
                log.log(
                    .error, "an attempt cannot be written down",
                    ("delivery", String(outcome.delivery.rawValue)),
                    ("error", "\(error)"))
            }
        }
    }

    private func note(_ outcome: DeliveryOutcome) {
        let delivery = ("delivery", String(outcome.delivery.rawValue))
        let attempt = ("attempt", String(outcome.attempt.number))
        switch outcome.next {
        case .delivered: log.log(.debug, "delivered", delivery, attempt)
        case .retry:
            log.log(.info, "a delivery failed", delivery, attempt, ("error", outcome.attempt.error ?? ""))
        case .dead(let reason):
            log.log(.warning, "a delivery was given up", delivery, attempt, ("reason", reason))
        }
    }

    private func apply(_ change: DeliveryMachine.Change) async throws(StoreError) {
        do throws(StoreError) {
            switch change {
            case .pause(let key, let reason):
                try await store.pauseWebhook(key, reason: reason)
                webhooks[key]?.pausedReason = reason
                let name = webhooks[key]?.name ?? String(key.rawValue)
                let text = "webhook \(name) is paused: its receiver answered \(reason); its events wait"
                log.log(.warning, text, ("webhook", name))
                try await store.note(problem: text, webhook: key, at: clock.wallNow())
            case .resume(let key):
                try await store.pauseWebhook(key, reason: nil)
                webhooks[key]?.pausedReason = nil
                log.log(.notice, "a webhook goes on", ("webhook", webhooks[key]?.name ?? ""))
            }
        } catch {
            // Removed meanwhile: nothing to note.
            if error.cause != .notFound { throw error }
        }
    }

    private func readWebhooks() async throws(StoreError) {
        let read = try await store.webhooks()
        webhooksStale = false
        webhooks = Dictionary(uniqueKeysWithValues: read.map { ($0.key, $0) })
        machine.webhooksRead(read, now: clock.now())
    }

    private func fetch() async throws(StoreError) {
        for want in machine.wants(now: clock.now()) {
            let due = try await store.due(
                webhook: want.webhook, now: clock.wallNow(), perLane: want.perLane,
                excluding: want.known.union(unsettled.map(\.delivery)), evenPaused: want.isProbe)
            machine.fetched(due, for: want)
            dueUnknown = true
        }
    }

    private func findNextDue() async throws(StoreError) {
        let wallNow = clock.wallNow()
        let known = machine.known.union(unsettled.map(\.delivery))
        let due = try await store.nextDue(now: wallNow, excluding: known)
        dueUnknown = false
        let wait = due.map { max(wallNow.duration(to: $0), Limits.lookAgain) } ?? Limits.idle
        lookAt = clock.now().advanced(by: min(wait, Limits.idle))
    }
}
