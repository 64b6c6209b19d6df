import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("The cost of a call does not grow with the store")
struct PlanTests {
    /// SQLite's plans for `statements`, one line each, with the statement's name in front.
    private func plans(_ folder: TestFolder, _ statements: [SQL]) throws -> [String] {
        let other = try otherProgram(folder)
        var lines: [String] = []
        for sql in statements where !sql.text.hasPrefix("PRAGMA") {
            lines += try other.plan(of: sql).map { "\(sql.name): \($0)" }
        }
        return lines
    }

    private func used(_ store: EventStore) async throws -> Set<SQL> {
        try await store.inspect { (database) throws(StoreError) in Set(database.usedStatements) }
    }

    @Test("record, due, nextDue and settle search in indexes, and sort nothing")
    func hotPathPlans() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "a", url: "http://a/"), at: at(1)).key
            // Webhooks are kept in memory: the read that fills it is not a part of the hot path.
            _ = try await store.webhooks()
            let before = try await used(store)
            _ = try await store.record(batch(phone, [sms(1), sms(2), sms(3)]))
            let due = try await store.due(webhook: hook, now: at(0), perLane: 3, excluding: [])
            try await store.settle([
                outcome(due[0], .delivered), outcome(due[1], .retry(at: at(9))),
                outcome(due[2], .dead(reason: "old")),
            ])
            _ = try await store.due(webhook: hook, now: at(99), perLane: 3, excluding: [])
            _ = try await store.nextDue(now: at(0))
            _ = try await store.cursor(phone, .sms)
            let hot = try await used(store).subtracting(before)
            #expect(
                hot.isSuperset(of: [
                    .writeSighting, .insertEvent, .insertDelivery, .nextLane, .newInLane, .retriesInLane,
                    .farInLane, .lane, .readPending, .endDelivery, .retryDelivery,
                ]))
            let lines = try plans(folder, hot.sorted { $0.name < $1.name })
            #expect(!lines.isEmpty)
            for line in lines {
                #expect(!line.contains("SCAN"))
                #expect(!line.contains("TEMP B-TREE"))
            }
            for sql in [SQL.nextLane, .newInLane, .retriesInLane, .farInLane, .lane] {
                #expect(
                    lines.contains {
                        $0.hasPrefix("\(sql.name): SEARCH") && $0.contains("COVERING INDEX deliveries_lane")
                    })
            }
        }
    }

    @Test("lists, stories and counts never read a whole table of events, deliveries, attempts or sightings")
    func listPlans() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "a", url: "http://a/"), at: at(1)).key
            let id = try #require(try await store.record(batch(phone, [sms(1)])).events.first)
            let before = try await used(store)
            _ = try await store.events(limit: 5)
            _ = try await store.events(before: id, limit: 5, device: phone, kind: .sms)
            _ = try await store.events(limit: 5, kind: .ussd)
            _ = try await store.events(after: id, limit: 5)
            _ = try await store.nextRetries(hook)
            _ = try await store.eventStory(id)
            _ = try await store.deliveries(limit: 5)
            _ = try await store.deliveries(webhook: hook, state: .pending, limit: 5)
            _ = try await store.deliveries(state: .dead, limit: 5)
            _ = try await store.counts()
            try await store.removeWebhook(hook)
            let lines = try plans(
                folder, try await used(store).subtracting(before).sorted { $0.name < $1.name })
            #expect(lines.count > 10)
            for line in lines {
                for table in ["events", "deliveries", "attempts", "sightings"] {
                    #expect(!line.contains("SCAN \(table)"))
                }
                #expect(!line.contains("TEMP B-TREE"))
            }
        }
    }

    /// What SQLite did for one call each of record, due, nextDue and settle, in its own steps, and the pages that
    /// the commits wrote.
    private struct Work: Equatable {
        var record = 0
        var due = 0
        var nextDue = 0
        var settle = 0
        var pages = 0
    }

    private func work(_ folder: TestFolder, row: Int64) async throws -> Work {
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try #require(try await store.webhook(named: "a")).key
            let steps: () async throws -> Int = {
                try await store.inspect { (database) throws(StoreError) in database.stepsSinceLastCall() }
            }
            let pages: () async throws -> Int = {
                try await store.inspect { (database) throws(StoreError) in database.walPages }
            }
            // The first event of a run also notes its block of ids.
            _ = try await store.record(batch(phone, [sms(row)]))
            let first = try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: [])
            try await store.settle(first.map { outcome($0, .delivered) })
            var work = Work()
            let pagesBefore = try await pages()
            _ = try await steps()
            _ = try await store.record(batch(phone, [sms(row + 1)]))
            work.record = try await steps()
            let due = try await store.due(webhook: hook, now: at(0), perLane: 4, excluding: [])
            work.due = try await steps()
            #expect(due.count == 1)
            _ = try await store.nextDue(now: at(0))
            work.nextDue = try await steps()
            try await store.settle(due.map { outcome($0, .delivered) })
            work.settle = try await steps()
            work.pages = try await pages() - pagesBefore
            return work
        }
    }

    /// Adds delivered events as if they had been there for long.
    private func fill(_ folder: TestFolder, count: Int64) throws {
        let other = try otherProgram(folder)
        try other.test("PRAGMA synchronous = OFF")
        try other.test("BEGIN")
        let rows = "WITH RECURSIVE n(i) AS (SELECT 100000 UNION ALL SELECT i + 1 FROM n LIMIT \(count))"
        try other.test(
            """
            \(rows) INSERT INTO sightings (device, source, key)
            SELECT 1, 'sms', CAST(printf('0/%012d', i) AS BLOB) FROM n
            """)
        try other.test(
            """
            \(rows) INSERT INTO events (id, device, wire_id, kind, source, key, seen_at, committed_at, content)
            SELECT i, 1, 'w', 'sms', 'sms', x'00', 1, 1, '{}' FROM n
            """)
        try other.test(
            """
            \(rows) INSERT INTO deliveries (event, webhook, device, state, attempts, created_at, content_type, body)
            SELECT i, 1, 1, 1, 1, 1, 't', x'00' FROM n
            """)
        try other.test("COMMIT")
        try other.close()
    }

    @Test("the same steps with 1,000,000 delivered events in the store as with one")
    func millionDelivered() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            _ = try await store.enrol(identity(), at: at(1))
            _ = try await store.addWebhook(webhookSettings(name: "a", url: "http://a/"), at: at(1))
        }
        let empty = try await work(folder, row: 1)
        try fill(folder, count: 1_000_000)
        let full = try await work(folder, row: 11)
        #expect(full.record == empty.record)
        #expect(full.due == empty.due)
        #expect(full.nextDue == empty.nextDue)
        #expect(full.settle == empty.settle)
        // Trees are a level or two deeper, so a split may now and then write a page more.
        #expect(full.pages <= empty.pages + 6)
        #expect(empty.pages > 0 && empty.pages < 30)
    }
}
