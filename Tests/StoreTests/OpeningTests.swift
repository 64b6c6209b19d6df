import Base
import Delivery
import Events
import Glibc
import Platform
import Testing

@testable import Store

@Suite("Opening a store")
struct OpeningTests {
    @Test("a missing folder is made, private, with everything in it private")
    func freshFolder() async throws {
        let folder = try TestFolder()
        let path = folder.path + "/state/phonewire"
        let executor = try ThreadExecutor(name: "store", parker: try EventParker())
        defer { executor.stop() }
        let store = try EventStore(
            directory: path, executor: executor, clock: TestClock())
        _ = try await store.enrol(identity(), at: at(1))
        for name in ["phonewire.db", "phonewire.db-wal", "phonewire.db-shm", "event-ids", "installation-id"] {
            #expect(folder.mode("state/phonewire/" + name) == 0o600, "\(name)")
        }
        #expect(folder.mode("state/phonewire") == 0o700)
        try await store.close()
        #expect(folder.read("state/phonewire/phonewire.db-wal") == nil)
    }

    @Test("the rights of others on the database are taken away")
    func looseModeIsTightened() async throws {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        #expect(folder.mode("phonewire.db") & 0o077 != 0)
        try await withStore(folder) { _ in }
        #expect(folder.mode("phonewire.db") == 0o600)
    }

