import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("What is due, and what becomes of it")
struct OutboxTests {
    /// A store with two phones, one webhook, and `count` events of each phone, recorded in turn.
    private func withLanes(
        _ count: Int64, clock: TestClock = TestClock(),
        _ body: (EventStore, WebhookKey, [DeviceKey]) async throws -> Void
    ) async throws {
        try await withStore(try TestFolder(), clock: clock) { (store) async throws in
            let phones = [
                try await store.enrol(identity("A"), at: at(1)).key,
                try await store.enrol(identity("B"), at: at(1)).key,
            ]
            let hook = try await store.addWebhook(webhookSettings(name: "hook", url: "http://h/"), at: at(1))
                .key
            for row in 0..<count {
                for phone in phones { _ = try await store.record(batch(phone, [sms(row)])) }
            }
            try await body(store, hook, phones)
        }
    }

    @Test("every lane gets its share, in the order of its events, without what is in flight")
    func lanesAreFair() async throws {
        try await withLanes(3) { store, hook, phones in
            let first = try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: [])
            #expect(first.map(\.device) == phones)
            #expect(first.map(\.event.rawValue) == [1, 2])
            let flying = Set(first.map(\.key))
            let next = try await store.due(webhook: hook, now: at(0), perLane: 2, excluding: flying)
            #expect(next.map(\.event.rawValue) == [3, 5, 4, 6])
            #expect(try await store.due(webhook: hook, now: at(0), perLane: 0, excluding: []).isEmpty)
        }
    }

    @Test("a phone with a long queue does not hide another's")
    func floodInOneLane() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let loud = try await store.enrol(identity("A"), at: at(1)).key
            let quiet = try await store.enrol(identity("B"), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "hook", url: "http://h/"), at: at(1))
                .key
            _ = try await store.record(batch(loud, (0..<500).map { sms($0) }))
            _ = try await store.record(batch(quiet, [sms(1)]))
            let due = try await store.due(webhook: hook, now: at(0), perLane: 4, excluding: [])
            #expect(due.filter { $0.device == loud }.count == 4)
            #expect(due.filter { $0.device == quiet }.count == 1)
        }
    }

    @Test("delivered: it is over, with the attempt on record")
    func delivered() async throws {
        let clock = TestClock(wall: 50_000)
        try await withLanes(1, clock: clock) { store, hook, _ in
            let due = try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: [])
            try await store.settle(due.map { outcome($0, .delivered) })
            #expect(try await store.due(webhook: hook, now: at(.max), perLane: 1, excluding: []).isEmpty)
            #expect(try await store.nextDue(now: at(0)) == nil)
            let story = try #require(try await store.deliveryStory(due[0].key))
            #expect(story.summary.state == .delivered)
            #expect(story.summary.attempts == 1)
            #expect(story.summary.endedAt == at(50_000))
            #expect(story.summary.dueAt == nil)
            #expect(story.attempts == [attempt(1)])
            let counts = try await store.counts()
            #expect([counts.pending, counts.delivered, counts.dead] == [0, 2, 0])
            #expect(counts.oldestPendingAt == nil)
        }
    }

    @Test("retry: it waits for its date and comes back as the next attempt")
    func retried() async throws {
        try await withLanes(1) { store, hook, _ in
            let due = try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: [])
            try await store.settle([
                outcome(due[0], .retry(at: at(9000)), status: 500), outcome(due[1], .delivered),
            ])
            #expect(try await store.due(webhook: hook, now: at(8999), perLane: 1, excluding: []).isEmpty)
            #expect(try await store.nextDue(now: at(8000)) == at(9000))
            #expect(try await store.nextDue(now: at(9500)) == at(9500))
            let again = try await store.due(webhook: hook, now: at(9000), perLane: 1, excluding: [])
            #expect(again.map(\.attempt) == [2])
            #expect(again.first?.body == due[0].body)
            #expect(again.first?.createdAt == due[0].createdAt)
        }
    }

    @Test("dead: given up with its reason, kept on record")
    func dead() async throws {
        try await withLanes(1) { store, hook, _ in
            let delivery = try #require(
                try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).first)
            try await store.settle([outcome(delivery, .dead(reason: "older than 7 days"), status: nil)])
            let story = try #require(try await store.deliveryStory(delivery.key))
            #expect(story.summary.state == .dead)
            #expect(story.summary.reason == "older than 7 days")
            #expect(try await store.deliveries(state: .dead, limit: 5).map(\.key) == [delivery.key])
            #expect(try await store.counts().dead == 1)
        }
    }

    @Test("settling twice changes nothing the second time")
    func settlingIsIdempotent() async throws {
        try await withLanes(1) { store, hook, _ in
            let delivery = try #require(
                try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).first)
            let retry = outcome(delivery, .retry(at: at(7000)))
            try await store.settle([retry])
            try await store.settle([retry])
            try await store.settle([outcome(delivery, .delivered)])
            let story = try #require(try await store.deliveryStory(delivery.key))
            #expect(story.summary.state == .pending)
            #expect(story.summary.dueAt == at(7000))
            #expect(story.attempts.count == 1)
        }
    }

    @Test("what has ended stays ended, whatever a late answer says")
    func endedStaysEnded() async throws {
        try await withLanes(1) { store, hook, _ in
            let delivery = try #require(
                try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).first)
            try await store.settle([outcome(delivery, .delivered)])
            let late = DeliveryOutcome(
                delivery: delivery.key, attempt: attempt(2, status: 500), next: .retry(at: at(1)))
            try await store.settle([late])
            let story = try #require(try await store.deliveryStory(delivery.key))
            #expect(story.summary.state == .delivered)
            #expect(story.summary.attempts == 2)
            #expect(story.attempts.map(\.number) == [1, 2])
        }
    }

    @Test("an unknown delivery fails its own request and no other")
    func unknownDelivery() async throws {
        try await withLanes(1) { store, hook, _ in
            let delivery = try #require(
                try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).first)
            let unknown = DeliveryOutcome(
                delivery: DeliveryKey(rawValue: 999), attempt: attempt(1), next: .delivered)
            let error = await storeError { try await store.settle([outcome(delivery, .delivered), unknown]) }
            #expect(error?.cause == .notFound)
            #expect(try await store.deliveryStory(delivery.key)?.summary.state == .pending)
            #expect(try await store.counts().pending == 2)
        }
    }

    @Test("new events and retries are taken in turn: neither starves the other")
    func retriesAndNewOnesInTurn() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "hook", url: "http://h/"), at: at(1))
                .key
            _ = try await store.record(batch(phone, (0..<4).map { sms($0) }))
            let failing = try await store.due(webhook: hook, now: at(0), perLane: 2, excluding: [])
            try await store.settle([
                outcome(failing[0], .retry(at: at(2000))), outcome(failing[1], .retry(at: at(1000))),
            ])
            let due = try await store.due(webhook: hook, now: at(3000), perLane: 4, excluding: [])
            #expect(due.map(\.event.rawValue) == [2, 3, 1, 4])
            #expect(due.map(\.attempt) == [2, 1, 2, 1])
            let two = try await store.due(webhook: hook, now: at(3000), perLane: 2, excluding: [])
            #expect(two.map(\.event.rawValue) == [2, 3])
        }
    }

    @Test("a clock that was set back holds nothing up")
    func clockSetBack() async throws {
        let year: Int64 = 365 * 86_400_000
        try await withLanes(1, clock: TestClock(wall: year)) { store, hook, _ in
            let first = try await store.due(webhook: hook, now: at(year), perLane: 1, excluding: [])
            try await store.settle([outcome(first[0], .retry(at: at(year + 3_600_000)))])
            // A year earlier: the new one is due as ever, the retry was planned with another clock.
            let due = try await store.due(webhook: hook, now: at(1000), perLane: 1, excluding: [])
            #expect(due.map(\.key) == first.map(\.key))
            let flying: Set = [first[1].key]
            #expect(try await store.nextDue(now: at(1000), excluding: flying) == at(1000))
        }
    }

    @Test("what is in flight is not next")
    func nextDueExcludes() async throws {
        try await withLanes(1) { store, hook, _ in
            let due = try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: [])
            #expect(try await store.nextDue(now: at(44)) == at(44))
            let flying = Set(due.map(\.key))
            #expect(try await store.nextDue(now: at(44), excluding: flying) == nil)
        }
    }

    @Test("off or paused: nothing is due, and everything is there afterwards")
    func offAndPaused() async throws {
        try await withLanes(1) { store, hook, _ in
            try await store.pauseWebhook(hook, reason: "410 Gone")
            #expect(try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).isEmpty)
            #expect(try await store.nextDue(now: at(0)) == nil)
            let probes = try await store.due(
                webhook: hook, now: at(0), perLane: 1, excluding: [], evenPaused: true)
            #expect(probes.count == 2)
            try await store.pauseWebhook(hook, reason: nil)
            try await store.setEnabled(hook, to: false)
            let off = try await store.due(
                webhook: hook, now: at(0), perLane: 1, excluding: [], evenPaused: true)
            #expect(off.isEmpty)
            #expect(try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).isEmpty)
            #expect(try await store.nextDue(now: at(0)) == nil)
            try await store.setEnabled(hook, to: true)
            #expect(try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).count == 2)
        }
    }

    @Test("removing a webhook ends its deliveries as removed; a late success is still told as it was")
    func removal() async throws {
        try await withLanes(1) { store, hook, _ in
            let due = try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: [])
            try await store.removeWebhook(hook)
            #expect(try await store.webhooks().isEmpty)
            #expect(try await store.webhook(hook) == nil)
            #expect(try await store.due(webhook: hook, now: at(0), perLane: 1, excluding: []).isEmpty)
            let ended = try await store.deliveries(webhook: hook, limit: 9)
            #expect(ended.map(\.state) == [.removed, .removed])
            #expect(ended.first?.webhookName == "hook")
            try await store.settle([
                outcome(due[0], .delivered), outcome(due[1], .retry(at: at(9)), status: 500),
            ])
            let states = try await store.deliveries(webhook: hook, limit: 9).map(\.state)
            #expect(states == [.removed, .delivered])
            // Its name is free again.
            _ = try await store.addWebhook(webhookSettings(name: "hook", url: "http://h/"), at: at(1))
        }
    }
}
