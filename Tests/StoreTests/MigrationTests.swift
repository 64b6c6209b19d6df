import Delivery
import Events
import Testing
import Time

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
            #expect(try await store.webhook(hook.key)?.secret == "s3cret")
            #expect(hook.packages.isEmpty)
            let story = try #require(try await store.eventStory(EventID(rawValue: 41)))
            #expect(story.event.content == .sms(SMSMessage(rowID: 7, sender: "+49", body: "hi")))
            #expect(story.deliveries.first?.attempts.first?.status == 503)
            let due = try await store.due(webhook: hook.key, now: at(99_999), perLane: 1, excluding: [])
            #expect(due.map(\.attempt) == [2])
            #expect(try await store.cursor(phone.key, .sms) == [1, 2])
            let again = try await store.record(batch(phone.key, [sms(7)]))
            #expect(again == RecordResult(events: [], repeats: 1))
            #expect(try await store.served() == ["R58"])
            #expect(try await store.record(batch(phone.key, [sms(8)])).events.map(\.rawValue) == [1001])
            // A webhook from before package lists takes every app's notifications.
            let posted = try await store.record(notifications(phone.key, ["com.a", "org.b"])).events
            for id in posted {
                #expect(try await store.eventStory(id)?.deliveries.map(\.summary.webhook) == [hook.key])
            }
        }
    }

    @Test(
        "the schema of each version is what this program makes of an empty file: released steps never change",
        arguments: [(1, VersionOne.schema), (2, VersionOne.schema + VersionTwo.steps)])
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
                try row.text(0).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
        }
        #expect(try read(try otherProgram(made)) == read(other))
    }

    @Test("every released version is frozen here") func everyVersion() {
        #expect(Schema.migrations.map(\.name) == ["1 events and deliveries", "2 packages of webhooks"])
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
