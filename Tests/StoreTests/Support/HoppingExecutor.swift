import Platform
import Synchronization

/// Runs jobs one after the other, but each on a thread of its own: whoever relies on a thread fails here.
final class HoppingExecutor: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var running = false
    }

    private let state = Mutex(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        let starts = state.withLock { state in
            state.jobs.append(unowned)
            defer { state.running = true }
            return !state.running
        }
        if starts { runNext() }
    }

    private func runNext() {
        let code = startThread(name: "hop") { [self] in
            guard let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else { return }
            unsafe job.runSynchronously(on: asUnownedSerialExecutor())
            let more = state.withLock { state in
                state.running = !state.jobs.isEmpty
                return state.running
            }
            if more { runNext() }
        }
        precondition(code == nil, "no thread left for a test")
    }
}
