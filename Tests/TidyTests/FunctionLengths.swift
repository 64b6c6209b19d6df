/// The functions of a source file with their lengths, found by their braces.
struct FunctionLengths {
    struct Function: Equatable {
        /// 1-based.
        let line: Int
        /// From the keyword to the closing brace.
        let lines: Int
    }

    let functions: [Function]

    init(_ code: SwiftCode) {
        var found: [Function] = []
        for index in code.lines.indices {
            guard let head = Self.head(in: code.lines[index]) else { continue }
            guard let last = Self.lastLine(of: head, at: index, in: code.lines) else { continue }
            found.append(Function(line: index + 1, lines: last - index + 1))
        }
        functions = found
    }

    private static let keywords: Set<Substring> = ["func", "init", "deinit", "subscript"]

    /// From the keyword on; nil for a line without one.
    private static func head(in line: String) -> Substring? {
        let words = words(of: line, and: Array(".`".utf8))
        guard let keyword = words.first(where: keywords.contains) else { return nil }
        return line[keyword.startIndex...]
    }

    /// The line of the brace that closes the body; nil for a declaration without a body, or a call.
    private static func lastLine(of head: Substring, at first: Int, in lines: [String]) -> Int? {
        var parentheses = 0
        var braces = 0
        for index in lines[first...].indices {
            for byte in (index == first ? head : lines[index][...]).utf8 {
                switch Unicode.Scalar(byte) {
                case "(", "[": parentheses += 1
                case ")", "]": parentheses -= 1
                case "{" where parentheses == 0 || braces > 0: braces += 1
                case "}" where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                case "}" where parentheses == 0: return nil
                default: break
                }
                if parentheses < 0 { return nil }
            }
            guard braces == 0, parentheses == 0 else { continue }
            let next = index + 1 < lines.count ? lines[index + 1].drop { $0 == " " } : ""
            let goesOn = ["->", "throws", "async", "rethrows", "where", "{", "&", "="].contains {
                next.hasPrefix($0)
            }
            if !goesOn { return nil }
        }
        return nil
    }
}
