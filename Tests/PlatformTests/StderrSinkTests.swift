import Base
import Platform
import Synchronization
import Testing

@Suite struct StderrSinkTests {
    /// The line that a record becomes.
    private func line(
        _ level: LogLevel, _ message: String, _ value: String? = nil, journal: Bool = false
    ) -> String {
        let box = Lines()
        let logger = Logger { box.add(StderrSink.text(of: $0, journal: journal)) }
        if let value { logger.log(level, message, ("field", value)) } else { logger.log(level, message) }
        return box.all.joined(separator: "\n")
    }

    @Test func aLineForPeopleAndOneForTheJournal() {
        #expect(line(.error, "it fails") == "error: it fails")
        #expect(line(.warning, "x") == "warning: x")
        #expect(line(.notice, "x") == "info: x")
        #expect(line(.info, "x") == "info: x")
        #expect(line(.debug, "x") == "debug: x")
        #expect(line(.error, "it fails", journal: true) == "<3>it fails")
        #expect(line(.debug, "x", "y", journal: true) == "<7>x field=y")
    }

    @Test(arguments: [
        ("plain", "plain"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
        ("say \"hi\"", #""say \"hi\"""#), (#"a\b"#, #"a\\b"#), ("1\n<3>forged", #"1\n<3>forged"#),
        ("\u{1B}[2J\r\0", #"\u{1b}[2J\u{d}\u{0}"#), ("\u{202E}\u{9B}", #"\u{202e}\u{9b}"#), ("ü👍", "ü👍"),
    ])
    func noValueMakesASecondLineOrDrivesATerminal(value: String, shown: String) {
        #expect(line(.info, "m", value) == "info: m field=" + shown)
    }

    @Test func theMessageIsEscapedToo() {
        #expect(line(.info, "a\n<3>b") == #"info: a\n<3>b"#)
    }
}

/// Lines that were made.
private final class Lines: Sendable {
    private let state = Mutex<[String]>([])
    var all: [String] { state.withLock { $0 } }
    func add(_ line: String) { state.withLock { $0.append(line) } }
}
