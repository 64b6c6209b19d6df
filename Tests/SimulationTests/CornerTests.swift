import Base
import Daemon
import Delivery
import Events
import Phone
import Simulation
import Store
import Testing
import VirtualPhone

/// What no issue names: equal messages of one second, rows that are hidden or refused at a bad moment, odd numbers, very long texts.
@Suite(.serialized, .apartFromPool) struct CornerTests {
    /// A phone with Android 12 and one card, for a source without a phone.
    private static let context = PhoneContext(
        traits: PhoneTraits(
            PhoneIdentity(
                serial: "", androidID: nil, manufacturer: "", model: "", androidVersion: "", apiLevel: 31,
                fingerprint: "")),
        sims: [SIMCard(slot: 1, subscription: 2, iccid: "8944110000000000012", network: "", carrier: "")])

    private func device(_ world: World) throws -> DeviceKey {
        let devices = try #require(world.ask { store, _ in try await store.devices() })
        return try #require(devices.first { $0.identity.androidID == world.phones[0].setup.androidID }).key
    }

    private func backfill(_ world: World) throws {
        let device = try device(world)
        let online = try #require(world.online)
        let request = BackfillRequest(since: WallTime(milliseconds: 0), target: Backfill(webhook: nil))
        #expect(world.ask { _, _ in await online.backfill(device, .sms, request) } == true)
    }

    private func alarm(_ world: World, _ second: Int64, card: Int = 2) -> VirtualSMS {
        VirtualSMS(
            address: "Alarm", date: second, dateSent: second - 2000, body: "ALARM", subscriptionID: card)
    }

    /// Two equal messages of one second in one page.
    @Test func twinsInOnePage() throws {
        try World.with(seed: 901) { world in
            try world.startWithPhones()
            let second = world.clock.wallNow().milliseconds / 1000 * 1000
            world.phones[0].insertSMS(count: 2) { _ in alarm(world, second) }
            world.pass(.seconds(100))
            #expect(try world.receivedTexts() == ["ALARM", "ALARM"])
        }
    }

    /// Both twins deleted and put back.
    @Test func twinsPutBack() throws {
        try World.with(seed: 902) { world in
            try world.startWithPhones()
            let second = world.clock.wallNow().milliseconds / 1000 * 1000
            let first = world.phones[0].insertSMS(alarm(world, second))
            world.pass(.seconds(100))
            world.phones[0].insertSMS(alarm(world, second))
            world.pass(.seconds(100))
            world.phones[0].insertSMS(alarm(world, second + 60_000, card: 3))
            world.pass(.seconds(100))
            #expect(try world.receivedTexts().count == 3)
            _ = world.phones[0].deleteSMS(first)
            _ = world.phones[0].deleteSMS(first + 1)
            world.pass(.seconds(100))
            world.phones[0].insertSMS(count: 2) { _ in alarm(world, second) }
            world.pass(.seconds(200))
            #expect(try world.receivedTexts().count == 3)
        }
    }

    /// A put-back message and a backfill.
    @Test func aPutBackMessageAndABackfill() throws {
        try World.with(seed: 903) { world in
            world.phones[0].receiveSMS(from: "Old", body: "old", slot: 0)
            try world.startWithPhones()
            for number in 0..<3 { world.receive(phone: 0, slot: 0, from: "Shop", body: "new \(number)") }
            world.pass(.seconds(100))
            let rows = world.phones[0].allMessages()
            for row in rows { _ = world.phones[0].deleteSMS(row.id ?? 0) }
            world.pass(.seconds(100))
            world.receive(phone: 0, slot: 0, from: "Shop", body: "keep")
            world.receive(phone: 0, slot: 0, from: "Shop", body: "keep 2")
            world.pass(.seconds(100))
            for var row in rows {
                row.id = nil
                world.phones[0].insertSMS(row)
            }
            world.pass(.seconds(200))
            #expect(try world.receivedTexts().count == 5)
            try backfill(world)
            world.pass(.seconds(300))
            let texts = try world.receivedTexts()
            #expect(texts.count == 6)
            #expect(Set(texts).count == 6)
        }
    }

