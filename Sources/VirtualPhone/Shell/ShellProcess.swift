/// A running `sh` behind one stream: `sh -c SCRIPT`, or with an empty script a shell that reads its commands,
/// one line each, from its input.
///
/// It runs until it needs input or a program goes on for ever; `advance` is called again when either may have
/// changed. No time passes in it.
struct ShellProcess: Sendable {
    /// Most commands one shell runs before it is killed (137): there are no loops, but functions may recurse.
    static let commandsMax = 1_000_000
    /// Most input kept while nobody reads it, in bytes; what is above is dropped.
    static let inputBytesMax = 4 << 20
    /// Deepest stack of lists and function calls.
    static let stackMax = 1024
    /// Most variables and most functions of one shell; further ones are dropped.
    static let namesMax = 1024
    /// Output after which `advance` returns, in bytes, so that a stream's queue stays bounded.
    static let outputBytesLow = 1 << 20
    /// A piece of output that has fewer bytes takes the next one in.
    static let pieceBytesLow = 4096

    private enum Frame: Sendable {
        case list([ShellListItem], Int, ShellSink)
        case restoreArguments([String])
    }
    private enum Foreground: Sendable {
        case follow(LogFollower, ShellSink)
        case copyInput(ShellSink)
        case hang
    }

    private var stack: [Frame] = []
    private var foreground: Foreground?
    private var status: UInt8 = 0
    private var variables: [String: String] = [:]
    private var positional: [String] = []
    private var functions: [String: ShellNode] = [:]
    private var input: [UInt8] = []
    private var inputStart = 0
    private var inputEnded = false
    private var commandsRun = 0
    private var readsCommands: Bool
    private var startOutput: [ShellOutput] = []
    /// The exit status, once the process has ended.
    private(set) var ended: UInt8?

    /// Starts `sh -c script`; an empty script starts a shell that reads commands from its input.
    init(script: [UInt8]) {
        readsCommands = script.isEmpty
        if !script.isEmpty { begin(script) }
    }

    /// Bytes for the process's input.
    mutating func inputReceived(_ bytes: [UInt8]) {
        guard !inputEnded else { return }
        input += bytes.prefix(Self.inputBytesMax - (input.count - inputStart))
    }

    /// The process's input is closed.
    mutating func inputClosed() { inputEnded = true }

    /// Runs as far as it goes and returns what was printed.
    mutating func advance(_ android: VirtualAndroid) -> [ShellOutput] {
        var output = startOutput
        startOutput = []
        while ended == nil, output.reduce(0, { $0 + $1.bytes.count }) < Self.outputBytesLow {
            if foreground != nil {
                guard continueForeground(android, &output) else { return output }
            } else if let frame = stack.popLast() {
                run(frame, android, &output)
            } else if readsCommands {
                guard nextLine() else { return output }
                output += startOutput
                startOutput = []
            } else {
                ended = status
            }
        }
        return output
    }

    private mutating func begin(_ script: [UInt8]) {
        do throws(ShellSyntaxError) {
            stack.append(.list(try ShellParser.parse(script), 0, ShellSink()))
        } catch {
            let text = "/system/bin/sh: \(error.message)\n"
            startOutput.append(ShellOutput(channel: .standardError, bytes: Array(text.utf8)))
            status = 1
        }
    }

    /// Takes one command line from the input; false when none is whole yet or the shell has ended.
    private mutating func nextLine() -> Bool {
        if let end = input[inputStart...].firstIndex(of: 0x0A) {
            let line = Array(input[inputStart..<end])
            inputStart = end + 1
            if !line.isEmpty { begin(line) }
            return true
        }
        let line = nextInput()
        guard inputEnded else {
            input = line
            return false
        }
        guard !line.isEmpty else {
            ended = status
            return false
        }
        begin(line)
        return true
    }

    private mutating func nextInput() -> [UInt8] {
        let bytes = Array(input[inputStart...])
        input = []
        inputStart = 0
        return bytes
    }

    /// Lets the program in front go on; false when it waits.
    private mutating func continueForeground(_ android: VirtualAndroid, _ output: inout [ShellOutput]) -> Bool
    {
        switch foreground {
        case .follow(var follower, let sink):
            let bytes = follower.newLines(from: android.logs)
            foreground = .follow(follower, sink)
            Self.emit(ShellOutput(channel: .standardOut, bytes: bytes), to: sink, &output)
            return false
        case .copyInput(let sink):
            Self.emit(ShellOutput(channel: .standardOut, bytes: nextInput()), to: sink, &output)
            guard inputEnded else { return false }
            status = 0
            foreground = nil
            return true
        case .hang, nil:
            return false
        }
    }

