package import Base

/// Decides which delivery is sent when, and what becomes of it. Pure: deliveries, results, times and jitter in; requests
/// and outcomes out. Called by: DeliveryService only.
///
/// A queue per webhook, a lane per (webhook, phone). The next first attempt of a lane starts when the one before has
/// ended or has taken `DeliveryLimits.laneGap`: order for well-behaved receivers, and no standstill for the others.
/// Nothing that is decided here is durable until the store has settled it; what is fetched ahead is only a copy.
package struct DeliveryMachine: Sendable {
    /// A question to the store: its due deliveries for one webhook.
    package struct Want: Sendable, Equatable {
        package let webhook: WebhookKey
        /// How many for each lane.
        package let perLane: Int
        /// Those not to give: they are here already.
        package let known: Set<DeliveryKey>
        /// True when the webhook is paused and one delivery is wanted to probe it with.
        package let isProbe: Bool
    }

    /// What has become of an attempt.
    package struct Verdict: Sendable, Equatable {
        /// For the store; nil when the attempt does not count, because we stopped it.
        package var outcome: DeliveryOutcome?
        /// What the store must note about the webhook, after the outcome.
        package var change: Change?
    }

    /// What happens to a webhook.
    package enum Change: Sendable, Equatable {
        /// Its deliveries wait, for this reason: `410 Gone`.
        case pause(WebhookKey, reason: String)
        /// It answered a probe.
        case resume(WebhookKey)
    }

    /// An attempt that has ended.
    package struct Ended: Sendable, Equatable {
        package let delivery: DueDelivery
        package let result: HTTPResult
        /// When it began.
        package let startedAt: WallTime
        /// How long it took, by our own clock.
        package let took: Duration

        package init(delivery: DueDelivery, result: HTTPResult, startedAt: WallTime, took: Duration) {
            self.delivery = delivery
            self.result = result
            self.startedAt = startedAt
            self.took = took
        }
    }

    private let limits: DeliveryLimits
    private var queues: [WebhookKey: DeliveryQueue] = [:]
    private var order: [WebhookKey] = []

    /// A machine that knows no webhook yet.
    package init(limits: DeliveryLimits = DeliveryLimits()) { self.limits = limits }

    /// The webhooks as the store has them now. A pause that is on record holds; one that is gone was lifted by the
    /// user. What is in flight for a webhook that is gone still gets its verdict.
    package mutating func webhooksRead(_ webhooks: [Webhook], now: Instant) {
        var kept: [WebhookKey: DeliveryQueue] = [:]
        for webhook in webhooks {
            var queue = queues[webhook.key] ?? DeliveryQueue(limits: limits, isEnabled: webhook.enabled)
            if queue.isEnabled != webhook.enabled {
                queue.isEnabled = webhook.enabled
                queue.dropFetched()
            }
            switch (webhook.pausedReason, queue.pause) {
            case (let reason?, nil): queue.stop(probes: Self.isProbed(reason), jitter: 1, now: now)
            case (nil, .some): queue.resume()
            case (.some, .some), (nil, nil): break
            }
            kept[webhook.key] = queue
        }
        for (key, var queue) in queues where kept[key] == nil && !queue.isIdle {
            queue.isEnabled = false
            queue.dropFetched()
            kept[key] = queue
        }
        queues = kept
        order = kept.keys.sorted()
    }

    /// There may be something new in the store: a commit, a retry that has become due.
    package mutating func storeChanged() {
        for key in order { queues[key]?.storeChanged() }
    }

    /// What to ask the store for now.
    package func wants(now: Instant) -> [Want] {
        order.compactMap { key in
            guard let queue = queues[key], let wanted = queue.wanted(now: now) else { return nil }
            return Want(webhook: key, perLane: wanted.perLane, known: queue.known, isProbe: wanted.isProbe)
        }
    }

    /// The store's answer to `want`.
    package mutating func fetched(_ deliveries: [DueDelivery], for want: Want) {
        queues[want.webhook]?.fetched(deliveries, perLane: want.perLane, isProbe: want.isProbe)
    }

    /// The requests to send now; each is in flight until `ended`.
    package mutating func start(now: Instant) -> [DueDelivery] {
        order.flatMap { queues[$0]?.start(now: now) ?? [] }
    }

    /// Every delivery that is in flight or fetched ahead.
    package var known: Set<DeliveryKey> {
        queues.values.reduce(into: []) { $0.formUnion($1.known) }
    }

    /// When time alone changes something; nil when nothing does.
    package func deadline(now: Instant) -> Instant? {
        order.compactMap { queues[$0]?.deadline(now: now) }.min()
    }

    /// An attempt has ended. `jitter` is 0.8 to 1.2 at random.
    package mutating func ended(_ ended: Ended, jitter: Double, now: Instant, wallNow: WallTime) -> Verdict {
        let key = ended.delivery.webhook
        guard let flight = queues[key]?.end(ended.delivery.key) else {
            preconditionFailure("an attempt ended that was never started: the service must end each one once")
        }
        let kind = ResultClass(ended.result)
        if kind == .stopped {
            queues[key]?.isStale = true
            return Verdict()
        }
        let next = next(ended, kind, jitter: jitter, wallNow: wallNow)
        let change = change(
            ended, kind, isProbe: flight.isProbe, jitter: jitter, now: now)
        return Verdict(
            outcome: DeliveryOutcome(
                delivery: ended.delivery.key, attempt: record(ended), next: next), change: change)
    }
}

