/// What the house style forbids and neither the compiler nor the formatter sees. Each rule is a pure function from text to
/// findings. They read lines, not Swift: a line that begins with `//` is a comment, and a literal that looks like code counts
/// as code.
enum TidyRules {
    /// Modules that bring in what phonewire does without: full Foundation (45 MB of locale data) and Dispatch.
    static let importsRefused: Set<String> = ["Foundation", "FoundationNetworking", "Dispatch"]
    /// Targets that may use FoundationEssentials: never the pure cores.
    static let essentialsAllowed: Set<String> = ["Control", "Store", "Daemon", "Platform", "CLI", "Receiver"]
    /// Targets that may write to standard output, and start tasks that nobody waits for: the program itself.
    static let programs: Set<String> = ["CLI", "phonewire"]
    /// Words for work left undone, written so that this file does not find itself.
    static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]
    /// Folders that exist only where this was written.
    static let workplaces = ["/wo" + "rk/", "/tmp/" + "pw"]

    /// The findings in a Swift file of a target, as `line: what`.
    static func findings(source: String, target: String) -> [String] {
        var findings: [String] = []
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.drop { $0 == " " }
            if line.hasPrefix("//") { continue }
            findings += (imports(line, target: target) + calls(line, target: target)).map {
                "\(index + 1): \($0)"
            }
        }
        return findings
    }

    /// Import lines: attributes and access levels before the word, a kind of declaration and members behind it.
    private static func imports(_ line: Substring, target: String) -> [String] {
        let words = words(of: line)
        guard let keyword = words.firstIndex(of: "import"), keyword < 4, !line.contains("(\"") else {
            return []
        }
        let modules = Set(words[keyword...].dropFirst().map(String.init))
        var refused = modules.intersection(importsRefused)
        if !essentialsAllowed.contains(target), modules.contains("FoundationEssentials") {
            refused.insert("FoundationEssentials")
        }
        return refused.sorted().map { "import \($0)" }
    }

    private static func calls(_ line: Substring, target: String) -> [String] {
        let everywhere = ["try!"].filter { line.contains($0) }
        if programs.contains(target) { return everywhere }
        let starts = ["print(", "debugPrint(", "Task {", "Task.detached", "Task(", "Task.init"]
        return everywhere + starts.filter { isCall($0, in: line) }
    }

    /// Whether `text` stands in `line` as a word of its own, not as the end of another name, a member or a declaration.
    private static func isCall(_ text: String, in line: Substring) -> Bool {
        guard let range = line.firstRange(of: text) else { return false }
        let before = line[..<range.lowerBound]
        let isPart = before.last.map { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } ?? false
        return !isPart && !before.hasSuffix("func ")
    }

    /// The findings in any text file.
    static func findings(text: String) -> [String] {
        var findings: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = words(of: line)
            for word in unfinished where words.contains(Substring(word)) {
                findings.append("\(index + 1): \(word)")
            }
            for place in workplaces where line.contains(place) {
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

    /// The paths in backquotes that a Markdown file of a folder names: those with a slash, below `Sources`.
    static func paths(markdown: String) -> [String] {
        markdown.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
            .filter { path in
                path.contains("/") && path.first?.isUppercase == true
                    && path.allSatisfy { $0.isLetter || $0.isNumber || "/.+_-".contains($0) }
            }
    }

    /// The words of a line: letters, digits and underscores.
    private static func words(of line: Substring) -> [Substring] {
        line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
