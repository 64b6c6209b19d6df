import CCurl
import Delivery
import Synchronization

/// Where other threads hand things to curl's thread: requests, cancellations, the order to close.
///
/// A mailbox and not an actor: the hand-over takes no hop through an executor, and a request that comes after `close`
/// is answered instead of waiting for a thread that has ended.
final class CurlDoor: Sendable {
    /// A request and who waits for its result.
    struct Submission {
        let id: UInt64
        let request: HTTPRequest
        let continuation: CheckedContinuation<HTTPResult, Never>
    }

    /// What came in since the last look.
    struct Mail {
        var submitted: [Submission] = []
        /// Requests whose task was cancelled: submitted or not yet, started or not.
        var cancelled: Set<UInt64> = []
        /// Who waits for the end.
        var closing: CheckedContinuation<Void, Never>?
    }

    private struct State {
        var mail = Mail()
        var closed = false
        /// The multi handle's address, for `curl_multi_wakeup` alone; 0 while there is none. A number, because
        /// pointers do not cross threads.
        var multi: UInt = 0

        func wake() {
            if let multi = unsafe UnsafeMutableRawPointer(bitPattern: multi) {
                _ = unsafe curl_multi_wakeup(multi)
            }
        }
    }

    private let state = Mutex(State())

    /// Hands a request over; after `close` it is answered at once.
    func submit(_ submission: Submission) {
        let closed = state.withLock { state in
            if !state.closed {
                state.mail.submitted.append(submission)
                state.wake()
            }
            return state.closed
        }
        if closed { submission.continuation.resume(returning: .failed(.stopped)) }
    }

    /// Marks request `id` as cancelled; the mark may come before the request.
    func cancel(_ id: UInt64) {
        state.withLock { state in
            state.mail.cancelled.insert(id)
            state.wake()
        }
    }

    /// Forgets the mark of `id`, whose caller has its result.
    func forget(_ id: UInt64) {
        state.withLock { state in _ = state.mail.cancelled.remove(id) }
    }

    /// Orders the end; `closed` is resumed once nothing is left.
    func close(_ closed: CheckedContinuation<Void, Never>) {
        let already = state.withLock { state in
            if state.closed { return true }
            state.closed = true
            state.mail.closing = closed
            state.wake()
            return false
        }
        if already { closed.resume() }
    }

    /// Wakes curl's thread.
    func wake() { state.withLock { $0.wake() } }

    /// Takes what came in. The marks stay until `forget`, since a request may come after its mark.
    func emptied() -> Mail {
        state.withLock { state in
            let mail = state.mail
            state.mail = Mail(cancelled: mail.cancelled)
            return mail
        }
    }

    /// Says which multi handle to wake: nil before it is freed.
    func open(_ multi: UnsafeMutableRawPointer?) {
        let address = UInt(bitPattern: multi)
        state.withLock { $0.multi = address }
    }
}