    private mutating func run(_ frame: Frame, _ android: VirtualAndroid, _ output: inout [ShellOutput]) {
        switch frame {
        case .restoreArguments(let arguments):
            positional = arguments
        case .list(let items, let index, let sink):
            guard index < items.count else { return }
            stack.append(.list(items, index + 1, sink))
            switch items[index].condition {
            case .afterSuccess where status != 0, .afterFailure where status == 0: return
            default: run(items[index].node, to: sink, android, &output)
            }
        }
    }

    private mutating func run(
        _ node: ShellNode, to sink: ShellSink, _ android: VirtualAndroid, _ output: inout [ShellOutput]
    ) {
        commandsRun += 1
        guard commandsRun <= Self.commandsMax, stack.count <= Self.stackMax else {
            ended = 137
            return
        }
        switch node {
        case .group(let items, let redirects):
            stack.append(.list(items, 0, redirects.applied(to: sink)))
        case .function(let name, let body):
            if functions.count < Self.namesMax { functions[name] = body }
            status = 0
        case .command(let line):
            run(line, to: line.redirects.applied(to: sink), android, &output)
        }
    }

    private mutating func run(
        _ line: ShellCommandLine, to sink: ShellSink, _ android: VirtualAndroid, _ output: inout [ShellOutput]
    ) {
        for (name, value) in line.assignments where variables.count < Self.namesMax {
            variables[name] = expand(value)
        }
        var words = line.words.map(expand)
        let replacesShell = words.first == "exec"
        if replacesShell {
            words.removeFirst()
            stack.removeAll()
            readsCommands = false
        }
        guard let name = words.first else {
            status = 0
            return
        }
        if name == "exit" {
            ended = words.count > 1 ? UInt8(truncatingIfNeeded: Int(words[1]) ?? 0) : status
            return
        }
        if let body = functions[name] {
            stack.append(.restoreArguments(positional))
            positional = Array(words.dropFirst())
            stack.append(.list([ShellListItem(condition: .always, node: body)], 0, sink))
            return
        }
        run(words, to: sink, android, &output)
    }

    private mutating func run(
        _ words: [String], to sink: ShellSink, _ android: VirtualAndroid, _ output: inout [ShellOutput]
    ) {
        guard let command = VirtualCommand.named[words[0]] else {
            let text = "/system/bin/sh: \(words[0]): not found\n"
            Self.emit(ShellOutput(channel: .standardError, bytes: Array(text.utf8)), to: sink, &output)
            status = 127
            return
        }
        android.counters.commands[words[0], default: 0] += 1
        guard !android.hanging.contains(words[0]) else {
            foreground = .hang
            return
        }
        var call = VirtualCall(words: words)
        let begin = ContinuousClock.now
        let end = command.run(&call, android)
        android.counters.commandNanoseconds[words[0], default: 0] += Int64(
            begin.duration(to: .now) / .nanoseconds(1))
        for piece in call.output { Self.emit(piece, to: sink, &output) }
        switch end {
        case .exit(let code): status = code
        case .follow(let follower): foreground = .follow(follower, sink)
        case .copyInput: foreground = .copyInput(sink)
        case .hang: foreground = .hang
        }
    }

    private func expand(_ word: ShellWord) -> String {
        var bytes: [UInt8] = []
        for piece in word.pieces {
            switch piece {
            case .text(let text): bytes += text
            case .variable(let name): bytes += Array(value(of: name).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func value(of name: String) -> String {
        if name == "?" { return String(status) }
        if let index = Int(name) {
            if index == 0 { return "/system/bin/sh" }
            return index <= positional.count ? positional[index - 1] : ""
        }
        return variables[name] ?? ""
    }

    private static func emit(_ piece: ShellOutput, to sink: ShellSink, _ output: inout [ShellOutput]) {
        guard !piece.bytes.isEmpty else { return }
        let target = piece.channel == .standardOut ? sink.out : sink.error
        let channel: ShellOutput.Channel
        switch target {
        case .nowhere: return
        case .standardOut: channel = .standardOut
        case .standardError: channel = .standardError
        }
        if var last = output.last, last.channel == channel, last.bytes.count < Self.pieceBytesLow {
            last.bytes += piece.bytes
            output[output.count - 1] = last
        } else {
            output.append(ShellOutput(channel: channel, bytes: piece.bytes))
        }
    }
}
