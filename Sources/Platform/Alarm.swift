package import Base
import Synchronization

/// A timer that can be set earlier while it runs: one child task sleeps, `set` wakes it when there is less to wait.
///
/// Setting it later costs nothing: the sleeper wakes at the old time and asks again.
package final class Alarm: Sendable {
    private struct State {
        var target: Instant?
        var asleepUntil: Instant?
        var changed: OneShot<Void>?
    }

    private let state = Mutex(State())
    private let clock: any DaemonClock

    /// An alarm that is not set.
    package init(clock: any DaemonClock) { self.clock = clock }

    /// Sets the next moment; nil: none.
    package func set(_ target: Instant?) {
        let changed: OneShot<Void>? = state.withLock { state in
            state.target = target
            guard let target, target < state.asleepUntil ?? Instant(nanoseconds: .max) else { return nil }
            let changed = state.changed
            state.changed = nil
            return changed
        }
        changed?.give(())
    }

    /// Calls `fire` when the moment has come; it answers with the next one. Runs until cancelled.
    package func run(_ fire: () async -> Instant?) async {
        while !Task.isCancelled {
            let now = clock.now()
            let changed = OneShot<Void>()
            let target: Instant? = state.withLock { state in
                if let target = state.target, target <= now {
                    state.target = nil
                    return target
                }
                state.asleepUntil = state.target
                state.changed = changed
                return state.target
            }
            if let target, target <= now {
                set(await fire())
            } else {
                await rest(until: target, changed: changed)
            }
        }
    }

    private func rest(until target: Instant?, changed: OneShot<Void>) async {
        guard let target else {
            _ = await changed.value()
            return
        }
        let clock = clock
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await changed.value() }
            group.addTask { try? await clock.sleep(until: target) }
            await group.next()
            group.cancelAll()
        }
    }
}

/// Runs `body` for at most `duration`; nil when it took longer. `body` must stop when it is cancelled.
package func withTimeLimit<Value: Sendable>(
    _ duration: Duration, clock: any DaemonClock, _ body: @escaping @Sendable () async -> Value
) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await body() }
        group.addTask {
            try? await clock.sleep(for: duration)
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
}
