import Testing

@testable import VirtualPhone

/// The commands around a USSD session: which SIM, what is on the screen, what is printed.
@Suite struct TelephonyCommandTests {
    /// The two cards of the corpus.
    private static let cards = [
        VirtualSIM(
            subscriptionID: 1, slot: 0, iccid: "89998010000123456789", displayName: "Testnet",
            carrierName: "Testnet",
            mcc: "434", mnc: "4", country: "uz"),
        VirtualSIM(
            subscriptionID: 2, slot: 1, iccid: "89998020000987654321", displayName: "Othernet",
            carrierName: "Othernet", mcc: "434", mnc: "5", country: "uz"),
    ]
    private static let service = "com.android.phone/com.android.services.telephony.TelephonyConnectionService"
    private static let select = "telecom set-user-selected-outgoing-phone-account"

    // MARK: am

    @Test func amPrints() throws {
        let user = try PhoneUser(release: 12)
        let plain = "am start -a android.intent.action.CALL -d 'tel:*143%23'"
        #expect(try user.run(plain) == .init(out: Fixtures.ussd("am-start-ok.txt"), exit: 0))
        #expect(
            try user.out("\(PhoneUser.dial) -W -d 'tel:*143%23'") == Fixtures.ussd("am-start-wait-a12.txt"))
        let tablet = try PhoneUser { $0.slots = 0 }
        #expect(try tablet.out("\(plain) 2>&1") == Fixtures.ussd("am-start-unresolved.txt"))
        #expect(try tablet.run(plain).exit == 0)
        #expect(
            try user.run("am start -n a.b/.C -a android.intent.action.CALL -d tel:1").error
                == "Error type 3\nError: Activity class {a.b/a.b.C} does not exist.\n")
        #expect(
            try user.run(
                "am start -a android.intent.action.CALL -d tel:5 -n com.android.server.telecom/com.android.server.telecom.components.UserCallActivity"
            ).error.isEmpty)
        #expect(try user.run("am start").exit == 0)
        #expect(try user.run("am start -x").exit == 255)
        #expect(user.phone.dialled.map(\.code) == ["*143#", "*143#", "5"])
    }

    @Test func aRawHashIsCutOff() throws {
        let user = try PhoneUser()
        #expect(
            try user.out("\(PhoneUser.dial) -d 'tel:*143#'")
                == "Starting: Intent { act=android.intent.action.CALL dat=tel:xxxx cmp=com.android.server.telecom/.components.UserCallActivity }\n"
        )
        #expect(user.phone.dialled.isEmpty)
        #expect(user.phone.voiceCalls == [VirtualDial(slot: 0, code: "*143")])
        let states = try user.out("dumpsys telephony.registry").split(separator: "\n").filter {
            $0.contains("mCallState=")
        }
        #expect(states == ["    mCallState=2", "    mCallState=0"])
        user.phone.setCallState(0)
        #expect(try !user.out("dumpsys telephony.registry").contains("mCallState=2"))
    }

    @Test func telecomRefusesForwarding() throws {
        let user = try PhoneUser(release: 14)
        try user.dial("*#21#")
        let lines = Transcript.lines(try user.out("logcat -d -b system -b main -v threadtime"))
        let expected = Transcript.lines(try Fixtures.ussd("logcat-dangerous-a14.txt"))
        #expect(
            lines.dropFirst() == ["W Telecom : " + (expected[0].split(separator: "W Telecom : ").last ?? "")])
        #expect(try user.focus()[0].contains("Dialtacts"))
        for code in ["**67*5#", "##002#", "*72", "112"] { try user.dial(code) }
        #expect((user.phone.dialled, user.phone.serviceCodes, user.phone.voiceCalls) == ([], [], []))
        try user.dial("*777#")
        #expect(user.phone.dialled == [VirtualDial(slot: 0, code: "*777#")], "with a # it is not *77")
        let old = try PhoneUser(release: 13)
        try old.dial("*#21#")
        #expect(old.phone.serviceCodes == [VirtualDial(slot: 0, code: "*#21#")])
    }

    @Test func whatIsUSSD() {
        typealias Kind = DialString.Kind
        let codes: [(String, Kind)] = [
            ("*143#", .ussd), ("*100*1*2#", .ussd), ("#100#", .ussd), ("*1234#", .ussd), ("1234#", .ussd),
            ("*#100#", .ussd), ("**100*a*b*c*d#", .ussd), ("7", .ussd), ("22", .ussd), ("12", .voiceCall),
            ("*143", .voiceCall), ("+998901234567", .voiceCall), ("*31#5551234", .voiceCall),
            ("*#21#", .supplementaryService), ("**21*5551234#", .supplementaryService),
            ("##002#", .supplementaryService), ("**04*1*2*2#", .supplementaryService),
            ("*43#", .supplementaryService),
        ]
        for (text, kind) in codes { #expect(DialString(text).kind == kind, "\(text)") }
        #expect(
            DialString("*100*5**7#").description(state: "PENDING")
                == "GsmMmiCode {State=PENDING action=* sc=100 sia=[****] sic=[****] poundString=[****]}")
        #expect(
            DialString("*1234#").description(state: "PENDING")
                == "GsmMmiCode {State=PENDING poundString=[****]}")
    }

    // MARK: which SIM

    @Test func telecomSetsTheSIM() throws {
        let user = try PhoneUser(release: 12) { $0.sims = Self.cards }
        let set = "\(Self.select) \(Self.service) 89998020000987654321 0"
        #expect(try user.run(set) == .init(out: Fixtures.ussd("telecom-set-outgoing-a12.txt"), exit: 0))
        #expect(try user.out("settings get global multi_sim_voice_call") == "2\n")
        try user.dial("*100#")
        _ = try user.run("input keyevent 4")
        #expect(try user.out(Self.select) == Fixtures.ussd("telecom-clear-outgoing.txt"))
        #expect(try user.out("settings get global multi_sim_voice_call") == "-1\n")
        let absent = "\(Self.select) \(Self.service) 2 0"
        #expect(
            try user.out(absent) == Fixtures.ussd("telecom-set-outgoing-a12.txt"), "no such account: Success")
        #expect(user.phone.voiceSubscription == nil)
        #expect(
            try user.log("-b system").contains { $0.contains("Trying to set nonexistent default outgoing") })
        try user.dial("*200#")
        #expect(user.phone.dialled == [VirtualDial(slot: 1, code: "*100#")])
        #expect(try user.focus()[0].contains("com.android.incallui.InCallActivity"), "the SIM is asked for")
        _ = try user.run("input keyevent 4")
        #expect(try user.focus()[0].contains("launcher"))
        let new = try PhoneUser(release: 13) { $0.sims = Self.cards }
        _ = try new.run("\(Self.select) \(Self.service) 2 0")
        #expect((new.phone.voiceSubscription, new.phone.outgoingSubscription) == (2, 2))
        new.phone.setFaults([.telecomIgnores])
        #expect(try new.out(Self.select) == Fixtures.ussd("telecom-clear-outgoing.txt"))
        #expect(new.phone.voiceSubscription == 2)
    }

    @Test func usage() throws {
        for (release, lists) in [(9, false), (10, true), (12, true), (16, true)] {
            let result = try PhoneUser(release: release).run("telecom")
            #expect(result.out.contains("set-user-selected-outgoing-phone-account") == lists)
            #expect(result.exit == (release == 16 ? 255 : 0))
        }
        let user = try PhoneUser(release: 12)
        #expect(
            try user.run("\(Self.select) nothing 1 0").error.hasSuffix(
                "\n\nError: Invalid component nothing\n"))
        #expect(try user.out("telecom get-sim-config") == "DSDS\n")
        #expect(
            try PhoneUser(release: 15).run("\(Self.select) \(Self.service) 1 x").error
                == "Command[set-user-selected-outgoing-phone-account]: Error: Invalid user serial number x\n")
    }

    /// SourceName: LineageOS/android_packages_services_Telecomm PhoneAccountRegistrar.java, lineage-16.0 and 17.1.
    @Test func clearingReachesTheSettingFrom10On() throws {
        let user = try PhoneUser(release: 10)
        _ = try user.run(Self.select)
        #expect(try user.out("settings get global multi_sim_voice_call") == "-1\n")
        let old = try PhoneUser(release: 9)
        old.phone.change { $0.core.android.setOutgoingAccount(nil) }
        #expect((old.phone.voiceSubscription, old.phone.outgoingSubscription) == (2, nil))
    }

    @Test func serviceCall() throws {
        let user = try PhoneUser(release: 11) { $0.sims = Self.cards }
        let expected = try Fixtures.ussd("service-call-isub-set.txt")
        #expect(try user.out("service call isub 35 i32 2") == expected)
        #expect((user.phone.voiceSubscription, user.phone.outgoingSubscription) == (2, 2))
        #expect(try user.out("service call isub 35 i32 7") == expected)
        #expect((user.phone.voiceSubscription, user.phone.outgoingSubscription) == (7, nil))
        #expect(try user.out("service call isub 35 i32 -1") == expected)
        #expect(user.phone.voiceSubscription == nil)
        let unknown = try Fixtures.phone("service_call_unknown_code.txt")
        #expect(try user.out("service call isub 34 i32 2") == unknown)
        for (release, code, known) in [
            (10, 35, false), (12, 35, true), (13, 35, false), (14, 32, true), (14, 35, false),
        ] {
            let result = try PhoneUser(release: release).out("service call isub \(code) i32 3")
            #expect(result == (known ? expected : unknown))
        }
        #expect(try user.run("service call nosuch 1").exit == 10)
    }

    @Test func settingsDoNotRoute() throws {
        let user = try PhoneUser(release: 12)
        _ = try user.run("settings put global multi_sim_voice_call 3")
        #expect(try user.out("settings get global multi_sim_voice_call") == "3\n")
        #expect(
            try user.out("dumpsys isub").contains("\n defaultVoiceSubId=3\n"), "telephony reads the setting")
        try user.dial("*100#")
        #expect(user.phone.dialled == [VirtualDial(slot: 0, code: "*100#")], "Telecom does not")
        #expect(try user.out("settings delete global multi_sim_voice_call") == "Deleted 1 rows\n")
        #expect(try user.out("settings get global multi_sim_voice_call") == "null\n")
        let new = try PhoneUser(release: 14)
        _ = try new.run("settings put global multi_sim_voice_call 3")
        #expect(try new.out("dumpsys isub").contains("\ndefaultVoiceSubId=2\n"), "nor telephony from 14 on")
    }

    @Test func routing() throws {
        let single = try PhoneUser { $0.sims = [VirtualSIM.pair[1]] }
        single.phone.setVoiceSubscription(nil)
        try single.dial("*100#")
        #expect(single.phone.dialled == [VirtualDial(slot: 1, code: "*100#")])
        let none = try PhoneUser { $0.sims = [] }
        try none.dial("*100#")
        #expect(none.phone.dialled.isEmpty)
        #expect(try none.focus()[0].contains("com.android.server.telecom"))
        let wrong = try PhoneUser()
        wrong.phone.setFaults([.routesTo(slot: 1)])
        try wrong.dial("*100#")
        #expect(wrong.phone.dialled == [VirtualDial(slot: 1, code: "*100#")])
        #expect(try wrong.out("logcat -d -b radio").contains("SEND_USSD ussd = ******* [PHONE1]"))
        wrong.phone.setSIMs([VirtualSIM.pair[1]])
        #expect(wrong.phone.voiceSubscription == 3)
    }

    @Test func siminfo() throws {
        let gone = VirtualSIM(
            subscriptionID: 3, slot: nil, iccid: "89998010000111111111", displayName: "CARD 3",
            carrierName: "")
        let user = try PhoneUser(release: 9) { $0.sims = Self.cards + [gone] }
        let query =
            "content query --uri content://telephony/siminfo --projection _id:icc_id:sim_id:display_name"
        #expect(try user.out(query) == Fixtures.ussd("content-siminfo-a9.txt"))
        #expect(
            try user.out("content query --uri content://telephony/siminfo --projection _id:icc_id:sim_id")
                .hasPrefix("Row: 0 _id=1, icc_id=89998010000123456789, sim_id=0\n"))
    }

    @Test(arguments: [11, 14])
    func isub(_ release: Int) throws {
        var cards = Self.cards
        if release == 14 { cards[1].subscriptionID = 4 }
        let user = try PhoneUser(release: release) { $0.sims = cards }
        user.phone.setVoiceSubscription(release == 14 ? nil : 2)
        let facts = try user.out("dumpsys isub").split(separator: "\n").filter {
            $0.contains("efault") && $0.contains("Voice") || $0.contains("lot") && $0.contains("ubId")
        }
        let expected = try Fixtures.ussd("dumpsys-isub-a\(release).txt").split(separator: "\n").filter {
            $0.contains("efault") && $0.contains("Voice") || $0.contains("lot") && $0.contains("ubId")
        }
        #expect(facts == expected)
        let general = release == 14 ? "\ndefaultSubId=1\n" : "\n defaultSubId=2\n"
        #expect(try user.out("dumpsys isub").contains(general))
    }

    @Test func dumpsysTelecom() throws {
        let user = try PhoneUser(release: 12) { $0.sims = Self.cards }
        user.phone.setVoiceSubscription(nil)
        #expect(try user.out("dumpsys telecom") == Fixtures.ussd("dumpsys-telecom-a12-two-sims.txt"))
        let new = try PhoneUser(release: 16) { $0.sims = [Self.cards[0]] }
        let expected = try Fixtures.ussd("dumpsys-telecom-a16-one-sim.txt").split(separator: "\n").dropLast()
        let lines = try new.out("dumpsys telecom").split(separator: "\n").drop {
            !$0.hasPrefix("PhoneAccount")
        }
        #expect(Array(lines) == Array(expected))
    }

    // MARK: the screen

    @Test func windows() throws {
        let user = try PhoneUser(release: 12)
        user.phone.setUSSDNetwork { _, _ in .final("x", afterMilliseconds: 1000) }
        try user.dial("*100#")
        #expect(try user.focus() == Transcript.focus(Fixtures.ussd("dumpsys-window-running.txt")))
        user.clock.advance(1000)
        #expect(try user.focus() == Transcript.focus(Fixtures.ussd("dumpsys-window-result.txt")))
        user.phone.setKeyguard(true)
        #expect(try user.focus() == Transcript.focus(Fixtures.ussd("dumpsys-window-keyguard.txt")))
        #expect(
            try user.out("dumpsys window").contains("u0 com.android.phone}:\n"), "the dialog is still listed")
        let old = try PhoneUser(release: 8)
        old.phone.setKeyguard(true)
        #expect(try old.focus()[0] == "  mCurrentFocus=Window{u0 StatusBar}")
        #expect(try PhoneUser().focus()[0].contains("NexusLauncherActivity}"))
    }

    @Test(arguments: [10, 13])
    func deniedInput(_ release: Int) throws {
        let user = try PhoneUser(release: release)
        user.phone.setUSSDNetwork { _, _ in .menu("1 a") }
        user.phone.setFaults([.inputDenied])
        try user.dial("*100#")
        #expect(try user.run("input keyevent 66").error == Fixtures.ussd("input-denied-a\(release).txt"))
        #expect(try user.run("input text 1").exit != 0)
        #expect(user.phone.typed.isEmpty)
        #expect(user.phone.showsUSSDDialog)
    }

    // MARK: the log

    @Test func marksAndForgeries() throws {
        let user = try PhoneUser()
        _ = try user.run("log -p i -t phonewire-ussd 0011223344556677")
        user.phone.writeLog(
            buffer: "radio", tag: "RILJ", message: "[0001]> SEND_USSD ussd = ******* [PHONE0]")
        let process = try user.out("pidof com.android.phone").dropLast()
        let log = try user.out(
            "logcat -d -b main -b system -b radio -v epoch -T 1759999998.000 -s phonewire-ussd:I RILJ:D PhoneUtils:D"
        )
        let lines = log.split(separator: "\n").filter { !$0.hasPrefix("---------") }
        #expect(lines[0].hasSuffix(" I phonewire-ussd: 0011223344556677"))
        #expect(lines[1].contains(" 10432 10432 D RILJ    : [0001]> SEND_USSD"))
        #expect(process != "10432")
        #expect(try user.run("pidof nothing").exit == 1)
        user.phone.setFaults([.logcatIsEmpty])
        #expect(try user.out("logcat -d -b main -b radio") == "")
    }
}
