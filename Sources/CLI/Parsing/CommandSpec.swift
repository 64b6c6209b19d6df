/// An option of a command, as help and completion know it.
package struct OptionSpec: Sendable {
    /// What its value is, for completion.
    package enum ValueKind: Sendable, Equatable { case text, file, folder }

    /// Long name without dashes.
    let name: String
    /// Word for the value in help; nil for a flag.
    let value: String?
    let summary: String
    /// The values there are; empty when any text is one.
    let choices: [String]
    let kind: ValueKind
    /// Whether it may be given more than once.
    let repeats: Bool

    /// A flag.
    static func flag(_ name: String, _ summary: String) -> OptionSpec {
        OptionSpec(name: name, value: nil, summary: summary, choices: [], kind: .text, repeats: false)
    }

    /// An option with a value.
    static func value(
        _ name: String, _ value: String, _ summary: String, choices: [String] = [], kind: ValueKind = .text,
        repeats: Bool = false
    ) -> OptionSpec {
        OptionSpec(
            name: name, value: value, summary: summary, choices: choices, kind: kind, repeats: repeats)
    }
}

/// A word behind a command, by its place.
package struct PositionalSpec: Sendable {
    let name: String
    let summary: String
    let required: Bool
    let choices: [String]

    init(_ name: String, _ summary: String, required: Bool = true, choices: [String] = []) {
        self.name = name
        self.summary = summary
        self.required = required
        self.choices = choices
    }
}

/// One command: everything that help, completion, the parser and the README say about it.
package struct CommandSpec: Sendable {
    /// What runs.
    package enum Action: Sendable {
        /// Runs on the main thread and ends by itself or by SIGINT.
        case plain(@Sendable (Context) throws(CommandFailure) -> ExitCode)
        /// Runs until its task is cancelled, by SIGTERM or SIGINT.
        case service(@Sendable (Context) async throws(CommandFailure) -> ExitCode)
    }

    /// The words that name it, such as `webhooks add`.
    package let path: [String]
    /// One line.
    let summary: String
    /// More, one paragraph an element.
    let details: [String]
    let positionals: [PositionalSpec]
    let options: [OptionSpec]
    /// Command lines without `phonewire`, each with what it does.
    let examples: [(line: String, does: String)]
    /// Whether `--json` is understood.
    let json: Bool
    /// Whether the bare noun means this command.
    let isDefault: Bool
    /// What runs.
    package let action: Action

    init(
        _ path: String, _ summary: String, details: [String] = [], positionals: [PositionalSpec] = [],
        options: [OptionSpec] = [], examples: [(String, String)] = [], json: Bool = true,
        isDefault: Bool = false, action: Action
    ) {
        self.path = path.split(separator: " ").map(String.init)
        self.summary = summary
        self.details = details
        self.positionals = positionals
        self.options = options
        self.examples = examples.map { (line: $0.0, does: $0.1) }
        self.json = json
        self.isDefault = isDefault
        self.action = action
    }

    /// The words as typed.
    package var name: String { path.joined(separator: " ") }

    /// The line behind `usage:`.
    var usage: String {
        var words = ["phonewire"] + path
        for positional in positionals {
            words.append(positional.required ? positional.name : "[\(positional.name)]")
        }
        if !options.isEmpty { words.append("[options]") }
        return words.joined(separator: " ")
    }
}
