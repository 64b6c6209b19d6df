/// One line of the phone's log. A hint, never a fact: anything on the phone may write one.
package struct LogLine: Sendable, Equatable {
    /// The log tag, trailing blanks cut off.
    package let tag: [UInt8]
    /// The text after `: `.
    package let message: [UInt8]

    /// Reads a line of `logcat -v epoch` or `-v threadtime` (LineageOS/android_system_logging `liblog`); nil for
    /// dividers (`--------- beginning of radio`) and anything else.
    package init?(_ line: ArraySlice<UInt8>) {
        var scanner = ByteScanner(line)
        _ = scanner.take { $0 == 0x20 }
        guard Self.takeTime(&scanner) else { return nil }
        for _ in 0..<2 {
            guard !scanner.take(while: { $0 == 0x20 }).isEmpty, scanner.takeInteger() != nil else {
                return nil
            }
        }
        guard scanner.take(" "), let level = scanner.rest.first, "VDIWEFS".utf8.contains(level) else {
            return nil
        }
        let after = scanner.rest.dropFirst()
        guard after.first == 0x20 else { return nil }
        // The tag ends at the first ": " behind it; a tag cannot hold one (it would end there).
        let rest = after.dropFirst()
        guard let colon = Self.end(ofTagIn: rest) else { return nil }
        var tag = rest[..<colon]
        while tag.last == 0x20 { tag = tag.dropLast() }
        self.tag = Array(tag)
        message = Array(rest[(colon + 2)...])
    }

    /// Seconds with milliseconds, or `MM-DD HH:MM:SS.mmm`.
    private static func takeTime(_ scanner: inout ByteScanner) -> Bool {
        func digits() -> Bool { !scanner.takeDigits().isEmpty }
        guard digits() else { return false }
        if scanner.take(".") { return digits() }
        return scanner.take("-") && digits() && scanner.take(" ") && digits() && scanner.take(":") && digits()
            && scanner.take(":") && digits() && scanner.take(".") && digits()
    }

    private static func end(ofTagIn bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            if bytes[index] == 0x3A, bytes[index + 1] == 0x20 { return index }
            index += 1
        }
        return nil
    }
}

/// The bytes of a log stream into lines; a line longer than the limit is dropped whole.
package struct LineSplitter: Sendable {
    /// Longest line kept, in bytes. logcat itself cuts messages at about 4,000.
    package static let lineBytesMax = 16 * 1024

    private var pending: [UInt8] = []
    private var dropping = false

    /// A splitter for a new stream.
    package init() {}

    /// Takes the next bytes; returns the lines that are complete.
    package mutating func bytesReceived(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 {
                if pending.last == 0x0D { pending.removeLast() }
                if !dropping { lines.append(pending) }
                pending = []
                dropping = false
            }
            if pending.count + part.element.count > Self.lineBytesMax {
                dropping = true
                pending = []
            }
            if !dropping { pending.append(contentsOf: part.element) }
        }
        return lines
    }
}
