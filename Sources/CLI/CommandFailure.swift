package import Control
import Delivery

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

    /// What is wrong with the settings of the webhook `name`.
    init(_ refusal: SettingsRefusal, adding name: String) {
        let near = Suggestion.nearest(to: refusal.typed, in: refusal.choices).map { "did you mean \($0)?" }
        self = .failed(
            refusal.usage != nil ? .usage : refusal.isName ? .refused : .failed,
            message: refusal.usage ?? refusal.message(adding: name),
            hint: near ?? refusal.hint)
    }

    /// A wrong command line, found after parsing.
    static func usage(_ message: String, hint: String = "") -> CommandFailure {
        .failed(.usage, message: message, hint: hint)
    }
}
