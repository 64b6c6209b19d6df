/// One line of the phone's log. A hint, never a fact: anything on the phone may write one.
package struct LogLine: Sendable, Equatable {
    /// Milliseconds since 1970 by the phone's clock; nil in a format without them.
    package let milliseconds: Int64?
    /// Number of the process that wrote it: logd has it from the kernel, so no process can claim another's.
    package let process: Int64
    /// The log tag, trailing blanks cut off.
    package let tag: [UInt8]
    /// The text after `: `.
    package let message: [UInt8]

    /// Reads a line of `logcat -v epoch` or `-v threadtime` (LineageOS/android_system_logging `liblog`); nil for
    /// dividers (`--------- beginning of radio`) and anything else.
    package init?(_ line: ArraySlice<UInt8>) {
        var scanner = ByteScanner(line)
        _ = scanner.prefix { $0 == .space }
        guard let time = Self.time(&scanner) else { return nil }
        milliseconds = time
        guard let process = Self.number(&scanner), Self.number(&scanner) != nil else { return nil }
        self.process = process
        guard scanner.accept(" "), let level = scanner.rest.first, "VDIWEFS".utf8.contains(level) else {
            return nil
        }
        let after = scanner.rest.dropFirst()
        guard after.first == .space else { return nil }
        // The tag ends at the first ": " behind it; a tag cannot hold one (it would end there).
        let rest = after.dropFirst()
        guard let colon = Self.end(ofTagIn: rest) else { return nil }
        var tag = rest[..<colon]
        while tag.last == .space { tag = tag.dropLast() }
        self.tag = Array(tag)
        message = Array(rest[(colon + 2)...])
    }

    /// Seconds with milliseconds: their value. `MM-DD HH:MM:SS.mmm`, which has no year and no zone: `.some(nil)`.
    private static func time(_ scanner: inout ByteScanner) -> Int64?? {
        func digits() -> Bool { !scanner.digits().isEmpty }
        let first = scanner.digits()
        guard !first.isEmpty else { return nil }
        if scanner.accept(".") {
            let fraction = scanner.digits()
            guard !fraction.isEmpty else { return nil }
            guard fraction.count == 3, first.count <= 12 else { return .some(nil) }
            return Int64(String(decoding: first + fraction, as: UTF8.self))
        }
        guard scanner.accept("-"), digits(), scanner.accept(" "), digits(), scanner.accept(":"), digits(),
            scanner.accept(":"), digits(), scanner.accept("."), digits()
        else { return nil }
        return .some(nil)
    }

    private static func number(_ scanner: inout ByteScanner) -> Int64? {
        guard !scanner.prefix(while: { $0 == .space }).isEmpty else { return nil }
        return scanner.integer()
    }

    private static func end(ofTagIn bytes: ArraySlice<UInt8>) -> Int? {
        var index = bytes.startIndex
        while index + 1 < bytes.endIndex {
            if bytes[index] == UInt8(ascii: ":"), bytes[index + 1] == .space { return index }
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
        for part in bytes.split(separator: .lineFeed, omittingEmptySubsequences: false).enumerated() {
            if part.offset > 0 {
                if pending.last == .carriageReturn { pending.removeLast() }
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
