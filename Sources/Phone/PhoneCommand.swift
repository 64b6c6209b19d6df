/// A command for the phone's shell, with what it may cost.
package struct PhoneCommand: Sendable, Equatable {
    /// The texts for `sh -c`, run one after the other in one shell. Built only from constants, numbers, and texts that were checked
    /// to hold nothing but digits, `*` and `#`; other outside text never gets in.
    package let parts: [String]
    /// Whether each part's output is told apart, by marks with a fresh nonce: see `MarkedOutput`.
    package let isMarked: Bool
    /// Longest time it may take.
    package let timeout: Duration
    /// Most output taken, in bytes.
    package let outputBytesMax: Int

    /// A command.
    package init(_ text: String, timeout: Duration = .seconds(30), outputBytesMax: Int = 8 * 1024 * 1024) {
        parts = [text]
        isMarked = false
        self.timeout = timeout
        self.outputBytesMax = outputBytesMax
    }

    /// Several commands in one run, each with an output of its own.
    package init(
        each parts: [String], timeout: Duration = .seconds(30), outputBytesMax: Int = 8 * 1024 * 1024
    ) {
        self.parts = parts
        isMarked = true
        self.timeout = timeout
        self.outputBytesMax = outputBytesMax
    }

    /// Its text, for people and tests.
    package var text: String { parts.joined(separator: "; ") }

    /// The same with `other` run after it, both marked.
    func followed(by other: PhoneCommand) -> PhoneCommand {
        PhoneCommand(
            each: parts + other.parts, timeout: timeout, outputBytesMax: outputBytesMax + other.outputBytesMax
        )
    }

    /// The same with another limit for its time.
    func within(_ timeout: Duration) -> PhoneCommand {
        isMarked
            ? PhoneCommand(each: parts, timeout: timeout, outputBytesMax: outputBytesMax)
            : PhoneCommand(text, timeout: timeout, outputBytesMax: outputBytesMax)
    }
}

/// What came of a command.
package enum CommandOutcome: Sendable, Equatable {
    /// It ended by itself.
    case completed(output: [UInt8], errorOutput: [UInt8])
    /// A marked command ended by itself: the output of each part, errors among it.
    case completedEach([[UInt8]])
    /// It said more than its limit and was stopped.
    case outputTooLong
    /// It took longer than its limit and was stopped, or was cut off.
    case unfinished(String)
}
