import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("Lists, stories, counts and problems")
struct ListTests {
    private func ping(_ number: Int) -> Observation {
        Observation(
            key: SourceKey(source: .sms, bytes: Array("ping \(number)".utf8)),
            content: EventContent(PostedNotification(package: "com.a", title: "", content: "")))
    }

    /// Two phones, SMS and notices in turn: events 1 to 40.
    private func fill(_ store: EventStore) async throws -> [DeviceKey] {
        let phones = [
            try await store.enrol(identity("A"), at: at(1)).key,
            try await store.enrol(identity("B"), at: at(1)).key,
        ]
        for number in 0..<10 {
            for phone in phones {
                _ = try await store.record(batch(phone, [sms(Int64(number)), ping(number)]))
            }
        }
        return phones
    }

    @Test("events in pages, newest first, of all phones and kinds or of some")
    func eventPages() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phones = try await fill(store)
            var seen: [Int64] = []
            var before: EventID?
            while true {
                let page = try await store.events(before: before, limit: 7)
                seen += page.map(\.id.rawValue)
                before = page.last?.id
                if page.count < 7 { break }
            }
            #expect(seen == Array((1...40).reversed()))
            let ofPhone = try await store.events(limit: 100, device: phones[1])
            let ofSecond: [Int64] = (1...40).reversed().filter { ($0 - 1) % 4 >= 2 }
            #expect(ofPhone.map(\.id.rawValue) == ofSecond)
            let ofKind = try await store.events(before: EventID(rawValue: 20), limit: 3, kind: .notification)
            #expect(ofKind.map(\.id.rawValue) == [18, 16, 14])
            let ofBoth = try await store.events(limit: 2, device: phones[0], kind: .sms)
            #expect(ofBoth.map(\.id.rawValue) == [37, 33])
            #expect(try await store.events(limit: 9, kind: .ussd).isEmpty)
            #expect(try await store.events(limit: 0).isEmpty)
            #expect(try await store.events(limit: -1).isEmpty)
        }
    }

    @Test("what is newer than an event, oldest first")
    func eventsAfter() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            _ = try await fill(store)
            let all = try await store.events(after: EventID(rawValue: 0), limit: 500)
            #expect(all.map(\.id.rawValue) == Array(1...40))
            let some = try await store.events(after: EventID(rawValue: 37), limit: 2)
            #expect(some.map(\.id.rawValue) == [38, 39])
            #expect(try await store.events(after: EventID(rawValue: 40), limit: 2).isEmpty)
            #expect(try await store.events(after: EventID(rawValue: 0), limit: -1).isEmpty)
        }
    }

    @Test("what is tried again next, of each phone")
    func nextRetries() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let hook = try await store.addWebhook(
                webhookSettings(name: "a", url: "http://h/", kinds: [.sms]), at: at(1)
            ).key
            _ = try await fill(store)
            #expect(try await store.nextRetries(hook).isEmpty)
            let due = try await store.due(webhook: hook, now: at(0), perLane: 2, excluding: [])
            #expect(due.count == 4)
            for (delivery, later) in zip(due, [900, 700, 800, 950]) {
                try await store.settle([outcome(delivery, .retry(at: at(Int64(later))), status: 500)])
            }
            let retries = try await store.nextRetries(hook)
            #expect(retries.count == 2)
            for device in Set(due.map(\.device)) {
                let expected = zip(due, [900, 700, 800, 950]).filter { $0.0.device == device }.map(\.1).min()
                let found = retries.first { $0.device == device }
                #expect(found?.dueAt?.milliseconds == expected.map { Int64($0) })
                #expect(found?.last?.status == 500)
            }
        }
    }

    @Test("a page is never longer than the limit of lists")
    func longestPage() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await store.addWebhook(webhookSettings(name: "a", url: "http://h/"), at: at(1))
            _ = try await store.record(batch(phone, (0..<600).map { sms($0) }))
            #expect(try await store.events(limit: .max).count == StoreLimits.listRowsMax)
            #expect(try await store.events(limit: .max, kind: .sms).count == StoreLimits.listRowsMax)
            #expect(try await store.deliveries(limit: .max).count == StoreLimits.listRowsMax)
        }
    }

    @Test("deliveries in pages, by webhook and state")
    func deliveryPages() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let one = try await store.addWebhook(webhookSettings(name: "one", url: "http://h/"), at: at(1))
                .key
            let two = try await store.addWebhook(webhookSettings(name: "two", url: "http://h/"), at: at(1))
                .key
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await store.record(batch(phone, (0..<4).map { sms($0) }))
            let due = try await store.due(webhook: one, now: at(0), perLane: 3, excluding: [])
            try await store.settle([
                outcome(due[0], .delivered), outcome(due[1], .dead(reason: "410")),
                outcome(due[2], .retry(at: at(8888)), status: 503),
            ])
            let all = try await store.deliveries(limit: 9)
            #expect(all.map(\.key.rawValue) == Array((1...8).reversed()))
            #expect(
                try await store.deliveries(before: all[2].key, limit: 2).map(\.key) == [
                    all[3].key, all[4].key,
                ])
            #expect(try await store.deliveries(webhook: two, limit: 9).allSatisfy { $0.webhookName == "two" })
            let pending = try await store.deliveries(webhook: one, state: .pending, limit: 9)
            #expect(pending.map(\.dueAt) == [at(1_000_000), at(8888)])
            #expect(pending.map(\.last?.status) == [nil, 503])
            let delivered = try await store.deliveries(state: .delivered, limit: 9)
            #expect(delivered.map(\.key) == [due[0].key])
            #expect(delivered.first?.attempts == 1)
            #expect(try await store.deliveries(state: .dead, limit: 9).first?.reason == "410")
        }
    }

    @Test("an event's story has everything: source key, commit, deliveries, attempts, bodies")
    func story() async throws {
        let clock = TestClock(wall: 77_000)
        try await withStore(try TestFolder(), clock: clock) { (store) async throws in
            let hook = try await store.addWebhook(webhookSettings(name: "one", url: "http://h/"), at: at(1))
                .key
            let phone = try await store.enrol(identity(), at: at(1)).key
            let id = try #require(try await store.record(batch(phone, [sms(5, "text")])).events.first)
            let first = try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: [])
            try await store.settle([outcome(first[0], .retry(at: at(10)), status: 500)])
            clock.advance(by: .seconds(1))
            let second = try await store.due(webhook: hook, now: at(10), perLane: 1, excluding: [])
            try await store.settle([outcome(second[0], .delivered)])
            let story = try #require(try await store.eventStory(id))
            #expect(story.event.content == sms(5, "text").content)
            #expect(story.keyText == "1/5")
            #expect(story.stored.subscription == 3)
            #expect(story.stored.committedAt == at(77_000))
            let delivery = try #require(story.deliveries.first)
            #expect(delivery.summary.endedAt == at(78_000))
            #expect(delivery.attempts.map(\.status) == [500, 200])
            #expect(delivery.attempts.map(\.number) == [1, 2])
            #expect(delivery.attempts[0].reply == Array("ok".utf8))
            #expect(delivery.attempts[0].microseconds == 1234)
            #expect(delivery.body == first[0].body)
            #expect(try await store.eventStory(EventID(rawValue: 99)) == nil)
            #expect(try await store.deliveryStory(DeliveryKey(rawValue: 99)) == nil)
        }
    }

    @Test("a source key of any bytes is shown in printable characters")
    func strangeKey() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let key = SourceKey(source: .sms, bytes: Array("7\n\u{1B}[31m".utf8) + [0xFF])
            let seen = Observation(key: key, content: sms(1).content)
            let id = try #require(try await store.record(batch(phone, [seen])).events.first)
            #expect(try await store.eventStory(id)?.keyText == "7\\n\\u{1b}[31m\u{FFFD}")
        }
    }

    @Test("attempts are kept up to their limit, the oldest go first")
    func attemptRing() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let hook = try await store.addWebhook(webhookSettings(name: "one", url: "http://h/"), at: at(1))
                .key
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await store.record(batch(phone, [sms(1)]))
            let key = try #require(
                try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).first?.key)
            let count = StoreLimits.attemptsKeptMax + 3
            try await store.settle(
                (1...count).map {
                    DeliveryOutcome(delivery: key, attempt: attempt($0, status: 500), next: .retry(at: at(1)))
                })
            let story = try #require(try await store.deliveryStory(key))
            #expect(story.attempts.map(\.number) == Array(4...count))
            #expect(story.summary.attempts == count)
        }
    }

    @Test("counts are kept, not counted, and true")
    func counts() async throws {
        let clock = TestClock(wall: 4000)
        try await withStore(try TestFolder(), clock: clock) { (store) async throws in
            _ = try await store.addWebhook(webhookSettings(name: "one", url: "http://h/"), at: at(1))
            let two = try await store.addWebhook(webhookSettings(name: "two", url: "http://h/"), at: at(1))
                .key
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await store.record(batch(phone, [sms(1)]))
            clock.advance(by: .seconds(5))
            _ = try await store.record(batch(phone, [sms(2), sms(3)]))
            let due = try await store.due(webhook: two, now: at(0), perLane: 2, excluding: [])
            try await store.settle([outcome(due[0], .delivered), outcome(due[1], .dead(reason: "x"))])
            let counts = try await store.counts()
            #expect(counts.events == 3)
            #expect(counts.webhooks.map(\.name) == ["one", "two"])
            #expect(counts.webhooks.map(\.pending) == [3, 1])
            #expect(counts.webhooks.map(\.delivered) == [0, 1])
            #expect(counts.webhooks.map(\.dead) == [0, 1])
            #expect(counts.webhooks.map(\.oldestPendingAt) == [at(4000), at(9000)])
            #expect(counts.oldestPendingAt == at(4000))
            #expect(counts.databaseBytes > 40_000)
            #expect(counts.checkpointError == nil)
            try await store.inspect { (database) throws(StoreError) in try expectCountersTrue(database, "") }
        }
    }

    @Test("problems are a ring, newest first")
    func problems() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = DeviceKey(rawValue: 3)
            let hook = WebhookKey(rawValue: 4)
            for number in 1...(StoreLimits.problemsMax + 2) {
                try await store.note(problem: "problem \(number)", device: phone, at: at(Int64(number)))
            }
            try await store.note(problem: "last", webhook: hook, at: at(9999))
            let newest = try await store.problems(limit: 2)
            #expect(newest.map(\.text) == ["last", "problem 1002"])
            #expect(newest.map(\.device) == [nil, phone])
            #expect(newest.map(\.webhook) == [hook, nil])
            let all = try await store.problems(limit: .max)
            #expect(all.count == StoreLimits.problemsMax)
            #expect(all.last?.text == "problem 4")
        }
    }
}
