import Base
import Delivery
import Events
import Testing

@testable import Store

/// A small generator whose every run is the same (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite("Damaged files and full disks")
struct DamageTests {
    /// A closed database of 300 events with long texts.
    private func filled() async throws -> TestFolder {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "one", url: "http://h/"), at: at(1))
                .key
            let text = String(repeating: "long ", count: 60)
            _ = try await store.record(batch(phone, (0..<300).map { sms($0, text) }))
            let due = try await store.due(webhook: hook, now: at(0), perLane: 50, excluding: [])
            try await store.settle(due.map { outcome($0, .delivered) })
        }
        return folder
    }

    /// Everything that reads and writes; returns the first error.
    private func useAll(_ folder: TestFolder) async throws -> StoreError? {
        do {
            try await withStore(folder) { (store) async throws in
                _ = try await store.devices()
                let hook = try await store.webhooks().first?.key ?? WebhookKey(rawValue: 1)
                for event in try await store.events(limit: 500) { _ = try await store.eventStory(event.id) }
                _ = try await store.deliveries(limit: 500)
                _ = try await store.due(webhook: hook, now: at(.max), perLane: 64, excluding: [])
                _ = try await store.nextDue(now: at(0))
                _ = try await store.counts()
                let phone = try await store.enrol(identity(), at: at(1)).key
                _ = try await store.record(batch(phone, (1000..<1020).map { sms($0) }))
            }
            return nil
        } catch let error as StoreError {
            return error
        }
    }

    @Test("a file cut short is a damaged database", arguments: [100, 4096, 8192, 40_960, 100_001])
    func truncated(bytes: Int) async throws {
        let folder = try await filled()
        let whole = try #require(folder.read("phonewire.db"))
        #expect(whole.count > 200_000)
        try folder.write("phonewire.db", Array(whole.prefix(bytes)))
        let error = try #require(try await useAll(folder))
        #expect([.damaged, .notADatabase].contains(error.cause))
        #expect(error.path == folder.path + "/phonewire.db")
        #expect(error.remedy.contains(error.cause == .damaged ? "leave event-ids" : "Move this file away"))
    }

    @Test("a page of zeros in the middle is damage, not a trap")
    func zeroPage() async throws {
        let folder = try await filled()
        var bytes = try #require(folder.read("phonewire.db"))
        for page in [10, 20, 30, 40] {
            bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: repeatElement(0, count: 4096))
        }
        try folder.write("phonewire.db", bytes)
        let error = try #require(try await useAll(folder))
        #expect(error.cause == .damaged)
        #expect(error.code?.primary == .corrupt)
        #expect(error.disposition == .giveUp)
    }

    @Test("bytes changed at random give an error or a value, never a trap", arguments: 0..<60)
    func randomDamage(seed: UInt64) async throws {
        let folder = try await filled()
        var bytes = try #require(folder.read("phonewire.db"))
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<Int.random(in: 1...400, using: &generator) {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                in: 0...255, using: &generator)
        }
        try folder.write("phonewire.db", bytes)
        let error = try await useAll(folder)
        if let error { #expect(!error.message.isEmpty, "seed \(seed)") }
    }

    @Test(
        "values that our own code cannot have written are damage",
        arguments: [
            "UPDATE events SET content = 'no json'", "UPDATE events SET content = '{\"sms\":{}}'",
            "UPDATE events SET key = zeroblob(600)", "UPDATE deliveries SET headers = 'no json'",
            "UPDATE deliveries SET attempts = 9223372036854775807, secret_offset = 1 WHERE 0",
            "UPDATE webhooks SET filter = '{'", "UPDATE webhooks SET format = 'xml'",
        ])
    func impossibleValues(sql: String) async throws {
        let folder = try await filled()
        let other = try otherProgram(folder)
        try other.test(sql)
        try other.close()
        let error = try await useAll(folder)
        if sql.hasSuffix("WHERE 0") {
            #expect(error == nil)
        } else {
            #expect(error?.cause == .damaged)
        }
    }

    @Test("an unclean stop of a damaged database is found at the next start")
    func quickCheckAfterUncleanStop() async throws {
        let folder = try await filled()
        var bytes = try #require(folder.read("phonewire.db"))
        bytes.replaceSubrange(20 * 4096..<21 * 4096, with: repeatElement(0, count: 4096))
        let wreck = try await withStore(folder) { (store) async throws in
            _ = try await store.record(batch(DeviceKey(rawValue: 1), [sms(2000)]))
            return try folder.copy()
        }
        try wreck.write("phonewire.db", bytes)
        let error = try #require(try openingError(wreck.path))
        #expect(error.cause == .damaged)
        #expect(error.operation == "quick check")
    }

    @Test("full: a write fails whole with one clear error, reading goes on, and room makes it work again")
    func full() async throws {
        let folder = try await filled()
        let pages = try #require(folder.read("phonewire.db")).count / 4096
        var options = StoreOptions()
        options.pagesMax = Int32(pages + 12)
        let text = String(repeating: "long ", count: 60)
        let clock = TestClock()
        let stored = try await withStore(folder, clock: clock, options: options) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            var stored = 300
            var failure: StoreError?
            for start in 0..<50 where failure == nil {
                do throws(StoreError) {
                    let first = Int64(1000 + start * 10)
                    _ = try await store.record(
                        batch(phone, (first..<first + 10).map { sms($0, text) }, cursor: "\(start)"))
                    stored += 10
                } catch { failure = error }
            }
            #expect(failure?.cause == .full)
            #expect(failure?.code?.primary == .full)
            #expect(failure?.disposition == .retry)
            #expect(failure?.remedy.hasPrefix("Make room on the disk") == true)
            let trouble = try #require(try await store.counts().writeTrouble)
            #expect(trouble.error == failure)
            #expect(trouble.since == clock.wallNow())
            clock.advance(by: .seconds(60))
            let huge = (5000..<5100).map { sms($0, text) }
            #expect(await storeError { _ = try await store.record(batch(phone, huge)) }?.cause == .full)
            #expect(try await store.counts().writeTrouble?.since == trouble.since)
            // What needs no room is written, and that ends the trouble; a refusal is none.
            try await store.renameDevice(phone, to: "again")
            #expect(try await store.counts().writeTrouble == nil)
            #expect(await storeError { try await store.renameDevice(phone, to: "") }?.cause == .refused)
            #expect(try await store.counts().writeTrouble == nil)
            #expect(try await store.counts().events == stored)
            #expect(try await store.events(limit: 500).count == stored)
            try await store.inspect { (database) throws(StoreError) in
                try database.quickCheck()
                try expectCountersTrue(database, "when full")
            }
            return stored
        }
        #expect(stored > 300)
        try await withStore(folder) { (store) async throws in
            #expect(try await store.counts().events == stored)
            let phone = try await store.enrol(identity(), at: at(1)).key
            let next = Int64(1000 + stored - 300)
            let result = try await store.record(batch(phone, (next..<next + 10).map { sms($0, text) }))
            #expect(result.events.count == 10)
            #expect(result.repeats == 0)
        }
    }
}
