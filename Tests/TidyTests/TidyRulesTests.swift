import Testing

@Suite("The tidiness rules themselves")
struct TidyRulesTests {
    @Test(
        "Found",
        arguments: [
            ("import Foundation", "import Foundation"),
            ("@preconcurrency import Foundation", "import Foundation"),
            ("internal import struct Foundation.Data", "import Foundation"),
            ("package import FoundationNetworking", "import FoundationNetworking"),
            ("import Dispatch", "import Dispatch"),
            ("import FoundationEssentials", "import FoundationEssentials"), ("    print(x)", "print("),
            ("debugPrint(x)", "debugPrint("), ("let x = try! y()", "try!"), ("Task { await x() }", "Task {"),
            ("_ = Task.detached { }", "Task.detached"), ("Task(priority: .high) { }", "Task("),
        ])
    func found(line: String, finding: String) {
        #expect(TidyRules.findings(source: line, target: "ADB") == ["1: " + finding])
    }

    @Test(
        "Allowed",
        arguments: [
            ("import FoundationEssentials", "Store"), ("print(x)", "CLI"), ("Task { }", "phonewire"),
            ("blueprint(x)", "ADB"), ("stream.print(x)", "ADB"), ("func print(x: Int) { }", "ADB"),
            ("let x = MyTask { }", "ADB"), ("try x()", "ADB"), ("import Foundations", "ADB"),
            ("Task.isCancelled", "ADB"), ("    /// uses try! and Task { }", "ADB"),
            ("try await Task.sleep(for: x)", "ADB"), ("let t: Task<Void, Never>?", "ADB"),
        ])
    func allowed(line: String, target: String) {
        #expect(TidyRules.findings(source: line, target: target) == [])
    }

    @Test("Texts and titles")
    func texts() {
        for word in TidyRules.unfinished {
            #expect(TidyRules.findings(text: "// \(word): later") == ["1: \(word)"])
        }
        for place in TidyRules.workplaces {
            #expect(TidyRules.findings(text: "a\nsee \(place)x") == ["2: a path of one machine"])
        }
        #expect(TidyRules.findings(text: "a method, a network/path") == [])
        #expect(TidyRules.findings(markdown: "# A\n\n## B\n```\n# comment\n```\n") == [])
        #expect(
            TidyRules.findings(markdown: "# A\n# B\n") == ["titles on lines [1, 2] instead of line 1 alone"])
        #expect(TidyRules.findings(markdown: "A\n") == ["titles on lines [] instead of line 1 alone"])
    }

    @Test("Paths that a map names")
    func paths() {
        let text =
            "`Store/Tables/Events.swift` and `Daemon/Phones/`, not `a/b`, `GET /x`, `Events` or `Store/…`"
        #expect(TidyRules.paths(markdown: text) == ["Store/Tables/Events.swift", "Daemon/Phones/"])
    }
}
