/// A script's words and operators.
enum ShellToken: Sendable {
    case word(ShellWord)
    /// `;` `\n` `&&` `||` `(` `)`
    case control(String)
    case redirect(descriptor: Int, step: ShellRedirects.Step)
}

/// Splits a script into tokens, as `sh` does for the part of its grammar named in `ShellNode`.
struct ShellLexer {
    private static let wordEnds = Set(" \t\r\n;()&|<>`".utf8)
    /// What a backslash takes the meaning from inside double quotes.
    private static let quotedEscapes = Set("$`\"\\\n".utf8)

    private let script: [UInt8]
    private var index = 0

    init(_ script: [UInt8]) { self.script = script }

    /// All tokens of the script.
    static func tokens(_ script: [UInt8]) throws(ShellSyntaxError) -> [ShellToken] {
        var lexer = ShellLexer(script)
        var tokens: [ShellToken] = []
        while let token = try lexer.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() throws(ShellSyntaxError) -> ShellToken? {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0D { index += 1 }
        guard let byte = peek() else { return nil }
        if byte == UInt8(ascii: "#") {
            while let comment = peek(), comment != 0x0A { _ = comment; index += 1 }
            return try next()
        }
        if let redirect = try redirection() { return redirect }
        switch byte {
        case 0x0A, UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"):
            index += 1
            return .control(String(decoding: [byte], as: UTF8.self))
        case UInt8(ascii: "&"), UInt8(ascii: "|"):
            guard peek(1) == byte else { throw unexpected(byte) }
            index += 2
            return .control(String(decoding: [byte, byte], as: UTF8.self))
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "`"):
            throw unexpected(byte)
        default:
            return .word(try word())
        }
    }

    private func unexpected(_ byte: UInt8) -> ShellSyntaxError {
        ShellSyntaxError(message: "syntax error: unexpected '\(String(decoding: [byte], as: UTF8.self))'")
    }

    /// `2>&1`, `>&2`, `1>&2`, `>/dev/null`, `2>/dev/null`, with or without a space before /dev/null.
    private mutating func redirection() throws(ShellSyntaxError) -> ShellToken? {
        var at = index
        var descriptor = 1
        if let digit = peek(), digit == 0x31 || digit == 0x32, peek(1) == UInt8(ascii: ">") {
            descriptor = Int(digit - 0x30)
            at += 1
        }
        guard at < script.count, script[at] == UInt8(ascii: ">") else { return nil }
        at += 1
        let rest = script[at...]
        if rest.starts(with: Array("&1".utf8)) || rest.starts(with: Array("&2".utf8)) {
            index = at + 2
            return .redirect(descriptor: descriptor, step: .same(as: Int(script[at + 1] - 0x30)))
        }
        let spaces = rest.prefix { $0 == 0x20 }.count
        let null = Array("/dev/null".utf8)
        guard rest.dropFirst(spaces).starts(with: null) else { throw unexpected(UInt8(ascii: ">")) }
        index = at + spaces + null.count
        return .redirect(descriptor: descriptor, step: .nowhere)
    }

    private mutating func word() throws(ShellSyntaxError) -> ShellWord {
        var word = ShellWord()
        var text: [UInt8] = []
        func flush(_ word: inout ShellWord, _ text: inout [UInt8]) {
            if !text.isEmpty { word.pieces.append(.text(text)) }
            text = []
        }
        while let byte = peek(), !Self.wordEnds.contains(byte) {
            switch byte {
            case UInt8(ascii: "\\"):
                index += 1
                if let escaped = peek() {
                    if escaped != 0x0A { text.append(escaped) }
                    index += 1
                }
                word.quoted = true
            case UInt8(ascii: "'"):
                word.quoted = true
                index += 1
                guard let end = script[index...].firstIndex(of: UInt8(ascii: "'")) else {
                    throw ShellSyntaxError(message: "no closing quote")
                }
                text += script[index..<end]
                index = end + 1
            case UInt8(ascii: "\""):
                word.quoted = true
                index += 1
                try doubleQuoted(into: &word, text: &text, flush: flush)
            case UInt8(ascii: "$"):
                if let name = variableName() {
                    flush(&word, &text)
                    word.pieces.append(.variable(name))
                } else {
                    guard peek(1) != UInt8(ascii: "(") else { throw unexpected(byte) }
                    text.append(byte)
                    index += 1
                }
            default:
                text.append(byte)
                index += 1
            }
        }
        flush(&word, &text)
        return word
    }

    private mutating func doubleQuoted(
        into word: inout ShellWord, text: inout [UInt8], flush: (inout ShellWord, inout [UInt8]) -> Void
    ) throws(ShellSyntaxError) {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"):
                if let escaped = peek(1), Self.quotedEscapes.contains(escaped) {
                    if escaped != 0x0A { text.append(escaped) }
                    index += 2
                } else {
                    text.append(byte)
                    index += 1
                }
            case UInt8(ascii: "$"):
                if let name = variableName() {
                    flush(&word, &text)
                    word.pieces.append(.variable(name))
                } else {
                    guard peek(1) != UInt8(ascii: "(") else { throw unexpected(byte) }
                    text.append(byte)
                    index += 1
                }
            case UInt8(ascii: "`"):
                throw unexpected(byte)
            default:
                text.append(byte)
                index += 1
            }
        }
        throw ShellSyntaxError(message: "no closing quote")
    }

    /// The name after a `$` at the index (`$?`, `$1`, `$name`, `${name}`), which is then behind us; nil leaves all.
    private mutating func variableName() -> String? {
        guard let first = peek(1) else { return nil }
        if first == UInt8(ascii: "?") || (0x30...0x39).contains(first) {
            index += 2
            return String(decoding: [first], as: UTF8.self)
        }
        let braced = first == UInt8(ascii: "{")
        let from = index + (braced ? 2 : 1)
        let name = script[min(from, script.count)...].prefix(while: Self.isNameByte)
        guard !name.isEmpty else { return nil }
        if braced {
            guard name.endIndex < script.count, script[name.endIndex] == UInt8(ascii: "}") else { return nil }
        }
        index = name.endIndex + (braced ? 1 : 0)
        return String(decoding: name, as: UTF8.self)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        default: false
        }
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        index + ahead < script.count ? script[index + ahead] : nil
    }
}
