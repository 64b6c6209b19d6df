import Base
import Events
import Simulation
import Store
import Testing
import VirtualPhone

/// Messages that the radio brought and that are not in the phone's SMS store.
@Suite(.serialized, .apartFromPool) struct UnstoredTests {
    private func alarms(_ world: World) throws -> [String] {
        try world.arrivals().filter { $0.type == "device" }.map {
            "\($0.fields.event ?? ""): \($0.fields.detail ?? "")"
        }
    }

    private func problems(_ world: World) throws -> [String] {
        try #require(world.ask { store, _ in try await store.problems(limit: 100).map(\.text) })
    }

    private func start(_ world: World) throws {
        try world.start()
        try world.addWebhook(kinds: [.sms, .device, .sim])
        for phone in world.phones { world.links.plug(phone) }
        world.pass(.seconds(10))
    }

    @Test func aMessageThatTheAppDoesNotStoreIsAnAlarmWithItsText() throws {
        for style in [VirtualProviderStyle.open] {
            try World.with(seed: 311, androidRelease: 14, change: { $0.providerStyle = style }) { world in
                try start(world)
                let phone = world.phones[0]
                phone.receiveSMS(from: "Shop", body: "stored", slot: 0)
                phone.receiveSMS(
                    from: "+447700900123", body: "lost: your code is 4711\nRow: 1 _id=9", slot: 1,
                    delivery: VirtualDelivery(isStored: false))
                world.pass(.seconds(30))
                #expect(try alarms(world) == [])
                world.pass(.seconds(150))
                #expect(
                    try alarms(world) == [
                        "sms-not-stored: +447700900123: lost: your code is 4711\nRow: 1 _id=9"
                    ])
                #expect(try world.receivedTexts() == ["stored"])
                // The text is nowhere else.
                #expect(
                    try problems(world).contains { $0.contains("cannot be found in the phone's SMS store") })
                #expect(try !problems(world).contains { $0.contains("4711") })
                // Told once, over restarts.
                try world.revive()
                world.pass(.seconds(1000))
                #expect(try Set(world.arrivals().filter { $0.type == "device" }.map(\.id)).count == 1)
            }
        }
    }

    /// What is stored late, in several parts, with any text, or was read and then deleted, is no alarm.
    @Test func whatIsStoredIsNoAlarm() throws {
        try World.with(seed: 312, androidRelease: 14) { world in
            try start(world)
            let phone = world.phones[0]
            phone.receiveSMS(from: "Shop", body: String(repeating: "long ", count: 120), slot: 0)
            phone.receiveSMS(
                from: "Shop", body: "late", slot: 1, delivery: VirtualDelivery(rowDelayMilliseconds: 20_000))
            phone.receiveSMS(
                from: "Shop", body: "quiet", slot: 1, delivery: VirtualDelivery(announced: false))
            let id = phone.receiveSMS(from: "Shop", body: "deleted later", slot: 0)
            world.pass(.seconds(20))
            #expect(phone.deleteSMS(id))
            world.pass(.seconds(1500))
            #expect(try world.receivedTexts().count == 4)
            phone.wipeMessages()
            world.pass(.seconds(1500))
            #expect(try alarms(world) == [])
        }
    }

    /// A phone that nobody unlocks after a restart stores nothing: its messages are told, and come when it is unlocked.
    @Test func aLockedPhoneTellsWhatWaits() throws {
        try World.with(seed: 313, androidRelease: 14) { world in
            try start(world)
            world.links.unplug(world.phones[0])
            world.phones[0].reboot(locked: true)
            world.links.plug(world.phones[0])
            world.pass(.seconds(60))
            world.phones[0].receiveSMS(from: "Bank", body: "code 99", slot: 1)
            world.pass(.seconds(300))
            #expect(try alarms(world) == ["sms-waits: Bank: code 99"])
            #expect(try world.receivedTexts() == [])
            #expect(try problems(world).contains { $0.contains("unlock it") })
            world.phones[0].unlock()
            world.pass(.seconds(300))
            #expect(try world.receivedTexts() == ["code 99"])
            #expect(try alarms(world).count == 1)
        }
    }

    @Test func aMessageOfWhichAPartIsMissingIsToldLater() throws {
        try World.with(seed: 314, androidRelease: 14) { world in
            try start(world)
            world.phones[0].receiveSMS(
                from: "Bank", body: String(repeating: "x", count: 200), slot: 1,
                delivery: VirtualDelivery(isPartMissing: true))
            world.pass(.seconds(600))
            #expect(try alarms(world) == [])
            world.pass(.seconds(1500))
            #expect(
                try alarms(world) == [
                    "sms-not-stored: [1 of 2 parts] Bank: " + String(repeating: "x", count: 100)
                ])
        }
    }

    /// What was handed over before the phone was enrolled is history.
    @Test func whatCameBeforeEnrolmentIsNoAlarm() throws {
        try World.with(seed: 315, androidRelease: 14) { world in
            for number in 0..<5 {
                world.phones[0].receiveSMS(
                    from: "Shop", body: "old \(number)", slot: 0, delivery: VirtualDelivery(isStored: false))
            }
            try start(world)
            world.pass(.seconds(2000))
            #expect(try alarms(world) == [])
        }
    }

    /// It was read and forwarded, its owner deleted it, and then the cable or the daemon blinks: what the store knows is no alarm.
    @Test func whatWasReadBeforeAReconnectIsNoAlarm() throws {
        for isDaemon in [false, true] {
            try World.with(seed: 316, androidRelease: 14) { world in
                try start(world)
                let id = world.phones[0].receiveSMS(from: "Shop", body: "read and deleted", slot: 0)
                world.pass(.seconds(60))
                #expect(world.phones[0].deleteSMS(id))
                if isDaemon {
                    try world.revive()
                } else {
                    world.links.unplug(world.phones[0])
                    world.pass(.seconds(20))
                    world.links.plug(world.phones[0])
                }
                world.pass(.seconds(1500))
                #expect(try world.receivedTexts() == ["read and deleted"])
                #expect(try alarms(world) == [])
            }
        }
    }
}
