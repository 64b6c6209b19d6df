import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("Checkpoints")
struct CheckpointTests {
    private let text = String(repeating: "text ", count: 800)

    /// Records `count` batches of ten events of 4 kB and tells the longest log seen, in pages.
    private func record(_ store: EventStore, _ phone: DeviceKey, from: Int64, batches: Int64) async throws
        -> Int
    {
        var longest = 0
        for number in 0..<batches {
            let first = from + number * 10
            _ = try await store.record(batch(phone, (first..<first + 10).map { sms($0, text) }))
            longest = max(longest, try await pages(store))
        }
        return longest
    }

    private func pages(_ store: EventStore) async throws -> Int {
        try await store.inspect { (database) throws(StoreError) in database.walPages }
    }

    @Test("a long log is copied after the commit that made it long")
    func atSize() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let longest = try await record(store, phone, from: 0, batches: 100)
            #expect(longest >= StoreLimits.checkpointPages)
            #expect(longest < StoreLimits.checkpointPages + 100)
            // 1000 events of 4 kB: the log was started again, and most is in the database.
            #expect(folder.size("phonewire.db") > 2_000_000)
            #expect(try await pages(store) < StoreLimits.checkpointPages)
            #expect(try await store.counts().checkpointError == nil)
        }
    }

    @Test("a reader holds the copying back, not the writing; afterwards the log is emptied")
    func behindReader() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let reader = try otherProgram(folder)
            try reader.test("BEGIN")
            #expect(try reader.number("SELECT count(*) FROM events") == 0)
            let longest = try await record(store, phone, from: 0, batches: 320)
            #expect(longest > StoreLimits.truncatePages)
            #expect(try reader.number("SELECT count(*) FROM events") == 0)
            try reader.test("COMMIT")
            _ = try await record(store, phone, from: 10_000, batches: 100)
            #expect(try await pages(store) < StoreLimits.checkpointPages)
            let log = folder.size("phonewire.db-wal")
            #expect(Int64(log) < StoreLimits.journalBytesMax)
            #expect(try await store.counts().events == 4200)
        }
    }

    @Test("at rest a log that is worth it is copied, once, and only after nothing happened for a while")
    func atRest() async throws {
        let clock = TestClock()
        let folder = try TestFolder()
        try await withStore(folder, clock: clock) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await record(store, phone, from: 0, batches: 40)
            let before = folder.size("phonewire.db")
            await store.checkpointAtRest()
            #expect(folder.size("phonewire.db") == before)
            clock.advance(by: StoreLimits.idleTime)
            await store.checkpointAtRest()
            #expect(folder.size("phonewire.db") > before + 1_000_000)
            #expect(await store.checkpoints.isCopied)
            _ = try await record(store, phone, from: 1000, batches: 1)
            #expect(try await pages(store) < 100)
            #expect(await !store.checkpoints.isCopied)
        }
    }

    @Test("run() does it by itself, and ends when it is cancelled")
    func runs() async throws {
        let clock = TestClock()
        let folder = try TestFolder()
        try await withStore(folder, clock: clock) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await record(store, phone, from: 0, batches: 40)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await store.run() }
                while await !store.checkpoints.isCopied {
                    clock.advance(by: StoreLimits.idleTime)
                    await Task.yield()
                }
                group.cancelAll()
            }
            #expect(try await store.events(limit: 1).count == 1)
        }
    }
}
