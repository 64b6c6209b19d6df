import Base
import Delivery
import Platform
import Synchronization

/// What has happened since the delivery service last looked: requests that ended, commits. Bounded by itself: a request ends
/// once, and a commit is only a mark.
final class DeliveryInbox: Sendable {
    /// What came in.
    struct Mail: Sendable {
        var ended: [DeliveryMachine.Ended] = []
        /// Something in the store has changed.
        var storeChanged = false
    }

    private let mail = Mutex(Mail())
    private let signal = Signal()

    /// The store has something new. Called from anywhere.
    func storeChanged() {
        mail.withLock { $0.storeChanged = true }
        signal.raise()
    }

    /// A request has ended.
    func ended(_ ended: DeliveryMachine.Ended) {
        mail.withLock { $0.ended.append(ended) }
        signal.raise()
    }

    /// What came in, removed from here.
    func empty() -> Mail {
        // First: what comes in from here on raises it again.
        signal.lower()
        return mail.withLock { mail in
            defer { mail = Mail() }
            return mail
        }
    }

    /// Returns when something has come in, `deadline` has passed or the task is cancelled. One task waits.
    func wait(until deadline: Instant, clock: any DaemonClock) async {
        await signal.wait(until: deadline, clock: clock)
    }
}
