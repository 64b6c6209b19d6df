import Base
import Events
import Simulation
import Testing
import VirtualPhone

/// Calls that nobody took, for webhooks that ask.
@Suite(.serialized, .apartFromPool) struct MissedCallTests {
    private func calls(_ world: World) throws -> [String] {
        try world.arrivals().filter { $0.type == "call" }.map {
            "\($0.fields.phone ?? "-") on \($0.fields.sim ?? -1)"
        }
    }

    @Test func eachMissedCallComesOnceWithItsSlot() throws {
        for release in [13, 14, 16] {
            try World.with(seed: 111, androidRelease: release) { world in
                world.phones[0].missCall(from: "+447700900001", slot: 0)
                try world.startWithPhones(kinds: [.call, .sms])
                world.phones[0].missCall(from: "+447700900002", slot: 0)
                world.pass(.seconds(20))
                world.phones[0].missCall(from: "+447700900003, type=3\nRow: 1 _id=9", slot: 1)
                // Taken and outgoing calls are none of ours; a withheld number is empty.
                world.phones[0].missCall(from: "+447700900004", slot: 1, type: 1)
                world.phones[0].missCall(from: nil, slot: 1)
                world.pass(.seconds(20))
                #expect(
                    try calls(world) == [
                        "+447700900002 on 1", "+447700900003, type=3\nRow: 1 _id=9 on 2", " on 2",
                    ])
                world.links.unplug(world.phones[0])
                for number in 0..<30 { world.phones[0].missCall(from: "+\(number)", slot: number % 2) }
                world.links.plug(world.phones[0])
                world.pass(.seconds(100))
                #expect(try calls(world).count == 33)
                #expect(try calls(world).suffix(30) == (0..<30).map { "+\($0) on \($0 % 2 + 1)" })
                try world.revive()
                world.pass(.seconds(700))
                #expect(try calls(world).count == 33)
            }
        }
    }

    @Test func nobodyWhoDidNotAskGetsThem() throws {
        try World.with(seed: 112) { world in
            try world.startWithPhones()
            world.phones[0].missCall(from: "+447700900002", slot: 0)
            world.pass(.seconds(400))
            #expect(try calls(world) == [])
        }
    }

    /// Before Android 13 the shell may not read the log: the phone is well all the same.
    @Test func anOldPhoneIsNotAskedAndIsWell() throws {
        try World.with(seed: 113, androidRelease: 12) { world in
            try world.startWithPhones(kinds: [.call, .sms])
            world.phones[0].missCall(from: "+447700900002", slot: 0)
            world.receive(phone: 0, slot: 0, from: "Shop", body: "hello")
            world.pass(.seconds(400))
            #expect(try calls(world) == [])
            #expect(try world.receivedTexts() == ["hello"])
            #expect(!world.states().values.contains { $0.contains("call") })
        }
    }
}
