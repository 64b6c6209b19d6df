import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("Recording what a read has shown")
struct RecordTests {
    @Test("new keys become events with deliveries and the cursor, all in one commit")
    func togetherInOneCommit() async throws {
        let folder = try TestFolder()
        let commits = Counter()
        try await withStore(folder, gate: { moment in if moment == .after { commits.increment() } }) {
            store in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "a", url: "http://a/"), at: at(2))
            let before = commits.value
            let result = try await store.record(batch(phone, [sms(1), sms(2)], cursor: "two"))
            #expect(commits.value == before + 1)
            #expect(result == RecordResult(events: [EventID(rawValue: 1), EventID(rawValue: 2)], repeats: 0))
            #expect(try await store.cursor(phone, .sms) == Array("two".utf8))
            #expect(try await store.cursor(phone, .ussd) == nil)
            let due = try await store.due(webhook: hook.key, now: at(1), perLane: 9, excluding: [])
            #expect(due.map(\.event.rawValue) == [1, 2])
            #expect(due.map(\.attempt) == [1, 1])
        }
    }

    @Test("an event comes back as it was recorded")
    func roundTrip() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1))
            let text = "a\u{0}b\nRow: 1 _id=7 \u{202E}\u{1F600}"
            let seen = sms(7, text, slot: nil)
            _ = try await store.record(batch(phone.key, [seen]))
            let event = try #require(try await store.events(limit: 10).first)
            #expect(event.content == seen.content)
            #expect(event.slot == nil)
            #expect(event.iccid == "898600")
            #expect(event.sentAt == at(70))
            #expect(event.receivedAt == at(71))
            #expect(event.seenAt == at(999_000))
            #expect(event.deviceWireID == phone.wireID)
        }
    }

    @Test("what was seen before is skipped, within a batch, across batches and after a restart")
    func repeatsAreSkipped() async throws {
        let folder = try TestFolder()
        let phone = try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            #expect(try await store.record(batch(phone, [sms(1), sms(1), sms(2)])).repeats == 1)
            #expect(try await store.record(batch(phone, [sms(2), sms(3)])).repeats == 1)
            return phone
        }
        try await withStore(folder) { (store) async throws in
            let result = try await store.record(batch(phone, [sms(1), sms(2), sms(3), sms(4)]))
            #expect(result.repeats == 3)
            #expect(result.events.count == 1)
            #expect(try await store.counts().events == 4)
        }
    }

    @Test("two phones may show the same key; one phone's two sources as well")
    func keysBelongToPhoneAndSource() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let one = try await store.enrol(identity("A"), at: at(1)).key
            let two = try await store.enrol(identity("B"), at: at(1)).key
            #expect(try await store.record(batch(one, [sms(1)])).events.count == 1)
            #expect(try await store.record(batch(two, [sms(1)])).events.count == 1)
            let ussd = Observation(
                key: SourceKey(source: .ussd, bytes: sms(1).key.bytes),
                content: EventContent(USSDAnswer(code: "*100#", response: "5")))
            let other = RecordBatch(
                device: one, source: .ussd, observations: [ussd], cursor: [], seenAt: at(1))
            #expect(try await store.record(other).events.count == 1)
        }
    }

    @Test("a key without content is remembered and is not an event")
    func knownRowsAreNoEvents() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let old = Observation(key: sms(1).key, content: nil)
            #expect(try await store.record(batch(phone, [old])) == RecordResult(events: [], repeats: 0))
            #expect(try await store.record(batch(phone, [sms(1)])) == RecordResult(events: [], repeats: 1))
            #expect(try await store.events(limit: 10).isEmpty)
        }
    }

    @Test("any date that a phone tells is stored and read as it is", arguments: [Int64.min, -1, .max])
    func extremeDates(milliseconds: Int64) async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let odd = Observation(
                key: sms(1).key, content: sms(1).content, sentAt: at(milliseconds),
                receivedAt: at(milliseconds))
            let id = try #require(try await store.record(batch(phone, [odd])).events.first)
            let event = try #require(try await store.events(limit: 1).first)
            #expect(event.sentAt == at(milliseconds))
            #expect(event.happenedAt == at(milliseconds))
            #expect(try await store.eventStory(id)?.event == event)
        }
    }

    @Test("sightings outlive their events: a purge makes nothing new")
    func purgedEventsStaySeen() async throws {
        let folder = try TestFolder()
        let phone = try await withStore(folder) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await store.record(batch(phone, [sms(1)]))
            return phone
        }
        try otherProgram(folder).test("DELETE FROM events")
        try await withStore(folder) { (store) async throws in
            let result = try await store.record(batch(phone, [sms(1)]))
            #expect(result == RecordResult(events: [], repeats: 1))
        }
    }

    @Test("an unknown phone, a key of another source, too much at once: refused, nothing stored")
    func badBatches() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let unknown = await storeError {
                _ = try await store.record(batch(DeviceKey(rawValue: 99), [sms(1)]))
            }
            #expect(unknown?.cause == .notFound)
            let foreign = Observation(key: SourceKey(source: .ussd, bytes: [1]), content: nil)
            let mixed = await storeError { _ = try await store.record(batch(phone, [sms(1), foreign])) }
            #expect(mixed?.cause == .refused)
            let many = (0...StoreLimits.observationsPerBatchMax).map { sms(Int64($0)) }
            let tooMany = await storeError { _ = try await store.record(batch(phone, many)) }
            #expect(tooMany?.cause == .refused)
            #expect(try await store.cursor(phone, .sms) == nil)
            #expect(try await store.counts().events == 0)
        }
    }

    @Test("deliveries are made for webhooks that are on and take the kind, and for no others")
    func onlyTakingWebhooks() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await store.addWebhook(webhookSettings(name: "takes", url: "http://a/"), at: at(1))
            _ = try await store.addWebhook(
                webhookSettings(name: "other-kind", url: "http://a/", kinds: [.ussd]), at: at(1))
            let off = try await store.addWebhook(webhookSettings(name: "off", url: "http://a/"), at: at(1))
            try await store.setEnabled(off.key, to: false)
            let paused = try await store.addWebhook(
                webhookSettings(name: "paused", url: "http://a/"), at: at(1))
            try await store.pauseWebhook(paused.key, reason: "410 Gone")
            let gone = try await store.addWebhook(webhookSettings(name: "gone", url: "http://a/"), at: at(1))
            try await store.removeWebhook(gone.key)
            let id = try #require(try await store.record(batch(phone, [sms(1)])).events.first)
            let story = try #require(try await store.eventStory(id))
            #expect(story.deliveries.map(\.summary.webhookName).sorted() == ["paused", "takes"])
        }
    }

    @Test("the body is made once, without the webhook's secret")
    func bodiesHoldNoSecret() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            _ = try await store.addWebhook(
                webhookSettings(name: "a", url: "http://a/", secret: "hunter2"), at: at(1))
            let id = try #require(try await store.record(batch(phone, [sms(1)])).events.first)
            let story = try #require(try await store.eventStory(id))
            #expect(story.deliveries.first?.body == BodyFormat.smsnotif.body(of: story.event))
            #expect(!"\(story)".contains("hunter2"))
        }
    }
}