    @Test("every setting that durability rests on is read back from SQLite")
    func settingsAreReadBack() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            try await store.inspect { (database) throws(StoreError) in
                #expect(try database.number("PRAGMA synchronous") == 2)
                #expect(try database.number("PRAGMA foreign_keys") == 1)
                #expect(try database.number("PRAGMA secure_delete") == 2)
                #expect(try database.number("PRAGMA journal_size_limit") == 16 * 1024 * 1024)
                #expect(try database.number("PRAGMA application_id") == 0x5048_5752)
                #expect(try database.number("PRAGMA user_version") == Int64(Schema.migrations.count))
                let mode = try database.first(SQL("mode", "PRAGMA journal_mode")) { row throws(StoreError) in
                    try row.text("journal_mode")
                }
                #expect(mode == "wal")
                // Defensive mode: the schema cannot be edited as a table.
                #expect(throws: StoreError.self) {
                    try database.test("PRAGMA writable_schema = ON")
                    try database.test("UPDATE sqlite_schema SET sql = ''")
                }
            }
        }
    }

    @Test("a setting that does not take stops the store before anything is written")
    func refusedSetting() async throws {
        let folder = try TestFolder()
        var options = StoreOptions()
        options.settings.append(ConnectionSetting("synchronous", "NORMAL", reads: .integer(2)))
        let error = try #require(try openingError(folder.path, options: options))
        #expect(error.cause == .settingRefused)
        #expect(error.operation == "set synchronous")
        #expect(error.message == "reads back as integer(1)")
        #expect(folder.read("event-ids") == nil)
    }

    @Test("a database of a newer phonewire is refused and left as it was")
    func newerSchema() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in _ = try await store.enrol(identity(), at: at(1))
        }
        do {
            let other = try otherProgram(folder)
            try other.test("PRAGMA user_version = 99")
            try other.close()
        }
        let before = folder.read("phonewire.db")
        let error = try #require(try openingError(folder.path))
        #expect(error.cause == .newerSchema(found: 99, known: Schema.migrations.count))
        #expect(
            error.description.hasPrefix(
                folder.path + "/phonewire.db: open: the database has schema version 99"))
        #expect(error.remedy.contains("newer"))
        #expect(folder.read("phonewire.db") == before)
    }

    @Test("a database of another program is refused and left as it was")
    func foreignDatabase() async throws {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        do {
            let other = try otherProgram(folder)
            try other.test("CREATE TABLE theirs (x)")
            try other.close()
        }
        let before = folder.read("phonewire.db")
        #expect(try openingError(folder.path)?.cause == .foreignDatabase)
        #expect(folder.read("phonewire.db") == before)
    }

    @Test("a file that is not a database is refused and left as it was", arguments: [13, 512, 100_000])
    func garbage(count: Int) async throws {
        let folder = try TestFolder()
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) }
        try folder.write("phonewire.db", bytes)
        let error = try #require(try openingError(folder.path))
        #expect(error.cause == .notADatabase)
        #expect(error.code == .notADatabase)
        #expect(error.remedy == "Move this file away, or name another state folder")
        #expect(folder.read("phonewire.db") == bytes)
    }

    /// Below a file; in a file system without new names; a name longer than any file system's (NAME_MAX, 255 bytes).
    static let impossible = [
        "/dev/null/state", "/proc/phonewire", "/tmp/" + String(repeating: "x", count: 256),
    ]

    @Test("places where no folder can be", arguments: impossible)
    func impossibleFolders(path: String) throws {
        let error = try #require(try openingError(path))
        #expect(error.cause == .inaccessible)
        #expect(error.operation == "mkdir")
        #expect(error.path == path)
        #expect(error.remedy == "Name a folder that exists or can be made")
    }

    @Test(
        "what the system refuses, by its error number",
        arguments: [
            (EACCES, .inaccessible, "may write there"), (EPERM, .inaccessible, "may write there"),
            (EROFS, .inaccessible, "may write there"), (ELOOP, .inaccessible, "Name a folder"),
            (ENOSPC, .full, "Make room"), (EDQUOT, .full, "Make room"), (EIO, .inputOutput, "Check the disk"),
        ] as [(Int32, StoreError.Cause, String)])
    func systemErrors(code: Int32, cause: StoreError.Cause, remedy: String) {
        let error = StoreError.system(SystemError("mkdir", code: code, detail: "/state"), path: "/state")
        #expect(error.cause == cause)
        #expect(error.operation == "mkdir")
        #expect(error.path == "/state")
        #expect(error.message.hasPrefix("mkdir /state: "))
        #expect(error.remedy.contains(remedy))
    }

    @Test("a folder in the database's place")
    func folderInPlaceOfDatabase() throws {
        let folder = try TestFolder()
        try SyncedFile.makeFolder(folder.path + "/phonewire.db")
        let error = try #require(try openingError(folder.path))
        #expect(error.cause == .inaccessible)
        #expect(error.message == "is not a regular file")
    }

    @Test("an empty file is a new database")
    func emptyFile() async throws {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        let devices = try await withStore(folder) { (store) async throws in try await store.devices() }
        #expect(devices.isEmpty)
    }

    @Test("another program that is writing: a new database waits, then says who to end")
    func lockedWhenNew() throws {
        let folder = try TestFolder()
        try folder.write("phonewire.db", [])
        let other = try otherProgram(folder)
        try other.test("BEGIN EXCLUSIVE")
        let error = try #require(try openingError(folder.path, options: impatient()))
        #expect(error.cause == .locked)
        #expect(error.code?.primary == .busy)
        #expect(error.disposition == .retry)
        #expect(error.remedy.contains("fuser"))
        try other.test("ROLLBACK")
        #expect(try openingError(folder.path, options: impatient()) == nil)
    }

    @Test("another program that is writing: a write waits, fails, and succeeds afterwards")
    func lockedWhenRunning() async throws {
        let folder = try TestFolder()
        try await withStore(folder, options: impatient()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let other = try otherProgram(folder)
            try other.test("BEGIN IMMEDIATE")
            let error = await storeError { _ = try await store.record(batch(phone, [sms(1)])) }
            #expect(error?.cause == .locked)
            #expect(error?.operation == "begin")
            #expect(error?.path == folder.path + "/phonewire.db")
            #expect(try await store.events(limit: 1).isEmpty)
            try other.test("ROLLBACK")
            #expect(try await store.record(batch(phone, [sms(1)])).events.count == 1)
        }
    }

    @Test("a closed store says so")
    func closed() async throws {
        let executor = try ThreadExecutor(name: "store", parker: try EventParker())
        defer { executor.stop() }
        let folder = try TestFolder()
        let store = try EventStore(
            directory: folder.path, executor: executor, clock: TestClock())
        try await store.close()
        try await store.close()
        let read = await storeError { _ = try await store.devices() }
        #expect(read?.cause == .closed)
        let written = await storeError { _ = try await store.record(batch(DeviceKey(rawValue: 1), [])) }
        #expect(written?.cause == .closed)
    }

    @Test("no thread is relied upon, only one job after the other")
    func hopping() async throws {
        let folder = try TestFolder()
        let store = try EventStore(
            directory: folder.path, executor: HoppingExecutor(), clock: TestClock())
        let phone = try await store.enrol(identity(), at: at(1)).key
        let hook = try await store.addWebhook(webhookSettings(name: "a", url: "http://a/"), at: at(1)).key
        try await withThrowingTaskGroup(of: Void.self) { group in
            for row in 0..<50 {
                group.addTask { _ = try await store.record(batch(phone, [sms(Int64(row))])) }
            }
            try await group.waitForAll()
        }
        let due = try await store.due(webhook: hook, now: at(0), perLane: 64, excluding: [])
        #expect(due.count == 50)
        try await store.settle(due.map { outcome($0, .delivered) })
        #expect(try await store.counts().delivered == 50)
        try await store.close()
    }
}
