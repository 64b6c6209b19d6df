/// A program of the virtual phone: its name and what it does.
///
/// To add one, write a file in `Commands/` that holds one value of this type and list it in `VirtualCommand.all`.
struct VirtualCommand: Sendable {
    /// The word that calls it.
    let name: String
    /// Runs it: reads `call.words`, writes `call.out` and `call.error`, and says how it ends.
    let run: @Sendable (_ call: inout VirtualCall, _ android: VirtualAndroid) -> VirtualCommandEnd
}

/// How a program ends, or that it does not.
enum VirtualCommandEnd: Sendable {
    /// It ended with this status.
    case exit(UInt8)
    /// It goes on printing log lines until the stream is closed.
    case follow(LogFollower)
    /// It copies its input to its output until the input ends.
    case copyInput
    /// It neither prints nor ends.
    case hang
}

/// One run of a program.
struct VirtualCall: Sendable {
    /// Most bytes one call may print; what is above is cut off.
    static let outputBytesMax = 64 << 20

    /// The name and the arguments, expanded.
    let words: [String]
    /// What it printed so far, in order.
    private(set) var output: [ShellOutput] = []
    private var outputBytes = 0

    init(words: [String]) { self.words = words }

    /// The words after the name.
    var arguments: ArraySlice<String> { words.dropFirst() }

    mutating func out(_ text: String) { write(.standardOut, Array(text.utf8)) }
    mutating func out(_ bytes: [UInt8]) { write(.standardOut, bytes) }
    mutating func error(_ text: String) { write(.standardError, Array(text.utf8)) }

    private mutating func write(_ channel: ShellOutput.Channel, _ bytes: [UInt8]) {
        let kept = bytes.prefix(Self.outputBytesMax - outputBytes)
        guard !kept.isEmpty else { return }
        outputBytes += kept.count
        output.append(ShellOutput(channel: channel, bytes: Array(kept)))
    }
}

/// Bytes a process wrote, and to which of its two outputs.
struct ShellOutput: Sendable, Equatable {
    enum Channel: Sendable { case standardOut, standardError }
    var channel: Channel
    var bytes: [UInt8]
}
