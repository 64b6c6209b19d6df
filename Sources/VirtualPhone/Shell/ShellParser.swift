/// Turns a script's tokens into nodes.
struct ShellParser {
    /// Deepest nesting of groups and functions.
    static let depthMax = 32

    private let tokens: [ShellToken]
    private var index = 0

    /// The list of commands that `script` holds.
    static func parse(_ script: [UInt8]) throws(ShellSyntaxError) -> [ShellListItem] {
        var parser = ShellParser(tokens: try ShellLexer.tokens(script))
        let list = try parser.list(until: nil, depth: 0)
        guard parser.index == parser.tokens.count else { throw parser.unexpected() }
        return list
    }

    private init(tokens: [ShellToken]) { self.tokens = tokens }

    private mutating func list(until end: String?, depth: Int) throws(ShellSyntaxError) -> [ShellListItem] {
        var items: [ShellListItem] = []
        var condition = ShellListItem.Condition.always
        while index < tokens.count {
            if let end, closes(end) { return items }
            if case .control(let operatorText) = tokens[index] {
                switch operatorText {
                case ";", "\n":
                    guard condition == .always, operatorText == "\n" || !items.isEmpty else {
                        throw unexpected()
                    }
                    index += 1
                    continue
                case "(": break
                default: throw unexpected()
                }
            }
            items.append(ShellListItem(condition: condition, node: try node(depth: depth)))
            condition = .always
            guard index < tokens.count, case .control(let separator) = tokens[index] else { continue }
            switch separator {
            case "&&": condition = .afterSuccess
            case "||": condition = .afterFailure
            case ";", "\n": break
            default: continue
            }
            index += 1
        }
        guard end == nil, condition == .always else {
            throw ShellSyntaxError(message: "syntax error: unexpected EOF")
        }
        return items
    }

    private func closes(_ end: String) -> Bool {
        switch tokens[index] {
        case .control(let text): text == end
        case .word(let word): end == "}" && word.plain == "}"
        case .redirect: false
        }
    }

    private mutating func node(depth: Int) throws(ShellSyntaxError) -> ShellNode {
        guard depth <= Self.depthMax else { throw ShellSyntaxError(message: "syntax error: too deep") }
        switch tokens[index] {
        case .control:
            index += 1
            return try group(until: ")", depth: depth)
        case .word(let word) where word.plain == "{":
            index += 1
            return try group(until: "}", depth: depth)
        case .word(let word):
            if let name = word.plain, control(at: index + 1) == "(", control(at: index + 2) == ")" {
                index += 3
                guard index < tokens.count else {
                    throw ShellSyntaxError(message: "syntax error: unexpected EOF")
                }
                return .function(name: name, body: try node(depth: depth + 1))
            }
            return .command(try command())
        case .redirect:
            return .command(try command())
        }
    }

    private mutating func group(until end: String, depth: Int) throws(ShellSyntaxError) -> ShellNode {
        let items = try list(until: end, depth: depth + 1)
        guard index < tokens.count else { throw ShellSyntaxError(message: "syntax error: unexpected EOF") }
        index += 1
        var redirects = ShellRedirects()
        while index < tokens.count, case .redirect(let descriptor, let step) = tokens[index] {
            redirects.steps.append((descriptor, step))
            index += 1
        }
        return .group(items, redirects)
    }

    private mutating func command() throws(ShellSyntaxError) -> ShellCommandLine {
        var line = ShellCommandLine()
        loop: while index < tokens.count {
            switch tokens[index] {
            case .control: break loop
            case .redirect(let descriptor, let step): line.redirects.steps.append((descriptor, step))
            case .word(let word):
                if line.words.isEmpty, let assignment = Self.assignment(word) {
                    line.assignments.append(assignment)
                } else {
                    line.words.append(word)
                }
            }
            index += 1
        }
        return line
    }

    /// `NAME=value`, where the name is unquoted text.
    private static func assignment(_ word: ShellWord) -> (name: String, value: ShellWord)? {
        guard case .text(let bytes)? = word.pieces.first,
            let equals = bytes.firstIndex(of: UInt8(ascii: "=")),
            equals > 0, bytes[..<equals].allSatisfy(ShellLexer.isNameByte), !(0x30...0x39).contains(bytes[0])
        else { return nil }
        var value = word
        value.pieces[0] = .text(Array(bytes[(equals + 1)...]))
        return (String(decoding: bytes[..<equals], as: UTF8.self), value)
    }

    private func control(at position: Int) -> String? {
        guard position < tokens.count, case .control(let text) = tokens[position] else { return nil }
        return text
    }

    private func unexpected() -> ShellSyntaxError {
        guard index < tokens.count else { return ShellSyntaxError(message: "syntax error: unexpected EOF") }
        let text =
            switch tokens[index] {
            case .control(let text): text == "\n" ? "newline" : text
            case .word(let word): word.plain ?? "word"
            case .redirect: ">"
            }
        return ShellSyntaxError(message: "syntax error: unexpected '\(text)'")
    }
}
