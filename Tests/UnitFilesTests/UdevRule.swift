/// One line of a udev rules file, read strictly: what we ship is plain enough that anything else is a mistake.
///
/// Format: udev(7), "Rules files". Not read: line continuations, `GOTO`, prefixes of values.
struct UdevRule: Equatable {
    struct Term: Equatable {
        /// Such as `SUBSYSTEM` or `ENV{DEVTYPE}`.
        let key: String
        let operation: String
        let value: String

        var isMatch: Bool { operation == "==" || operation == "!=" }
    }

    struct Refused: Error, Equatable {
        let text: String
    }

    let terms: [Term]

    static let matchKeys: Set<String> = ["ACTION", "SUBSYSTEM", "ENV{DEVTYPE}", "ENV{ID_USB_INTERFACES}"]
    static let assignKeys: Set<String> = ["GROUP", "MODE", "TAG", "ATTR{power/control}"]

    init(line: String) throws {
        var rest = line[...]
        var terms: [Term] = []
        while true {
            let key = rest.prefix { $0 != "=" && $0 != "!" && $0 != "+" }
            rest = rest.dropFirst(key.count)
            guard let operation = ["==", "!=", "+=", "="].first(where: { rest.hasPrefix($0) }) else {
                throw Refused(text: "no operator behind \(key)")
            }
            rest = rest.dropFirst(operation.count)
            guard rest.first == "\"", let end = rest.dropFirst().firstIndex(of: "\"") else {
                throw Refused(text: "no quoted value for \(key)")
            }
            let value = String(rest[rest.index(after: rest.startIndex)..<end])
            rest = rest[rest.index(after: end)...]
            let term = Term(key: String(key), operation: operation, value: value)
            guard (term.isMatch ? Self.matchKeys : Self.assignKeys).contains(term.key) else {
                throw Refused(text: "unexpected key \(key)")
            }
            guard !value.contains("\\"), !value.isEmpty else {
                throw Refused(text: "unexpected value of \(key)")
            }
            terms.append(term)
            if rest.isEmpty { break }
            guard rest.hasPrefix(", ") else { throw Refused(text: "unexpected text: \(rest)") }
            rest = rest.dropFirst(2)
        }
        self.terms = terms
    }

    /// The rules of a file: one a line, each behind a comment line of its own.
    static func rules(of text: String) throws -> [UdevRule] {
        var rules: [UdevRule] = []
        var commented = false
        guard text.hasSuffix("\n"), text.utf8.allSatisfy({ $0 == 0x0A || 0x20...0x7E ~= $0 }) else {
            throw Refused(text: "not lines of plain ASCII")
        }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# ") {
                commented = true
            } else {
                guard commented else { throw Refused(text: "no comment above: \(line)") }
                rules.append(try UdevRule(line: String(line)))
                commented = false
            }
        }
        return rules
    }

    /// Whether every match of the rule holds for `device`: values of the match keys, absent ones are empty.
    func matches(_ device: [String: String]) -> Bool {
        terms.filter(\.isMatch).allSatisfy { term in
            glob(term.value[...], device[term.key, default: ""][...]) == (term.operation == "==")
        }
    }

    /// What the rule does, as `key operation value`.
    var assignments: [String] {
        terms.filter { !$0.isMatch }.map { "\($0.key)\($0.operation)\($0.value)" }
    }
}

/// fnmatch(3) as far as our rules use it: `*` and plain characters.
private func glob(_ pattern: Substring, _ text: Substring) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
        let rest = pattern.dropFirst()
        return glob(rest, text) || (!text.isEmpty && glob(pattern, text.dropFirst()))
    }
    return text.first == first && glob(pattern.dropFirst(), text.dropFirst())
}