// MARK: Verdicts

extension DeliveryMachine {
    /// A reason that begins with this status is not probed.
    private static func isProbed(_ reason: String) -> Bool {
        !reason.hasPrefix(ResultWords.status(ResultClass.goneStatus))
    }

    private func record(_ ended: Ended) -> AttemptRecord {
        let took = max(ended.took.nanosecondsSaturated / 1000, 0)
        switch ended.result {
        case .answered(let answer):
            return AttemptRecord(
                number: ended.delivery.attempt, startedAt: ended.startedAt, microseconds: took,
                status: answer.status, error: ResultWords.error(ended.result), reply: answer.body)
        case .failed:
            return AttemptRecord(
                number: ended.delivery.attempt, startedAt: ended.startedAt, microseconds: took, status: nil,
                error: ResultWords.error(ended.result), reply: [])
        }
    }

    private func next(
        _ ended: Ended, _ kind: ResultClass, jitter: Double, wallNow: WallTime
    ) -> DeliveryOutcome.Next {
        let attempt = ended.delivery.attempt
        var wait = RetrySchedule.wait(afterAttempt: attempt, jitter: jitter)
        switch kind {
        case .delivered: return .delivered
        case .broken, .gone, .stopped:
            // Due at once: the pause is what holds it, and nothing dies of age in a pause.
            return .retry(at: wallNow)
        case .refused where attempt >= limits.refusalsMax:
            return .dead(reason: "refused \(attempt) times, at last with \(words(ended.result))")
        case .retrySlowly: wait = max(wait, RetrySchedule.scaled(limits.slowRetry, by: jitter))
        case .retry, .busy, .refused: break
        }
        if case .answered(let answer) = ended.result, let asked = answer.retryAfter {
            wait = max(
                wait, RetrySchedule.wait(retryAfter: asked, limit: limits.retryAfterMax, jitter: jitter))
        }
        let age = ended.delivery.createdAt.duration(to: wallNow)
        if age >= limits.age, attempt >= limits.attemptsBeforeAge {
            return .dead(
                reason: "not delivered in \(days(limits.age)) and \(attempt) attempts, at last: "
                    + words(ended.result))
        }
        return .retry(at: wallNow.advanced(by: wait))
    }

    private mutating func change(
        _ ended: Ended, _ kind: ResultClass, isProbe: Bool, jitter: Double, now: Instant
    ) -> Change? {
        let key = ended.delivery.webhook
        let isPaused = queues[key]?.pause != nil
        switch kind {
        case .broken, .gone:
            // Others in flight may come back with the same answer: one pause is enough, but 410 is the last word.
            if isPaused, !isProbe, kind == .broken { return nil }
            queues[key]?.stop(probes: kind == .broken, jitter: jitter, now: now)
            return .pause(key, reason: words(ended.result))
        case .busy:
            if let wait = hold(ended, jitter: jitter) { queues[key]?.hold(until: now.advanced(by: wait)) }
        case .delivered, .retry, .retrySlowly, .refused, .stopped: break
        }
        guard isProbe, isPaused else { return nil }
        // Any answer shows that what broke it is mended; no answer shows nothing.
        if case .failed = ended.result {
            queues[key]?.stop(probes: true, jitter: jitter, now: now)
            return nil
        }
        queues[key]?.resume()
        return .resume(key)
    }

    /// How long a busy receiver holds the whole webhook: what it asks for. Never the event's own wait, which may be an
    /// hour. A 429 that asks for nothing gets a moment, a 503 that asks for nothing is a failure like others.
    private func hold(_ ended: Ended, jitter: Double) -> Duration? {
        guard case .answered(let answer) = ended.result else { return nil }
        if let asked = answer.retryAfter {
            return RetrySchedule.wait(retryAfter: asked, limit: limits.retryAfterMax, jitter: jitter)
        }
        guard answer.status == ResultClass.tooManyRequestsStatus else { return nil }
        return min(RetrySchedule.wait(afterAttempt: ended.delivery.attempt, jitter: jitter), limits.holdMax)
    }

    private func words(_ result: HTTPResult) -> String {
        switch result {
        case .answered(let answer): ResultWords.status(answer.status)
        case .failed: ResultWords.error(result) ?? ""
        }
    }

    private func days(_ duration: Duration) -> String {
        let days = duration.components.seconds / DeliveryLimits.secondsPerDay
        return days > 0 ? "\(days) days" : "\(duration.components.seconds) s"
    }
}
