import Testing

@testable import VirtualPhone

/// The in-process link and the TCP server, from a host's point of view.
@Suite struct LinkTests {
    @Test func readsWhatThePhoneSends() async throws {
        let link = VirtualPhone().connect()
        try link.write(TestHost.hello.encoded(summed: true))
        let head = try await link.read(max: 24)
        #expect(Array(head.prefix(4)) == Array("CNXN".utf8) && head.count == 24)
        #expect(try await link.read(max: 4096).starts(with: Array("device::".utf8)))
    }

    @Test func aReadWaitsForTheNextMessage() async throws {
        let phone = VirtualPhone()
        let link = phone.connect()
        try link.write(TestHost.hello.encoded(summed: true))
        _ = try await link.read(max: 4096)
        try link.write(
            WireMessage(.open, 1, 0, Array("shell,v2,raw:logcat -b radio -s RILJ\0".utf8)).encoded(
                summed: false))
        #expect(try await link.read(max: 4096).starts(with: Array("OKAY".utf8)))
        async let line = link.read(max: 4096)
        phone.receiveSMS(from: "a", body: "b", slot: 1)
        #expect(String(decoding: try await line, as: UTF8.self).contains("[PHONE1]"))
    }

    @Test func cuttingEndsAPendingRead() async throws {
        let phone = VirtualPhone()
        let link = phone.connect()
        let outcome = await withTaskGroup(of: VirtualLinkError?.self) { group in
            group.addTask {
                do throws(VirtualLinkError) {
                    _ = try await link.read(max: 1)
                    return nil
                } catch {
                    return error
                }
            }
            link.cut()
            return await group.next() ?? nil
        }
        #expect(outcome == .unplugged)
        await #expect(throws: VirtualLinkError.unplugged) { try await link.read(max: 1) }
        #expect(throws: VirtualLinkError.unplugged) { try link.write([1]) }
    }

    @Test func aCancelledReadLosesNothing() async throws {
        let link = VirtualPhone().connect()
        for _ in 0..<200 {
            let outcome = await withTaskGroup(of: VirtualLinkError?.self) { group in
                group.addTask {
                    do throws(VirtualLinkError) {
                        _ = try await link.read(max: 1)
                        return nil
                    } catch {
                        return error
                    }
                }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(outcome == .cancelled)
        }
        try link.write(TestHost.hello.encoded(summed: true))
        #expect(try await link.read(max: 4) == Array("CNXN".utf8))
    }

    @Test func rebootEndsLinksAndANewOneWorks() async throws {
        let phone = VirtualPhone()
        let link = phone.connect()
        try link.write(TestHost.hello.encoded(summed: true))
        phone.reboot()
        await #expect(throws: VirtualLinkError.unplugged) { try await link.read(max: 1) }
        let again = phone.connect()
        try again.write(TestHost.hello.encoded(summed: true))
        #expect(try await again.read(max: 4) == Array("CNXN".utf8))
    }
}

@Suite struct ServerTests {
    private func answer(_ client: TCPTestClient) -> String {
        client.send(TestHost.hello.encoded(summed: true))
        return String(decoding: client.receive(4), as: UTF8.self)
    }

    @Test func servesOverTCP() throws {
        let phone = VirtualPhone()
        let server = try VirtualPhoneServer(phone: phone)
        defer { server.stop() }
        let client = try #require(TCPTestClient(port: server.port))
        #expect(answer(client) == "CNXN")
        _ = client.receive(Int(LittleWord.read(client.receive(20), at: 8)))
        client.send(
            WireMessage(.open, 1, 0, Array("exec:logcat -b radio -s RILJ\0".utf8)).encoded(summed: false))
        #expect(client.receive(24).starts(with: Array("OKAY".utf8)))
        // Written by this thread, sent by the server's.
        phone.receiveSMS(from: "a", body: "b", slot: 0)
        let header = client.receive(24)
        #expect(header.starts(with: Array("WRTE".utf8)))
        let text = String(decoding: client.receive(Int(LittleWord.read(header, at: 12))), as: UTF8.self)
        #expect(text.contains("UNSOL_RESPONSE_NEW_SMS [PHONE0]"))
    }

    @Test func unplugAndPlug() throws {
        let server = try VirtualPhoneServer(phone: VirtualPhone())
        defer { server.stop() }
        let client = try #require(TCPTestClient(port: server.port))
        #expect(answer(client) == "CNXN")
        server.unplug()
        #expect(TCPTestClient(port: server.port) == nil)
        try server.plug()
        try server.plug()
        let again = try #require(TCPTestClient(port: server.port))
        #expect(answer(again) == "CNXN")
        server.stop()
        #expect(TCPTestClient(port: server.port) == nil)
    }

    @Test func thePhoneMayLeaveInTheMiddle() throws {
        let phone = VirtualPhone()
        phone.setFaults([.leavesAfter(bytes: 30)])
        let server = try VirtualPhoneServer(phone: phone)
        defer { server.stop() }
        let client = try #require(TCPTestClient(port: server.port))
        client.send(TestHost.hello.encoded(summed: true))
        #expect(client.receive(1000).count == 30)
    }

    @Test func twoHostsAtATime() throws {
        let server = try VirtualPhoneServer(phone: VirtualPhone())
        defer { server.stop() }
        let clients = try (0..<2).map { _ in try #require(TCPTestClient(port: server.port)) }
        #expect(clients.map(answer) == ["CNXN", "CNXN"])
    }
}
