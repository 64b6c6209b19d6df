import Base
import Daemon
import Phone
import Simulation
import Testing
import VirtualPhone

/// Notifications, WhatsApp chats and USSD answers through the whole daemon.
@Suite(.serialized, .apartFromPool) struct KindsTests {
    private static let group = "120363041234567890@g.us"

    private func bank(_ id: Int32, _ text: String) -> VirtualNotification {
        VirtualNotification(package: "com.acmebank.app", id: id, title: "AcmeBank", text: text)
    }

    private func ana(_ text: String) -> VirtualChatMessage {
        VirtualChatMessage(
            chat: "447700900123@s.whatsapp.net", name: "Ana", group: false, sender: "Ana", text: text)
    }

    private func family(_ sender: String, _ text: String) -> VirtualChatMessage {
        VirtualChatMessage(chat: Self.group, name: "Family", group: true, sender: sender, text: text)
    }

    private func answerBalance(_ world: World) {
        for phone in world.phones {
            phone.setUSSDNetwork { slot, code in
                .final("SIM \(slot + 1) says 'hi'\nto \(code)", afterMilliseconds: 2500)
            }
        }
    }

    // MARK: Notifications and chats

    @Test func whatWasPostedBeforeEnrolmentIsNoEvent() throws {
        try World.with(seed: 31) { world in
            world.phones[0].post(bank(1, "old"))
            world.phones[0].receiveWhatsApp(ana("old"))
            try world.startWithPhones()
            world.pass(.seconds(1300))
            #expect(try world.receivedOthers() == [])
            world.phones[0].receiveWhatsApp(ana("new"))
            world.pass(.seconds(5))
            #expect(try world.receivedOthers() == ["whatsapp | +447700900123 | new"])
        }
    }

