/// What the house style forbids and a formatter does not see. Each rule is a pure function from text to findings.
enum TidyRules {
    static let fileLinesMax = 400
    static let functionLinesMax = 70
    /// Targets that may use FoundationEssentials: never the pure cores.
    static let essentialsAllowed: Set<String> = ["Control", "Store", "Daemon", "Platform", "CLI", "Receiver"]
    /// Targets that may write to standard output.
    static let printAllowed: Set<String> = ["CLI", "phonewire"]
    /// Targets that may start tasks nobody waits for: the main program, before there is anything structured.
    static let tasksAllowed: Set<String> = ["CLI", "phonewire"]
    /// Words for work left undone, written so that this file does not find itself.
    static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    /// Folders that exist only where this was written.
    static let workplaces = ["/wo" + "rk/", "/tmp/" + "pw"]

    /// The findings in a Swift file of a target, as `line: what`.
    static func findings(source: String, target: String) -> [String] {
        let code = SwiftCode(source)
        var findings: [String] = []
        if code.lines.count - 1 > fileLinesMax {
            findings.append("1: \(code.lines.count - 1) lines in a file")
        }
        for function in FunctionLengths(code).functions where function.lines > functionLinesMax {
            findings.append("\(function.line): \(function.lines) lines in a function")
        }
        for (index, line) in code.lines.enumerated() {
            findings += lineFindings(line, target: target).map { "\(index + 1): \($0)" }
        }
        return findings
    }

    private static func lineFindings(_ line: String, target: String) -> [String] {
        var findings: [String] = []
        let words = words(of: line)
        guard !words.isEmpty else { return [] }
        if let keyword = words.firstIndex(of: "import") {
            let modules = words[keyword...].dropFirst()
            for module in ["Foundation", "FoundationNetworking", "Dispatch"]
            where modules.contains(Substring(module)) {
                findings.append("import \(module)")
            }
            if modules.contains("FoundationEssentials"), !essentialsAllowed.contains(target) {
                findings.append("import FoundationEssentials")
            }
        }
        for call in ["print(", "debugPrint("] where calls(call, in: line) {
            if !printAllowed.contains(target) { findings.append(call) }
        }
        if line.holds("try!") { findings.append("try!") }
        for start in ["Task {", "Task.detached", "Task(", "Task.init", "Task<"] where calls(start, in: line) {
            if start == "Task<" ? line.holds("> {") || line.holds(">(") : true,
                !tasksAllowed.contains(target)
            {
                findings.append(start)
            }
        }
        return findings
    }

    /// Whether `text` stands in `line` as a word of its own, not as the end of another name or a member.
    private static func calls(_ text: String, in line: String) -> Bool {
        guard line.holds(text) else { return false }
        var rest = line[...]
        while let range = rest.firstRange(of: text) {
            let before = rest[..<range.lowerBound].last
            let isMember = before.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } ?? false
            if !isMember, rest[..<range.lowerBound].suffix(5) != "func " { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }

    /// The findings in any text file.
    static func findings(text: String) -> [String] {
        let bytes = Array(text.utf8)
        guard (unfinished + workplaces).contains(where: { bytes.holds(Array($0.utf8)) }) else { return [] }
        var findings: [String] = []
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let line = Substring(line)
            let words = words(of: line)
            for word in unfinished where words.contains(Substring(word)) {
                findings.append("\(index + 1): \(word)")
            }
            for place in workplaces where line.holds(place) {
                findings.append("\(index + 1): a path of one machine")
            }
        }
        return findings
    }

    /// The findings in a Markdown file: one title, on the first line.
    static func findings(markdown: String) -> [String] {
        var titles: [Int] = []
        var fenced = false
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") { fenced.toggle() }
            if !fenced, line.hasPrefix("# ") { titles.append(index + 1) }
        }
        return titles == [1] ? [] : ["titles on lines \(titles) instead of line 1 alone"]
    }
}
