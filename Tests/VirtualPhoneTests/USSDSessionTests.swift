import Testing

@testable import VirtualPhone

/// Sessions on the phone and what they leave in its log.
@Suite struct USSDSessionTests {
    private static let balance = "Balance: 152.40\nBonus: 10 SMS & 300 MB until 01.12\nMore: <*110*9#>"

    /// What the corpus leaves out of the running part of a session that logcat-final-a13 has.
    private func beginning(_ sc: String, slot: Int) -> [String] {
        let mmi = "GsmMmiCode {State=PENDING action=* sc=\(sc) poundString=[****]}"
        return [
            "D GsmCdmaPhone: [\(slot)] dialInternal: dialing w/ mmi '\(mmi)'...",
            "D MMIDialogActivity: onCreate; registering for mmi complete.",
            "D MMIDialogActivity: showMMIDialog: mmiCode = \(mmi)",
            "D PhoneUtils: displayMMIInitiate: [****]",
            "D PhoneUtils: displayMMIInitiate: running USSD code, displaying intermediate progress.",
        ]
    }

    private func end(_ mmi: String) -> [String] {
        [
            "D MMIDialogActivity: onMMIComplete: mmi=\(mmi)",
            "D MMIDialogActivity: onMMIComplete: Got MMI_COMPLETE, finishing dialog activity...",
            "V MMIDialogActivity: dismissDialogsAndFinish",
        ]
    }

    @Test func final13() throws {
        let user = try PhoneUser(release: 13)
        user.phone.setUSSDNetwork { slot, text in
            slot == 0 && text == "*143#" ? .final(Self.balance, afterMilliseconds: 3500) : .silence
        }
        _ = try user.run("log -p d -t USSDMARK 7c1f begin")
        try user.dial("*143#")
        let before = try user.log()
        #expect(before.last == "other thread D RILJ    : [1]< SEND_USSD  [PHONE0]")
        user.clock.advance(3500)
        #expect(try user.log() == Transcript.lines(Fixtures.ussd("logcat-final-a13.txt")))
        #expect(user.phone.dialled == [VirtualDial(slot: 0, code: "*143#")])
        #expect(user.phone.ussdResultOnScreen == Self.balance)
    }

    @Test func menu12() throws {
        let user = try PhoneUser(release: 12)
        user.phone.setVoiceSubscription(3)
        user.phone.setUSSDNetwork { _, text in
            text == "*100#"
                ? .menu("Testnet menu\n1 Balance\n0 Exit", afterMilliseconds: 2500)
                : .final("Balance: 20.00", afterMilliseconds: 2000)
        }
        try user.dial("*100#")
        user.clock.advance(2500)
        _ = try user.run("input keyevent 4")
        #expect(user.phone.showsUSSDDialog, "a menu ignores BACK")
        _ = try user.run("input text '1'")
        _ = try user.run("input keyevent 66")
        user.clock.advance(2000)
        let run = try user.log().filter { !$0.hasPrefix("---------") }
        let left = Transcript.left(run, without: Transcript.lines(try Fixtures.ussd("logcat-menu-a12.txt")))
        #expect(
            left == beginning("100", slot: 1) + [
                "I GsmCdmaPhone: onMMIDone: notifying registrants: GsmMmiCode {State=COMPLETE}"
            ] + end("GsmMmiCode {State=COMPLETE}"))
        #expect(user.phone.typed == ["1"])
        #expect(user.phone.dialled == [VirtualDial(slot: 1, code: "*100#")])
        #expect(user.phone.ussdResultOnScreen == "Balance: 20.00")
    }

    @Test func error13() throws {
        let user = try PhoneUser(release: 13)
        try user.dial("*999#")
        let run = try user.log().filter { !$0.hasPrefix("---------") }
        let left = Transcript.left(run, without: Transcript.lines(try Fixtures.ussd("logcat-error-a13.txt")))
        #expect(
            left == beginning("999", slot: 0)
                + end("GsmMmiCode {State=FAILED action=* sc=999 poundString=[****]}"))
        #expect(user.phone.ussdResultOnScreen == "Connection problem or invalid MMI code.")
    }

    @Test func networkInitiated14() throws {
        let user = try PhoneUser(release: 14)
        user.phone.pushUSSD(slot: 1, text: "You have been charged 1.20. Balance 3.80")
        let expected = Transcript.lines(try Fixtures.ussd("logcat-network-initiated-a14.txt"))
        #expect(try user.log().filter { !$0.hasPrefix("---------") } == expected)
        user.phone.pushUSSD(slot: 1, text: "")
        #expect(
            try user.log().suffix(1) == ["other thread D RILJ    : [UNSL]< UNSOL_ON_USSD 0 [PHONE1]"],
            "an empty text is not shown")
    }

    @Test func noTextOn7() throws {
        let user = try PhoneUser(release: 7)
        user.phone.setUSSDNetwork { _, _ in .final("secret") }
        try user.dial("*143#")
        let run = try user.log().filter { !$0.hasPrefix("---------") }
        #expect(
            Transcript.left(run, without: Transcript.lines(try Fixtures.ussd("logcat-a7-no-text.txt"))) != nil
        )
        #expect(!run.contains { $0.contains("secret") })
    }

    @Test(arguments: [8, 9, 10, 11, 12, 13, 14, 15, 16])
    func eachVersionHasItsForm(_ release: Int) throws {
        let user = try PhoneUser(release: release)
        user.phone.setVoiceSubscription(3)
        user.phone.setUSSDNetwork { _, _ in .final("two\nlines") }
        try user.dial("*100#")
        let run = try user.log("-b radio -b main")
        let place = release >= 11 ? "PHONE1" : "SUB1"
        let prefix = release == 8 ? "[GsmCdmaPhone]" : "[1]"
        for line in [
            "D GsmCdmaPhone: \(prefix) dialInternal: dialing w/ mmi 'GsmMmiCode {State=PENDING action=* sc=100 poundString=[****]}'...",
            "D RILJ    : [1]> SEND_USSD ussd = ******* [\(place)]",
            "other thread D RILJ    : [1]< SEND_USSD  [\(place)]",
            "other thread D RILJ    : [UNSL]< UNSOL_ON_USSD 0 [\(place)]",
            "D GsmMmiCode: onUssdFinished: ussdMessage=two", "D GsmMmiCode: lines",
            "D PhoneUtils: displayMMIComplete (failed): using text from MMI message: 'two",
            "D PhoneUtils: lines'",
        ] {
            #expect(run.contains(line), "\(line) in \(run)")
        }
    }

    @Test func events12() throws {
        let user = try PhoneUser(release: 12)
        user.phone.setUSSDNetwork { _, _ in .final("x", afterMilliseconds: 1) }
        try user.dial("*143#")
        user.clock.advance(1)
        let run = Transcript.events(try user.out("logcat -d -b events -v threadtime"))
        #expect(run == Transcript.events(try Fixtures.ussd("logcat-events-a12.txt")))
    }

    @Test func events9And14() throws {
        let old = try PhoneUser(release: 9)
        old.phone.setUSSDNetwork { _, _ in .final("x") }
        try old.dial("*143#")
        let run = Transcript.events(try old.out("logcat -d -b events -v threadtime"))
        #expect(run.first?.contains("am_create_activity: [0,#0,#1,com.android.server.telecom/") == true)
        let expected = Transcript.events(try Fixtures.ussd("logcat-events-a9.txt"))
        let text = { (lines: [String]) in lines.map { $0.replacing(#/\#\d+/#, with: "#") } }
        #expect(text(Array(run.dropFirst())) == text(expected))
        let new = try PhoneUser(release: 14)
        try new.dial("*143#")
        #expect(
            try new.out("logcat -d -b events -v threadtime").contains(
                ",com.android.phone.MMIDialogActivity,RESUME_ACTIVITY,0]\n"))
    }

    @Test func timesAreWhenItHappened() throws {
        let user = try PhoneUser()
        user.phone.setUSSDNetwork { _, _ in .final("late", afterMilliseconds: 2000) }
        try user.dial("*100#")
        user.clock.advance(1999)
        #expect(try !user.out("logcat -d -b radio").contains("UNSOL_ON_USSD"))
        user.clock.advance(5001)
        _ = try user.run("log -p i -t after here")
        let log = try user.out("logcat -d -b main -b radio -v epoch -s RILJ:D after:I")
        let times = log.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first.flatMap { Double($0) }
        }
        #expect(times == [1_760_000_000.123, 1_760_000_000.123, 1_760_000_002.123, 1_760_000_007.123])
    }

    @Test func aggregationIsOnTheScreenOnly() throws {
        let user = try PhoneUser()
        user.phone.setUSSDNetwork { _, text in .final(text == "*1#" ? "one" : "two") }
        try user.dial("*1#")
        try user.dial("*2#")
        #expect(user.phone.ussdResultOnScreen == "two\n----------\none")
        #expect(try user.log().contains { $0.hasSuffix("using text from MMI message: 'two'") })
        _ = try user.run("input keyevent 4")
        #expect(user.phone.ussdResultOnScreen == "one", "from 11 on dialogs also lie above each other")
        _ = try user.run("input keyevent 4")
        #expect(!user.phone.showsUSSDDialog)
    }

    @Test func anAnswerTakesWhatComesOnItsSlot() throws {
        let user = try PhoneUser()
        user.phone.setUSSDNetwork { _, _ in .silence }
        try user.dial("*100#")
        user.phone.pushUSSD(slot: 1, text: "other slot")
        #expect(
            try user.log().contains("V GsmCdmaPhone: onNetworkInitiatedUssd: mmi=GsmMmiCode {State=COMPLETE}")
        )
        user.phone.pushUSSD(slot: 0, text: "taken for the answer")
        #expect(try user.log().contains("D GsmMmiCode: onUssdFinished: ussdMessage=taken for the answer"))
        let empty = try PhoneUser()
        empty.phone.setUSSDNetwork { _, _ in .final("") }
        try empty.dial("*100#")
        #expect(empty.phone.ussdResultOnScreen == "MMI complete.")
    }

    @Test func typingNeedsTheMenuAndNoKeyguard() throws {
        let user = try PhoneUser()
        user.phone.setUSSDNetwork { _, text in text == "*100#" ? .menu("1 a") : .final("done") }
        _ = try user.run("input text '7'")
        try user.dial("*100#")
        user.phone.setKeyguard(true)
        _ = try user.run("input text '1'; input keyevent 66")
        #expect(user.phone.typedAtKeyguard == ["1", "\n"])
        #expect((user.phone.typed, user.phone.typedElsewhere) == ([], ["7"]))
        user.phone.setKeyguard(false)
        _ = try user.run("input text 'a%sb'; input keyevent KEYCODE_ENTER")
        #expect(user.phone.typed == ["a b"])
        #expect(user.phone.ussdResultOnScreen == "done")
        #expect(user.phone.dialled.count == 1)
    }

    @Test func sessionsWithoutAText() throws {
        let user = try PhoneUser(release: 13)
        user.phone.setUSSDNetwork { _, text in .ended(mode: text == "*1#" ? 2 : 5) }
        try user.dial("*100#")
        #expect(try user.log().contains("D GsmMmiCode: onUssdFinishedError"))
        #expect(user.phone.ussdResultOnScreen == "Connection problem or invalid MMI code.")
        user.phone.closeUSSDDialogs()
        try user.dial("*1#")
        let log = try user.log()
        #expect(log.contains("other thread D RILJ    : [UNSL]< UNSOL_ON_USSD 2 [PHONE0]"))
        #expect(log.contains("D GsmMmiCode: onUssdRelease"))
        #expect(log.contains("D PhoneUtils: displayMMIComplete: Extended NW displayMMIInitiate (null)"))
        #expect(!user.phone.showsUSSDDialog)
    }

    @Test func theUserCancelsAMenu() throws {
        let user = try PhoneUser(release: 13)
        user.phone.setUSSDNetwork { _, _ in .menu("1 a") }
        try user.dial("*100#")
        user.phone.closeUSSDDialogs()
        #expect(!user.phone.showsUSSDDialog)
        #expect(try user.focus()[1].contains("launcher"), "the spinner is gone too")
        #expect(
            try user.log("-b main -b radio").filter { !$0.hasPrefix("---------") }.suffix(9).map {
                String($0)
            } == [
                "D RILJ    : [2]> CANCEL_USSD [PHONE0]",
                "other thread D RILJ    : [2]< CANCEL_USSD  [PHONE0]",
                "I GsmCdmaPhone: onMMIDone: notifying registrants: GsmMmiCode {State=CANCELLED}",
                "D PhoneUtils: displayMMIComplete: state=CANCELLED",
                "D PhoneUtils: displayMMIComplete: MMI code has finished running.",
                "D PhoneUtils: displayMMIComplete: Extended NW displayMMIInitiate (null)",
            ] + end("GsmMmiCode {State=CANCELLED}"))
    }

    @Test func nothingGrowsWithoutEnd() throws {
        let user = try PhoneUser()
        user.phone.setUSSDNetwork { _, text in
            text == "*1#" ? .final("x", afterMilliseconds: .max) : text == "*2#" ? .menu("?") : .silence
        }
        for _ in 0..<300 {
            try user.dial("*1#")
            try user.dial("*3#")
            user.phone.pushUSSD(slot: 1, text: "pushed")
        }
        user.phone.change { state in
            let telephony = state.core.android.telephony
            #expect(telephony.pending.count == Telephony.waitingMax)
            #expect(telephony.arrivals.count == Telephony.waitingMax)
            #expect(telephony.screen.windows.count == PhoneScreen.windowsMax)
        }
        user.phone.closeUSSDDialogs()
        let menu = try PhoneUser()
        menu.phone.setUSSDNetwork { _, text in text == "*2#" ? .menu("?") : .final("\(text.utf8.count)") }
        try menu.dial("*2#")
        for _ in 0..<50 { _ = try menu.run("input text \(String(repeating: "1", count: 100))") }
        _ = try menu.run("input keyevent 66")
        #expect(menu.phone.ussdResultOnScreen == "4096")
    }

    @Test func aBootEndsSessions() throws {
        let user = try PhoneUser()
        user.phone.setUSSDNetwork { _, _ in .final("never seen", afterMilliseconds: 1000) }
        let process = try user.out("pidof com.android.phone")
        try user.dial("*100#")
        user.phone.reboot()
        let again = TestHost(user.phone)
        try again.connect()
        user.clock.advance(2000)
        #expect(try again.run("logcat -d -b radio -b main", id: 1).out.isEmpty)
        #expect(try again.run("pidof com.android.phone", id: 2).out != process)
    }
}
