/// Swift source with comments and the text of literals blanked out, so that searches find code only.
///
/// Line structure is kept. Code inside `\( … )` of a literal stays, with its parentheses. Regex literals are not known: we have none.
struct SwiftCode {
    /// The lines, with blanks where comments and literals were.
    let lines: [String]

    init(_ source: String) {
        var scanner = Scanner(Array(source.utf8))
        lines = scanner.scan().split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private struct Scanner {
        let bytes: [UInt8]
        var position = 0
        var out: [UInt8] = []

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
        }

        mutating func scan() -> [UInt8] {
            while position < bytes.count { code(untilClosing: false) }
            return out
        }

        /// Copies code; with `untilClosing` up to and with the parenthesis that ends an interpolation.
        private mutating func code(untilClosing: Bool) {
            var depth = 0
            while position < bytes.count {
                let byte = bytes[position]
                if byte == UInt8(ascii: "/"), starts("//") {
                    while position < bytes.count, bytes[position] != 0x0A { blank() }
                } else if byte == UInt8(ascii: "/"), starts("/*") {
                    comment()
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#"), let hashes = literalStart()
                {
                    literal(hashes: hashes)
                } else {
                    copy()
                    if byte == UInt8(ascii: "(") { depth += 1 }
                    if byte == UInt8(ascii: ")") {
                        depth -= 1
                        if untilClosing, depth < 0 { return }
                    }
                }
            }
        }

        private mutating func comment() {
            var depth = 0
            repeat {
                if starts("/*") {
                    depth += 1
                    blank(2)
                } else if starts("*/") {
                    depth -= 1
                    blank(2)
                } else {
                    blank()
                }
            } while depth > 0 && position < bytes.count
        }

        /// The number of `#` before a quotation mark here; nil where no literal begins.
        private func literalStart() -> Int? {
            var index = position
            while index < bytes.count, bytes[index] == UInt8(ascii: "#") { index += 1 }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
            return index - position
        }

        private mutating func literal(hashes: Int) {
            blank(hashes)
            let marks = starts("\"\"\"") ? 3 : 1
            blank(marks)
            let fence = String(repeating: "#", count: hashes)
            let end = String(repeating: "\"", count: marks) + fence
            while position < bytes.count {
                let byte = bytes[position]
                if byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte != 0x0A {
                    blank()
                } else if starts(end) {
                    blank(end.utf8.count)
                    return
                } else if starts("\\" + fence + "(") {
                    blank(fence.utf8.count + 1)
                    copy()
                    code(untilClosing: true)
                } else if starts("\\" + fence) {
                    blank(fence.utf8.count + 2)
                } else if marks == 1, bytes[position] == 0x0A {
                    return
                } else {
                    blank()
                }
            }
        }

        private func starts(_ text: String) -> Bool {
            bytes[position...].starts(with: text.utf8)
        }

        private mutating func copy() {
            out.append(bytes[position])
            position += 1
        }

        private mutating func blank(_ count: Int = 1) {
            for _ in 0..<min(count, bytes.count - position) {
                out.append(bytes[position] == 0x0A ? 0x0A : 0x20)
                position += 1
            }
        }
    }
}
