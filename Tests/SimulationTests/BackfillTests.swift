import Base
import Daemon
import Delivery
import Events
import Phone
import Simulation
import Store
import Testing
import VirtualPhone

/// Older messages that somebody asks for.
@Suite(.serialized, .apartFromPool) struct BackfillTests {
    private func device(_ world: World) throws -> DeviceKey {
        let devices = try #require(world.ask { store, _ in try await store.devices() })
        return try #require(devices.first { $0.identity.androidID == world.phones[0].setup.androidID }).key
    }

    @discardableResult
    private func begin(_ world: World, since: Int64 = 0, webhook: Int64? = nil) throws -> Bool {
        let device = try device(world)
        let online = try #require(world.online)
        let request = BackfillRequest(
            since: WallTime(milliseconds: since), target: Backfill(webhook: webhook))
        return world.ask { _, _ in await online.backfill(device, .sms, request) } == true
    }

    private func stop(_ world: World) throws -> Bool {
        let device = try device(world)
        let online = try #require(world.online)
        return world.ask { _, _ in await online.backfill(device, .sms, nil) } == true
    }

    private func fill(_ world: World, _ count: Int) {
        for number in 0..<count {
            world.phones[0].receiveSMS(from: "Old", body: "old \(number)", slot: 0)
        }
    }

    private func progress(_ world: World) throws -> BackfillProgress? {
        let device = try device(world)
        let online = try #require(world.online)
        return world.ask { _, _ in await online.backfillProgress(device, .sms) } ?? nil
    }

    /// 60 messages from before enrolment, on all kinds of builds; what came after it was forwarded and is not forwarded again.
    @Test(arguments: VirtualProviderStyle.allCases)
    func whatWasThereBeforeEnrolmentComesOnce(style: VirtualProviderStyle) throws {
        try World.with(seed: 301, androidRelease: 12, change: { $0.providerStyle = style }) { world in
            for number in 0..<60 {
                world.phones[0].receiveSMS(from: "Old", body: "old \(number)", slot: number % 2)
            }
            try world.startWithPhones()
            world.receive(phone: 0, slot: 0, from: "Shop", body: "new")
            world.pass(.seconds(60))
            #expect(try world.receivedTexts() == ["new"])
            #expect(try begin(world))
            #expect(try begin(world) == false)
            world.pass(.seconds(600))
            let texts = try world.receivedTexts()
            #expect(Set(texts) == Set((0..<60).map { "old \($0)" } + ["new"]))
            #expect(texts.count == 61)
            // Its cards were never anywhere else.
            #expect(try world.receivedSlots().filter { $0 == 0 } == [])
            let done = try #require(try progress(world))
            #expect(done.isDone && done.rows == 61)
            #expect(done.total == (style == .open ? 61 : nil))
            // Again: everything has been forwarded.
            #expect(try begin(world))
            world.pass(.seconds(600))
            #expect(try world.receivedTexts().count == 61)
        }
    }

    @Test func onlyWhatIsNewEnough() throws {
        try World.with(seed: 302) { world in
            let now = world.clock.wallNow().milliseconds
            for day in 1...9 {
                world.phones[0].receiveSMS(
                    from: "Old", body: "\(day) days ago", slot: 0, date: now - Int64(day) * 86_400_000)
            }
            try world.startWithPhones()
            try begin(world, since: now - 3 * 86_400_000 - 1000)
            world.pass(.seconds(60))
            #expect(Set(try world.receivedTexts()) == ["1 days ago", "2 days ago", "3 days ago"])
        }
    }

    /// A history that came back to the phone is kept and not forwarded, until somebody asks for it.
    @Test func aRestoredHistoryIsForwardedWhenAskedFor() throws {
        try World.with(seed: 303) { world in
            try world.startWithPhones()
            world.receive(phone: 0, slot: 0, from: "Shop", body: "new")
            world.pass(.seconds(30))
            world.phones[0].restoreOldMessages(30)
            world.pass(.seconds(120))
            #expect(try world.receivedTexts() == ["new"])
            try begin(world)
            world.pass(.seconds(120))
            #expect(try world.receivedTexts().count == 31)
            #expect(Set(try world.receivedTexts()).count == 31)
        }
    }

    /// The daemon dies around any commit of a backfill; it goes on by itself, and nothing is made twice.
    @Test func aCrashAtAnyCommitLosesNothingAndMakesNothingTwice() throws {
        for commit in [1, 2, 4] {
            for plan in [World.Crash.before(commit: 0), .after(commit: 0)] {
                try World.with(seed: 304) { world in
                    fill(world, 120)
                    try world.startWithPhones()
                    world.pass(.seconds(60))
                    try begin(world)
                    let at = world.commits + commit
                    world.plan(plan == .before(commit: 0) ? .before(commit: at) : .after(commit: at))
                    world.pass(.seconds(30))
                    if world.isDead { try world.revive() }
                    // A wish that was not durable when the daemon died has to be told again.
                    if try progress(world) == nil { try begin(world) }
                    world.pass(.seconds(900))
                    var seen: [String: Set<String>] = [:]
                    for arrival in try world.arrivals() {
                        seen[arrival.fields.message ?? "", default: []].insert(arrival.id)
                    }
                    #expect(Set(seen.keys) == Set((0..<120).map { "old \($0)" }), "commit \(commit)")
                    #expect(seen.values.allSatisfy { $0.count == 1 }, "commit \(commit)")
                }
            }
        }
    }

