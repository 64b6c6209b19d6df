import Testing

@testable import VirtualPhone

/// AUTH, streams and flow control, played message by message.
@Suite struct SessionTests {
    private func phone(_ authorization: VirtualAuthorization) -> VirtualPhone {
        var setup = VirtualPhoneSetup()
        setup.authorization = authorization
        return VirtualPhone(setup: setup)
    }

    private func offer(_ key: Int = 0) throws -> WireMessage {
        WireMessage(.auth, 3, 0, Array(try Fixtures.auth().keys[key].adbkey_pub_file_contents.utf8) + [0])
    }

    private func commands(_ messages: [WireMessage]) -> [WireCommand?] {
        messages.map { WireCommand(rawValue: $0.command) }
    }

    @Test func alwaysIsRememberedOnceIsNot() throws {
        let token = [UInt8](hex: try Fixtures.auth().keys[0].tokens[0].token_hex)
        let signature = WireMessage(
            .auth, 2, 0, [UInt8](hex: try Fixtures.auth().keys[0].tokens[0].signature_hex))
        for (user, remembered) in [(VirtualUser.acceptsAlways, true), (.acceptsOnce, false)] {
            var setup = VirtualPhoneSetup()
            setup.authorization = .asks(user)
            setup.tokens = [[UInt8](repeating: 1, count: 20), token]
            let phone = VirtualPhone(setup: setup)
            let first = TestHost(phone)
            first.send(TestHost.hello)
            #expect(commands(try first.messages()) == [.auth])
            first.send(try offer())
            #expect(commands(try first.messages()) == [.connect])
            #expect(try first.run("echo in").out == "in\n")
            let second = TestHost(phone)
            second.send(TestHost.hello)
            #expect(try second.messages().map(\.payload) == [token])
            second.send(signature)
            #expect(commands(try second.messages()) == [remembered ? .connect : .auth])
            #expect(phone.counters.prompts == 1)
            #expect(phone.counters.signaturesAccepted == (remembered ? 1 : 0))
            phone.forgetKeys()
            #expect(try first.run("echo still", id: 2).out == "still\n", "live sessions go on")
        }
    }

    @Test func cancelAndStrangersAreMetWithSilence() throws {
        for authorization in [VirtualAuthorization.knownKeys, .asks(.cancels), .asks(.waits)] {
            let phone = phone(authorization)
            let host = TestHost(phone)
            host.send(TestHost.hello)
            let first = try host.messages()
            host.send(try offer())
            #expect(try host.messages().isEmpty)
            host.send(WireMessage(.open, 1, 0, Array("shell,v2,raw:id\0".utf8)))
            #expect(try host.messages().isEmpty, "OPEN is ignored")
            host.send(TestHost.hello)
            let again = try host.messages()
            #expect(commands(again) == [.auth] && again != first, "a new CNXN brings a new token")
            #expect(!phone.acceptPrompt(), "its dialog went with the old CNXN")
        }
    }

    @Test func oneDialogAtATime() throws {
        let phone = phone(.asks(.waits))
        let hosts = [TestHost(phone), TestHost(phone)]
        for (index, host) in hosts.enumerated() {
            host.send(TestHost.hello)
            host.send(try offer(index))
            _ = try host.messages()
        }
        let prints = try Fixtures.auth().keys.map(\.fingerprint_md5_of_524_bytes)
        #expect(phone.promptFingerprint == prints[0])
        #expect(phone.denyPrompt())
        #expect(phone.promptFingerprint == prints[1])
        #expect(phone.acceptPrompt(always: false))
        #expect(try hosts[0].messages().isEmpty)
        #expect(commands(try hosts[1].messages()) == [.connect])
        #expect(phone.promptFingerprint == nil)
    }

    @Test func unpluggingClosesTheDialog() throws {
        let phone = phone(.asks(.waits))
        let host = TestHost(phone)
        host.send(TestHost.hello)
        host.send(try offer())
        phone.cutLinks()
        #expect(phone.promptFingerprint == nil)
        #expect(host.bytes() == nil)
        #expect(!host.send(TestHost.hello))
    }

