import Glibc

/// The signals a daemon is spoken to with, taken on the main thread by sigwait(3).
///
/// `block()` must be the first line of the program, before any thread exists: threads inherit the mask, and a
/// signal that one thread does not block would end the process.
package enum MainSignals {
    /// What somebody wants.
    package enum Request: Sendable { case terminate, reload }

    /// Blocks SIGTERM, SIGINT and SIGHUP for every thread to come and ignores SIGPIPE.
    package static func block() {
        signal(SIGPIPE, SIG_IGN)
        var set = handled()
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for the next of them.
    package static func next() -> Request {
        var set = handled()
        var number: Int32 = 0
        while true {
            guard unsafe sigwait(&set, &number) == 0 else { continue }
            return number == SIGHUP ? .reload : .terminate
        }
    }

    private static func handled() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
        return set
    }
}
