import Testing

@testable import VirtualPhone

/// What each fault puts on the wire.
@Suite struct FaultTests {
    private func host(_ faults: VirtualFault..., authorization: VirtualAuthorization = .open) -> TestHost {
        var setup = VirtualPhoneSetup()
        setup.authorization = authorization
        let phone = VirtualPhone(setup: setup)
        phone.setFaults(faults)
        return TestHost(phone)
    }

    private func commands(_ messages: [WireMessage]) -> [WireCommand?] {
        messages.map { WireCommand(rawValue: $0.command) }
    }

    private func opened(_ host: TestHost, _ service: String = "shell,v2,raw:echo hi") throws -> [WireMessage]
    {
        host.send(TestHost.hello)
        host.send(WireMessage(.open, 1, 0, Array(service.utf8) + [0]))
        return try host.messages()
    }

    @Test func junkAndGarbage() {
        let junk = host(.junkBeforeConnect([1, 2, 3]))
        junk.send(TestHost.hello)
        #expect(junk.bytes()?.prefix(7) == [1, 2, 3, 0x43, 0x4E, 0x58, 0x4E])
        let garbage = host(.garbage(bytes: 1000))
        garbage.send(TestHost.hello)
        let bytes = garbage.bytes()
        #expect(bytes?.count == 1000 && bytes?.prefix(4) != [0x43, 0x4E, 0x58, 0x4E])
        let again = host(.garbage(bytes: 1000))
        again.send(TestHost.hello)
        #expect(again.bytes() == bytes, "the same seed gives the same garbage")
    }

    @Test(arguments: [UInt32.max, 2 << 20])
    func lengths(_ length: UInt32) {
        let host = host(.connectLength(length))
        host.send(TestHost.hello)
        #expect(host.bytes().map { LittleWord.read($0, at: 12) } == length)
    }

    @Test func magic() {
        let host = host(.wrongMagic)
        host.send(TestHost.hello)
        #expect(host.bytes().map { LittleWord.read($0, at: 20) == ~LittleWord.read($0, at: 0) } == false)
    }

    @Test func silence() throws {
        let host = host(.silent)
        #expect(try opened(host).isEmpty)
        host.phone.setFaults([])
        #expect(commands(try opened(host)) == [.connect, .okay, .write])
    }

    @Test func wrongIDs() throws {
        #expect(try opened(host(.wrongStreamIDs)).map(\.argument1).dropFirst() == [1001, 1001])
    }

    @Test func floods() throws {
        let writes = host(.writeFlood)
        _ = try opened(writes, "shell,v2,raw:logcat")
        for _ in 0..<50 {
            #expect(try writes.messages().contains { $0.command == WireCommand.write.rawValue })
        }
        let tokens = host(.endlessTokens, authorization: .knownKeys)
        tokens.send(TestHost.hello)
        for _ in 0..<50 { #expect(commands(try tokens.messages()).contains(.auth)) }
        let connects = host(.connectStorm)
        connects.send(TestHost.hello)
        for _ in 0..<50 { #expect(commands(try connects.messages()).contains(.connect)) }
    }

    @Test func halfAPayloadThenNothing() throws {
        let host = host(.stopsInsidePayload(message: 1))
        host.send(TestHost.hello)
        host.send(WireMessage(.open, 1, 0, Array("exec:echo 123456789\0".utf8)))
        let bytes = try #require(host.bytes())
        #expect(bytes.suffix(5) == Array("12345".utf8))
        host.send(TestHost.hello)
        #expect(host.bytes() == [])
    }

    @Test func leavesAtAnyByte() throws {
        let whole = host()
        whole.send(TestHost.hello)
        let expected = try #require(whole.bytes())
        for count in 0...expected.count {
            let host = host(.leavesAfter(bytes: count))
            host.send(TestHost.hello)
            var seen: [UInt8] = []
            while let bytes = host.bytes(max: 7), seen.count <= expected.count {
                seen += bytes; if bytes.isEmpty { break }
            }
            #expect(seen == Array(expected.prefix(count)))
            #expect(!host.send([0]), "left after \(count) bytes")
        }
    }

    @Test func closes() throws {
        let twice = host(.doubleClose)
        let local = try opened(twice)[1].argument0
        for expected in [[WireCommand.write], [.close, .close]] {
            twice.send(WireMessage(.okay, 1, local))
            #expect(commands(try twice.messages()) == expected)
        }
        let zero = host(.closesWithZeroID)
        _ = try opened(zero, "shell,v2,raw:")
        zero.send(WireMessage(.close, 1, 1))
        #expect(try zero.messages() == [WireMessage(.close, 0, 1)])
        let stale = host(.staleCloseBeforeAuth, authorization: .knownKeys)
        stale.send(TestHost.hello)
        #expect(commands(try stale.messages()) == [.close, .auth])
    }

    @Test func lateOkay() throws {
        let host = host(.okayWithheld)
        #expect(commands(try opened(host, "shell,v2,raw:")) == [.connect])
        host.phone.releaseOkays()
        #expect(commands(try host.messages()) == [.okay])
    }

    @Test func shellPackets() throws {
        let length = host(.shellPacketLength(.max))
        #expect(try opened(length).last.map { LittleWord.read($0.payload, at: 1) } == .max)
        let exit = host(.noExitPacket)
        let local = try opened(exit)[1].argument0
        exit.send(WireMessage(.okay, 1, local))
        #expect(commands(try exit.messages()) == [.close])
    }

    @Test func opensAndHangs() throws {
        let opens = host(.opensTCP(port: 22))
        opens.send(TestHost.hello)
        #expect(try opens.messages().last?.payload == Array("tcp:22\0".utf8))
        let hangs = host(.hangs(command: "content"))
        #expect(
            commands(try opened(hangs, "shell,v2,raw:content query --uri content://sms")) == [
                .connect, .okay,
            ])
        #expect(try hangs.run("echo others do not", id: 2).out == "others do not\n")
    }
}