    /// Twins before enrolment, backfilled.
    @Test func twinsBackfilled() throws {
        try World.with(seed: 904) { world in
            let second = world.clock.wallNow().milliseconds / 1000 * 1000 - 600_000
            world.phones[0].insertSMS(count: 2) { _ in alarm(world, second) }
            try world.startWithPhones()
            world.pass(.seconds(100))
            try backfill(world)
            world.pass(.seconds(300))
            #expect(try world.receivedTexts() == ["ALARM", "ALARM"])
        }
    }

    /// Odd numbers.
    @Test func oddNumbers() throws {
        for style in VirtualProviderStyle.allCases {
            for date: Int64 in [.max, .min, -1, 0, 9_000_000_000_000_000, 253_402_300_800_000] {
                try World.with(seed: 907, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                    try world.startWithPhones()
                    for sub in [-5, 0, 7, Int(Int32.max), Int.max, Int.min] {
                        world.phones[0].insertSMS(
                            VirtualSMS(
                                address: "Odd", date: date, dateSent: date, body: "odd \(sub)",
                                subscriptionID: sub))
                    }
                    world.pass(.seconds(200))
                    world.receive(phone: 0, slot: 0, from: "Shop", body: "good")
                    world.pass(.seconds(200))
                    world.links.unplug(world.phones[0])
                    world.pass(.seconds(200))
                    world.receive(phone: 0, slot: 0, from: "Shop", body: "good 2")
                    world.links.plug(world.phones[0])
                    world.pass(.seconds(200))
                    let texts = try world.receivedTexts()
                    #expect(Set(texts).count == 8)
                    #expect(texts.count == 8)
                    #expect(try world.wrongSlots().isEmpty)
                }
            }
        }
    }

    /// The largest row id.
    @Test func theLargestRowID() throws {
        for style in VirtualProviderStyle.allCases {
            try World.with(seed: 908, androidRelease: 12, change: { $0.providerStyle = style }) { world in
                try world.startWithPhones()
                for number in 0..<3 {
                    world.receive(phone: 0, slot: 0, from: "Shop", body: "first \(number)")
                }
                world.pass(.seconds(100))
                let now = world.clock.wallNow().milliseconds
                var row = VirtualSMS(address: "App", date: now + 1, body: "high", subscriptionID: 2)
                row.id = 5_000_000_000_000
                world.phones[0].insertSMS(row)
                world.pass(.seconds(100))
                _ = world.phones[0].deleteSMS(5_000_000_000_000)
                for number in 0..<3 {
                    world.receive(phone: 0, slot: 1, from: "Shop", body: "then \(number)")
                    world.pass(.seconds(20))
                }
                world.pass(.seconds(100))
                #expect(try world.receivedTexts().count == 7)
                row.id = Int64.max
                row.body = Array("highest".utf8)
                world.phones[0].insertSMS(row)
                world.pass(.seconds(100))
                try world.revive()
                world.pass(.seconds(100))
                row.id = 200
                row.body = Array("low".utf8)
                row.date = world.clock.wallNow().milliseconds
                world.phones[0].insertSMS(row)
                world.pass(.seconds(200))
                let texts = try world.receivedTexts()
                #expect(texts.count == 9, "\(style) \(texts)")
            }
        }
    }

    /// The daemon dies in the middle of enrolment's note-taking, the phone hides its messages for a while.
    @Test func hiddenBetweenTwoCommitsOfEnrolment() throws {
        for commit in [6, 8, 9] {
            try World.with(seed: 911, androidRelease: 14) { world in
                let base = world.clock.wallNow().milliseconds - 86_400_000 * 30
                world.phones[0].insertSMS(count: 4000) { number in
                    VirtualSMS(
                        address: "Old", date: base + Int64(number) * 1017, dateSent: base,
                        body: "old \(number)",
                        subscriptionID: 2)
                }
                try world.start()
                try world.addWebhook()
                world.plan(.after(commit: world.commits + commit))
                world.links.plug(world.phones[0])
                world.pass(.seconds(60))
                let died = world.isDead
                #expect(died)
                world.links.unplug(world.phones[0])
                let rows = world.phones[0].allMessages()
                world.phones[0].wipeMessages()
                try world.revive()
                let known = world.smsLedger(phone: 0) != nil
                world.links.plug(world.phones[0])
                world.pass(.seconds(30))
                world.phones[0].insertSMS(count: rows.count) { rows[$0] }
                world.pass(.seconds(100))
                let events = { world.ask { store, _ in try await store.counts().events } ?? -1 }()
                #expect(!known || events == 0)
            }
        }
    }

