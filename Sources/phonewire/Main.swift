import CLI
import Glibc
import Platform

/// The program's main thread: it runs a command, or waits for signals while a service runs in a task.
@main
struct Main {
    static func main() {
        Memory.limitArenas()
        switch Program.start(Array(CommandLine.arguments.dropFirst())) {
        case .exit(let code): exit(code)
        case .service(let body): serve(body)
        }
    }

    /// Runs `body` until it ends by itself or by SIGTERM, SIGINT or SIGHUP. The second signal ends at once.
    ///
    /// Signals are blocked here, before the first thread exists; `Task.detached`, because a task of the main actor
    /// would wait for the thread that waits for signals.
    private static func serve(_ body: @escaping @Sendable () async -> Int32) {
        MainSignals.block()
        let task = Task.detached { exit(await body()) }
        var requests = 0
        while true {
            _ = MainSignals.next()
            requests += 1
            if requests > 1 { exit(130) }
            task.cancel()
        }
    }
}
