import Glibc

/// The terminal that a command runs on.
enum Terminal {
    /// Longest answer read, in bytes; a longer one is none.
    static let answerBytesMax = 256

    /// Puts `question` on standard error and returns the line typed, without its end; nil unless standard input and
    /// standard error are a terminal. The end of input is an empty answer.
    static func ask(_ question: String, _ output: Output) -> String? {
        guard isatty(0) == 1, isatty(2) == 1 else { return nil }
        output.prompt(question)
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= answerBytesMax {
            let count = unsafe read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            if count <= 0 || byte == UInt8(ascii: "\n") { break }
            line.append(byte)
        }
        guard line.count <= answerBytesMax else { return "" }
        return String(decoding: line, as: UTF8.self).filter { !$0.isWhitespace }
    }
}