    @Test func oneWriteUntilItsOkay() throws {
        var setup = VirtualPhoneSetup()
        setup.packing = .pieces(3)
        let host = TestHost(VirtualPhone(setup: setup))
        try host.connect()
        host.send(WireMessage(.open, 9, 0, Array("shell,v2,raw:echo 12345678\0".utf8)))
        var bytes: [UInt8] = []
        let opened = try host.messages()
        #expect(commands(opened) == [.okay, .write])
        let local = opened[0].argument0
        bytes += opened[1].payload
        while true {
            host.send(WireMessage(.okay, 9, local))
            let next = try host.messages()
            #expect(next.count == 1)
            guard commands(next) == [.write] else {
                #expect(commands(next) == [.close])
                break
            }
            #expect(next[0].payload.count <= 3)
            bytes += next[0].payload
        }
        var shell = TestShell()
        shell.received(bytes)
        #expect(shell.result == TestHost.Result(out: "12345678\n", exit: 0))
    }

    @Test func smallPayloadsWhereTheHostAsksForThem() throws {
        let host = TestHost(VirtualPhone())
        host.send(WireMessage(.connect, 0x0100_0001, 100, Array("host::".utf8)))
        #expect(try host.messages().first?.argument1 == 100)
        let long = String(repeating: "abcdefghij", count: 30)
        host.phone.receiveSMS(from: "x", body: long, slot: 0)
        let writes = try host.stream("exec:content query --uri content://sms --projection body")
        #expect(writes.allSatisfy { $0.count <= 100 } && writes.count == 4)
        #expect(String(decoding: writes.flatMap { $0 }, as: UTF8.self) == "Row: 0 body=\(long)\n")
    }

    @Test func refusesWhatItDoesNotHave() throws {
        var setup = VirtualPhoneSetup()
        setup.features = ["cmd"]
        let host = TestHost(VirtualPhone(setup: setup))
        try host.connect()
        for (number, service) in [
            "ping:", "shell,v2,raw:id", "sync:", "tcp:22", "nothing", "reverse:list-forward",
        ].enumerated() {
            let id = UInt32(number + 1)
            host.send(WireMessage(.open, id, 0, Array(service.utf8) + [0]))
            #expect(try host.messages() == [WireMessage(.close, 0, id)])
        }
        host.send(WireMessage(.open, 0, 0, Array("shell:id\0".utf8)))
        host.send(WireMessage(.write, 5, 5, [1]))
        host.send(WireMessage(.close, 5, 5))
        host.send(
            WireMessage(.connect, 0x0100_0001, 4096, []).encoded(summed: true).prefix(20) + [0, 0, 0, 0])
        #expect(try host.messages().isEmpty)
        let both = try host.stream("shell:echo a; echo b >&2", id: 8).flatMap { $0 }
        #expect(both == Array("a\nb\n".utf8), "no terminal since Android 7, both outputs in one")
    }

    @Test func aSecondConnectClosesStreams() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        host.send(WireMessage(.open, 1, 0, Array("shell,v2,raw:logcat\0".utf8)))
        #expect(commands(try host.messages()) == [.okay])
        host.send(TestHost.hello)
        #expect(commands(try host.messages()) == [.close, .connect])
    }

    @Test func tooLongAndWrongSumsEndTheSession() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        let header = WireHeader(
            command: WireCommand.write.rawValue, argument0: 1, argument1: 1, length: (1 << 20) + 1, sum: 0,
            magic: ~WireCommand.write.rawValue)
        host.send(header.encoded())
        #expect(host.bytes() == nil)
        var setup = VirtualPhoneSetup()
        setup.protocolGeneration = .old
        let old = TestHost(VirtualPhone(setup: setup))
        old.send(TestHost.hello.encoded(summed: false))
        #expect(old.bytes() == nil, "an old phone checks sums")
    }

    @Test func bytesMayComeInAnyPieces() throws {
        let host = TestHost(VirtualPhone())
        let bytes =
            TestHost.hello.encoded(summed: true)
            + WireMessage(.open, 3, 0, Array("exec:echo x\0".utf8)).encoded(summed: false)
        for byte in bytes { host.send([byte]) }
        #expect(commands(try host.messages()) == [.connect, .okay, .write])
    }

    @Test func aHostThatOnlyWritesIsDropped() throws {
        let host = TestHost(VirtualPhone())
        try host.connect()
        let open = WireMessage(.open, 7, 0, Array("ping:\0".utf8)).encoded(summed: false)
        let many = [UInt8]((0..<4096).map { _ in open }.joined())
        var rounds = 0
        while host.send(many) { rounds += 1 }
        #expect(rounds < 200)
    }
}