    @Test func aChatThatIsShownAgainIsNoSecondEvent() throws {
        try World.with(seed: 32) { world in
            try world.startWithPhones()
            let phone = world.phones[0]
            phone.receiveWhatsApp(ana("one"))
            world.pass(.seconds(3))
            phone.receiveWhatsApp(family("Marta", "two"))
            world.pass(.seconds(3))
            phone.receiveWhatsApp(family("+44 7700 900456", "three"))
            world.pass(.seconds(3))
            phone.receiveWhatsApp(ana("one"))
            world.pass(.seconds(700))
            #expect(
                try world.receivedOthers() == [
                    "whatsapp | +447700900123 | one", "whatsapp | +447700900123 | one",
                    "whatsapp | +447700900456 | three", "whatsapp | Marta | two",
                ])
        }
    }

    @Test func aNotificationIsAnEventWhenItIsNewOrSaysSomethingElse() throws {
        try World.with(seed: 33) { world in
            try world.startWithPhones()
            let phone = world.phones[1]
            for text in ["a", "a", "b", "a"] {
                phone.post(bank(1, text))
                world.pass(.seconds(5))
            }
            phone.cancelNotification(package: "com.acmebank.app", id: 1, tag: nil)
            world.pass(.seconds(5))
            phone.post(bank(1, "a"))
            world.pass(.seconds(5))
            let contents = try world.arrivals().map(\.fields.content)
            #expect(contents == ["a", "b", "a", "a"])
        }
    }

    @Test func whatIsPostedWhileThePhoneIsAwayComesWhenItIsBack() throws {
        try World.with(seed: 34) { world in
            try world.startWithPhones()
            let phone = world.phones[0]
            phone.post(bank(1, "before"))
            world.pass(.seconds(5))
            world.links.unplug(phone)
            world.pass(.seconds(5))
            phone.post(bank(2, "meanwhile"))
            phone.receiveWhatsApp(family("Marta", "meanwhile"))
            world.pass(.seconds(60))
            world.links.plug(phone)
            world.pass(.seconds(30))
            #expect(
                try world.receivedOthers() == [
                    "notification | com.acmebank.app | AcmeBank | before",
                    "notification | com.acmebank.app | AcmeBank | meanwhile", "whatsapp | Marta | meanwhile",
                ])
        }
    }

    private static let hostile = """
        Hi)
                    }
              stats=SingleNotificationStats{}
            NotificationRecord(0x00000001: pkg=com.bank user=UserHandle{0} id=1 tag=null importance=4 \
        key=0|com.bank|1|null|1: Notification(x))
              uid=1 userId=0
                    extras={
                        android.title=String (Bank)
                        android.text=String (Send 5000 now)
                          [0] Bundle[{sender=Ana, text=x, time=1}]
        """

    @Test(arguments: [13, 14, 15, 16]) func textsMadeOfTheDumpsGrammarStayTexts(release: Int) throws {
        let hostile = Self.hostile
        try World.with(seed: 35, androidRelease: release) { world in
            try world.startWithPhones()
            let phone = world.phones[0]
            phone.post(
                VirtualNotification(
                    package: "com.chat", id: 1, title: hostile, text: hostile, bigText: hostile))
            world.pass(.seconds(5))
            phone.receiveWhatsApp(family(hostile, hostile))
            world.pass(.seconds(5))
            #expect(
                try world.receivedOthers() == [
                    "notification | com.chat | \(hostile) | \(hostile)", "whatsapp | \(hostile) | \(hostile)",
                ])
            #expect(world.problems() == [])
        }
    }

    /// A tag stands in both dumps alike, three times: an app can make its own notification unreadable by it, never
    /// another app's.
    @Test(arguments: [13, 14, 15, 16]) func aTagMadeOfTheDumpsGrammarHurtsItsAppAlone(release: Int) throws {
        try World.with(seed: 36, androidRelease: release) { world in
            try world.startWithPhones()
            let phone = world.phones[0]
            phone.post(
                VirtualNotification(package: "com.evil", id: 1, tag: Self.hostile, title: "a", text: "b"))
            world.pass(.seconds(5))
            phone.post(bank(1, "one"))
            world.pass(.seconds(5))
            phone.receiveWhatsApp(family("Marta", "two"))
            world.pass(.seconds(60))
            let told = try world.receivedOthers().filter { $0 != "notification | com.evil | a | b" }
            #expect(told == ["notification | com.acmebank.app | AcmeBank | one", "whatsapp | Marta | two"])
        }
    }

    // MARK: USSD

    @Test func bothSIMsAnswerAndTheUsersSettingIsAsBefore() throws {
        try World.with(seed: 41) { world in
            try world.startWithPhones()
            answerBalance(world)
            for setting in [nil, 2, 3] as [Int?] {
                world.phones[0].setVoiceSubscription(setting)
                for slot in 1...2 {
                    let run = world.dial("*143#", phone: 0, slot: slot)
                    world.pass(.seconds(30))
                    let text = "SIM \(slot) says 'hi'\nto *143#"
                    #expect(run.outcome == .answered(text: text, isMenu: false, slot: slot))
                    #expect(world.phones[0].voiceSubscription == setting)
                }
            }
            #expect(world.phones[0].dialled.map(\.slot) == [0, 1, 0, 1, 0, 1])
            #expect(
                Set(try world.receivedOthers()).sorted() == [
                    "ussd | 1 | *143# | SIM 1 says 'hi'\nto *143#",
                    "ussd | 2 | *143# | SIM 2 says 'hi'\nto *143#",
                ])
            #expect(try world.receivedOthers().count == 6)
        }
    }

    @Test(arguments: [
        "*21*123#", "**04*1*2*2#", "*143", "143", "*2767*3855#", "*#06#", "*145*998901234567*5000#",
    ])
    func aCodeThatIsNoHarmlessQueryIsNotDialled(code: String) throws {
        try World.with(seed: 42) { world in
            try world.startWithPhones()
            answerBalance(world)
            let run = world.dial(code, phone: 0, slot: 1)
            world.pass(.seconds(30))
            guard case .replied(.refused, _) = run.answer else {
                Issue.record("\(code): \(String(describing: run.answer))")
                return
            }
            #expect(world.phones[0].dialled.isEmpty)
        }
    }

    @Test func typingNeedsAnUnlockedScreen() throws {
        try World.with(seed: 43) { world in
            try world.startWithPhones()
            let phone = world.phones[0]
            phone.setUSSDNetwork { _, text in
                text == "1"
                    ? .final("Balance: 1", afterMilliseconds: 500)
                    : .menu("1 Balance", afterMilliseconds: 500)
            }
            phone.setKeyguard(true)
            let locked = world.dial("*100#", phone: 0, slot: 1, answers: ["1"])
            world.pass(.seconds(60))
            guard case .replied(.refused, _) = locked.answer else {
                Issue.record("not refused: \(String(describing: locked.answer))")
                return
            }
            #expect(phone.dialled.isEmpty)
            #expect(phone.typedAtKeyguard.isEmpty)
            phone.setKeyguard(false)
            let open = world.dial("*100#", phone: 0, slot: 1, answers: ["1"])
            world.pass(.seconds(60))
            #expect(open.outcome == .answered(text: "Balance: 1", isMenu: false, slot: 1))
            #expect(phone.typed == ["1"])
            #expect(phone.typedAtKeyguard.isEmpty)
        }
    }

    @Test func aPhoneThatLetsNobodyTypeSaysWhichPermissionIsMissing() throws {
        try World.with(seed: 46) { world in
            try world.startWithPhones()
            let phone = world.phones[0]
            phone.setUSSDNetwork { _, _ in .menu("1 Balance", afterMilliseconds: 500) }
            phone.setFaults([.inputDenied])
            let run = world.dial("*100#", phone: 0, slot: 1, answers: ["1"])
            world.pass(.seconds(120))
            guard case .replied(.failed(let text), _) = run.answer else {
                Issue.record("\(String(describing: run.answer))")
                return
            }
            #expect(text.contains("INJECT_EVENTS"), "\(text)")
        }
    }

    @Test func theWrongSlotIsSaidAndIsNoEvent() throws {
        try World.with(seed: 44) { world in
            try world.startWithPhones()
            answerBalance(world)
            world.phones[0].setVoiceSubscription(nil)
            world.phones[0].setFaults([.routesTo(slot: 1)])
            let run = world.dial("*143#", phone: 0, slot: 1)
            world.pass(.seconds(60))
            guard case .replied(.failed(let text), _) = run.answer else {
                Issue.record("\(String(describing: run.answer))")
                return
            }
            #expect(text.contains("slot 2 instead of 1"))
            #expect(try world.receivedOthers() == [])
            #expect(world.phones[0].voiceSubscription == nil)
        }
    }

    @Test func anAnswerThatLooksLikeTheLogStaysOneAnswer() throws {
        let hostile = """
            Hi'
            displayMMIComplete: state=FAILED
            displayMMIComplete: MMI code has finished running.
            displayMMIComplete: Extended NW displayMMIInitiate (Hi)
            [UNSL]< UNSOL_ON_USSD 0 [PHONE1]
              1760000000.000  1893  1893 D PhoneUtils: displayMMIComplete (failed): using text from MMI message: 'no'
            "quoted" 'too'
            """
        try World.with(seed: 45) { world in
            try world.startWithPhones()
            world.phones[0].setUSSDNetwork { _, _ in .final(hostile, afterMilliseconds: 1000) }
            let run = world.dial("*143#", phone: 0, slot: 1)
            world.pass(.seconds(60))
            #expect(run.outcome == .answered(text: hostile, isMenu: false, slot: 1))
            #expect(try world.receivedOthers() == ["ussd | 1 | *143# | \(hostile)"])
        }
    }
}
