import Base
import Delivery
import Events
import Testing

@testable import Store

@Suite("Webhooks and their secrets")
struct WebhookTests {
    @Test("a webhook comes back as it was added, after a restart too")
    func roundTrip() async throws {
        let folder = try TestFolder()
        let draft = webhookSettings(
            name: "home", url: "https://h/?a=ü", format: .smsnotifJSON, secret: "hunter2",
            kinds: [.notification, .ussd], packages: ["org.other", "com.bank.app"])
        let added = try await withStore(folder) { (store) async throws in
            try await store.addWebhook(draft, at: at(7))
        }
        #expect(added.name == "home")
        #expect(added.settings == draft)
        #expect(added.enabled)
        #expect(added.pausedReason == nil)
        #expect(added.createdAt == at(7))
        try await withStore(folder) { (store) async throws in
            #expect(try await store.webhooks() == [added])
            #expect(try await store.webhook(named: "home") == added)
            #expect(try await store.webhook(named: "else") == nil)
            #expect(try await store.webhook(added.key)?.settings.secret.revealed == "hunter2")
        }
    }

    @Test("a package list counts for notifications alone, by the exact name")
    func packages() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            var hooks: [String: WebhookKey] = [:]
            for (name, packages) in [("all", []), ("bank", ["com.bank"]), ("both", ["com.bank", "org.b"])] {
                let draft = webhookSettings(name: name, url: "http://h/", packages: Set(packages))
                hooks[name] = try await store.addWebhook(draft, at: at(1)).key
            }
            let takers: (EventID) async throws -> Set<WebhookKey> = { id in
                Set(try await store.eventStory(id)?.deliveries.map(\.summary.webhook) ?? [])
            }
            let posted = ["com.bank", "org.b", "com.bank.fake", "com", "COM.BANK", "com.bank,org.b", "", "%"]
            let ids = try await store.record(notifications(phone, posted)).events
            #expect(ids.count == posted.count)
            #expect(try await takers(ids[0]) == Set(hooks.values))
            #expect(try await takers(ids[1]) == [hooks["all"], hooks["both"]])
            for id in ids.dropFirst(2) { #expect(try await takers(id) == [hooks["all"]]) }
            let chat = ChatMessage(account: "", sender: "Ann", group: nil, text: "hi")
            let key = SourceKey(source: .notifications, bytes: [1])
            let others = RecordBatch(
                device: phone, source: .notifications,
                observations: [Observation(key: key, content: EventContent(chat))], cursor: [], seenAt: at(2))
            let more = try await store.record(others).events + store.record(batch(phone, [sms(1)])).events
            #expect(more.count == 2)
            for id in more { #expect(try await takers(id) == Set(hooks.values)) }
        }
    }

    @Test("no list, story, count, problem or error tells the secret")
    func secretStaysInside() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let draft = webhookSettings(name: "home", url: "https://h/", secret: "hunter2")
            let hook = try await store.addWebhook(draft, at: at(7))
            let phone = try await store.enrol(identity(), at: at(1)).key
            let id = try #require(try await store.record(batch(phone, [sms(1)])).events.first)
            let taken = await storeError { _ = try await store.addWebhook(draft, at: at(8)) }
            #expect(taken?.cause == .refused)
            try await store.inspect { (database) throws(StoreError) in
                try database.test(
                    "CREATE TEMP TRIGGER f BEFORE INSERT ON webhooks BEGIN SELECT raise(ABORT, 'x'); END")
            }
            let other = webhookSettings(name: "other", url: "https://h/", secret: "hunter2")
            let failed = await storeError { _ = try await store.addWebhook(other, at: at(8)) }
            #expect(failed?.operation == "insert webhook")
            var said = "\(hook) \(String(describing: taken)) \(String(describing: failed))"
            said += "\(try await store.webhooks()) \(try await store.counts())"
            said +=
                "\(String(describing: try await store.eventStory(id))) \(try await store.deliveries(limit: 9))"
            #expect(!said.contains("hunter2"))
            #expect(said.contains("home"))
        }
    }

    @Test("a removed webhook's secret is gone from the file")
    func secretIsForgotten() async throws {
        let folder = try TestFolder()
        try await withStore(folder) { (store) async throws in
            let draft = webhookSettings(name: "home", url: "https://h/", secret: "hunter2hunter2")
            let hook = try await store.addWebhook(draft, at: at(7))
            try await store.removeWebhook(hook.key)
            let twice = await storeError { try await store.removeWebhook(hook.key) }
            #expect(twice?.cause == .notFound)
        }
        let bytes = try #require(folder.read("phonewire.db"))
        let secret = Array("hunter2hunter2".utf8)
        #expect(!bytes.indices.contains { bytes[$0...].starts(with: secret) })
    }

    @Test("pausing and switching show; unknown webhooks are named")
    func pausing() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            let hook = try await store.addWebhook(webhookSettings(name: "a", url: "http://h/"), at: at(1)).key
            try await store.pauseWebhook(hook, reason: "410 Gone")
            try await store.setEnabled(hook, to: false)
            let shown = try #require(try await store.webhook(named: "a"))
            #expect(shown.pausedReason == "410 Gone")
            #expect(!shown.enabled)
            let nobody = WebhookKey(rawValue: 9)
            #expect(
                await storeError { try await store.pauseWebhook(nobody, reason: nil) }?.cause == .notFound)
            #expect(await storeError { try await store.setEnabled(nobody, to: true) }?.cause == .notFound)
        }
    }

    @Test("a removal with many pending deliveries that was cut off goes on at the next start")
    func removalGoesOn() async throws {
        let folder = try TestFolder()
        let stop = Counter()
        let hook = try await withStore(
            folder,
            gate: { (moment) throws(StoreError) in
                if stop.value > 0, moment == .after {
                    stop.increment()
                    if stop.value > 3 { throw stopError() }
                }
            }
        ) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "a", url: "http://h/"), at: at(1)).key
            _ = try await store.record(batch(phone, (0..<1700).map { sms($0) }))
            stop.increment()
            #expect(await storeError { try await store.removeWebhook(hook) } == stopError())
            let left = try await store.deliveries(webhook: hook, state: .pending, limit: 500)
            #expect(left.count == 500)
            return hook
        }
        try await withStore(folder) { (store) async throws in
            #expect(try await store.deliveries(webhook: hook, state: .pending, limit: 1).isEmpty)
            #expect(
                try await store.deliveries(webhook: hook, state: .removed, limit: 1).first?.endedAt != nil)
            try await store.inspect { (database) throws(StoreError) in
                try expectCountersTrue(database, "after the restart")
            }
        }
    }

    @Test("no more webhooks than the limit")
    func limit() async throws {
        try await withStore(try TestFolder()) { (store) async throws in
            for number in 0..<StoreLimits.webhooksMax {
                _ = try await store.addWebhook(
                    webhookSettings(name: "w\(number)", url: "http://h/"), at: at(1))
            }
            let error = await storeError {
                _ = try await store.addWebhook(webhookSettings(name: "one-more", url: "http://h/"), at: at(1))
            }
            #expect(error?.message == "there are 100 webhooks, the most there can be")
        }
    }
}
