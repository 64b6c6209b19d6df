package import Base
import Synchronization

/// A mark that says "look again", and the tasks that wait for it. Raising it twice before anybody looks is the same as
/// raising it once: it carries no value, so nothing can pile up.
///
/// Meant for one waiting task. When several wait, `raise` wakes all of them: none is forgotten. A mark that was raised
/// before they waited wakes only the first.
package final class Signal: Sendable {
    private struct State {
        /// Never true while anybody waits.
        var isRaised: Bool
        var waiters: [OneShot<Void>] = []
    }

    private let state: Mutex<State>

    /// A signal that is not raised, or that is from the beginning.
    package init(raised: Bool = false) { state = Mutex(State(isRaised: raised)) }

    /// Wakes who waits; sets the mark when nobody does. From anywhere, at once.
    package func raise() {
        while true {
            let waiters = state.withLock { state in
                let waiters = state.waiters
                state.waiters = []
                if waiters.isEmpty { state.isRaised = true }
                return waiters
            }
            // Outside the lock: it resumes tasks. Those that were cancelled meanwhile hear nothing.
            let heard = waiters.filter { $0.give(()) }
            if waiters.isEmpty || !heard.isEmpty { return }
        }
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
    package func wait() async {
        guard let waiter = enrol() else { return }
        _ = await waiter.value()
        leave(waiter)
    }

    /// As `wait()`, but not longer than until `deadline`.
    package func wait(until deadline: Instant, clock: any DaemonClock) async {
        guard let waiter = enrol() else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled: the signal was raised, or the waiting task is to end; the waiter knows either by itself.
                guard (try? await clock.sleep(until: deadline)) != nil else { return }
                waiter.give(())
            }
            _ = await waiter.value()
            group.cancelAll()
        }
        leave(waiter)
    }

    /// A new waiter; nil when the mark was set, which is taken down.
    private func enrol() -> OneShot<Void>? {
        let waiter = OneShot<Void>()
        return state.withLock { state in
            if state.isRaised {
                state.isRaised = false
                return nil
            }
            state.waiters.append(waiter)
            return waiter
        }
    }

    private func leave(_ waiter: OneShot<Void>) {
        state.withLock { state in state.waiters.removeAll { $0 === waiter } }
    }
}
