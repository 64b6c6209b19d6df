import Testing

@testable import VirtualPhone

/// A phone with a clock that stands, and a host that runs one command after the other.
final class PhoneUser {
    static let dial =
        "am start -a android.intent.action.CALL -n com.android.server.telecom/.components.UserCallActivity"
    let clock = TestClock(1_760_000_000_123)
    let host: TestHost
    private var lastID: UInt32 = 0
    var phone: VirtualPhone { host.phone }

    init(release: Int = 14, _ change: (inout VirtualPhoneSetup) -> Void = { _ in }) throws {
        var setup = VirtualPhoneSetup()
        setup.androidRelease = release
        setup.clock = { [clock] in clock.now }
        change(&setup)
        host = TestHost(VirtualPhone(setup: setup))
        try host.connect()
    }

    func run(_ command: String) throws -> TestHost.Result {
        lastID += 1
        return try host.run(command, id: lastID)
    }

    /// What a command prints on its normal output.
    func out(_ command: String) throws -> String { try run(command).out }

    /// Dials a code as the shell does, `#` as `%23`.
    func dial(_ code: String) throws {
        _ = try run("\(Self.dial) -d 'tel:\(code.replacing("#", with: "%23"))'")
    }

    /// The log, as `Transcript` compares it.
    func log(_ buffers: String = "-b main -b radio") throws -> [String] {
        Transcript.lines(try out("logcat -d \(buffers) -v threadtime"))
    }

    /// The focus lines of `dumpsys window`.
    func focus() throws -> [String] { Transcript.focus(try out("dumpsys window")) }
}

/// Log lines and dumps without what differs between two phones.
enum Transcript {
    /// Log lines without time and process, but with whether the line is of another thread than the process's first; RIL
    /// serials counted from 1 in their order; the identities of windows and activities left out.
    static func lines(_ log: String) -> [String] {
        var serials: [Substring] = []
        return log.split(separator: "\n").map { line in
            guard !line.hasPrefix("---------") else { return String(line) }
            let columns = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: true)
            var text = columns[4]
            if let range = text.firstRange(of: #/\[\d{4}\][<>]/#) {
                let serial = text[range].dropFirst().prefix(4)
                if !serials.contains(serial) { serials.append(serial) }
                text.replaceSubrange(
                    range, with: "[\((serials.firstIndex(of: serial) ?? -1) + 1)]\(text[range].suffix(1))")
            }
            return (columns[2] == columns[3] ? "" : "other thread ") + text
        }
    }

    /// Event lines: tokens, tasks and hashes numbered in their order.
    static func events(_ log: String) -> [String] {
        var names: [Substring] = []
        return log.split(separator: "\n").filter { !$0.hasPrefix("---------") }.map { line in
            let text = String(line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: true)[4])
            return text.replacing(#/[\w.\/]+/#) { match in
                let word = match.output
                guard word.wholeMatch(of: #/\d{2,9}|[0-9a-f]{7}/#) != nil else { return String(word) }
                if !names.contains(word) { names.append(word) }
                return "#\(names.firstIndex(of: word) ?? -1)"
            }
        }
    }

    /// `mCurrentFocus` and `mFocusedApp` without hashes and task numbers.
    static func focus(_ dump: String) -> [String] {
        dump.split(separator: "\n").filter { $0.contains("mCurrentFocus=") || $0.contains("mFocusedApp=") }
            .map {
                String($0).replacing(#/\{[0-9a-f]{7} /#, with: "{").replacing(#/ t\d+\}/#, with: "}")
            }
    }

    /// The lines of `run` that `expected` does not have; nil when `expected` is not part of `run` in this order.
    static func left(_ run: [String], without expected: [String]) -> [String]? {
        var rest = expected[...]
        var left: [String] = []
        for line in run {
            if line == rest.first { rest.removeFirst() } else { left.append(line) }
        }
        return rest.isEmpty ? left : nil
    }
}
