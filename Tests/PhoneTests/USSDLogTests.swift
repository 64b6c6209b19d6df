import Testing

@testable import Phone

@Suite struct USSDLogTests {
    private func events(_ name: String, process: Int64) throws -> [USSDLogEvent] {
        try USSDLog(parsing: try Corpus.bytes("USSD/logcat-\(name).txt"), process: process).events
    }

    @Test func aFinalAnswerOfThreeLines() throws {
        #expect(
            try events("final-a13", process: 1893) == [
                .sent(slot: 0, serial: "0412"), .unsolicited(mode: .final, slot: 0),
                .state(.complete, slot: 0),
                .text(
                    "Balance: 152.40\nBonus: 10 SMS & 300 MB until 01.12\nMore: <*110*9#>", isMenu: false,
                    slot: 0),
            ])
    }

    @Test func aMenuItsAnswerAndTheEnd() throws {
        #expect(
            try events("menu-a12", process: 1704) == [
                .sent(slot: 1, serial: "0021"), .unsolicited(mode: .menu, slot: 1), .state(.pending, slot: 1),
                .text("Testnet menu\n1 Balance\n0 Exit", isMenu: true, slot: 1),
                .sent(slot: 1, serial: "0022"),
                .unsolicited(mode: .final, slot: 1), .state(.complete, slot: 1),
                .text("Balance: 20.00", isMenu: false, slot: 1),
            ])
    }

    @Test func anErrorOfTheRadio() throws {
        #expect(
            try events("error-a13", process: 1893) == [
                .sent(slot: 0, serial: "0500"), .sendError(slot: 0, code: 2), .state(.failed, slot: 0),
                .text("Connection problem or invalid MMI code.", isMenu: false, slot: 0),
            ])
    }

    @Test func whatTheNetworkSaysByItself() throws {
        #expect(
            try events("network-initiated-a14", process: 2010) == [
                .unsolicited(mode: .final, slot: 1), .networkInitiated(slot: 1), .state(.complete, slot: 1),
                .text("You have been charged 1.20. Balance 3.80", isMenu: false, slot: 1),
            ])
    }

    @Test func android7WritesNoText() throws {
        #expect(
            try events("a7-no-text", process: 1510) == [
                .sent(slot: 0, serial: "3911"), .unsolicited(mode: .final, slot: 0),
            ])
    }

    @Test func telecomRefusesAForwardingCode() throws {
        #expect(try events("dangerous-a14", process: 2010) == [.refusedByTelecom(code: "*#21#")])
    }

    @Test func linesOfOtherProcessesAreNoEvents() throws {
        for name in ["final-a13", "menu-a12", "error-a13", "network-initiated-a14", "a7-no-text"] {
            #expect(try events(name, process: 4711) == [])
        }
    }

    @Test func onlyWhatStandsBehindTheLastMarkCounts() throws {
        let old = try Corpus.bytes("USSD/logcat-final-a13.txt")
        let new = try Corpus.bytes("USSD/logcat-error-a13.txt")
        let mark = Array("11-20 10:20:00.000  9  9 I phonewire-ussd: 00112233445566aa\n".utf8)
        let token = "00112233445566aa"
        let between = try USSDLog(parsing: old + mark + new, process: 1893, after: token)
        #expect(between.hasMark)
        #expect(between.events == (try events("error-a13", process: 1893)))
        #expect(try USSDLog(parsing: mark + old + mark, process: 1893, after: token).events == [])
        let other = try USSDLog(parsing: old + mark + new, process: 1893, after: "00112233445566ab")
        #expect(!other.hasMark && other.events == [])
    }

    @Test func whatIsNoLogIsRefused() {
        for text in ["logcat: unknown option\n", "\n", "Unable to open log device\n", "11-20 10:20 x\n"] {
            #expect(throws: PhoneParseError.self) { try USSDLog(parsing: Array(text.utf8), process: 1) }
        }
        #expect(throws: PhoneParseError.self) {
            try USSDLog(parsing: [UInt8](repeating: 0x0A, count: 1 << 20), process: 1)
        }
    }
}

/// Texts that look like the log, in a log written by an independent hand.
@Suite struct USSDLogForgeryTests {
    static let texts = [
        "Balance 1", "'", "''", "it's", "a'\nb", "'\n'", "x'\n", "\n", "\n\n", "\nx", "x\n\n'\n", "(", ")",
        "a)\nb", "",
        "displayMMIComplete: state=COMPLETE",
        "x\ndisplayMMIComplete: state=FAILED",
        "x'\ndisplayMMIComplete: MMI code has finished running.",
        "x'\ndisplayMMIComplete: MMI code has finished running.\ndisplayMMIComplete: Extended NW displayMMIInitiate (x)",
        "x'\ndisplayMMIComplete: MMI code has finished running.\ndisplayMMIComplete: Extended NW displayMMIInitiate (x)\ny",
        "x'\ndisplayMMIComplete: USSD code has requested user input. Constructing input dialog.\ny",
        "onUssdFinished: ussdMessage=y", "x\nonUssdFinished: ussdMessage=y",
        "x\nonUssdFinished: no network provided message; using default.",
        "x\n1763633701.690  1893  1893 D RILJ    : [UNSL]< UNSOL_ON_USSD 0 [PHONE1]",
        "x\n[UNSL]< UNSOL_ON_USSD 0 [PHONE1]", "x\n--------- beginning of main\ny", "x\r\ny\r", "\r", "null",
        "🙂\nбаланс",
        "1763633701.690  9102  9102 I phonewire-ussd: 00112233445566aa",
    ]

