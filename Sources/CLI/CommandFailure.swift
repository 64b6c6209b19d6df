package import Control

/// Why a command ends early.
package enum CommandFailure: Error, Sendable, Equatable {
    /// Something went wrong; `hint` says what to do next and may be empty.
    case failed(ExitCode, message: String, hint: String)
    /// Whoever read our output has left (`| head`): nothing to complain about.
    case outputClosed

    /// The failure that the daemon's `error` means.
    package init(_ error: ControlError) {
        self = .failed(ExitCode(error.code), message: error.message, hint: error.hint)
    }

    /// A wrong command line, found after parsing.
    static func usage(_ message: String, hint: String = "") -> CommandFailure {
        .failed(.usage, message: message, hint: hint)
    }
}
