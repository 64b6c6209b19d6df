import Control
import Daemon
import Glibc

/// `phonewire status`.
enum StatusCommand {
    /// Time between two looks of `--watch`, in seconds.
    static let watchSeconds: UInt32 = 2

    static let spec = CommandSpec(
        "status", "phones, SIMs, queues and problems at a glance",
        options: [
            .flag("watch", "look again every \(watchSeconds) seconds until interrupted"),
            .flag("check", "exit with \(ExitCode.degraded.rawValue) when something needs attention"),
        ],
        examples: [
            ("status", "the state of everything"),
            ("status --check --json", "the same for a monitoring program"),
        ],
        action: .plain { (context) throws(CommandFailure) in try run(context) })

    private static func run(_ context: Context) throws(CommandFailure) -> ExitCode {
        let output = context.output
        let client = try context.connect()
        let watch = context.invocation.flag("watch")
        while true {
            let report = try client.call(GetStatus())
            if output.json {
                try output.print(json: report, pretty: !watch)
            } else {
                if watch, output.isTerminal { try output.raw(Array("\u{1B}[H\u{1B}[2J".utf8)) }
                try output.lines(StatusText.lines(report, output))
                if watch, !output.isTerminal { try output.line() }
            }
            if !watch {
                return context.invocation.flag("check") && !report.degraded.isEmpty ? .degraded : .ok
            }
            sleep(watchSeconds)
        }
    }
}
