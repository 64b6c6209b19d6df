import Base
import Events
import Phone
import Simulation
import Store
import Testing
import VirtualPhone

/// What happens on a phone while nobody looks: deleted ids given again, wiped stores, restored backups, moved clocks
/// and cards. Everything that was stored after enrolment arrives once, with the right slot.
@Suite(.serialized, .apartFromPool) struct GapTests {
    private func away(_ world: World, _ body: () -> Void) {
        world.links.unplug(world.phones[0])
        world.pass(.seconds(3600))
        body()
        world.pass(.seconds(3600))
        world.links.plug(world.phones[0])
        world.pass(.seconds(400))
    }

    private func check(_ world: World, location: SourceLocation = #_sourceLocation) throws {
        let received = try world.received().map(\.message)
        #expect(Set(received) == world.sent, sourceLocation: location)
        #expect(received.count == Set(received).count, sourceLocation: location)
        #expect(try world.wrongSlots().isEmpty, sourceLocation: location)
    }

    @Test func idsGivenAgainWhileAwayAreNewMessages() throws {
        try World.with(seed: 21) { world in
            try world.startWithPhones()
            for number in 0..<30 {
                world.receive(phone: 0, slot: number % 2, from: "Shop", body: "first \(number)")
            }
            world.pass(.seconds(60))
            away(world) {
                // The newest goes, its id is given again, and many more come.
                #expect(world.phones[0].deleteSMS(30))
                for number in 0..<150 {
                    world.receive(phone: 0, slot: number % 2, from: "Shop", body: "then \(number)")
                }
            }
            // Two messages had the id 30: the bodies tell them apart.
            let texts = try world.receivedTexts()
            #expect(texts.count == 180)
            #expect(Set(texts).count == 180)
            #expect(try world.wrongSlots().isEmpty)
        }
    }

    @Test func aStoreWipedWhileAwayIsReadFromItsBeginning() throws {
        try World.with(seed: 22) { world in
            try world.startWithPhones()
            for number in 0..<60 { world.receive(phone: 0, slot: 0, from: "Shop", body: "first \(number)") }
            world.pass(.seconds(60))
            away(world) {
                world.phones[0].wipeMessages()
                for number in 0..<40 {
                    world.receive(phone: 0, slot: 1, from: "Shop", body: "then \(number)")
                }
            }
            #expect(Set(try world.receivedTexts()).count == 100)
            #expect(try world.receivedTexts().count == 100)
        }
    }

    @Test func clocksThatJumpHideNothing() throws {
        try World.with(seed: 23) { world in
            try world.startWithPhones()
            for (number, jump) in [Duration.seconds(-86_400 * 400), .seconds(86_400 * 800), .seconds(-3600)]
                .enumerated()
            {
                world.clock.jumpWall(by: jump)
                world.receive(phone: 0, slot: 0, from: "Shop", body: "with a hint \(number)")
                world.pass(.seconds(20))
                away(world) { world.receive(phone: 0, slot: 1, from: "Shop", body: "while away \(number)") }
            }
            try check(world)
        }
    }

    @Test func aMovedCardTakesItsMessagesAlong() throws {
        try World.with(seed: 24) { world in
            try world.startWithPhones()
            world.receive(phone: 0, slot: 0, from: "Shop", body: "before")
            world.pass(.seconds(20))
            away(world) {
                world.phones[0].setSIMs(
                    VirtualSIM.pair.map { sim in
                        var sim = sim
                        sim.slot = sim.slot.map { 1 - $0 }
                        return sim
                    })
                world.receive(phone: 0, slot: 0, from: "Shop", body: "after")
            }
            try check(world)
        }
    }

    /// An app deletes each message as soon as it was read: the next one has its id. It is read on its hint, not at the next sweep.
    @Test func anIDThatIsGivenAgainAtOnceIsReadAtOnce() throws {
        try World.with(seed: 33) { world in
            try world.startWithPhones()
            for number in 0..<20 { world.receive(phone: 0, slot: 0, from: "Shop", body: "first \(number)") }
            world.pass(.seconds(100))
            for number in 0..<10 {
                world.receive(phone: 0, slot: 1, from: "Shop", body: "then \(number)")
                world.pass(.seconds(4))
                #expect(try world.receivedTexts().contains("then \(number)"))
                #expect(world.phones[0].deleteSMS(21))
                world.pass(.seconds(3))
            }
            #expect(try world.receivedTexts().count == 30)
            #expect(try world.receivedSlots().filter { $0 == 2 }.count == 10)
        }
    }

    /// Hidden rows from before enrolment that come back under other ids are not counted as messages since then.
    @Test func whatWasThereBeforeIsNotCountedWhenItComesBack() throws {
        for style in VirtualProviderStyle.allCases {
            try World.with(seed: 34, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                for number in 0..<40 {
                    world.phones[0].receiveSMS(from: "Old", body: "old \(number)", slot: number % 2)
                }
                try world.startWithPhones()
                world.receive(phone: 0, slot: 0, from: "Shop", body: "new")
                world.pass(.seconds(100))
                let rows = world.phones[0].allMessages()
                world.phones[0].wipeMessages()
                world.pass(.seconds(200))
                for var row in rows {
                    row.id = nil
                    world.phones[0].insertSMS(row)
                }
                world.pass(.seconds(400))
                #expect(world.checkAllSMS(phone: 0))
                let phone = world.phones[0].setup.androidID
                let found = world.ask { store, _ -> PhoneLedger? in
                    for device in try await store.devices() where device.identity.androidID == phone {
                        return try await store.cursor(device.key, .sms).flatMap { SMSSource.ledger($0) }
                    }
                    return nil
                }
                let ledger = try #require(found ?? nil)
                #expect(ledger.held.map(\.rows).reduce(0, +) == 1)
                #expect(try world.receivedTexts() == ["new"])
            }
        }
    }

    /// In plain columns texts are read eight at a time: a restored history is told all the same.
    @Test func aRestoredHistoryIsHistoryOnEveryBuild() throws {
        for style in VirtualProviderStyle.allCases {
            try World.with(seed: 35, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                try world.startWithPhones()
                world.receive(phone: 0, slot: 0, from: "Shop", body: "new")
                world.pass(.seconds(100))
                world.phones[0].restoreOldMessages(60)
                world.pass(.seconds(400))
                world.receive(phone: 0, slot: 0, from: "Shop", body: "newer")
                world.pass(.seconds(100))
                #expect(try world.receivedTexts() == ["new", "newer"])
                #expect(world.problems().filter { $0.contains("restored history") }.count == 1)
            }
        }
    }
}
