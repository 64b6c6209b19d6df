import Base
package import Control

/// Where a command prints, and how: data to standard output, messages to standard error.
package struct Output: Sendable {
    /// Writes bytes; throws `outputClosed` when the reader has left.
    package typealias Sink = @Sendable ([UInt8]) throws(CommandFailure) -> Void

    /// The looks there are.
    package enum Style: String, Sendable {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    private let out: Sink
    private let err: Sink
    private let colourOut: Bool
    private let colourErr: Bool
    /// Whether standard output is a terminal.
    package let isTerminal: Bool
    /// Whether `--json` was given.
    package let json: Bool
    /// Local date and time of a moment.
    package let localTime: @Sendable (Timestamp) -> String

    /// An output to the two sinks.
    package init(
        out: @escaping Sink, err: @escaping Sink, colourOut: Bool, colourErr: Bool, isTerminal: Bool,
        json: Bool,
        localTime: @escaping @Sendable (Timestamp) -> String
    ) {
        self.out = out
        self.err = err
        self.colourOut = colourOut
        self.colourErr = colourErr
        self.isTerminal = isTerminal
        self.json = json
        self.localTime = localTime
    }

    /// Prints `text` and a line end.
    package func line(_ text: String = "") throws(CommandFailure) { try out(Array((text + "\n").utf8)) }

    /// Prints `lines` in one go.
    package func lines(_ lines: [String]) throws(CommandFailure) {
        if !lines.isEmpty { try line(lines.joined(separator: "\n")) }
    }

    /// Prints bytes as they are.
    package func raw(_ bytes: [UInt8]) throws(CommandFailure) { try out(bytes) }

    /// Prints `value` as JSON: pretty, or one line for streams.
    package func print(json value: some Encodable, pretty: Bool = true) throws(CommandFailure) {
        let bytes: [UInt8]
        do throws(ControlError) {
            bytes = try ControlCodec.json(value, pretty: pretty)
        } catch {
            throw CommandFailure(error)
        }
        try out(bytes + [UInt8(ascii: "\n")])
    }

    /// Prints a message for the user to standard error.
    package func message(_ text: String) { try? err(Array((text + "\n").utf8)) }

    /// Prints a question for the user to standard error, without a line end.
    package func prompt(_ text: String) { try? err(Array(text.utf8)) }

    /// Prints what went wrong and what to do, on standard error.
    package func report(_ failure: CommandFailure) {
        guard case .failed(_, let text, let hint) = failure else { return }
        message(paint("phonewire: ", .red, colourErr) + Self.clean(text))
        if !hint.isEmpty { message("  " + Self.clean(hint)) }
    }

    /// `text` in `style`, where standard output shows colours.
    package func styled(_ text: String, _ style: Style) -> String { paint(text, style, colourOut) }

    /// Outside text, fit for one line of a terminal.
    package static func clean(_ text: String, limit: Int = 2000) -> String {
        PrintableText.escape(text, limit: limit)
    }

    private func paint(_ text: String, _ style: Style, _ colour: Bool) -> String {
        colour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
