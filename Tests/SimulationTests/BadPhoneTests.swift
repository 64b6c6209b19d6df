import Base
import Simulation
import Testing
import VirtualPhone

/// One bad phone hurts nobody else, and once it behaves its messages arrive, once.
@Suite(.serialized, .apartFromPool) struct BadPhoneTests {
    private func check(_ faults: [VirtualFault], _ note: String) throws {
        try World.with(seed: 7) { world in
            try world.startWithPhones()
            world.phones[0].setFaults(faults)
            world.phones[0].cutLinks()
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "from the bad phone")
            world.receive(phone: 1, slot: 1, from: "Shop", body: "from the good phone")
            world.pass(.seconds(90))
            let healthy = try world.received().map(\.message)
            #expect(
                healthy.contains { $0.hasPrefix(world.phones[1].setup.androidID) },
                "\(note): the good phone was hurt")
            world.phones[0].setFaults([])
            world.phones[0].cutLinks()
            world.pass(.seconds(300))
            let received = try world.received().map(\.message)
            #expect(Set(received) == world.sent, "\(note): received is not sent")
            #expect(Set(received).count == received.count, "\(note): something came twice")
        }
    }

    @Test(arguments: [
        [VirtualFault.junkBeforeConnect([1, 2, 3, 0x43, 0x4E, 0x58, 0x4E])], [.garbage(bytes: 100)],
        [.connectLength(0xFFFF_FFFF)], [.connectLength(2 << 20)], [.wrongMagic], [.wrongStreamIDs],
        [.writeFlood],
        [.silent], [.stopsInsidePayload(message: 0)], [.stopsInsidePayload(message: 3)], [.doubleClose],
        [.closesWithZeroID], [.staleCloseBeforeAuth], [.endlessTokens], [.connectStorm], [.okayWithheld],
        [.shellPacketLength(0xFFFF_FFFF)], [.noExitPacket], [.opensTCP(port: 22)],
        [.hangs(command: "content")],
        [.hangs(command: "dumpsys")], [.hangs(command: "logcat")],
    ])
    func everyFault(faults: [VirtualFault]) throws { try check(faults, "\(faults)") }

    @Test func aPhoneThatLeavesAtAnyByte() throws {
        // Around the ends of the first headers and payloads, then wider apart.
        let lengths = [0, 1, 12, 23, 24, 25, 60, 100, 176, 177, 200, 201]
        for bytes in lengths + stride(from: 250, to: 4000, by: 311) {
            try check([.leavesAfter(bytes: bytes)], "leaves after \(bytes) bytes")
        }
    }

    @Test func aLockedPhoneIsReadOnceItIsUnlocked() throws {
        try World.with(seed: 8) { world in
            try world.startWithPhones()
            world.phones[0].reboot(locked: true)
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "while locked")
            world.pass(.seconds(120))
            #expect(try world.received().isEmpty)
            world.phones[0].unlock()
            world.pass(.seconds(120))
            #expect(Set(try world.received().map(\.message)) == world.sent)
        }
    }

    @Test func aPhoneThatRefusesSMSIsReadOnceItAllowsThem() throws {
        try World.with(seed: 9) { world in
            try world.startWithPhones()
            world.phones[0].setMessageAccess(.denied)
            world.receive(phone: 0, slot: 0, from: "AcmeBank", body: "while refused")
            world.pass(.seconds(120))
            #expect(try world.received().isEmpty)
            world.phones[0].setMessageAccess(.allowed)
            world.pass(.seconds(400))
            #expect(Set(try world.received().map(\.message)) == world.sent)
        }
    }
}
