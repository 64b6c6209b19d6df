import Base
import Events

/// One phone's events for one webhook: first attempts start in the order of the events, retries when they are due.
struct DeliveryLane: Sendable {
    /// Never tried, by event.
    private var fresh: [DueDelivery] = []
    /// Tried before, or old and asked for, in the order in which the store gave them.
    private var again: [DueDelivery] = []
    /// The last first attempt, while the next one waits for it.
    private var gate: (key: DeliveryKey, opensAt: Instant)?
    private var lastWasFresh = false
    /// True when the store may hold more first attempts, or more retries, than are here.
    private var moreFresh = false
    private var moreAgain = false

    var isEmpty: Bool { fresh.isEmpty && again.isEmpty }
    var isIdle: Bool { isEmpty && gate == nil && !moreFresh && !moreAgain }
    var deliveries: [DueDelivery] { fresh + again }

    /// True when the store should be asked again.
    var isDrained: Bool { (moreFresh && fresh.isEmpty) || (moreAgain && again.isEmpty) }

    /// Takes what the store gave for this lane when asked for `asked`. The store takes from both ends in turn: an end
    /// that gave less than half of a full answer has given all it has. What is beyond `asked` of either kind stays
    /// in the store, so that a lane that stands still does not grow.
    mutating func add(_ deliveries: [DueDelivery], asked: Int) {
        let isFull = deliveries.count >= asked
        let news = deliveries.filter { $0.attempt <= 1 && !$0.isBehind }
        let retries = deliveries.filter { $0.attempt > 1 || $0.isBehind }
        moreFresh = isFull && news.count >= asked / 2
        moreAgain = isFull && retries.count >= asked / 2
        for delivery in news {
            let index = fresh.lastIndex { $0.event < delivery.event }.map { $0 + 1 } ?? 0
            fresh.insert(delivery, at: index)
        }
        again += retries
        if fresh.count > asked {
            fresh.removeLast(fresh.count - asked)
            moreFresh = true
        }
        if again.count > asked {
            again.removeLast(again.count - asked)
            moreAgain = true
        }
    }

    /// Forgets what was fetched ahead.
    mutating func drop() {
        fresh = []
        again = []
        moreFresh = false
        moreAgain = false
    }

    /// The next delivery that may start, taken out; `retries` says whether a retry may. After a first
    /// attempt the next one waits until that has ended, but not longer than `gap`.
    mutating func next(retries: Bool, gap: Duration, now: Instant) -> DueDelivery? {
        let freshReady = !fresh.isEmpty && isOpen(now)
        let againReady = !again.isEmpty && retries
        guard freshReady || againReady else { return nil }
        // In turn, so that neither starves the other.
        lastWasFresh = freshReady && (!againReady || !lastWasFresh)
        guard lastWasFresh else { return again.removeFirst() }
        let delivery = fresh.removeFirst()
        gate = (delivery.key, now.advanced(by: gap))
        return delivery
    }

    /// An attempt has ended; its lane goes on.
    mutating func ended(_ key: DeliveryKey) {
        if gate?.key == key { gate = nil }
    }

    /// When time alone lets the next one start; nil when something else must happen first.
    func opensAt(now: Instant) -> Instant? {
        guard !fresh.isEmpty, let gate, gate.opensAt > now else { return nil }
        return gate.opensAt
    }

    private func isOpen(_ now: Instant) -> Bool {
        guard let gate else { return true }
        return gate.opensAt <= now
    }
}
