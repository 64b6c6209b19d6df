package import Base
import Platform
import Synchronization

/// A clock that stands still until it is told to go on: nine hours pass in no time.
package final class ManualClock: DaemonClock {
    private struct Sleeper {
        let deadline: Instant
        let number: UInt64
        let wake: OneShot<Void>
    }

    private struct State {
        var now = Instant(nanoseconds: 0)
        var wallOffset: Int64
        var sleepers: [Sleeper] = []
        var nextNumber: UInt64 = 0
    }

    private let state: Mutex<State>

    /// A clock whose date starts at `wall`.
    package init(wall: WallTime) { state = Mutex(State(wallOffset: wall.milliseconds)) }

    package func now() -> Instant { state.withLock { $0.now } }

    package func wallNow() -> WallTime {
        state.withLock { WallTime(milliseconds: $0.wallOffset + $0.now.nanoseconds / 1_000_000) }
    }

    package func sleep(until deadline: Instant) async throws {
        let wake = OneShot<Void>()
        let number: UInt64? = state.withLock { state in
            guard deadline > state.now else { return nil }
            state.nextNumber += 1
            state.sleepers.append(Sleeper(deadline: deadline, number: state.nextNumber, wake: wake))
            return state.nextNumber
        }
        guard let number else {
            try Task.checkCancellation()
            return
        }
        if await wake.value() == nil {
            state.withLock { $0.sleepers.removeAll { $0.number == number } }
            throw CancellationError()
        }
    }

    /// Goes on to the earliest sleeper, at most to `limit`; false when nobody sleeps until then.
    package func advance(limit: Instant) -> Bool {
        wake { state in
            guard let first = state.sleepers.map(\.deadline).min(), first <= limit else { return limit }
            return first
        }
    }

    /// Goes on by `duration` at once: all sleepers of that time wake late.
    package func skip(_ duration: Duration) { _ = wake { $0.now.advanced(by: duration) } }

    /// Goes on to `moment` and wakes who slept until then; false where nobody did.
    private func wake(at moment: (State) -> Instant) -> Bool {
        let due: [Sleeper] = state.withLock { state in
            state.now = max(state.now, moment(state))
            let due = state.sleepers.filter { $0.deadline <= state.now }.sorted {
                ($0.deadline, $0.number) < ($1.deadline, $1.number)
            }
            state.sleepers.removeAll { $0.deadline <= state.now }
            return due
        }
        for sleeper in due { sleeper.wake.give(()) }
        return !due.isEmpty
    }

    /// Moves the date, as a time server does to a machine without a clock battery.
    package func jumpWall(by duration: Duration) {
        state.withLock { $0.wallOffset += duration.milliseconds }
    }
}
