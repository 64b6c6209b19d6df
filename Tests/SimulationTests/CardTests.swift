import Base
import Simulation
import Testing
import VirtualPhone

/// Cards that are moved, taken out and put in while messages come: the slot that the radio used, or none; never another.
@Suite(.serialized, .apartFromPool) struct CardTests {
    private func texts(_ world: World, withoutSlot: Bool) throws -> [String] {
        try zip(world.receivedTexts(), world.receivedSlots()).filter { ($0.1 == 0) == withoutSlot }.map(\.0)
            .sorted()
    }

    /// The radio's own lines name the slot of what came between two looks at the cards.
    @Test func messagesRightAfterASwapHaveTheSlotTheRadioNames() throws {
        for release in [7, 10, 12, 14, 16] {
            try World.with(seed: 81, androidRelease: release) { world in
                try world.startWithPhones()
                world.receive(phone: 0, slot: 0, from: "Shop", body: "before")
                world.pass(.seconds(100))
                world.phones[0].setSIMs(VirtualSIM.pair.swapped)
                for number in 0..<4 {
                    world.receive(phone: 0, slot: number % 2, from: "Shop", body: "after \(number)")
                    world.pass(.seconds(13))
                }
                world.pass(.seconds(100))
                #expect(Set(try world.received().map(\.message)) == world.sent)
                #expect(try world.wrongSlots() == [])
            }
        }
    }

    @Test func withoutTheRadiosLinesTheSlotIsUnknownAndNeverWrong() throws {
        try World.with(seed: 82) { world in
            try world.startWithPhones()
            world.pass(.seconds(100))
            world.phones[0].setFaults([.logcatIsEmpty])
            world.phones[0].setSIMs(VirtualSIM.pair.swapped)
            world.receive(phone: 0, slot: 0, from: "Shop", body: "between")
            world.pass(.seconds(300))
            world.receive(phone: 0, slot: 1, from: "Shop", body: "later")
            world.pass(.seconds(100))
            #expect(try texts(world, withoutSlot: true) == ["between"])
            #expect(try texts(world, withoutSlot: false) == ["later"])
            #expect(try world.wrongSlots() == ["between"])
        }
    }

    /// A message comes on the first slot while the cable is out; then the cards change places; then the cable is back.
    @Test func aSwapWhileTheCableIsOutRelabelsNothing() throws {
        for showsLog in [true, false] {
            try World.with(seed: 83) { world in
                try world.startWithPhones()
                world.pass(.seconds(100))
                world.links.unplug(world.phones[0])
                world.pass(.seconds(600))
                world.receive(phone: 0, slot: 0, from: "Shop", body: "before the swap")
                world.pass(.seconds(600))
                world.phones[0].setSIMs(VirtualSIM.pair.swapped)
                world.pass(.seconds(600))
                if !showsLog { world.phones[0].setFaults([.logcatIsEmpty]) }
                world.links.plug(world.phones[0])
                world.pass(.seconds(100))
                #expect(try world.receivedSlots() == [showsLog ? 1 : 0])
            }
        }
    }

    @Test func aCardThatWasTakenOutKeepsItsMessages() throws {
        try World.with(seed: 84) { world in
            try world.startWithPhones()
            world.pass(.seconds(100))
            world.receive(phone: 0, slot: 1, from: "Shop", body: "on the second")
            // Taken out before anything was read.
            world.phones[0].setSIMs([VirtualSIM.pair[0]])
            world.pass(.seconds(20))
            for number in 0..<3 {
                world.receive(phone: 0, slot: 0, from: "Shop", body: "then \(number)")
                world.pass(.seconds(20))
            }
            world.pass(.seconds(100))
            #expect(try world.receivedTexts().sorted() == ["on the second", "then 0", "then 1", "then 2"])
            #expect(try world.wrongSlots() == [])
        }
    }

    /// The SMS app writes no subscription: the phone's own table of parts has it.
    @Test func aRowWithoutACardIsFoundInTheTableOfParts() throws {
        try World.with(seed: 85, change: { $0.messagingApp = "org.example.sms" }) { world in
            try world.startWithPhones()
            world.pass(.seconds(100))
            world.phones[0].setCardIsForgotten(true)
            world.receive(phone: 0, slot: 1, from: "Shop", body: "without")
            world.pass(.seconds(100))
            #expect(try world.wrongSlots() == [])
            #expect(try world.receivedSlots() == [2])
        }
    }

    /// A message whose lines the log does not have comes while the row of another one is late: it does not take that one's line.
    @Test func aRowWithoutALineTakesNoneFromALateRow() throws {
        for release in [7, 14] {
            try World.with(seed: 86, androidRelease: release) { world in
                try world.startWithPhones()
                world.pass(.seconds(100))
                let phone = world.phones[0]
                phone.receiveSMS(
                    from: "Shop", body: "late", slot: 0,
                    delivery: VirtualDelivery(rowDelayMilliseconds: 20_000))
                world.pass(.seconds(3))
                phone.setSIMs(VirtualSIM.pair.swapped)
                phone.receiveSMS(
                    from: "Shop", body: "without a line", slot: 1, delivery: VirtualDelivery(announced: false)
                )
                world.pass(.seconds(200))
                #expect(try texts(world, withoutSlot: true) == ["without a line"])
                #expect(try world.receivedSlots().sorted() == [0, 1])
            }
        }
    }
}