    /// A new message does not wait for old ones: neither on the phone nor at a receiver that takes its time.
    @Test func aNewMessageGoesFirst() throws {
        try World.with(seed: 305) { world in
            fill(world, 700)
            try world.startWithPhones()
            world.pass(.seconds(120))
            try begin(world)
            world.pass(.milliseconds(500))
            world.receive(phone: 0, slot: 1, from: "Shop", body: "new")
            // What is being sent when it comes goes out before it, and one of the others in turn.
            world.pass(.seconds(10))
            let texts = try world.receivedTexts()
            let place = try #require(texts.firstIndex(of: "new"))
            #expect(place < 40)
            #expect(texts.count < 701)
            world.pass(.seconds(900))
            #expect(try world.receivedTexts().count == 701)
        }
    }

    @Test func whatIsStoppedStaysStopped() throws {
        try World.with(seed: 306) { world in
            fill(world, 500)
            try world.startWithPhones()
            world.pass(.seconds(60))
            try begin(world)
            world.pass(.seconds(1))
            #expect(try stop(world))
            world.pass(.seconds(60))
            let events = { world.ask { store, _ in try await store.counts().events } ?? -1 }
            let count = events()
            #expect((0..<500).contains(count))
            try world.revive()
            world.pass(.seconds(300))
            #expect(events() == count)
            #expect(try progress(world) == nil)
        }
    }

    /// A message that nobody has read yet goes to every webhook that wants it, though the backfill that meets it is for one.
    @Test func aNewMessageThatABackfillMeetsGoesToAll() throws {
        try World.with(seed: 307) { world in
            fill(world, 20)
            try world.startWithPhones()
            world.pass(.seconds(60))
            let archive = try #require(
                world.ask { store, clock in
                    let settings = try WebhookSettings(
                        name: "archive", url: "http://receiver.test/archive", format: "smsnotif-json",
                        filter: Filter(kinds: EventKind.defaults), secret: Secret("s"))
                    return try await store.addWebhook(settings, at: WallTime(milliseconds: 1)).key.rawValue
                })
            // No line of the log tells of it: the backfill reads it first.
            world.phones[0].receiveSMS(
                from: "Shop", body: "new", slot: 1, delivery: VirtualDelivery(announced: false))
            try begin(world, webhook: archive)
            world.pass(.seconds(200))
            let texts = try world.receivedTexts()
            #expect(texts.filter { $0 == "new" }.count == 2)
            #expect(texts.count == 22)
        }
    }

    /// What is on its way for a backfill that was stopped moves the next one not on.
    @Test func oneThatBeginsAfterAStopReadsAll() throws {
        for wait in 0..<12 {
            try World.with(seed: UInt64(320 + wait)) { world in
                fill(world, 200)
                try world.startWithPhones()
                world.pass(.seconds(60))
                try begin(world)
                world.pass(.milliseconds(100 * wait))
                #expect(try stop(world))
                try begin(world)
                world.pass(.seconds(300))
                #expect(try Set(world.receivedTexts()).count == 200)
                #expect(try world.receivedTexts().count == 200)
            }
        }
    }

    /// The phone refuses in silence in the middle: that is no end.
    @Test func aSilentRefusalIsNoEnd() throws {
        try World.with(seed: 308) { world in
            fill(world, 500)
            try world.startWithPhones()
            world.pass(.seconds(60))
            try begin(world)
            world.pass(.seconds(1))
            world.phones[0].setMessageAccess(.ignored)
            world.pass(.seconds(400))
            #expect(try progress(world)?.isDone != true)
            world.phones[0].setMessageAccess(.allowed)
            world.pass(.seconds(900))
            #expect(try Set(world.receivedTexts()).count == 500)
            #expect(try progress(world)?.isDone == true)
        }
    }

    /// A backup app leaves the original and adds a copy: a backfill sees both, and it is one message. Two messages of one text and whole
    /// second are two.
    @Test func aCopyIsNotForwardedAgain() throws {
        try World.with(seed: 331) { world in
            let phone = world.phones[0]
            let now = world.clock.wallNow().milliseconds
            let second = now / 1000 * 1000 - 60_000
            for _ in 0..<2 {
                phone.receiveSMS(from: "Bank", body: "twice", slot: 0, sentAt: second - 2000, date: second)
            }
            try world.startWithPhones()
            world.pass(.milliseconds(123))
            world.receive(phone: 0, slot: 0, from: "Shop", body: "once")
            world.pass(.seconds(60))
            var copy = try #require(phone.allMessages().last)
            copy.id = nil
            copy.date += 1
            phone.insertSMS(copy)
            copy = try #require(phone.allMessages().dropLast().last)
            copy.id = nil
            phone.insertSMS(copy)
            world.pass(.seconds(120))
            #expect(try begin(world))
            world.pass(.seconds(300))
            let texts = try world.receivedTexts()
            #expect(texts.count { $0 == "twice" } == 2)
            // The row that differs by a millisecond is another one; the exact copy is not.
            #expect(texts.count { $0 == "once" } == 2)
        }
    }

    /// A restored history that a backfill has forwarded is in the account as what it became.
    @Test func aRestoredHistoryThatIsForwardedIsAccountedFor() throws {
        try World.with(seed: 332) { world in
            try world.startWithPhones()
            world.receive(phone: 0, slot: 0, from: "Shop", body: "new")
            world.pass(.seconds(60))
            world.phones[0].restoreOldMessages(30)
            world.pass(.seconds(120))
            let before = try #require(world.smsLedger(phone: 0)).events
            #expect(before.all == 31 && before.history == 30)
            #expect(try begin(world))
            world.pass(.seconds(300))
            #expect(try world.receivedTexts().count == 31)
            let after = try #require(world.smsLedger(phone: 0)).events
            #expect(after.all == 31 && after.history == 0)
        }
    }
}
