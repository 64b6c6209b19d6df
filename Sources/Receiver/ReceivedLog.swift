import Synchronization

/// A list of requests that a receiver's handler fills and others read.
package final class ReceivedLog: Sendable {
    private struct State {
        var requests: [ReceivedRequest] = []
        var total = 0
        var waiters: [Waiter] = []
        var lastTicket = 0
        var cancelled: Set<Int> = []
    }
    private struct Waiter {
        var ticket: Int
        var count: Int
        var continuation: CheckedContinuation<Bool, Never>
    }

    /// Most requests kept; the oldest go first.
    package let countMax: Int
    private let state = Mutex(State())

    package init(countMax: Int = 100_000) { self.countMax = countMax }

    /// Adds a request.
    package func append(_ request: ReceivedRequest) {
        let ready = state.withLock { state in
            state.total += 1
            state.requests.append(request)
            // Trimmed in large steps: removing the first one each time would copy the list each time.
            if state.requests.count >= countMax + max(1, countMax / 2) {
                state.requests.removeFirst(state.requests.count - countMax)
            }
            let total = state.total
            let ready = state.waiters.filter { $0.count <= total }
            state.waiters.removeAll { $0.count <= total }
            return ready
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    /// The requests kept, oldest first, at most `countMax`.
    package var requests: [ReceivedRequest] { state.withLock { Array($0.requests.suffix(countMax)) } }

    /// Requests that came, also those no longer kept.
    package var total: Int { state.withLock { $0.total } }

    /// Returns true once `count` requests have come, false when the task is cancelled first.
    package func reached(_ count: Int) async -> Bool {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now: Bool? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return false }
                    if state.total >= count { return true }
                    state.waiters.append(Waiter(ticket: ticket, count: count, continuation: continuation))
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    /// The cancellation may come before the wait has begun, or after it has ended.
    private func cancel(_ ticket: Int) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.ticket == ticket }) else {
                if state.cancelled.count < 1024 { state.cancelled.insert(ticket) }
                return nil
            }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: false)
    }
}
