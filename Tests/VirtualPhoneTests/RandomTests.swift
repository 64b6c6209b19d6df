import Testing

@testable import VirtualPhone

/// Seeded nonsense: whatever a host sends, the phone neither traps nor grows, and serves the next host.
@Suite struct RandomTests {
    private func pick<Value>(_ values: [Value], _ random: inout SeededRandom) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    private func isWell(_ phone: VirtualPhone) throws {
        let host = TestHost(phone)
        try host.connect()
        #expect(try host.run("echo well") == TestHost.Result(out: "well\n", exit: 0))
    }

    @Test(arguments: 0..<40)
    func messages(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var setup = VirtualPhoneSetup()
        setup.seed = seed
        let features = ["shell_v2", "cmd", "delayed_ack"]
        setup.features = Array(features.prefix(Int(seed % 4)))
        if !setup.features.contains("shell_v2") { setup.features.append("shell_v2") }
        let phone = VirtualPhone(setup: setup)
        let host = TestHost(phone)
        host.send(TestHost.hello)
        let commands = [WireCommand.connect, .auth, .open, .okay, .close, .write, .open, .okay, .write]
        for _ in 0..<400 {
            let payload: [UInt8]
            switch random.next() % 4 {
            case 0: payload = random.bytes(Int(random.next() % 64))
            case 1: payload = Array("shell,v2,raw:cat; logcat\0".utf8)
            case 2:
                payload = [0] + LittleWord.bytes(UInt32(truncatingIfNeeded: random.next())) + random.bytes(9)
            default: payload = []
            }
            let message = WireMessage(
                pick(commands, &random), UInt32(random.next() % 6), UInt32(random.next() % 6), payload)
            var bytes = message.encoded(summed: random.next() & 1 == 0)
            if random.next() % 20 == 0 { bytes[Int(random.next() % 24)] ^= 1 << UInt8(random.next() % 8) }
            host.send(bytes)
            if random.next() % 3 == 0 { #expect((host.bytes()?.count ?? 0) <= DeviceSession.outBytesMax) }
        }
        #expect(phone.change { $0.links.count } <= 1)
        try isWell(phone)
    }

    @Test(arguments: 0..<40)
    func scripts(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let words = [
            "echo", "a", "'", "\"", "\\", "$", "$?", "${X}", ";", "\n", "&&", "||", "(", ")", "{", "}", "f()",
            "f",
            "X=1", "2>&1", ">/dev/null", ">&2", "exit", "3", "cat", "content query --uri content://sms",
            "--where",
            "--projection", "'_id:count(*) AS c'", "--sort", "'_id; --'", "logcat", "-d", "-T",
            "-9223372036854775808.1", "-b",
            "radio", "-e", "|", "getprop", "dumpsys isub", "dumpsys notification --noredact", "printf", "%s%",
            "exec", "#", "`", "\u{0}", "é",
        ]
        let phone = VirtualPhone()
        phone.receiveSMS(from: "a", body: "b", slot: 0)
        for round in 0..<20 {
            let script = (0..<Int(random.next() % 24)).map { _ in pick(words, &random) }.joined(
                separator: pick(["", " "], &random))
            let host = TestHost(phone)
            try host.connect()
            _ = try host.run(script)
            _ = try host.run("", id: 2, input: script)
            if round % 10 == 9 { try isWell(phone) }
        }
    }

    /// The telephone's programs with arguments in any order; the network answers in all its ways.
    @Test(arguments: 0..<22)
    func telephone(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let numbers = [
            "'*100#'", "'*100%23'", "'**21*5%23'", "'%'", "'%2'", "tel:", "''", "112", "'##'", "'*#'", "7",
        ]
        let words = [
            "am start -a android.intent.action.CALL -d tel:", "am start", "-a", "-d", "-n", "a/.B", "-W",
            "input keyevent 66", "input keyevent 4", "input text 1", "input", "text", "%s", "log -p",
            "log -t", "pidof",
            "telecom", "telecom set-user-selected-outgoing-phone-account", "a/b", "2", "0",
            "service call isub",
            "9223372036854775807", "-1", "i32", "settings put global multi_sim_voice_call", "settings delete",
            "--user",
            "dumpsys window", "dumpsys telecom", "dumpsys telephony.registry", "dumpsys isub", ";", "é",
        ]
        let user = try PhoneUser(release: 6 + Int(seed % 11)) { $0.seed = seed }
        user.phone.setUSSDNetwork { _, text in
            switch text.utf8.count % 5 {
            case 0: .final(text, afterMilliseconds: 5)
            case 1: .menu("\n\n'", afterMilliseconds: 5)
            case 2: .error(afterMilliseconds: 10)
            case 3: .ended(mode: text.utf8.count % 8)
            default: .silence
            }
        }
        for _ in 0..<60 {
            let word = random.next() % 3 == 0 ? words[0] : pick(words, &random)
            let rest = (0..<(word == words[0] ? 0 : Int(random.next() % 4))).map { _ in
                " " + pick(words, &random)
            }.joined()
            _ = try user.run(word + (word.hasSuffix(":") ? pick(numbers, &random) : "") + rest)
            user.clock.advance(Int64(random.next() % 20))
            user.phone.setKeyguard(random.next() % 4 == 0)
            if random.next() % 4 == 0 { user.phone.setVoiceSubscription(Int(random.next() % 4)) }
            if random.next() % 8 == 0 {
                user.phone.pushUSSD(slot: Int(random.next() % 2), text: "x", menu: true)
            }
            if random.next() % 8 == 0 { user.phone.closeUSSDDialogs() }
        }
        #expect(user.phone.dialled.count + user.phone.voiceCalls.count > 0)
        try isWell(user.phone)
    }

    @Test func deepNestingIsRefused() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        for script in [
            String(repeating: "(", count: 20_000), String(repeating: "a()", count: 20_000),
            String(repeating: "{ ", count: 20_000),
        ] {
            let result = try host.run(script)
            #expect(result.error.hasSuffix("syntax error: too deep\n") && result.exit == 1)
        }
    }

    @Test func muchOutputWaitsInPieces() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        let big = String(repeating: "x", count: 100_000)
        let result = try host.run("X=\(big); f(){ echo $X; }; " + String(repeating: "f;", count: 100))
        #expect(result.out.utf8.count == 100 * 100_001 && result.exit == 0)
    }

    @Test func keysThatAreNoKeys() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<2000 {
            let text = (0..<Int(random.next() % 720)).map { _ in pick(Array("QAab/+= \u{0}9".utf8), &random) }
            #expect(HostKey(text: text) == nil)
        }
    }
}
