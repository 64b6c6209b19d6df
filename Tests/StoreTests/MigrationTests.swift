import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("Schema versions")
struct MigrationTests {
    @Test("a database of version 1, as it was first released, opens with everything in it")
    func versionOne() async throws {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        let other = try otherProgram(folder)
        for statement in VersionOne.schema + VersionOne.rows { try other.test(statement) }
        try other.close()
        try await withStore(folder) { (store) async throws in
            let phone = try #require(try await store.device(named: "kitchen"))
            #expect(phone.wireID == "00000000-0000-0000-00c0-ffee00c0ffee")
            #expect(try await store.enrol(identity(), at: at(1)).key == phone.key)
            let hook = try #require(try await store.webhook(named: "home"))
            #expect(try await store.webhook(hook.key)?.settings.secret.revealed == "s3cret")
            #expect(hook.settings.filter == Filter(kinds: [.notification, .sms]))
            let story = try #require(try await store.eventStory(EventID(rawValue: 41)))
            #expect(story.event.content == EventContent(SMSMessage(rowID: 7, sender: "+49", body: "hi")))
            #expect(story.deliveries.first?.attempts.first?.status == 503)
            let due = try await store.due(webhook: hook.key, now: at(99_999), perLane: 1, excluding: [])
            #expect(due.map(\.attempt) == [2])
            #expect(try await store.cursor(phone.key, .sms) == [1, 2])
            let again = try await store.record(batch(phone.key, [sms(7)]))
            #expect(again == RecordResult(events: [], repeats: 1))
            #expect(try await store.trustedSerials() == ["R58"])
            #expect(try await store.record(batch(phone.key, [sms(8)])).events.map(\.rawValue) == [1001])
            // A webhook from before package lists takes every app's notifications.
            let posted = try await store.record(notifications(phone.key, ["com.a", "org.b"])).events
            for id in posted {
                #expect(try await store.eventStory(id)?.deliveries.map(\.summary.webhook) == [hook.key])
            }
        }
    }

