/// What a command gets: its arguments, where to print, and who it runs as.
package struct Context: Sendable {
    package let invocation: Invocation
    package let output: Output
    /// The user's id.
    let uid: UInt32
    /// The value of an environment variable; nil when unset or empty.
    let environment: @Sendable (String) -> String?

    package init(
        invocation: Invocation, output: Output, uid: UInt32,
        environment: @escaping @Sendable (String) -> String?
    ) {
        self.invocation = invocation
        self.output = output
        self.uid = uid
        self.environment = environment
    }

    /// Where the daemon's state and socket are.
    var paths: Paths { Paths(global: invocation.global, uid: uid, systemd: false, environment: environment) }

    /// A connection to the daemon.
    func connect() throws(CommandFailure) -> ControlClient { try ControlClient(paths: paths) }
}