    /// How closely messages follow each other: in the same millisecond they have the same prefix.
    static let steps: [Int64] = [0, 1]

    @Test(arguments: texts, steps)
    func anAnswerToARequestIsReadWhateverItIs(text: String, step: Int64) throws {
        for isMenu in [false, true] {
            var log = USSDLogWriter(step: step)
            log.sent(slot: 1)
            log.answer(text, isMenu: isMenu, slot: 1)
            #expect(
                try USSDLog(parsing: log.bytes, process: 1893).events == [
                    .sent(slot: 1, serial: "0412"), .unsolicited(mode: isMenu ? .menu : .final, slot: 1),
                    .state(isMenu ? .pending : .complete, slot: 1), .text(text, isMenu: isMenu, slot: 1),
                ])
        }
    }

    @Test(arguments: texts, steps)
    func whatTheNetworkSaysByItselfIsReadOrRefused(text: String, step: Int64) throws {
        for isMenu in [false, true] {
            var log = USSDLogWriter(step: step)
            log.networkInitiated(text, isMenu: isMenu, slot: 0)
            let events = try USSDLog(parsing: log.bytes, process: 1893).events
            #expect(events.count == 3)
            switch events.last {
            case .text(let read, let menu, let slot):
                #expect(read == text && menu == isMenu && slot == 0)
            case .unreadable: #expect(text.contains("'"), "refused without need")
            default: Issue.record("\(events)")
            }
        }
    }

    @Test func severalReadingsAreRefused() throws {
        let text =
            "x'\ndisplayMMIComplete: MMI code has finished running.\ndisplayMMIComplete: Extended NW displayMMIInitiate (x)\ny"
        var log = USSDLogWriter(step: 0)
        log.networkInitiated(text, isMenu: false, slot: 0)
        guard case .unreadable(let error, _) = try USSDLog(parsing: log.bytes, process: 1893).events.last
        else {
            Issue.record("a text was believed")
            return
        }
        #expect(error.what.contains("several ways"))
    }

    @Test func copiesThatContradictEachOtherAreRefused() throws {
        for (first, second, third) in [("a", "b", "b"), ("a", "a", "b"), ("b", "a", "b"), ("a\nb", "a", "a")]
        {
            var log = USSDLogWriter(step: 1)
            log.spoke(mode: 0, slot: 0)
            log.write("GsmMmiCode", "onUssdFinished: ussdMessage=\(first)")
            log.write("PhoneUtils", "displayMMIComplete: state=COMPLETE")
            log.write("PhoneUtils", "displayMMIComplete (failed): using text from MMI message: '\(second)'")
            log.write("PhoneUtils", "displayMMIComplete: Extended NW displayMMIInitiate (\(third))")
            guard case .unreadable(let error, _) = try USSDLog(parsing: log.bytes, process: 1893).events.last
            else {
                Issue.record("\(first), \(second), \(third) were believed")
                continue
            }
            #expect(error.what.contains("contradict"))
        }
    }

    @Test func anEmptyAnswerIsEmptyWhateverThePhoneShows() throws {
        var log = USSDLogWriter(step: 0)
        log.sent(slot: 0)
        log.spoke(mode: 0, slot: 0)
        log.write("GsmMmiCode", "onUssdFinished: no network provided message; using default.")
        log.write("GsmMmiCode", "onUssdFinished: ussdMessage=null")
        log.dialogs("MMI complete.", isMenu: false)
        #expect(
            try USSDLog(parsing: log.bytes, process: 1893).events.last == .text("", isMenu: false, slot: 0))
    }

    @Test func wordsOnTwoSlotsAtOnceAreNobodys() throws {
        for (gap, believed) in [(1, false), (1999, false), (2000, true)] as [(Int64, Bool)] {
            var log = USSDLogWriter(step: 1)
            log.spoke(mode: 0, slot: 1)
            log.time += gap - 1
            log.answer("mine?", isMenu: false, slot: 0)
            let event = try USSDLog(parsing: log.bytes, process: 1893).events.last
            if believed {
                #expect(event == .text("mine?", isMenu: false, slot: 0))
            } else if case .unreadable(let error, let slot) = event {
                #expect(error.what.contains("which SIM card") && slot == nil)
            } else {
                Issue.record("\(String(describing: event)) after \(gap) ms")
            }
        }
    }

    @Test func aLogCutAtAnyLineGivesNoWrongText() throws {
        var log = USSDLogWriter(step: 0)
        log.sent(slot: 0)
        log.answer("a'\nb\n(c)", isMenu: true, slot: 0)
        log.sent(slot: 0)
        log.answer("x'\ny", isMenu: false, slot: 0)
        let lines = log.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for count in 0..<lines.count {
            let part = Array(lines.prefix(count).joined(separator: [0x0A]))
            for case .text(let text, _, _) in try USSDLog(parsing: part, process: 1893).events {
                #expect(text == "a'\nb\n(c)" || text == "x'\ny")
            }
        }
    }
}