    /// The query behind the canary is refused once.
    @Test func oneRefusalBehindTheCanary() throws {
        let now = Instant(nanoseconds: 1_000_000_000)
        let wall = WallTime(milliseconds: 1_760_000_000_000)
        let canary = Array("Row: 0 c=5, m=5, d=1759999000000, s=0\n".utf8)
        let refusal = Array(
            "Error while accessing provider:sms\njava.lang.IllegalArgumentException: Invalid column x\n".utf8)
        var cursor: [UInt8]?
        for isEnrolled in [false, true] {
            var source = SMSSource(
                cursor: cursor, phone: Self.context)
            var refused = 0
            var asked: [String] = []
            var at = now
            loop: for _ in 0..<60 {
                switch source.next(now: at, phoneTime: wall) {
                case .run(let command):
                    let text = command.text
                    asked.append(String(text.prefix(170)))
                    if text.contains("max(_id)") {
                        source.answered(
                            .completed(
                                output: isEnrolled
                                    ? canary : Array("Row: 0 c=0, m=NULL, d=NULL, s=NULL\n".utf8),
                                errorOutput: []),
                            now: at)
                    } else if text.contains("sim_slot") || text.contains("_id=-1") {
                        source.answered(
                            .completed(
                                output: [],
                                errorOutput: Array(
                                    "Error while accessing provider:sms\nandroid.database.sqlite.SQLiteException: no such column: x\n"
                                        .utf8)), now: at)
                    } else if isEnrolled, refused == 0 {
                        refused += 1
                        source.answered(.completed(output: [], errorOutput: refusal), now: at)
                    } else {
                        source.answered(
                            .completed(output: Array("No result found.\n".utf8), errorOutput: []), now: at)
                    }
                case .check(let keys): source.checked(Set(keys), now: at)
                case .record(_, let bytes), .backfill(_, let bytes, _):
                    cursor = bytes
                    source.recorded(now: at)
                case .report: break
                case .rest(let until):
                    asked.append("rest")
                    guard isEnrolled, let until, asked.filter({ $0 == "rest" }).count < 5 else { break loop }
                    at = until
                }
            }
            if isEnrolled {
                #expect(refused == 1)
                #expect(asked.filter { $0.contains("AS t:") }.count >= 2)
            }
        }
    }

    /// A burst, the cable pulled, a crash between the pieces.
    @Test func aBurstACrashAndACable() throws {
        for crash in [1, 3, 4] {
            try World.with(seed: 916) { world in
                try world.startWithPhones()
                world.pass(.seconds(100))
                world.links.unplug(world.phones[0])
                for number in 0..<1500 {
                    world.receive(phone: 0, slot: number % 2, from: "Shop", body: "burst \(number)")
                }
                world.plan(
                    crash % 2 == 0
                        ? .after(commit: world.commits + crash) : .before(commit: world.commits + crash))
                world.links.plug(world.phones[0])
                world.pass(.seconds(2))
                world.links.unplug(world.phones[0])
                if world.isDead { try world.revive() }
                for id in stride(from: 1, through: 1500, by: 97) { _ = world.phones[0].deleteSMS(Int64(id)) }
                world.links.plug(world.phones[0])
                world.pass(.seconds(400))
                let events = { world.ask { store, _ in try await store.counts().events } ?? -1 }()
                let held = world.phones[0].allMessages().count
                #expect(events >= held && events <= 1500)
                #expect(try world.wrongSlots().isEmpty)
            }
        }
    }

