import Delivery
import Log
import Store
import Time

/// The service's side towards the store: what is new is taken in first and sent; what has ended is written down while
/// those requests run, so that no event waits for the commit of others. One exception: a pause is on record before
/// the webhooks are read again.
extension DeliveryService {
    /// Reads webhooks and fetches what is due.
    func takeIn() async {
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
    func writeDown() async {
        guard isStoreReady else { return }
        do throws(StoreError) {
            if let settleAt, settleAt <= clock.now() { try await settle() }
            if dueUnknown { try await findNextDue() }
            // Go on at once with what had to wait.
            if storeFailures > 0 { lookAt = clock.now() }
            storeFailures = 0
            storeRetryAt = nil
        } catch {
            storeFailed(error)
        }
    }

    private var isStoreReady: Bool { storeRetryAt.map { $0 <= clock.now() } ?? true }

    private func storeFailed(_ error: StoreError) {
        let wait = min(Limits.storeWait * (1 << min(storeFailures, 8)), Limits.storeWaitMax)
        storeFailures += 1
        storeRetryAt = clock.now().advanced(by: wait)
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
        let read = try await store.sendingWebhooks()
        webhooksStale = false
        webhooks = Dictionary(uniqueKeysWithValues: read.map { ($0.key, $0) })
        machine.webhooksRead(read, now: clock.now())
    }

    private func fetch() async throws(StoreError) {
        for want in machine.wants(now: clock.now()) {
            let leases = try await store.due(
                webhook: want.webhook, now: clock.wallNow(), perLane: want.perLane,
                excluding: want.known.union(unsettled.map(\.delivery)), evenPaused: want.isProbe)
            machine.leasesRead(leases, for: want)
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
