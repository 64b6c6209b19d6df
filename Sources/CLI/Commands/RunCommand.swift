import Base
import Daemon
import Glibc
import Platform

/// `phonewire run`.
enum RunCommand {
    static let spec = CommandSpec(
        "run", "run the daemon in the foreground",
        details: [
            "Logs to standard error and stops on SIGTERM or Ctrl-C. State and socket: --state and --socket; else, for "
                + "root, \(Paths.systemState) and \(Paths.systemSocket); else $XDG_STATE_HOME/phonewire (usually "
                + "~/.local/state/phonewire) and $XDG_RUNTIME_DIR/phonewire/control.sock.",
            "Under systemd, $STATE_DIRECTORY and $RUNTIME_DIRECTORY are used.",
        ],
        options: [
            .value("log", "LEVEL", "least important log lines shown", choices: levels.map(\.0)),
            .flag("no-usb", "serve no phones on USB"),
            .value("connect", "ADDRESS", "serve the phone at HOST:PORT too, for this run", repeats: true),
        ],
        examples: [
            ("run", "the daemon with your own state folder"),
            ("run --state /tmp/try --no-usb --connect 127.0.0.1:5555", "a daemon for one emulator"),
        ],
        json: false,
        action: .service { (context) async throws(CommandFailure) in try await run(context) })

    private static let levels: [(String, LogLevel)] = [
        ("error", .error), ("warning", .warning), ("notice", .notice), ("info", .info), ("debug", .debug),
    ]

    /// What the command line and the environment ask for.
    static func options(_ context: Context) throws(CommandFailure) -> DaemonOptions {
        let invocation = context.invocation
        let paths = Paths(
            global: invocation.global, uid: context.uid, systemd: true, environment: context.environment)
        guard let state = paths.state, let socket = paths.sockets.first else {
            throw .usage("HOME is not set", hint: "say where to keep the state: --state FOLDER")
        }
        for address in invocation.options["connect"] ?? [] where SocketAddress(address) == nil {
            throw .usage(
                "--connect \(address): no address", hint: "write host:port, such as 192.168.1.20:5555")
        }
        let word = invocation.value("log") ?? "info"
        return DaemonOptions(
            stateFolder: state, socketPath: socket, socketForGroup: paths.socketForGroup,
            logLevel: levels.first { $0.0 == word }?.1 ?? .info, usb: !invocation.flag("no-usb"),
            addresses: invocation.options["connect"] ?? [])
    }

    private static func run(_ context: Context) async throws(CommandFailure) -> ExitCode {
        let options = try options(context)
        let log = StderrSink.logger(level: options.logLevel)
        do throws(DaemonFailure) {
            try await DaemonProcess.run(options, log: log)
            return .ok
        } catch {
            throw .failed(exitCode(error), message: error.sentence, hint: "")
        }
    }

    private static func exitCode(_ failure: DaemonFailure) -> ExitCode {
        switch failure {
        case .locked, .control(.inUse): .refused
        case .folder(let error) where error.code == EACCES || error.code == EPERM: .noPermission
        case .address: .usage
        default: .failed
        }
    }
}