    @Test("a database of version 2 opens: filters and unwanted kinds are kept, bodies stay as they are")
    func versionTwo() async throws {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        let other = try otherProgram(folder)
        for statement in VersionOne.schema + VersionOne.rows + VersionTwo.steps + VersionTwo.rows {
            try other.test(statement)
        }
        try other.close()
        try await withStore(folder) { (store) async throws in
            let wishes = try #require(try await store.webhook(named: "wishes"))
            #expect(
                wishes.settings.filter
                    == Filter(
                        kinds: [.notification, EventKind(rawValue: "mms"), EventKind(rawValue: "ping")],
                        packages: ["com.bank.app", "org.other"]))
            let removed = try await store.deliveries(limit: 10)
            #expect(removed.map(\.state) == [.pending])
            let home = try #require(try await store.webhook(named: "home"))
            let due = try await store.due(webhook: home.key, now: at(99_999), perLane: 1, excluding: [])
            #expect(
                due.map(\.body) == [FrozenBody(contentType: "t", bytes: [0x61], secretOffset: 0)])
        }
    }

    /// The state folder of `VersionTwoFolder`, as that release left it.
    private func folderOfVersionTwo() throws -> TestFolder {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        try folder.write("event-ids", Array(VersionTwoFolder.eventIDs.utf8))
        try folder.write("installation-id", Array((VersionTwoFolder.installation + "\n").utf8))
        let other = try otherProgram(folder)
        for statement in VersionOne.schema + VersionTwo.steps + VersionTwoFolder.rows {
            try other.test(statement)
        }
        try other.close()
        return folder
    }

    @Test(
        "a whole folder of version 2: phones, webhooks with their secrets, ids and marks come out as they were"
    )
    func wholeFolderOfVersionTwo() async throws {
        let folder = try folderOfVersionTwo()
        let ids = try await withStore(folder) { (store) async throws in
            #expect(store.installation == VersionTwoFolder.installation)
            let phones = try await store.devices()
            #expect(phones.map(\.name) == ["one", "pixel-7a"])
            #expect(phones.map(\.wireID) == ["ZX1", "00000000-0000-0000-00c0-ffee00c0ffee"])
            #expect(phones.map(\.identity.androidID) == [nil, "00c0ffee00c0ffee"])
            let pixel = phones[1].key
            #expect(try await store.trustedSerials() == ["R58"])
            #expect(try await store.addresses() == ["192.0.2.7:5555"])
            #expect(try await store.sims().map(\.1.iccid) == ["898600"])
            for source in [SourceName.sms, .notifications, .ussd] {
                #expect(try await store.cursor(pixel, source) == [1, 0, 255])
            }
            let hooks = try await store.webhooks().map(\.settings)
            #expect(hooks.map(\.name) == ["form", "json", "wishes"])
            #expect(
                hooks.map(\.url) == [
                    "https://example.org/hook?a=b", "http://127.0.0.1:8080/", "http://w.example/",
                ])
            #expect(hooks.map(\.format) == [.smsnotif, .smsnotifJSON, .smsnotif])
            #expect(hooks.map(\.secret.revealed) == ["k&y=1", "s\"3\\cret", ""])
            #expect(
                hooks.map(\.filter) == [
                    Filter(kinds: [.sms, .ussd, .notification, .whatsapp]),
                    Filter(
                        kinds: [.sms, .notification, .whatsapp], packages: ["com.bank.app", "org.other"]),
                    Filter(kinds: [EventKind(rawValue: "mms"), EventKind(rawValue: "ping")]),
                ])
            #expect(try await store.problems(limit: 9).map(\.text) == ["an old problem"])
            let counts = try await store.counts()
            #expect([counts.events, counts.pending, counts.delivered, counts.dead] == [6, 8, 1, 1])
            try await store.inspect { (database) throws(StoreError) in
                try expectCountersTrue(database, "after the migration")
                #expect(try database.number("SELECT count(*) FROM pragma_foreign_key_check") == 0)
            }
            // What was seen is known, and ids go on above the block.
            let key = SourceKey(source: .sms, bytes: Array("0/7/1760000100000/+4917".utf8))
            #expect(try await store.unseen([key], of: pixel).isEmpty)
            return try await store.record(batch(pixel, [sms(8)])).events.map(\.rawValue)
        }
        #expect(ids == [1001])
    }

    @Test(
        "a whole folder of version 3: webhooks, events and what waits are as they were, no event is history")
    func wholeFolderOfVersionThree() async throws {
        let folder = try folderOfVersionTwo()
        var three = StoreOptions()
        three.migrations = Array(three.migrations.prefix(3))
        #expect(try openingError(folder.path, options: three) == nil)
        let old = try otherProgram(folder)
        #expect(try old.number("PRAGMA user_version") == 3)
        try old.close()
        try await withStore(folder) { (store) async throws in
            let counts = try await store.counts()
            #expect([counts.events, counts.pending, counts.delivered, counts.dead] == [6, 8, 1, 1])
            #expect(try await store.webhooks().map(\.name) == ["form", "json", "wishes"])
            for event in try await store.events(limit: 10) {
                #expect(try await store.eventStory(event.id)?.stored.isHistory == false)
            }
        }
    }

    @Test(
        "a whole folder of version 4: each key knows its event, so that old messages can be forwarded again")
    func wholeFolderOfVersionFour() async throws {
        let folder = try folderOfVersionTwo()
        var four = StoreOptions()
        four.migrations = Array(four.migrations.prefix(4))
        #expect(try openingError(folder.path, options: four) == nil)
        try await withStore(folder) { (store) async throws in
            let counts = try await store.counts()
            #expect([counts.events, counts.pending, counts.delivered, counts.dead] == [6, 8, 1, 1])
            try await store.inspect { (database) throws(StoreError) in
                let lost = """
                    SELECT count(*) FROM events WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE event = events.id
                        AND sightings.device = events.device AND sightings.source = events.source
                        AND sightings.key = events.key)
                    """
                #expect(try database.number(lost) == 0)
                #expect(
                    try database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'events_key'") == 0)
            }
            #expect(try await store.sims().map(\.1.number) == [""])
            for event in try await store.events(limit: 10) {
                #expect(event.carrier == nil && event.ownNumber == nil && event.label == nil)
            }
        }
    }

    @Test(
        "a whole folder of version 2: every event and body has the same bytes, and what is due comes in its order"
    )
    func deliveriesOfVersionTwo() async throws {
        let folder = try folderOfVersionTwo()
        let old = try otherProgram(folder)
        let bodies = try old.all(SQL("bodies", "SELECT event, webhook, body FROM deliveries ORDER BY id")) {
            row throws(StoreError) in
            [try row.integer("event"), try row.integer("webhook")] + (try row.blob("body")).map { Int64($0) }
        }
        try old.close()
        try await withStore(folder) { (store) async throws in
            let deliveries = try await store.deliveries(limit: 99).reversed()
            #expect(
                deliveries.map(\.state) == [
                    .delivered, .pending, .pending, .pending, .dead, .pending, .pending, .pending, .pending,
                    .pending,
                ])
            #expect(deliveries.map(\.attempts) == [1, 2, 1, 1, 1, 0, 0, 0, 0, 0])
            #expect(deliveries.map(\.reason).compactMap { $0 } == ["410 Gone"])
            var found: [[Int64]] = []
            for delivery in deliveries {
                let story = try #require(try await store.deliveryStory(delivery.key))
                found.append(
                    [delivery.event.rawValue, delivery.webhook.rawValue] + story.body.bytes.map { Int64($0) })
                #expect(story.attempts.count == delivery.attempts)
                // Today's format makes the same body of the stored event.
                let event = try #require(try await store.eventStory(delivery.event)).event
                let format = try #require(try await store.webhook(delivery.webhook)).settings.format
                #expect(format.body(of: event) == story.body)
            }
            #expect(found == bodies)
            let retried = try await store.deliveryStory(DeliveryKey(rawValue: 2))
            #expect(retried?.attempts.map(\.status) == [500, 502])
            #expect(retried?.attempts.map(\.reply) == [Array("reply 1".utf8), Array("reply 1".utf8)])
            let later = at(1_760_009_000_000)
            let orders: [(String, [Int64], [Int])] = [
                ("form", [3, 4, 2, 5, 6], [2, 1, 2, 1, 1]), ("json", [1, 5, 6], [3, 1, 1]),
                ("wishes", [], []),
            ]
            for (name, events, attempts) in orders {
                let hook = try #require(try await store.webhook(named: name)).key
                let due = try await store.due(webhook: hook, now: later, perLane: 64, excluding: [])
                #expect(due.map(\.event.rawValue) == events, "\(name)")
                #expect(due.map(\.attempt) == attempts, "\(name)")
            }
            let next = try await store.nextDue(now: at(0), excluding: [])
            #expect(next == at(0))
        }
    }

    /// Every released version and the statements that make it.
    private static let versions: [(Int, [String])] = {
        let two: [String] = VersionOne.schema + VersionTwo.steps
        let three: [String] = two + VersionThree.steps
        let four: [String] = three + VersionFour.steps
        return [
            (1, VersionOne.schema), (2, two), (3, three), (4, four), (5, four + VersionFive.steps),
        ]
    }()

    @Test(
        "the schema of each version is what this program makes of an empty file: released steps never change",
        arguments: versions)
    func versionsAreFrozen(version: Int, statements: [String]) async throws {
        let made = try TestFolder()
        var options = StoreOptions()
        options.migrations = Array(options.migrations.prefix(version))
        #expect(try openingError(made.path, options: options) == nil)
        let written = try TestFolder()
        try written.write("phonewire.db", [])
        let other = try otherProgram(written)
        for statement in statements { try other.test(statement) }
        #expect(try other.number("PRAGMA user_version") == Int64(version))
        let schema = SQL("schema", "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        let read: (Connection) throws -> [String] = { connection in
            try connection.all(schema) { row throws(StoreError) in
                try row.text("sql").split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
        }
        #expect(try read(try otherProgram(made)) == read(other))
    }

    @Test("every released version is frozen here") func everyVersion() {
        #expect(
            Schema.migrations.map(\.name) == [
                "1 events and deliveries", "2 packages of webhooks",
                "3 filters of webhooks, headers of deliveries", "4 history among the events",
                "5 events of keys, cards of events, settings of cards",
            ])
    }

    private static let known = Schema.migrations.count
    private static let next = Migration(
        name: "next colours", statements: ["ALTER TABLE devices ADD COLUMN colour TEXT"])
    private static let broken = Migration(
        name: "then broken",
        statements: ["ALTER TABLE devices ADD COLUMN size TEXT", "CREATE TABLE devices (x)"])

    private func options(_ more: Migration...) -> StoreOptions {
        var options = StoreOptions()
        options.migrations += more
        return options
    }

    @Test("an older database is brought up step by step, once")
    func upgrade() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in _ = try await store.enrol(identity(), at: at(1))
        }
        for _ in 0..<2 {
            try await withStore(folder, options: options(Self.next)) { (store) async throws in
                #expect(try await store.devices().count == 1)
                try await store.inspect { (database) throws(StoreError) in
                    #expect(try database.number("PRAGMA user_version") == Int64(Self.known + 1))
                    #expect(
                        try database.number("SELECT count(*) FROM migrations") == Int64(Self.known + 1))
                    #expect(try database.number("SELECT count(colour) FROM devices") == 0)
                }
            }
        }
        #expect(
            try openingError(folder.path)?.cause == .newerSchema(found: Self.known + 1, known: Self.known))
    }

    @Test("a step that fails leaves the version before it, whole")
    func failedStep() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { _ in }
        let error = try #require(try openingError(folder.path, options: options(Self.next, Self.broken)))
        #expect(error.operation == "migration then broken, statement 2")
        let other = try otherProgram(folder)
        #expect(try other.number("PRAGMA user_version") == Int64(Self.known + 1))
        #expect(
            try other.number("SELECT count(*) FROM pragma_table_info('devices') WHERE name = 'size'") == 0)
    }

    @Test("a history of other steps is refused")
    func otherHistory() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { _ in }
        let other = try otherProgram(folder)
        try other.test("UPDATE migrations SET name = '1 something else' WHERE position = 1")
        try other.close()
        let error = try #require(try openingError(folder.path))
        #expect(error.cause == .unknownHistory)
        #expect(error.remedy.hasSuffix("nothing was changed"))
    }
}
