import Glibc
import Synchronization

/// What a descriptor is waited for.
package enum Readiness: Sendable, Hashable {
    /// Something can be read, or the peer closed.
    case readable
    /// Something can be written, or the peer closed.
    case writable
    /// Nothing can be read or written any more: the peer closed both ways (poll(2), POLLHUP). Bytes that still wait to be
    /// read, and a peer that closed only its own way, do not count.
    case hungUp

    /// What poll(2) is asked for. A hang-up is told unasked.
    fileprivate var events: Int16 {
        switch self {
        case .readable: Int16(POLLIN)
        case .writable: Int16(POLLOUT)
        case .hungUp: 0
        }
    }
}

/// One thread in poll(2) for all sockets of the process: `wait` suspends the caller, nothing blocks.
///
/// Races closed here: a waiter is put in before the thread is woken, so the next poll sees it; a cancelled waiter
/// is taken out under the lock by whoever comes first (the poll thread or the cancellation), and only that one
/// resumes it. A descriptor must not be closed while somebody waits for it: `abandon` it first.
package final class Poller: Sendable {
    /// Most waits at a time; more is refused as if cancelled. Far above what a daemon with 64 phones needs.
    package static let waitersMax = 1024

    private struct Key: Hashable {
        let descriptor: Int32
        let readiness: Readiness
    }

    private struct State {
        var waiters: [Key: (number: UInt64, continuation: CheckedContinuation<Bool, Never>)] = [:]
        var nextNumber: UInt64 = 1
        var stopping = false
    }

    private let state = Mutex(State())
    private let wake: EventWake

    /// Starts the thread.
    package init() throws(SystemError) {
        wake = try EventWake()
        if let code = startThread(name: "pw-poll", { [self] in run() }) {
            throw SystemError("pthread_create", code: code, detail: "pw-poll")
        }
    }

    /// Returns when `descriptor` is ready; throws when the task was cancelled, the descriptor abandoned, or
    /// another task already waits for the same.
    package func wait(_ descriptor: Int32, for readiness: Readiness) async throws(CancellationError) {
        let key = Key(descriptor: descriptor, readiness: readiness)
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let ready = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
                let accepted = state.withLock { state in
                    guard state.waiters[key] == nil, state.waiters.count < Self.waitersMax, !state.stopping,
                        !Task.isCancelled
                    else { return false }
                    state.waiters[key] = (number, continuation)
                    return true
                }
                if accepted { wake.wakeUp() } else { continuation.resume(returning: false) }
            }
        } onCancel: {
            resume(key, number: number)
        }
        guard ready else { throw CancellationError() }
    }

    /// Makes everybody who waits for `descriptor` throw. Call it before closing.
    package func abandon(_ descriptor: Int32) {
        resume(Key(descriptor: descriptor, readiness: .readable), number: nil)
        resume(Key(descriptor: descriptor, readiness: .writable), number: nil)
        resume(Key(descriptor: descriptor, readiness: .hungUp), number: nil)
    }

    /// Ends the thread; every waiter throws.
    package func stop() {
        let waiters = state.withLock { state in
            state.stopping = true
            let waiters = state.waiters.values.map(\.continuation)
            state.waiters = [:]
            return waiters
        }
        for continuation in waiters { continuation.resume(returning: false) }
        wake.wakeUp()
    }

    private func resume(_ key: Key, number: UInt64?) {
        if let found = remove(key, number: number) {
            found.resume(returning: false)
            wake.wakeUp()
        }
    }

    /// Takes out who waits for `key`, if it is still the one with this number, or whoever it is.
    private func remove(_ key: Key, number: UInt64?) -> CheckedContinuation<Bool, Never>? {
        state.withLock { state in
            guard let waiter = state.waiters[key], number == nil || waiter.number == number else {
                return nil
            }
            state.waiters[key] = nil
            return waiter.continuation
        }
    }

    private func run() {
        while true {
            let (waiters, stopping) = state.withLock { state in
                (state.waiters.map { (key: $0.key, number: $0.value.number) }, state.stopping)
            }
            if stopping { return }
            var entries = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
            for (key, _) in waiters {
                entries.append(pollfd(fd: key.descriptor, events: key.readiness.events, revents: 0))
            }
            _ = unsafe poll(&entries, nfds_t(entries.count), -1)
            if entries[0].revents != 0 { wake.drain() }
            // By its number: the descriptor may have been closed and opened anew while this loop runs.
            for (index, waiter) in waiters.enumerated() where entries[index + 1].revents != 0 {
                remove(waiter.key, number: waiter.number)?.resume(returning: true)
            }
        }
    }
}
