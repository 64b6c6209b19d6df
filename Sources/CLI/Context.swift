import Control

/// What a command gets: its arguments, where to print, and who it runs as.
package struct Context: Sendable {
    /// The parsed command line.
    package let invocation: Invocation
    /// Where to print.
    package let output: Output
    /// The user's id.
    let uid: UInt32
    /// The value of an environment variable; nil when unset or empty.
    let environment: @Sendable (String) -> String?
    /// Puts a question to the user and returns the line typed; nil when there is no terminal to ask on.
    let ask: @Sendable (_ question: String) -> String?

    /// What a command run by `uid` gets. Without `ask` there is nobody to ask.
    package init(
        invocation: Invocation, output: Output, uid: UInt32,
        environment: @escaping @Sendable (String) -> String?,
        ask: @escaping @Sendable (_ question: String) -> String? = { _ in nil }
    ) {
        self.invocation = invocation
        self.output = output
        self.uid = uid
        self.environment = environment
        self.ask = ask
    }

    /// Where the daemon's state and socket are.
    var paths: Paths { Paths(global: invocation.global, uid: uid, systemd: false, environment: environment) }

    /// A connection to the daemon.
    func connect() throws(CommandFailure) -> ControlClient { try ControlClient(paths: paths) }

    /// The daemon's reply to `call`, over a connection of its own.
    func call<Call: ControlCall>(_ call: Call) throws(CommandFailure) -> Call.Reply {
        try connect().call(call)
    }

    /// Prints `report`: with `--json` as it is, else as `lines`, or as the message `whenEmpty` where there are none.
    @discardableResult
    func show(
        _ report: some Encodable, whenEmpty: String = "", lines: (Output) -> [String]
    ) throws(CommandFailure) -> ExitCode {
        if output.json {
            try output.print(json: report)
            return .ok
        }
        let lines = lines(output)
        try output.lines(lines)
        if lines.isEmpty, !whenEmpty.isEmpty { output.message(whenEmpty) }
        return .ok
    }
}
