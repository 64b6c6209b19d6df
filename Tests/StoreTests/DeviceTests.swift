import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("Phones, their cards and how they are reached")
struct DeviceTests {
    @Test("a phone is found again by serial and ANDROID_ID, and nothing else")
    func identityIsSerialAndAndroidID() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let first = try await store.enrol(identity("S", androidID: "1"), at: at(5))
            #expect(first.name == "pixel-7a")
            #expect(first.wireID == "00000000-0000-0000-0000-000000000001")
            #expect(first.enrolledAt == at(5))
            #expect(first.enabled)
            #expect(try await store.enrol(identity("S", androidID: "1"), at: at(9)) == first)
            let reset = try await store.enrol(identity("S", androidID: "2"), at: at(9))
            let nameless = try await store.enrol(identity("S", androidID: nil), at: at(9))
            let sameID = try await store.enrol(identity("T", androidID: "1"), at: at(9))
            #expect([reset.name, nameless.name, sameID.name] == ["pixel-7a-2", "pixel-7a-3", "pixel-7a-4"])
            #expect(nameless.wireID == "S")
            #expect(try await store.enrol(identity("S", androidID: nil), at: at(9)) == nameless)
            #expect(try await store.devices().count == 4)
        }
    }

    @Test("what the phone says is brought up to date; its key, name and chosen id stay")
    func updates() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let first = try await store.enrol(identity(), at: at(5))
            try await store.setWireID(first.key, to: "kitchen")
            try await store.renameDevice(first.key, to: "Kitchen.1")
            var newer = identity()
            newer.androidVersion = "15"
            newer.apiLevel = 35
            let second = try await store.enrol(newer, at: at(9))
            #expect(second.key == first.key)
            #expect(second.identity == newer)
            #expect(second.name == "Kitchen.1")
            #expect(second.wireID == "kitchen")
            try await store.setWireID(first.key, to: nil)
            #expect(try await store.device(named: "Kitchen.1")?.wireID == first.wireID)
            try await store.noteSeen(first.key, at: at(77))
            try await store.setEnabled(first.key, to: false)
            let third = try #require(try await store.device(named: "Kitchen.1"))
            #expect(third.lastSeenAt == at(77))
            #expect(!third.enabled)
        }
    }

    @Test("an event keeps the id that receivers were told")
    func wireIDOfThatTime() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(5))
            _ = try await store.record(batch(phone.key, [sms(1)]))
            try await store.setWireID(phone.key, to: "new")
            _ = try await store.record(batch(phone.key, [sms(2)]))
            let ids = try await store.events(limit: 9).map(\.deviceWireID)
            #expect(ids == ["new", phone.wireID])
        }
    }

    @Test(
        "names made from any model can be typed",
        arguments: [
            ("SM-A546B", "sm-a546b"), ("  ", "phone"), ("", "phone"), ("Réno 8\n$(reboot)", "r-no-8-reboot"),
            ("手机", "phone"), ("a/../b", "a-..-b"),
        ])
    func names(model: String, name: String) async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let made = try await store.enrol(identity(model: model), at: at(1)).name
            #expect(made == name)
        }
    }

    @Test("a phone is meant by its name, its id or its serial; two with one serial must be named")
    func lookup() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let one = try await store.enrol(identity("0123456789ABCDEF", androidID: "1"), at: at(1))
            #expect(try await store.device(named: "0123456789ABCDEF") == one)
            #expect(try await store.device(named: one.wireID) == one)
            #expect(try await store.device(named: one.name) == one)
            #expect(try await store.device(named: "nobody") == nil)
            let two = try await store.enrol(identity("0123456789ABCDEF", androidID: "2"), at: at(1))
            let error = await storeError { _ = try await store.device(named: "0123456789ABCDEF") }
            #expect(error?.cause == .refused)
            #expect(error?.message == "2 phones are called this: pixel-7a, pixel-7a-2")
            #expect(try await store.device(named: two.name) == two)
        }
    }

    @Test("names in use, names that cannot be typed, and phones that are not there are refused")
    func refusals() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let one = try await store.enrol(identity("A"), at: at(1))
            let two = try await store.enrol(identity("B"), at: at(1))
            let taken = await storeError { try await store.renameDevice(two.key, to: one.name) }
            #expect(taken?.message == "another phone is called pixel-7a already")
            try await store.renameDevice(two.key, to: two.name)
            for bad in ["", "a b", "ü", "a\n", String(repeating: "x", count: 65)] {
                #expect(
                    await storeError { try await store.renameDevice(one.key, to: bad) }?.cause == .refused)
            }
            for bad in ["", "a b", "\u{7F}", String(repeating: "x", count: 129)] {
                #expect(await storeError { try await store.setWireID(one.key, to: bad) }?.cause == .refused)
            }
            let nobody = DeviceKey(rawValue: 99)
            #expect(await storeError { try await store.setEnabled(nobody, to: true) }?.cause == .notFound)
            #expect(await storeError { try await store.noteSeen(nobody, at: at(1)) }?.cause == .notFound)
        }
    }

    private func card(_ slot: Int, _ iccid: String, carrier: String = "Telco") -> SIMCard {
        SIMCard(slot: slot, subscription: slot + 10, iccid: iccid, network: "26201", carrier: carrier)
    }

    @Test(
        "cards have a history: swapped and removed ones end, what is told anew of one is noted, unchanged ones write nothing"
    )
    func simHistory() async throws {
        let commits = Counter()
        try await withStore(
            try TestFolder(), gate: { moment in if moment == .after { commits.increment() } }
        ) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            try await store.recordSIMs(phone, [card(1, "A"), card(2, "B")], at: at(10))
            let before = commits.value
            try await store.recordSIMs(phone, [card(2, "B"), card(1, "A"), card(1, "X")], at: at(20))
            #expect(commits.value == before)
            try await store.recordSIMs(phone, [card(1, "C"), card(2, "B", carrier: "Roaming")], at: at(30))
            try await store.recordSIMs(phone, [card(1, "C")], at: at(40))
            let now = try await store.sims(phone)
            #expect(now.map(\.1) == [card(1, "C")])
            #expect(now.map(\.since) == [at(30)])
            let history = try await store.simHistory(phone, limit: 9)
            #expect(history.map(\.card.iccid) == ["C", "B", "A"])
            #expect(history.map(\.card.carrier) == ["Telco", "Roaming", "Telco"])
            #expect(history.map(\.since) == [at(30), at(10), at(10)])
            #expect(history.map(\.until) == [nil, at(40), at(30)])
        }
    }

    @Test("every phone's cards, or one phone's; too many at once and unknown phones are refused")
    func simLists() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let one = try await store.enrol(identity("A"), at: at(1)).key
            let two = try await store.enrol(identity("B"), at: at(1)).key
            try await store.recordSIMs(one, [card(2, "B"), card(1, "A")], at: at(10))
            try await store.recordSIMs(two, [card(1, "C")], at: at(10))
            #expect(try await store.sims().map(\.1.iccid) == ["A", "B", "C"])
            #expect(try await store.sims(two).map(\.1.iccid) == ["C"])
            let many = (1...17).map { card($0, "X") }
            #expect(await storeError { try await store.recordSIMs(one, many, at: at(1)) }?.cause == .refused)
            let nobody = DeviceKey(rawValue: 99)
            let unknown = await storeError { try await store.recordSIMs(nobody, [card(1, "A")], at: at(1)) }
            #expect(unknown?.cause == .notFound)
        }
    }

    @Test("a phone that changes its cards all the time does not fill the disk")
    func simHistoryIsBounded() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            for number in 0..<(StoreLimits.simHistoryMax + 5) {
                try await store.recordSIMs(phone, [card(1, "\(number)")], at: at(Int64(number)))
            }
            let rows = try await store.inspect { (database) throws(StoreError) in
                try database.number("SELECT count(*) FROM sims")
            }
            #expect(rows == Int64(StoreLimits.simHistoryMax))
            #expect(try await store.sims(phone).map(\.1.iccid) == ["\(StoreLimits.simHistoryMax + 4)"])
        }
    }

    @Test("trusted serials and addresses are sets that survive a restart, within limits")
    func trustedSerialsAndAddresses() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            try await store.trust(serial: "A", at: at(1))
            try await store.trust(serial: "B", at: at(2))
            try await store.trust(serial: "A", at: at(3))
            try await store.addAddress("10.0.0.2:5555")
            try await store.addAddress("10.0.0.1:5555")
            try await store.addAddress("10.0.0.1:5555")
            try await store.removeAddress("10.0.0.2:5555")
            try await store.removeAddress("10.0.0.9:5555")
            #expect(await storeError { try await store.addAddress("") }?.cause == .refused)
        }
        try await withStore(folder) { (store) async throws in
            let trusted = try await store.trustedSerials()
            #expect(trusted == ["A", "B"])
            #expect(try await store.addresses() == ["10.0.0.1:5555"])
            try await store.inspect { (database) throws(StoreError) in
                try database.test(
                    """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 4096)
                    INSERT INTO served SELECT 'serial ' || i, 1000 + i FROM n
                    """)
            }
            try await store.trust(serial: "newest", at: at(9_999))
            let kept = try await store.trustedSerials()
            #expect(kept.count == StoreLimits.trustedSerialsMax)
            #expect(kept.contains("newest"))
            #expect(!kept.contains("B"))
        }
    }
}
