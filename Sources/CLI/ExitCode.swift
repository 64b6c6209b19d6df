package import Control

/// How the program ends; the numbers are a contract (README).
package enum ExitCode: Int32, Sendable, CaseIterable {
    /// It was done.
    case ok = 0
    /// It was tried and failed.
    case failed = 1
    /// The command line is wrong.
    case usage = 2
    /// No daemon answers.
    case notRunning = 3
    /// The socket, a file or a device may not be used.
    case noPermission = 4
    /// There is nothing by that name or number.
    case notFound = 5
    /// It could be done but was refused.
    case refused = 6
    /// `status --check` and `doctor`: something needs somebody.
    case degraded = 7
    /// Not now; trying again can help.
    case temporary = 75

    /// The exit code of an error that the daemon answered with.
    package init(_ code: ControlError.Code) {
        switch code {
        case .badRequest, .versionMismatch, .failed: self = .failed
        case .notPermitted: self = .noPermission
        case .notFound: self = .notFound
        case .refused: self = .refused
        case .temporary: self = .temporary
        }
    }

    /// What it means, for the help and the README.
    package var meaning: String {
        switch self {
        case .ok: "done"
        case .failed: "failed"
        case .usage: "wrong command line"
        case .notRunning: "the daemon is not running"
        case .noPermission: "no permission"
        case .notFound: "not found"
        case .refused: "refused"
        case .degraded: "something needs attention (status --check, doctor)"
        case .temporary: "temporary: try again"
        }
    }
}
