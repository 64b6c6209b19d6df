import Platform
import Synchronization

/// A thread that runs the tasks that prefer it, apart from the pool that the tests share. It is never ended but by `stop`.
package final class TaskThread: TaskExecutor {
    private let state = Mutex((jobs: [UnownedJob](), stopping: false))
    private let parker: EventParker

    /// Starts the thread.
    package init(name: String) throws {
        parker = try EventParker()
        if let code = startThread(name: name, { [self] in run() }) {
            throw SystemError("pthread_create", code: code, detail: name)
        }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        state.withLock { $0.jobs.append(unowned) }
        parker.unpark()
    }

    /// Ends the thread once every job that is enqueued by then has run.
    package func stop() {
        state.withLock { $0.stopping = true }
        parker.unpark()
    }

    private func run() {
        while true {
            let (jobs, stopping) = state.withLock { state in
                let jobs = state.jobs
                state.jobs = []
                return (jobs, state.stopping)
            }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
            if jobs.isEmpty {
                if stopping { return }
                parker.park(timeout: nil)
            }
        }
    }
}
