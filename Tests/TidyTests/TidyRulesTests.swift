import Testing

@Suite("The tidiness rules themselves")
struct TidyRulesTests {
    @Test("Comments and literals are not code; code inside a literal is")
    func blanking() {
        let source = ##"""
            let a = "try!" // print(
            /* Task { /* nested */ try! */ let b = 1
            let c = "x \(d { "}" }) y"
            let e = #"\(no) "quoted" \#(yes)"#
            """##
        let lines = SwiftCode(source).lines.map { $0.filter { $0 != " " } }
        #expect(lines == ["leta=", "letb=1", "letc=(d{})", "lete=(yes)"])
    }

    @Test("A literal of several lines keeps the lines and hides its braces")
    func longLiterals() {
        let source = "func f() {\n    let a = \"\"\"\n        { \\(b) \"\n        \"\"\"\n}\nlet c = 1\n"
        #expect(SwiftCode(source).lines.count == 7)
        #expect(FunctionLengths(SwiftCode(source)).functions.map(\.lines) == [5])
    }

    @Test("Functions are measured from keyword to closing brace; declarations and calls are not functions")
    func functions() {
        let source = """
            protocol P { func declared() -> Int }
            protocol Q {
                func alsoDeclared()
                init(x: Int)
            }
            struct S {
                init(a: () -> Void = { }) {
                    self.init()
                }
                func long(
                    b: Int
                )
                    async throws -> Int
                {
                    if b { c }
                }
            }
            """
        let found = FunctionLengths(SwiftCode(source)).functions
        #expect(found.map(\.line) == [7, 10])
        #expect(found.map(\.lines) == [3, 7])
    }

    @Test("Sizes")
    func sizes() {
        let body = String(repeating: "    a()\n", count: 69)
        #expect(
            TidyRules.findings(source: "func f() {\n" + body + "}\n", target: "ADB") == [
                "1: 71 lines in a function"
            ])
        #expect(TidyRules.findings(source: "func f() {\n" + body.dropFirst(8) + "}\n", target: "ADB") == [])
        #expect(TidyRules.findings(source: String(repeating: "\n", count: 400), target: "ADB") == [])
        #expect(
            TidyRules.findings(source: String(repeating: "\n", count: 401), target: "ADB") == [
                "1: 401 lines in a file"
            ])
    }

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
            ("let t: Task<Void, Never> = Task<Void, Never> { }", "Task<"),
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
            ("Task.isCancelled", "ADB"),
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
}
