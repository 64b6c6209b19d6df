import Base
import Platform
import Synchronization

/// A clock that stands still until a test moves it.
final class StepClock: DaemonClock {
    private struct State {
        var now = Instant(nanoseconds: 0)
        var sleepers: [(deadline: Instant, wake: OneShot<Void>)] = []
    }

    private let state = Mutex(State())

    func now() -> Instant { state.withLock { $0.now } }
    func wallNow() -> WallTime { WallTime(milliseconds: 0) }

    func sleep(until deadline: Instant) async throws {
        let wake = OneShot<Void>()
        let waits = state.withLock { state in
            guard deadline > state.now else { return false }
            state.sleepers.append((deadline, wake))
            return true
        }
        guard waits else { return }
        if await wake.value() == nil {
            state.withLock { state in state.sleepers.removeAll { $0.wake === wake } }
            throw CancellationError()
        }
    }

    /// Returns once somebody sleeps until `deadline`.
    func untilSleeping(_ deadline: Instant) async {
        while !state.withLock({ state in state.sleepers.contains { $0.deadline == deadline } }) {
            await Task.yield()
        }
    }

    /// Goes on to `moment`.
    func move(to moment: Instant) {
        let due = state.withLock { state in
            state.now = moment
            let due = state.sleepers.filter { $0.deadline <= moment }
            state.sleepers.removeAll { $0.deadline <= moment }
            return due
        }
        for sleeper in due { sleeper.wake.give(()) }
    }
}

/// `seconds` after the clock's start.
func second(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }
