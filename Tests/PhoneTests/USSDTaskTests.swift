import Base
import Events
import Testing

@testable import Phone

/// Whole runs: what is done on the phone, what is recorded, what the asker is told.
@Suite struct USSDTaskTests {
    typealias Phone = USSDScriptedPhone

    private func failed(_ session: USSDSession, _ part: String, location: SourceLocation = #_sourceLocation) {
        guard case .failed(let text) = session.outcomes.first, session.outcomes.count == 1 else {
            Issue.record("\(session.outcomes) instead of a failure", sourceLocation: location)
            return
        }
        #expect(text.contains(part), sourceLocation: location)
        #expect(session.observations == [], sourceLocation: location)
        #expect(session.phone.dialled.count == 1, sourceLocation: location)
    }

    private func refused(_ session: USSDSession, _ part: String, location: SourceLocation = #_sourceLocation)
    {
        guard case .refused(let text) = session.outcomes.first, session.outcomes.count == 1 else {
            Issue.record("\(session.outcomes) instead of a refusal", sourceLocation: location)
            return
        }
        #expect(text.contains(part), sourceLocation: location)
        #expect(session.observations == [] && session.phone.dialled == [], sourceLocation: location)
    }

    @Test func anAnswerOnTheOtherSIM() {
        let session = USSDSession.run(Phone())
        #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
        #expect(
            session.steps == [
                "pidof", "dumpsys telephony.registry", "dumpsys window", "settings", "log", "logcat",
                "telecom",
                "settings", "am", "logcat", "telecom", "settings", "dumpsys window", "input keyevent 4",
            ])
        #expect(session.phone.dialled == ["tel:*143%23"])
        #expect(session.phone.setting == "4")
        #expect(session.problems == [])
        let event = session.observations.first
        #expect(session.observations.count == 1)
        #expect(event?.content == EventContent(USSDAnswer(code: "*143#", response: "Balance: 20.00")))
        #expect(event?.slot == 1 && event?.subscription == 1 && event?.iccid == "899980100")
        #expect(event?.key.bytes == Array("00112233445566aa/1".utf8))
        #expect((event?.receivedAt?.milliseconds ?? 0) > 1_763_633_701_000)
        #expect(session.cursor == Array("1 - -".utf8))
    }

    @Test func theCommandsAreExactlyThese() throws {
        let session = USSDSession.run(Phone())
        let account = "com.android.phone/com.android.services.telephony.TelephonyConnectionService"
        let set = "telecom set-user-selected-outgoing-phone-account"
        #expect(session.commands.contains("\(set) \(account) 1 0"))
        #expect(session.commands.contains("\(set) \(account) 4 0"))
        #expect(session.commands.contains("log -p i -t phonewire-ussd 00112233445566aa"))
        #expect(
            session.commands.contains(
                "logcat -d -b main -b system -b radio -v epoch -T 1763633696.000 -s phonewire-ussd:I RILJ:D PhoneUtils:D "
                    + "GsmMmiCode:D Telecom:W"))
        #expect(
            session.commands.contains(
                "am start -a android.intent.action.CALL -n com.android.server.telecom/.components.UserCallActivity "
                    + "-d 'tel:*143%23'"))
    }

    @Test func theRightSIMIsNotTouched() {
        for (phone, sims) in [
            (Phone(), [Phone.sims[1]]), (Phone(), Phone.sims),
        ] {
            let session = USSDSession.run(phone, slot: 2, sims: sims)
            #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 2)])
            #expect(!session.steps.contains("telecom"))
        }
    }

    @Test func askEveryTimeIsPutBack() {
        var phone = Phone()
        phone.setting = "null"
        let session = USSDSession.run(phone)
        #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
        #expect(session.phone.setting == "-1")
        #expect(session.commands.contains("telecom set-user-selected-outgoing-phone-account"))
    }

    @Test(arguments: [30, 31, 32])
    func android11And12ChooseByNumber(apiLevel: Int) {
        for setting in ["4", "-1"] {
            var phone = Phone()
            phone.apiLevel = apiLevel
            phone.setting = setting
            let session = USSDSession.run(phone)
            #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
            #expect(session.commands.contains("service call isub 35 i32 1"))
            #expect(session.commands.contains("service call isub 35 i32 \(setting)"))
            #expect(session.phone.setting == setting)
        }
    }

    @Test(arguments: [26, 29])
    func android8To10ChooseByCardNumber(apiLevel: Int) {
        var phone = Phone()
        phone.apiLevel = apiLevel
        let session = USSDSession.run(phone)
        #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
        #expect(session.commands.contains { $0.hasSuffix("Service 89998010000123456789 0") })
        #expect(session.commands.contains { $0.hasSuffix("Service 8999802000098765432F 0") })
        #expect(session.phone.setting == "4")
        phone.telecomListsTheCommand = false
        refused(USSDSession.run(phone), "no command to choose the SIM")
    }

    @Test func aMenuIsAnsweredAndOnlyTheLastTextIsAnEvent() {
        var phone = Phone()
        phone.network = [.menu("1 Balance\n0 Exit"), .menu("PIN?"), .final("Balance: 5")]
        let session = USSDSession.run(phone, answers: ["1", "4711"])
        #expect(session.outcomes == [.answered(text: "Balance: 5", isMenu: false, slot: 1)])
        #expect(session.phone.typed == ["1", "4711"])
        #expect(session.phone.keys == ["'1'", "66", "'4711'", "66", "4"])
        #expect(session.observations.map(\.key.bytes) == [Array("00112233445566aa/3".utf8)])
        #expect(session.phone.setting == "4")
    }

    @Test func aMenuWithoutAnAnswerLeftIsTheAnswer() {
        var phone = Phone()
        phone.network = [.menu("1 Balance"), .menu("2 More")]
        var session = USSDSession.run(phone)
        #expect(session.outcomes == [.answered(text: "1 Balance", isMenu: true, slot: 1)])
        #expect(session.phone.keys == [])
        session = USSDSession.run(phone, answers: ["1"])
        #expect(session.outcomes == [.answered(text: "2 More", isMenu: true, slot: 1)])
        #expect(
            session.observations.map(\.content) == [
                EventContent(USSDAnswer(code: "*143#", response: "2 More"))
            ])
    }

    @Test func aLateAnswerIsWaitedFor() {
        var phone = Phone()
        phone.delay = 40_000
        let session = USSDSession.run(phone)
        #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
        // The setting is back long before.
        let back = session.commands.lastIndex { $0.hasPrefix("telecom") } ?? .max
        #expect(session.commands[back...].filter { $0.hasPrefix("logcat") }.count > 50)
    }

    @Test func aTextThatLooksLikeTheLogIsOneEvent() {
        let text =
            "x'\ndisplayMMIComplete: state=FAILED\n1763633701.7 1893 1893 D RILJ: [UNSL]< UNSOL_ON_USSD 5 [PHONE0]"
        var phone = Phone()
        phone.network = [.final(text)]
        let session = USSDSession.run(phone)
        #expect(
            session.observations.map(\.content) == [EventContent(USSDAnswer(code: "*143#", response: text))])
    }

    @Test func withTheKeyguardUpOnlyTypingIsRefused() {
        for focus in ["NotificationShade", "StatusBar"] {
            var phone = Phone()
            phone.focus = focus
            refused(USSDSession.run(phone, answers: ["1"]), "locked")
            #expect(
                USSDSession.run(phone).outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)]
            )
        }
    }

    @Test func aKeyguardThatComesUpBeforeTypingGetsNoKey() {
        var phone = Phone()
        phone.network = [.menu("PIN?"), .final("no")]
        phone.locksAtMenu = true
        let session = USSDSession.run(phone, answers: ["4711"])
        failed(session, "before a key was sent")
        #expect(session.phone.keys == [] && session.phone.setting == "4")
    }

    @Test func noMenuAnswerIsEverRepeated() {
        let secret = "47114711"
        for text in ["", "java.lang.SecurityException: 47114711 INJECT_EVENTS", "Error: 47114711"] {
            for hangs in [nil, "input text", "input keyevent"] as [String?] {
                var phone = Phone()
                phone.network = [.menu("PIN?"), .mmiError]
                phone.inputText = text
                let session = USSDSession.run(phone, answers: [secret], hangs: hangs)
                #expect(!"\(session.outcomes) \(session.problems)".contains(secret))
                #expect(!String(decoding: session.cursor ?? [], as: UTF8.self).contains(secret))
                if case .answered = session.outcomes.first { Issue.record("\(session.outcomes)") }
                #expect(session.phone.typed.count <= 1)
            }
        }
    }

    @Test func deniedKeysAreExplained() throws {
        for name in ["input-denied-a10", "input-denied-a13"] {
            var phone = Phone()
            phone.network = [.menu("1 Balance")]
            phone.inputText = String(decoding: try Corpus.bytes("USSD/\(name).txt"), as: UTF8.self)
            failed(USSDSession.run(phone, answers: ["1"]), "Security settings")
        }
    }

    @Test func phonesThatAreBusyAreRefused() {
        var phone = Phone()
        phone.callState = 2
        refused(USSDSession.run(phone), "a call is up")
        phone = Phone()
        phone.focus = "com.android.phone/com.android.phone.MMIDialogActivity"
        refused(USSDSession.run(phone), "another USSD code is running")
        phone.focus = "com.android.phone"
        let closed = USSDSession.run(phone)
        #expect(closed.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
        #expect(closed.phone.keys == ["4", "4"])
        phone.backCloses = false
        let open = USSDSession.run(phone)
        refused(open, "stands open")
        #expect(open.phone.keys == ["4", "4", "4"])
    }

    @Test func requestsThatCannotBeDoneTouchNothing() {
        for (code, slot, answers, why) in [
            ("*143", 1, [], "does not end"), ("*21*1#", 1, [], "forwarding"), ("*143#", 3, [], "slot 3"),
            ("*143#", 1, ["a"], "menu answer 1"),
        ] as [(String, Int, [String], String)] {
            let session = USSDSession.run(Phone(), code: code, slot: slot, answers: answers)
            refused(session, why)
            #expect(session.commands == [] && session.cursor == nil)
        }
        var phone = Phone()
        phone.apiLevel = 25
        refused(USSDSession.run(phone), "Android 8")
    }

    @Test func strangeSettingsAreRefused() {
        for setting in ["one", "9", "java.lang.X"] {
            var phone = Phone()
            phone.setting = setting
            let session = USSDSession.run(phone)
            refused(session, "SIM for calls")
            #expect(session.phone.setting == setting && !session.steps.contains("telecom"))
        }
    }

    @Test func aTelecomThatOnlySaysSoIsRefusedBeforeDialling() {
        var phone = Phone()
        phone.telecomIgnores = true
        let session = USSDSession.run(phone)
        refused(session, "it did not")
        #expect(session.phone.setting == "4")
        #expect(session.cursor == Array("1 - -".utf8))
    }

    @Test func aLogThatCannotBeReadIsRefused() {
        var phone = Phone()
        phone.logIsEmpty = true
        refused(USSDSession.run(phone), "log cannot be read")
    }

    @Test func theWrongSlotIsNoEvent() {
        var phone = Phone()
        phone.routesTo = 1
        let session = USSDSession.run(phone)
        failed(session, "on SIM slot 2 instead of 1")
        #expect(session.phone.setting == "4")
    }

    @Test(arguments: [
        ("sendError", "radio error 2"), ("mmiError", "says that it failed"), ("mode2", "without a text"),
        ("mode3", "another program"), ("mode4", "does not support"), ("mode5", "time for it ran out"),
        ("silence", "did not answer in time"), ("textless", "does not hold the text"),
        ("contradiction", "contradict each other"), ("nothing", "did not send the code within 10 seconds"),
    ])
    func runsThatFail(how: String, why: String) {
        for setting in ["4", "-1"] {
            var phone = Phone()
            phone.setting = setting
            switch how {
            case "sendError": phone.network = [.radioError]
            case "mmiError": phone.network = [.mmiError]
            case "silence": phone.network = [.silence]
            case "textless": phone.network = [.textless]
            case "contradiction": phone.network = [.contradiction]
            case "nothing": phone.sendsNothing = true
            default: phone.network = [.mode(Int(how.suffix(1)) ?? 0)]
            }
            let session = USSDSession.run(phone)
            failed(session, why)
            #expect(session.phone.setting == setting)
            #expect(session.cursor == Array("1 - -".utf8))
        }
    }

    @Test func aStartThatIsRefusedIsNotWaitedFor() {
        var phone = Phone()
        phone.startText = "Starting: Intent { }\nError: Activity not started, unable to resolve Intent { }\n"
        let session = USSDSession.run(phone)
        guard case .failed(let why) = session.outcomes.first else {
            Issue.record("\(session.outcomes)")
            return
        }
        #expect(why.contains("unable to resolve") && session.phone.setting == "4")
    }

    @Test func somebodyElsesRequestAtTheSameTimeIsNotOurs() {
        var session = USSDSession()
        session.phone.delay = 5000
        session.ask()
        while session.phone.dialled.isEmpty { guard session.step() else { break } }
        session.phone.writesAnotherRequest(slot: 0)
        session.finish()
        failed(session, "at the same time")
    }

    @Test func aSecondRequestIsRefused() {
        var session = USSDSession()
        session.phone.delay = 5000
        session.ask()
        for _ in 0..<12 { _ = session.step() }
        session.task.asked(
            USSDRequest(token: "ffffffffffffffff", code: "*100#", slot: 2), now: session.now)
        session.finish()
        #expect(session.outcomes.count == 2)
        guard case .refused(let why) = session.outcomes.first else {
            Issue.record("\(session.outcomes)")
            return
        }
        #expect(why.contains("under way") && session.phone.dialled == ["tel:*143%23"])
    }

    @Test(arguments: [
        "pidof", "dumpsys telephony", "dumpsys window", "settings", "log -p", "logcat", "telecom set",
        "am start",
        "input",
    ])
    func aCommandThatDoesNotEndEndsTheRun(command: String) {
        var phone = Phone()
        phone.network = [.menu("1 Balance"), .final("5")]
        var session = USSDSession(phone)
        session.hangs = command
        session.ask(answers: ["1"])
        for _ in 0..<3000 where session.outcomes.isEmpty { _ = session.step() }
        #expect(session.outcomes.count == 1)
        if case .answered = session.outcomes.first { Issue.record("\(command): \(session.outcomes)") }
        // Whatever was changed is put back when the phone answers again.
        session.hangs = nil
        session.finish()
        #expect(session.phone.setting == "4")
        #expect(session.phone.dialled.count <= 1)
    }

    @Test func aSettingThatDoesNotGoBackIsSaidOnceAndTriedAgain() {
        var phone = Phone()
        phone.delay = 1000
        var session = USSDSession(phone)
        session.ask()
        while session.phone.dialled.isEmpty { guard session.step() else { break } }
        session.phone.telecomIgnores = true
        for _ in 0..<400 { _ = session.step() }
        #expect(session.outcomes == [.answered(text: "Balance: 20.00", isMenu: false, slot: 1)])
        #expect(session.phone.setting == "1")
        #expect(session.problems.filter { $0.contains("could not be put back") }.count == 1)
        session.ask("*100#", slot: 2)
        _ = session.step()
        while session.outcomes.count < 2 { guard session.step() else { break } }
        guard case .refused(let why) = session.outcomes.last else {
            Issue.record("\(session.outcomes)")
            return
        }
        #expect(why.contains("not been put back"))
        session.phone.telecomIgnores = false
        session.finish()
        #expect(session.phone.setting == "4" && session.phone.dialled.count == 1)
    }
}
