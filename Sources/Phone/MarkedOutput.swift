/// Several commands in one shell run, told apart by marks with a fresh random nonce.
///
/// Nothing on the phone can know the nonce before it is printed, and the marks count, so no output can forge one.
package enum MarkedOutput {
    /// What one of the commands said, and its exit code.
    package struct Part: Sendable {
        package let output: ArraySlice<UInt8>
        package let exitCode: Int
    }

    /// The text of one shell run over `commands`, each followed by its mark `NONCE:k:exit`.
    package static func script(_ commands: [String], nonce: String) -> String {
        commands.enumerated()
            .map { index, command in "\(command) 2>&1; echo \"\(nonce):\(index):$?\"" }
            .joined(separator: "; ")
    }

    /// The outputs of `count` commands; nil where a mark is missing or out of order.
    package static func split(_ output: [UInt8], nonce: String, count: Int) -> [Part]? {
        var parts: [Part] = []
        var partStart = output.startIndex
        var lineStart = output.startIndex
        while lineStart < output.endIndex, parts.count < count {
            let lineEnd = output[lineStart...].firstIndex(of: .lineFeed) ?? output.endIndex
            let mark = Array("\(nonce):\(parts.count):".utf8)
            // A command whose output has no last line feed has its mark on the same line.
            if let at = find(mark, in: output[lineStart..<lineEnd]) {
                var scanner = ByteScanner(output[(at + mark.count)..<lineEnd])
                guard let code = scanner.integer().flatMap({ Int(exactly: $0) }) else { return nil }
                parts.append(Part(output: output[partStart..<at], exitCode: code))
                partStart = lineEnd == output.endIndex ? lineEnd : lineEnd + 1
            }
            lineStart = lineEnd == output.endIndex ? lineEnd : lineEnd + 1
        }
        return parts.count == count ? parts : nil
    }

    private static func find(_ wanted: [UInt8], in line: ArraySlice<UInt8>) -> Int? {
        guard line.count >= wanted.count else { return nil }
        return (line.startIndex...(line.endIndex - wanted.count)).first { start in
            line[start..<start + wanted.count].elementsEqual(wanted)
        }
    }
}
