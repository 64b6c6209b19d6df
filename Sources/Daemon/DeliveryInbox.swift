import Delivery
import Platform
import Synchronization
import Time

/// What has happened since the delivery service last looked: requests that ended, commits. Its own two limits: a
/// request ends once, and a wake-up is only a mark.
final class DeliveryInbox: Sendable {
    /// What came in.
    struct Mail: Sendable {
        var ended: [DeliveryMachine.Ended] = []
        /// Something in the store has changed.
        var woken = false

        var isEmpty: Bool { ended.isEmpty && !woken }
    }

    private struct State {
        var mail = Mail()
        var bell: OneShot<Void>?
    }

    private let state = Mutex(State())

    /// The store has something new. Called from anywhere.
    func wake() { put { $0.woken = true } }

    /// A request has ended.
    func ended(_ ended: DeliveryMachine.Ended) { put { $0.ended.append(ended) } }

    /// Takes what came in.
    func take() -> Mail {
        state.withLock { state in
            let mail = state.mail
            state.mail = Mail()
            return mail
        }
    }

    /// Returns when something has come in, `deadline` has passed or the task is cancelled. One task waits.
    func wait(until deadline: Instant, clock: any DaemonClock) async {
        let bell = OneShot<Void>()
        let waits = state.withLock { state in
            guard state.mail.isEmpty else { return false }
            state.bell = bell
            return true
        }
        guard waits else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled: the bell has rung, or the daemon stops; the waiter knows either by itself.
                guard (try? await clock.sleep(until: deadline)) != nil else { return }
                bell.give(())
            }
            _ = await bell.value()
            group.cancelAll()
        }
        state.withLock { $0.bell = nil }
    }

    private func put(_ change: (inout Mail) -> Void) {
        let bell = state.withLock { state in
            change(&state.mail)
            let bell = state.bell
            state.bell = nil
            return bell
        }
        // Outside the lock: it resumes a task.
        bell?.give(())
    }
}
