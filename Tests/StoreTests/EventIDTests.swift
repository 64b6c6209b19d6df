import Base
import Events
import Testing

@testable import Store

@Suite("Event ids are never used twice")
struct EventIDTests {
    /// Opens the store, records one new event and returns its id.
    private func nextID(_ folder: TestFolder, row: Int64) async throws -> Int64 {
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let result = try await store.record(batch(phone, [sms(row)]))
            return try #require(result.events.first).rawValue
        }
    }

    private func removeDatabase(_ folder: TestFolder) throws {
        for name in ["phonewire.db", "phonewire.db-wal", "phonewire.db-shm"] where folder.read(name) != nil {
            try folder.remove(name)
        }
    }

    @Test("the block's bound is in the file before its first id is used, and the database notes it")
    func reservedBeforeUse() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            #expect(folder.read("event-ids") == Array("0\n".utf8))
            let phone = try await store.enrol(identity(), at: at(1)).key
            let result = try await store.record(batch(phone, (1...1001).map { sms($0) }))
            #expect(result.events.map(\.rawValue) == Array(1...1001))
            #expect(folder.read("event-ids") == Array("2000\n".utf8))
            let noted = try await store.inspect { (database) throws(StoreError) in
                try database.number("SELECT value FROM counters WHERE name = 'event-ids'")
            }
            #expect(noted == 2000)
        }
    }

    @Test("a restart goes on above the block")
    func restart() async throws {
        let folder = try TestFolder()
        #expect(try await nextID(folder, row: 1) == 1)
        #expect(try await nextID(folder, row: 2) == 1001)
        #expect(try await nextID(folder, row: 3) == 2001)
    }

    @Test("the database is deleted")
    func deletedDatabase() async throws {
        let folder = try TestFolder()
        let first = try await nextID(folder, row: 1)
        try removeDatabase(folder)
        #expect(try await nextID(folder, row: 1) > first + 999)
    }

    @Test("an old copy of the database is put back")
    func restoredDatabase() async throws {
        let folder = try TestFolder()
        _ = try await nextID(folder, row: 1)
        let old = try #require(folder.read("phonewire.db"))
        let used = [try await nextID(folder, row: 2), try await nextID(folder, row: 3)]
        try folder.write("phonewire.db", old)
        let next = try await nextID(folder, row: 4)
        #expect(used.allSatisfy { $0 < next })
    }

    @Test("the file is lost, and the newest events were purged")
    func lostFile() async throws {
        let folder = try TestFolder()
        let used = [try await nextID(folder, row: 1), try await nextID(folder, row: 2)]
        try otherProgram(folder).test("DELETE FROM events")
        try folder.remove("event-ids")
        let next = try await nextID(folder, row: 3)
        #expect(used.allSatisfy { $0 < next })
    }

    @Test("the file is of an older day than the database")
    func oldFile() async throws {
        let folder = try TestFolder()
        let used = [try await nextID(folder, row: 1), try await nextID(folder, row: 2)]
        try folder.write("event-ids", Array("7\n".utf8))
        let next = try await nextID(folder, row: 3)
        #expect(used.allSatisfy { $0 < next })
    }

    @Test("a rolled-back transaction's ids are not used again")
    func rolledBack() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let foreign = Observation(key: SourceKey(source: .sms, bytes: [1]), content: nil)
            try await store.inspect { (database) throws(StoreError) in
                try database.test(
                    "CREATE TEMP TRIGGER fail BEFORE INSERT ON cursors BEGIN SELECT raise(ABORT, 'no'); END")
            }
            let error = await storeError { _ = try await store.record(batch(phone, [sms(1), foreign])) }
            #expect(error?.operation == "write cursor")
            try await store.inspect { (database) throws(StoreError) in try database.test("DROP TRIGGER fail")
            }
            #expect(try await store.record(batch(phone, [sms(1)])).events.map(\.rawValue) == [2])
        }
    }

    @Test(
        "a damaged file is refused, not guessed",
        arguments: ["", "x", "-5", "99999999999999999999", "1 2", "1\n2"])
    func damagedFile(text: String) async throws {
        let folder = try TestFolder()
        _ = try await nextID(folder, row: 1)
        try folder.write("event-ids", Array(text.utf8))
        let error = try #require(try openingError(folder.path))
        #expect(error.cause == .damaged)
        #expect(error.path == folder.path + "/event-ids")
        #expect(error.remedy.contains("larger than any event id"))
        #expect(folder.read("event-ids") == Array(text.utf8))
    }

    @Test("ids that JSON readers would round are not given out")
    func exhausted() async throws {
        let folder = try TestFolder()
        try folder.write("event-ids", Array("\(StoreLimits.eventIDMax - 500)\n".utf8))
        let error = await storeError { _ = try await nextID(folder, row: 1) }
        #expect(error?.message == "no ids are left")
    }
}

@Suite("The installation's id")
struct InstallationIDTests {
    private func open(_ folder: TestFolder) async throws -> String {
        try await withStore(folder) { (store) async throws in store.installation }
    }

    @Test("128 random bits, made once")
    func madeOnce() async throws {
        let folder = try TestFolder()
        let made = try await open(folder)
        #expect(made.utf8.count == 32)
        #expect(made.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        #expect(folder.read("installation-id") == Array((made + "\n").utf8))
        #expect(try await open(folder) == made)
        #expect(try await open(try TestFolder()) != made)
    }

    @Test("a lost or damaged file comes back from the database", arguments: ["", "gone", "zz"])
    func fileFromDatabase(text: String) async throws {
        let folder = try TestFolder()
        let made = try await open(folder)
        if text == "gone" {
            try folder.remove("installation-id")
        } else {
            try folder.write("installation-id", Array(text.utf8))
        }
        #expect(try await open(folder) == made)
        #expect(folder.read("installation-id") == Array((made + "\n").utf8))
    }

    @Test("a deleted database keeps it; with event-ids gone as well, ids start again under a new one")
    func databaseGone() async throws {
        let folder = try TestFolder()
        let made = try await open(folder)
        try folder.remove("phonewire.db")
        #expect(try await open(folder) == made)
        try folder.remove("phonewire.db")
        try folder.remove("event-ids")
        let new = try await open(folder)
        #expect(new != made)
        #expect(try await open(folder) == new)
    }

    @Test("a damaged file without a database is refused")
    func damagedAlone() async throws {
        let folder = try TestFolder()
        _ = try await open(folder)
        try folder.remove("phonewire.db")
        try folder.write("installation-id", Array("zz".utf8))
        #expect(try openingError(folder.path)?.cause == .damaged)
    }
}
