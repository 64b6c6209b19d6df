/// A command for the phone's shell, with what it may cost.
package struct PhoneCommand: Sendable, Equatable {
    /// The text for `sh -c`. Built only from constants, numbers, and texts that were checked to hold nothing but
    /// digits, `*` and `#`; other outside text never gets in.
    package let text: String
    /// Longest time it may take.
    package let timeout: Duration
    /// Most output taken, in bytes.
    package let outputBytesMax: Int

    /// A command.
    package init(_ text: String, timeout: Duration = .seconds(30), outputBytesMax: Int = 8 * 1024 * 1024) {
        self.text = text
        self.timeout = timeout
        self.outputBytesMax = outputBytesMax
    }
}

/// What came of a command.
package enum CommandOutcome: Sendable, Equatable {
    /// It ended by itself.
    case completed(output: [UInt8], errorOutput: [UInt8])
    /// It said more than its limit and was stopped.
    case outputTooLong
    /// It took longer than its limit and was stopped, or was cut off.
    case unfinished(String)
}
