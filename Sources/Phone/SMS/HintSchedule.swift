import Base

/// When to look after hints: soon, and again until as many rows came as were announced.
struct HintSchedule: Sendable {
    private var times: [Instant] = []
    private var expected = 0
    private(set) var isExhausted = false

    var next: Instant? { times.first }

    mutating func expect(now: Instant) {
        expected += 1
        let earliest = times.first
        times = SMSSource.hintDelays.map { now.advanced(by: $0) }
        // A stream of hints must not put the first look off for ever.
        if let earliest, earliest < times[0] { times.insert(earliest, at: 0) }
    }

    mutating func hurry(now: Instant) {
        if let first = times.first, first <= now { return }
        times.insert(now, at: 0)
    }

    /// Whether a look is due; the times that have passed are over then.
    mutating func isDue(now: Instant) -> Bool {
        guard let first = times.first, first <= now else { return false }
        times.removeAll { $0 <= now }
        isExhausted = times.isEmpty && expected > 0
        return true
    }

    mutating func found(_ count: Int) {
        guard count > 0 else { return }
        expected = max(0, expected - count)
        if expected == 0 { clear() }
    }

    mutating func clear() {
        times = []
        expected = 0
        isExhausted = false
    }
}
