/// What the phone's shell understands: words with quotes, backslashes and `$name`; `;`, newline, `&&`, `||`;
/// `( )`, `{ }` and functions; `2>&1`, `>&2` and redirections to /dev/null. Pipes, substitutions, loops and
/// background jobs are refused as syntax errors.
indirect enum ShellNode: Sendable {
    case command(ShellCommandLine)
    case group([ShellListItem], ShellRedirects)
    case function(name: String, body: ShellNode)
}

/// One command of a list and what must hold for it to run.
struct ShellListItem: Sendable {
    enum Condition: Sendable { case always, afterSuccess, afterFailure }
    var condition: Condition
    var node: ShellNode
}

/// A simple command: assignments, words, redirections.
struct ShellCommandLine: Sendable {
    var assignments: [(name: String, value: ShellWord)] = []
    var words: [ShellWord] = []
    var redirects = ShellRedirects()
}

/// A word before expansion. Expansions are never split into several words: the phone's shell would split unquoted
/// ones, which no command of ours relies on.
struct ShellWord: Sendable {
    enum Piece: Sendable {
        case text([UInt8])
        case variable(String)
    }
    var pieces: [Piece] = []
    var quoted = false

    /// The bytes of a word that is one plain text without quotes; nil otherwise.
    var plain: String? {
        guard !quoted, pieces.count == 1, case .text(let bytes) = pieces[0] else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Where a command's two outputs go.
struct ShellRedirects: Sendable {
    enum Target: Sendable { case standardOut, standardError, nowhere }
    /// Each redirection in order: descriptor 1 or 2, and its new target.
    var steps: [(descriptor: Int, target: ShellRedirects.Step)] = []

    enum Step: Sendable { case same(as: Int), nowhere }

    /// The outputs of a command whose surroundings write to `sink`.
    func applied(to sink: ShellSink) -> ShellSink {
        var sink = sink
        for (descriptor, step) in steps {
            let target: Target
            switch step {
            case .same(let other): target = other == 1 ? sink.out : sink.error
            case .nowhere: target = .nowhere
            }
            if descriptor == 1 { sink.out = target } else { sink.error = target }
        }
        return sink
    }
}

/// The targets of descriptors 1 and 2.
struct ShellSink: Sendable {
    var out = ShellRedirects.Target.standardOut
    var error = ShellRedirects.Target.standardError
}

/// A script the phone's shell refuses, in the shell's words.
struct ShellSyntaxError: Error, Sendable, Equatable {
    var message: String
}
