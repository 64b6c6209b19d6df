import Base
import Daemon
import Events
import Phone
import Simulation
import Store
import Testing
import VirtualPhone

/// What is known of SIM cards beside their slot.
@Suite(.serialized, .apartFromPool) struct CardDetailTests {
    private func cards(_ world: World) throws -> [SIMCard] {
        try #require(world.ask { store, _ in try await store.sims().map(\.1) })
    }

    private func events(_ world: World) throws -> [Event] {
        try #require(world.ask { store, _ in try await store.events(limit: 100) })
    }

    private static let pair: [VirtualSIM] = [
        VirtualSIM(
            subscriptionID: 2, slot: 0, iccid: "89442000000000000021", displayName: "a", carrierName: "EE",
            number: "+447700900201"),
        VirtualSIM(
            subscriptionID: 3, slot: 1, iccid: "89443000000000000038", displayName: "b",
            carrierName: "vodafone"),
    ]

    /// Through the table up to Android 10, through the service later: whole numbers of cards, own numbers, carriers, in every event.
    @Test(arguments: [8, 10, 11, 13, 14, 16]) func messagesCarryTheirCard(release: Int) throws {
        try World.with(seed: 321, androidRelease: release) { world in
            for phone in world.phones { phone.setSIMs(Self.pair) }
            try world.startWithPhones()
            world.receive(phone: 0, slot: 0, from: "Shop", body: "one")
            world.receive(phone: 0, slot: 1, from: "Shop", body: "two")
            world.pass(.seconds(30))
            #expect(Set(try cards(world).map(\.iccid)) == Set(Self.pair.map(\.iccid)))
            let events = try events(world).sorted { $0.slot ?? 0 < $1.slot ?? 0 }
            #expect(events.map(\.iccid) == Self.pair.map(\.iccid))
            #expect(events.map(\.ownNumber) == ["+447700900201", nil])
            #expect(events.map { $0.carrier != nil } == [true, true])
        }
    }

    /// What a user sets about a card follows it: into the other slot, and into the other phone.
    @Test func settingsFollowTheCard() throws {
        try World.with(seed: 322, androidRelease: 14) { world in
            world.phones[0].setSIMs(Self.pair)
            world.phones[1].setSIMs([])
            try world.startWithPhones()
            let key = try #require(world.ask { store, _ in try await store.devices() })
                .first { $0.identity.androidID == world.phones[0].setup.androidID }?.key
            let device = try #require(key)
            let card = try #require(try cards(world).first { $0.slot == 2 })
            let settings = CardSettings(label: "sales", number: "+447700900999")
            _ = world.ask { store, _ in try await store.set(settings, of: card, on: device) }
            world.receive(phone: 0, slot: 1, from: "Shop", body: "in slot 2")
            world.pass(.seconds(30))
            world.phones[0].setSIMs(Self.pair.swapped)
            world.pass(.seconds(200))
            world.receive(phone: 0, slot: 0, from: "Shop", body: "in slot 1")
            world.pass(.seconds(30))
            world.phones[0].setSIMs([])
            var moved = Self.pair[1]
            moved.subscriptionID = 9
            moved.slot = 0
            world.phones[1].setSIMs([moved])
            world.pass(.seconds(200))
            world.receive(phone: 1, slot: 0, from: "Shop", body: "in the other phone")
            world.pass(.seconds(30))
            let labelled = try events(world).reversed().map { "\($0.label ?? "-") \($0.ownNumber ?? "-")" }
            #expect(labelled == Array(repeating: "sales +447700900999", count: 3))
            #expect(Set(try world.receivedSlots()) == [1, 2])
        }
    }

    /// The dump and the service tell different cards: an event for those who ask, and slot 0 until they agree.
    @Test func aContradictionIsAnEventAndNoSlot() throws {
        try World.with(seed: 323, androidRelease: 14) { world in
            for phone in world.phones { phone.setSIMs(Self.pair) }
            world.phones[0].setToldICCID("89310000000000000007")
            try world.start()
            try world.addWebhook(kinds: [.sms, .sim])
            world.links.plug(world.phones[0])
            world.pass(.seconds(30))
            world.receive(phone: 0, slot: 0, from: "Shop", body: "who knows")
            world.pass(.seconds(30))
            #expect(try world.receivedTexts() == ["who knows"])
            #expect(try world.receivedSlots() == [0])
            let told = try world.arrivals().filter { $0.type == "sim" }
            #expect(told.map(\.fields.event) == ["disagreement", "disagreement"])
            #expect(told.allSatisfy { $0.fields.detail?.contains("two card numbers") == true })
            world.phones[0].setToldICCID(nil)
            world.pass(.seconds(200))
            world.receive(phone: 0, slot: 1, from: "Shop", body: "clear")
            world.pass(.seconds(30))
            #expect(try world.receivedSlots() == [0, 2])
        }
    }

    /// Cards change places while the cable stays in: what was known of them is asked again and is no contradiction.
    @Test(arguments: [8, 10, 14]) func aCardThatIsMovedContradictsNothing(release: Int) throws {
        try World.with(seed: 325, androidRelease: release) { world in
            for phone in world.phones { phone.setSIMs(Self.pair) }
            try world.start()
            try world.addWebhook(kinds: [.sms, .sim])
            world.links.plug(world.phones[0])
            world.pass(.seconds(100))
            world.phones[0].setSIMs(Self.pair.swapped)
            world.pass(.seconds(200))
            world.receive(phone: 0, slot: 1, from: "Shop", body: "moved")
            world.pass(.seconds(30))
            #expect(try world.receivedSlots() == [2])
            #expect(try world.arrivals().filter { $0.type == "sim" } == [])
        }
    }

    /// What is tried only when somebody asks, and what is said of it.
    @Test func aPhoneThatRefusesIsRepairedWhenAskedFor() throws {
        try World.with(seed: 324, androidRelease: 12, change: { $0.messageAccess = .ignored }) { world in
            world.phones[0].receiveSMS(from: "Old", body: "old", slot: 0)
            try world.startWithPhones()
            world.pass(.seconds(700))
            #expect(world.states().values.contains { $0.contains("silently refuses") })
            let devices = try #require(world.ask { store, _ in try await store.devices() })
            let device = try #require(
                devices.first { $0.identity.androidID == world.phones[0].setup.androidID })
            let online = try #require(world.online)
            let answer = world.ask { _, _ in
                await online.ask(device.key, RepairTask.self, RepairTask.Request())
            }
            guard case .replied(let reply, _)? = answer else {
                Issue.record("no reply")
                return
            }
            #expect(reply.isReadable)
            #expect(
                reply.steps.map(\.command) == [
                    "content query --uri content://sms", "appops get com.android.shell READ_SMS",
                    "appops set com.android.shell READ_SMS allow", "content query --uri content://sms",
                ])
            #expect(reply.steps[1].answer == "READ_SMS: ignore")
            #expect(world.ask { _, _ in await online.checkAll(device.key, .sms) } != nil)
            world.pass(.seconds(20))
            world.receive(phone: 0, slot: 0, from: "Shop", body: "new")
            world.pass(.seconds(60))
            #expect(try world.receivedTexts() == ["new"])
        }
    }
}
