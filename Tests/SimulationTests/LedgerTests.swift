import Base
import Daemon
import Delivery
import Events
import Phone
import Simulation
import Store
import Testing
import VirtualPhone

/// The account of everything that was on a phone since it was enrolled.
@Suite(.serialized, .apartFromPool) struct LedgerTests {
    /// The first phone's key.
    private func device(_ world: World) throws -> DeviceKey {
        let devices = try #require(world.ask { store, _ in try await store.devices() })
        return try #require(devices.first { $0.identity.androidID == world.phones[0].setup.androidID }).key
    }

    private func ledger(_ world: World) throws -> PhoneLedger {
        let device = try device(world)
        let cursor = world.ask { store, _ in try await store.cursor(device, .sms) ?? [] }
        return try #require(SMSSource.ledger(cursor ?? []))
    }

    private func tallies(_ world: World) throws -> [EventTally] {
        let device = try device(world)
        return try #require(world.ask { store, _ in try await store.tallyNow(of: device, .sms) })
    }

    /// Rows 1 and 3 are read, row 2 was deleted before any read.
    @Test func aRowThatWasDeletedBeforeAnyReadIsAGapAndNoTrouble() throws {
        try World.with(seed: 101) { world in
            try world.startWithPhones()
            world.links.unplug(world.phones[0])
            world.pass(.seconds(60))
            for number in 1...3 { world.receive(phone: 0, slot: 0, from: "Shop", body: "\(number)") }
            #expect(world.phones[0].deleteSMS(2))
            world.links.plug(world.phones[0])
            world.pass(.seconds(200))
            #expect(try world.receivedTexts().sorted() == ["1", "3"])
            let ledger = try ledger(world)
            #expect(ledger.missing == 1)
            #expect(ledger.gaps == [2...2])
            #expect(ledger.events == 2)
            #expect(world.states().values.allSatisfy { $0 == "online" })
        }
    }

    /// Sent messages are seen and no gap; drafts are hidden; what an app queued comes late under a low id and fills its gap.
    @Test func onlyWhatThePhoneHidesIsAGap() throws {
        try World.with(seed: 102) { world in
            try world.startWithPhones()
            let now = world.clock.wallNow().milliseconds
            func row(_ type: Int, _ text: String) -> Int64 {
                world.phones[0].insertSMS(
                    VirtualSMS(address: "+44", date: now, type: type, body: text, subscriptionID: 2))
            }
            _ = row(2, "sent")
            _ = row(3, "draft")
            let late = row(6, "queued")
            world.receive(phone: 0, slot: 0, from: "Shop", body: "received")
            world.pass(.seconds(200))
            #expect(try ledger(world).missing == 2)
            // The queued row turns out to be a received one.
            #expect(world.phones[0].setSMSType(1, id: late))
            world.pass(.seconds(200))
            #expect(try ledger(world).missing == 1)
            #expect(try world.receivedTexts().sorted() == ["queued", "received"])
        }
    }

    /// The newest row is deleted and its id given again: the draft below it is passed over once more and is still one.
    @Test func aDraftThatIsPassedOverTwiceIsOneMissingID() throws {
        try World.with(seed: 105) { world in
            try world.startWithPhones()
            let phone = world.phones[0]
            world.receive(phone: 0, slot: 0, from: "Shop", body: "first")
            _ = phone.insertSMS(
                VirtualSMS(address: "+44", date: world.clock.wallNow().milliseconds, type: 3, body: "draft"))
            world.receive(phone: 0, slot: 0, from: "Shop", body: "second")
            world.pass(.seconds(200))
            #expect(try ledger(world).gaps == [2...2])
            #expect(phone.deleteSMS(3))
            world.pass(.seconds(200))
            world.receive(phone: 0, slot: 0, from: "Shop", body: "third")
            world.pass(.seconds(200))
            #expect(try ledger(world).gaps == [2...2])
            #expect(try ledger(world).missing == 1)
            #expect(try world.receivedTexts().sorted() == ["first", "second", "third"])
        }
    }

    /// Everything is counted by card, at once when somebody asks.
    @Test func aWholeCheckCountsWhatThePhoneHolds() throws {
        for card in VirtualCardColumn.allCases {
            let maker = card == .slotInSubID ? "HUAWEI" : card == .subscriptionBeside ? "Xiaomi" : "Google"
            try World.with(
                seed: 103, androidRelease: 12,
                change: {
                    $0.cardColumn = card
                    $0.manufacturer = maker
                }
            ) { world in
                for number in 0..<7 {
                    world.phones[0].receiveSMS(from: "Old", body: "old \(number)", slot: 0)
                }
                try world.startWithPhones()
                for number in 0..<5 {
                    world.receive(phone: 0, slot: number % 2, from: "Shop", body: "new \(number)")
                    world.pass(.seconds(20))
                }
                #expect(world.phones[0].deleteSMS(8))
                let online = try #require(world.online)
                let device = try device(world)
                let done = Task(executorPreference: world.executor) { await online.checkAll(device, .sms) }
                world.pass(.seconds(30))
                _ = done
                let ledger = try ledger(world)
                #expect(ledger.held.map(\.rows).sorted() == [2, 2])
                let names = ledger.held.map {
                    $0.slot.map { "slot \($0)" } ?? "subscription \($0.subscription ?? 0)"
                }
                let isSlot = card == .slotInSubID
                #expect(
                    Set(names) == (isSlot ? ["slot 1", "slot 2"] : ["subscription 2", "subscription 3"]))
                #expect(ledger.events == 5)
                #expect(ledger.missing == 0)
                let tallies = try tallies(world)
                #expect(tallies.map(\.slot) == [1, 2])
                #expect(tallies.map(\.iccid) == ["8944200000000000002", "8944300000000000003"])
                #expect(tallies.map(\.events) == [3, 2])
                #expect(tallies.map(\.forwarded) == [3, 2])
            }
        }
    }

    /// A history that came back is told apart from what was forwarded, and said to be one.
    @Test func aRestoredHistoryIsCountedApart() throws {
        try World.with(seed: 104) { world in
            try world.startWithPhones()
            world.receive(phone: 0, slot: 0, from: "Shop", body: "new")
            world.pass(.seconds(100))
            world.phones[0].restoreMessages(
                (0..<30).map { VirtualSMS(address: "Old", date: 1_500_000_000_000 + $0, body: "old \($0)") })
            world.pass(.seconds(200))
            #expect(try ledger(world).history == 30)
            #expect(try world.receivedTexts() == ["new"])
            let tallies = try tallies(world)
            #expect(tallies.map(\.history).reduce(0, +) == 30)
            #expect(tallies.map(\.forwarded).reduce(0, +) == 1)
            let reasons = world.ask { store, _ in
                var reasons: Set<String> = []
                for webhook in try await store.webhooks() {
                    for event in try await store.events(limit: 50) {
                        guard let story = try await store.eventStory(event.id), story.deliveries.isEmpty
                        else { continue }
                        reasons.insert(
                            webhook.reasonForNothing(
                                of: event, committedAt: story.stored.committedAt,
                                isHistory: story.stored.isHistory))
                    }
                }
                return reasons
            }
            #expect(reasons?.count == 1)
            #expect(reasons?.first?.contains("restored backup") == true)
        }
    }
}
