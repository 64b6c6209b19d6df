import Synchronization

/// Runs every job of the daemon on the calling thread, in an order that a seed decides: the same seed, the same run.
///
/// Both a task executor (for tasks and actors without executors of their own) and a serial executor (for actors that
/// are given one). Only one job runs at a time, so any order it picks is one that real threads could have had.
package final class ManualExecutor: SerialExecutor, TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var random: SeededRandom
    }

    private let state: Mutex<State>

    /// An executor whose order `seed` decides.
    package init(seed: UInt64) { state = Mutex(State(random: SeededRandom(seed: seed))) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        state.withLock { $0.jobs.append(unowned) }
    }

    package func checkIsolated() {}

    package func isIsolatingCurrentContext() -> Bool? { true }

    /// Runs jobs until there are none, or `stop` says so after one; returns how many ran.
    @discardableResult
    package func runUntilIdle(stop: () -> Bool = { false }) -> Int {
        var count = 0
        while !stop(), let job = nextJob() {
            unsafe job.runSynchronously(
                isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            count += 1
        }
        return count
    }

    private func nextJob() -> UnownedJob? {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return nil }
            // Near the front, so that nothing waits for ever and neighbours still change places.
            let index = state.random.next(below: min(state.jobs.count, 4))
            return state.jobs.remove(at: index)
        }
    }
}