    /// Many texts of 150 KiB, and one message among them.
    @Test func manyLongTexts() throws {
        try World.with(seed: 917) { world in
            try world.startWithPhones()
            world.links.unplug(world.phones[0])
            let now = world.clock.wallNow().milliseconds
            for number in 0..<60 {
                var row = VirtualSMS(address: "App", date: now + Int64(number), body: nil, subscriptionID: 2)
                row.body =
                    Array("\(number) ".utf8) + [UInt8](repeating: 65, count: number == 31 ? 20 : 150_000)
                world.phones[0].insertSMS(row)
            }
            world.links.plug(world.phones[0])
            world.pass(.seconds(400))
            let events = { world.ask { store, _ in try await store.counts().events } ?? -1 }()
            #expect(events == 60)
        }
    }

    /// A twin whose second holds more than one answer may.
    @Test func aTwinAmongLongTexts() throws {
        try World.with(seed: 918) { world in
            try world.startWithPhones()
            let second = world.clock.wallNow().milliseconds / 1000 * 1000
            for number in 0..<30 {
                var row = alarm(world, second)
                row.body = Array("\(number) ".utf8) + [UInt8](repeating: 65, count: 150_000)
                world.phones[0].insertSMS(row)
            }
            world.phones[0].insertSMS(alarm(world, second))
            world.pass(.seconds(200))
            world.phones[0].insertSMS(alarm(world, second))
            world.pass(.seconds(400))
            #expect(try world.receivedTexts().filter { $0 == "ALARM" }.count == 2)
        }
    }

    /// Another text of the same sender and second as one from before enrolment.
    @Test func anotherTextOfTheSecondOfEnrolment() throws {
        try World.with(seed: 922, androidRelease: 12) { world in
            let second = world.clock.wallNow().milliseconds / 1000 * 1000
            world.phones[0].insertSMS(alarm(world, second))
            try world.startWithPhones()
            var row = alarm(world, second)
            row.body = Array("another".utf8)
            world.phones[0].insertSMS(row)
            world.pass(.seconds(200))
            #expect(try world.receivedTexts() == ["another"])
        }
    }

    /// A late row that a sweep found; the query for it is refused once.
    @Test func oneRefusalBehindASweep() throws {
        let wall = WallTime(milliseconds: 1_760_000_000_000)
        var at = Instant(nanoseconds: 1_000_000_000)
        var source = SMSSource(
            cursor: Array("1 1000 1759999990000 0 0 0 0".utf8),
            phone: Self.context)
        var refused = 0
        var changed: Int64 = 0
        var asked: [String] = []
        func answer(_ text: String, _ error: String = "") {
            source.answered(.completed(output: Array(text.utf8), errorOutput: Array(error.utf8)), now: at)
        }
        for _ in 0..<120 {
            switch source.next(now: at, phoneTime: wall) {
            case .run(let command):
                let text = command.text
                let place = String(text.split(separator: " --where ").last ?? "")
                if text.contains("max(_id)") {
                    asked.append("canary")
                    answer("Row: 0 c=\(5 + changed), m=\(1000 + changed), d=1759999990000, s=0\n")
                } else if text.contains("sim_slot") || text.contains("_id=-1") {
                    asked.append("dialect")
                    answer(
                        "",
                        "Error while accessing provider:sms\nandroid.database.sqlite.SQLiteException: no such column: x\n"
                    )
                } else if text.contains("_id IN (7)") {
                    asked.append("fetch 7")
                    refused += 1
                    answer(
                        "",
                        "Error while accessing provider:sms\njava.lang.IllegalArgumentException: Invalid column x\n"
                    )
                } else if text.contains("(_id>-100 ") {
                    asked.append("sweep \(place)")
                    answer("Row: 0 _id=7, s=2, d=1700000000000, ds=1700000000000, ha=41, na=0\n")
                } else {
                    asked.append("\(place)")
                    answer("No result found.\n")
                }
            case .check(let keys): source.checked(Set(keys), now: at)
            case .record, .backfill: source.recorded(now: at)
            case .report(let report): asked.append("report \(report)")
            case .rest(let until):
                asked.append("rest, whole checks \(source.wholeChecks)")
                guard let until, changed < 4 else { continue }
                changed += 1
                at = until
            }
            if changed >= 4 { break }
        }
        #expect(refused > 1)
    }
}
