import Glibc
import Synchronization

/// One operating-system thread that is an actor's serial executor: for C libraries that block or call back.
///
/// Jobs run in the order in which they were enqueued; between them the thread parks in its `Parker`, whose
/// callbacks may touch the actor's state by `assumeIsolated`. The pool of Swift's own threads is never blocked.
package final class ThreadExecutor: SerialExecutor {
    private struct State: ~Copyable {
        var jobs: [UnownedJob] = []
        var stopping = false
    }

    private let state = Mutex(State())
    private let parker: any Parker
    private let thread = Atomic<UInt>(0)

    /// Starts a thread called `name` (cut to 15 bytes, as Linux does) that parks in `parker`.
    package init(name: String, parker: any Parker) throws(SystemError) {
        self.parker = parker
        let started = startThread(name: name) { [self] in run() }
        if let code = started { throw SystemError("pthread_create", code: code, detail: name) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        state.withLock { $0.jobs.append(unowned) }
        parker.unpark()
    }

    /// Ends the thread once every job that is enqueued by then has run. Call it when nothing is left that uses
    /// this executor: later jobs never run.
    package func stop() {
        state.withLock { $0.stopping = true }
        parker.unpark()
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrentThread }

    package func checkIsolated() {
        precondition(
            isCurrentThread, "used from a thread that is not this executor's: only its own actor may")
    }

    private var isCurrentThread: Bool { thread.load(ordering: .relaxed) == currentThreadNumber() }

    private func run() {
        thread.store(currentThreadNumber(), ordering: .relaxed)
        while true {
            let (jobs, stopping) = state.withLock { state in
                let jobs = state.jobs
                state.jobs = []
                return (jobs, state.stopping)
            }
            for job in jobs { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
            if jobs.isEmpty {
                if stopping { return }
                parker.park(timeout: nil)
            }
        }
    }
}

/// The calling thread's number, unique while it lives.
func currentThreadNumber() -> UInt { UInt(pthread_self()) }

/// Starts a detached thread; returns the error code of pthread_create, nil when it runs.
package func startThread(name: String, _ body: @escaping @Sendable () -> Void) -> Int32? {
    final class Box: Sendable {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
    // The box is retained here and taken back in exactly one place: the new thread's first line, or just below
    // when there is no new thread.
    let box = unsafe Unmanaged.passRetained(Box(name: String(name.prefix(15)), body: body))
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    var identifier = pthread_t()
    let code = unsafe pthread_create(
        &identifier, &attributes,
        { argument in
            if let argument = unsafe argument {
                let box = unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
                nameThisThread(box.name)
                box.body()
            }
            return nil
        }, box.toOpaque())
    unsafe pthread_attr_destroy(&attributes)
    if code != 0 {
        unsafe box.release()
        return code
    }
    return nil
}
