import Base

/// What `am start` said (OuvrirOS/android_frameworks_base `services/core/java/com/android/server/am/ActivityManagerShellCommand.java`).
///
/// Only a "no" can be believed: it ends with 0 also for errors, and a start that was denied is told as a success. That
/// something was dialled shows in the radio's log alone.
package enum StartAnswer: Sendable, Equatable {
    /// Nothing speaks against it. `masked`: characters of the code as shown, each as `x`; nil when there are none.
    case started(masked: Int?, warning: String?)
    /// It was not started: why.
    case failed(String)
    /// Neither one nor the other: what it said. It may have been started.
    case unclear(String)

    /// Sorts the output of `am start`.
    package init(output: [UInt8], errorOutput: [UInt8]) {
        let text = lines(of: output) + lines(of: errorOutput)
        for line in text where Self.isError(line) {
            self = .failed(PrintableText.escape(LossyText.decode(line)))
            return
        }
        guard let first = text.first, first.starts(with: Array("Starting: Intent { ".utf8)) else {
            let begin = PrintableText.escape(LossyText.decode(text.first ?? []))
            self = .unclear(begin)
            return
        }
        let warning = text.first { $0.starts(with: Array("Warning: ".utf8)) }?.dropFirst(9)
        self = .started(
            masked: Self.masked(first), warning: warning.map { PrintableText.escape(LossyText.decode($0)) })
    }

    private static func isError(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: Array("Error".utf8)) || line.starts(with: Array("Exception".utf8))
            || line.starts(with: Array("java.lang.".utf8))
    }

    /// The `xxxxx` of ` dat=tel:xxxxx `.
    private static func masked(_ line: ArraySlice<UInt8>) -> Int? {
        let mark = Array(" dat=tel:".utf8)
        guard let start = line.firstRange(of: mark)?.upperBound else { return nil }
        return line[start...].prefix { $0 == UInt8(ascii: "x") }.count
    }
}
