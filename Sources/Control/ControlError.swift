/// An error that the daemon answers with: a class for programs, a sentence for people, and what to do.
package struct ControlError: Error, Sendable, Equatable, Codable {
    /// The classes; each has its exit code (see `ExitCode` in CLI).
    package enum Code: String, Sendable, CaseIterable {
        /// The request is not a valid message, or a field of it is wrong.
        case badRequest = "bad-request"
        /// The other side speaks another version of the messages.
        case versionMismatch = "version-mismatch"
        /// The caller may not do this.
        case notPermitted = "not-permitted"
        /// There is nothing by that name or number.
        case notFound = "not-found"
        /// It could be done, but will not be: it would break a rule or lose data.
        case refused
        /// Not now: too many clients, a locked store. Trying again can help.
        case temporary
        /// It was tried and did not work.
        case failed
    }

    /// The class.
    package var code: Code
    /// What happened, to which device or webhook. One line; may hold outside text, so escape it for a terminal.
    package var message: String
    /// What to do next; empty when there is nothing to say.
    package var hint: String

    /// An error of `code`.
    package init(_ code: Code, _ message: String, hint: String = "") {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

extension ControlError.Code: Codable {
    /// A class that a newer daemon knows and we do not is `failed`.
    package init(from decoder: any Decoder) throws {
        self = Self(rawValue: try decoder.singleValueContainer().decode(String.self)) ?? .failed
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
