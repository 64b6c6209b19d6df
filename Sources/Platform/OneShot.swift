import Synchronization

/// A value that one task waits for and another gives, once.
///
/// Races closed here: the value may come first, the waiter may be cancelled first, both may come together:
/// whoever changes the state under the lock resumes, outside it, and nobody else does.
package final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case empty
        case waiting(CheckedContinuation<Value?, Never>)
        case full(Value)
        case done
    }

    private let state = Mutex(State.empty)

    /// A one-shot that nobody has given a value yet.
    package init() {}

    /// Gives the value; false when it had been given, or its waiter was cancelled: the value is dropped then.
    @discardableResult
    package func give(_ value: Value) -> Bool {
        let (waiter, taken): (CheckedContinuation<Value?, Never>?, Bool) = state.withLock { state in
            switch state {
            case .empty:
                state = .full(value)
                return (nil, true)
            case .waiting(let continuation):
                state = .done
                return (continuation, true)
            case .full, .done:
                return (nil, false)
            }
        }
        waiter?.resume(returning: value)
        return taken
    }

    /// Waits for the value; nil when the waiting task was cancelled. One task may wait, once.
    package func value() async -> Value? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Value?, Never>) in
                let ready: Value?? = state.withLock { state in
                    switch state {
                    case .empty:
                        if Task.isCancelled {
                            state = .done
                            return .some(nil)
                        }
                        state = .waiting(continuation)
                        return nil
                    case .full(let value):
                        state = .done
                        return .some(value)
                    case .waiting, .done:
                        return .some(nil)
                    }
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            let waiter: CheckedContinuation<Value?, Never>? = state.withLock { state in
                guard case .waiting(let continuation) = state else { return nil }
                state = .done
                return continuation
            }
            waiter?.resume(returning: nil)
        }
    }
}
