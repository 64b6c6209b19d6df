/// A line of the log that counts for USSD.
struct USSDLogLine: Sendable {
    enum Writer: Sendable {
        /// The radio interface.
        case radio
        /// The phone app's dialogs.
        case dialogs
        /// The code itself, `GsmMmiCode`.
        case code
        /// `GsmCdmaPhone`.
        case phone
        /// Telecom: another process than the phone app's.
        case telecom
    }

    let writer: Writer
    let message: ArraySlice<UInt8>
    /// Milliseconds since 1970; nil in a format without them.
    let milliseconds: Int64?
    /// Lines with the same number stand next to each other in the log with the same prefix, byte for byte: one
    /// message with line feeds, or several of the same millisecond. A message never goes beyond its run.
    let run: Int
    /// Which line of the output.
    let row: Int

    /// The lines of `output` that count, those behind the last mark `token` (nil: all of them); also whether the
    /// mark is there. Of the phone app's tags only lines of `process` count.
    static func all(
        in output: [UInt8], process: Int64, after token: String?
    ) throws(PhoneParseError) -> (lines: [USSDLogLine], hasMark: Bool) {
        var found: [USSDLogLine] = []
        var hasMark = false
        var run = 0
        var before: ArraySlice<UInt8> = []
        for (row, text) in physicalLines(of: output).enumerated() {
            if text.starts(with: Array("--------- ".utf8)) {
                before = []
                continue
            }
            guard let line = LogLine(text) else {
                throw PhoneParseError("line of the phone's log", row: row, offset: text.startIndex)
            }
            let prefix = text.dropLast(line.message.count)
            if !prefix.elementsEqual(before) {
                run += 1
                before = prefix
            }
            if let token, line.tag.elementsEqual("phonewire-ussd".utf8),
                line.message.elementsEqual(token.utf8)
            {
                found = []
                hasMark = true
            } else if let writer = Self.writer(line, process: process) {
                found.append(
                    USSDLogLine(
                        writer: writer, message: text.suffix(line.message.count),
                        milliseconds: line.milliseconds, run: run, row: row))
            }
        }
        return (hasMark || token == nil ? found : [], hasMark)
    }

    private static func writer(_ line: LogLine, process: Int64) -> Writer? {
        let writer: Writer
        switch String(decoding: line.tag, as: UTF8.self) {
        case "Telecom": return line.process == process ? nil : .telecom
        case "RILJ": writer = .radio
        case "PhoneUtils": writer = .dialogs
        case "GsmMmiCode": writer = .code
        case "GsmCdmaPhone": writer = .phone
        default: return nil
        }
        return line.process == process ? writer : nil
    }

    /// The lines without their line feeds. A carriage return belongs to a line end only where every line has one (a
    /// terminal made them); else it belongs to the message.
    private static func physicalLines(of output: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines = output.split(separator: .lineFeed, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.allSatisfy({ $0.last == .carriageReturn }) else { return lines }
        return lines.map { $0.dropLast() }
    }
}
