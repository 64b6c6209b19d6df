package import Base
import Synchronization

/// A mark that says "look again", and the one task that waits for it. Raising it twice before anybody looks is the same as
/// raising it once: it carries no value, so nothing can pile up.
package final class Signal: Sendable {
    private struct State {
        var isRaised: Bool
        var waiter: OneShot<Void>?
    }

    private let state: Mutex<State>

    /// A signal that is not raised, or that is from the beginning.
    package init(raised: Bool = false) { state = Mutex(State(isRaised: raised)) }

    /// Sets the mark and wakes who waits. From anywhere, at once.
    package func raise() {
        let waiter = state.withLock { state in
            state.isRaised = true
            defer { state.waiter = nil }
            return state.waiter
        }
        // Outside the lock: it resumes a task.
        waiter?.give(())
    }

    /// Whether the mark was set; it is not any more.
    @discardableResult
    package func lower() -> Bool {
        state.withLock { state in
            defer { state.isRaised = false }
            return state.isRaised
        }
    }

    /// Returns when the mark is set, at once when it is already, or when the task was cancelled. The mark is taken down.
    /// One task waits at a time.
    package func wait() async {
        if let waiter = enrol() { _ = await waiter.value() }
        leave()
    }

    /// As `wait()`, but not longer than until `deadline`.
    package func wait(until deadline: Instant, clock: any DaemonClock) async {
        if let waiter = enrol() {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    // Cancelled: the signal was raised, or the waiting task is to end; the waiter knows either by itself.
                    guard (try? await clock.sleep(until: deadline)) != nil else { return }
                    waiter.give(())
                }
                _ = await waiter.value()
                group.cancelAll()
            }
        }
        leave()
    }

    private func enrol() -> OneShot<Void>? {
        let waiter = OneShot<Void>()
        return state.withLock { state in
            if state.isRaised { return nil }
            state.waiter = waiter
            return waiter
        }
    }

    private func leave() {
        state.withLock { state in
            state.isRaised = false
            state.waiter = nil
        }
    }
}
