import Base
import Daemon
import Delivery
import Events
import Store
import Testing

@Suite struct DeliveryServiceTests {
    @Test func anEventIsSentAndSettled() throws {
        let bench = try DeliveryBench()
        _ = try bench.addWebhook()
        bench.start()
        let event = try #require(try bench.receive().first)
        let request = try #require(bench.receiver.requests.first)
        #expect(request.request.url == "http://home.test/hook")
        #expect(request.header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(request.header("User-Agent") == "phonewire/0.1.0")
        #expect(request.id == "inst-\(event.rawValue)")
        #expect(request.header("webhook-timestamp") == "1760000000")
        #expect(request.header("x-phonewire-attempt") == "1")
        #expect(request.body.hasPrefix("secret=key%261&type=sms&data%5Bid%5D=\(event.rawValue)&"))
        bench.pass(.seconds(1))
        let story = try #require(try bench.story(event))
        #expect(story.summary.state == .delivered)
        #expect(story.attempts.map(\.status) == [200])
        #expect(!String(decoding: story.body.bytes, as: UTF8.self).contains("key"))
        #expect(bench.receiver.requests.count == 1)
    }

    @Test func aFailureIsTriedAgainUnderTheSameIDAndBody() throws {
        let bench = try DeliveryBench()
        _ = try bench.addWebhook()
        bench.receiver.answer { number, _ in .status(number < 4 ? 500 : 204) }
        bench.start()
        let event = try #require(try bench.receive().first)
        bench.pass(.seconds(60))
        let requests = bench.receiver.requests
        #expect(requests.map { ($0.at.milliseconds - 1_760_000_000_000) / 1000 } == [0, 1, 6, 21])
        #expect(requests.map { $0.header("x-phonewire-attempt") } == ["1", "2", "3", "4"])
        #expect(Set(requests.map(\.id)).count == 1)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(
            requests.map { $0.header("webhook-timestamp") ?? "" }
                == [0, 1, 6, 21].map { "\(1_760_000_000 + $0)" })
        let story = try #require(try bench.story(event))
        #expect(story.summary.state == .delivered)
        #expect(story.attempts.map(\.status) == [500, 500, 500, 204])
    }

    @Test func aRetryOutlivesARestart() throws {
        let bench = try DeliveryBench()
        _ = try bench.addWebhook()
        bench.receiver.answer { number, _ in number <= 3 ? .status(500) : .status(200) }
        bench.start()
        let event = try #require(try bench.receive().first)
        bench.pass(.seconds(10))
        #expect(bench.receiver.requests.count == 3)
        try bench.restart()
        bench.pass(.seconds(10))
        // Due 15 s after the third failure, at 21 s; not earlier because of the restart.
        #expect(bench.receiver.requests.count == 3)
        bench.pass(.seconds(2))
        #expect(bench.receiver.requests.map { $0.header("x-phonewire-attempt") } == ["1", "2", "3", "4"])
        bench.pass(.seconds(1))
        #expect(try bench.story(event)?.summary.state == .delivered)
    }

    @Test func killedBetweenTheAnswerAndItsCommitItIsSentAgainUnderTheSameID() throws {
        let bench = try DeliveryBench()
        _ = try bench.addWebhook()
        bench.start()
        try bench.receive()
        #expect(bench.receiver.requests.count == 1)
        try bench.restart()
        bench.pass(.seconds(1))
        #expect(bench.receiver.requests.count == 2)
        #expect(Set(bench.receiver.requests.map(\.id)).count == 1)
        #expect(Set(bench.receiver.requests.map(\.body)).count == 1)
    }

    @Test func aHangingReceiverHoldsNothingBackForMoreThanTwoSeconds() throws {
        let bench = try DeliveryBench(phones: 2)
        _ = try bench.addWebhook()
        bench.receiver.answer { number, _ in number <= 2 ? .hang : .status(200) }
        bench.start()
        try bench.receive(4)
        bench.pass(.seconds(3))
        // The third and fourth go through while the first two hang.
        #expect(bench.receiver.requests.map { ($0.at.milliseconds - 1_760_000_000_000) / 1000 } == [0, 2])
        bench.pass(.seconds(1))
        #expect(
            bench.receiver.requests.map { ($0.at.milliseconds - 1_760_000_000_000) / 1000 } == [0, 2, 4, 4])
        bench.pass(.seconds(60))
        #expect(Set(bench.receiver.requests.dropFirst(2).map(\.id)).count == 4)
    }

    @Test func aHangingWebhookDoesNotHoldAnother() throws {
        let bench = try DeliveryBench()
        _ = try bench.addWebhook("dead")
        _ = try bench.addWebhook("home")
        bench.receiver.answer { _, request in request.url.contains("dead") ? .hang : .status(200) }
        bench.start()
        try bench.receive(50)
        #expect(bench.receiver.requests.filter { $0.request.url.contains("home") }.count == 50)
        bench.pass(.seconds(600))
        #expect(bench.receiver.mostInFlight <= 5)
    }

    @Test func aWrongSecretPausesTheWebhookUntilAProbeIsTaken() throws {
        let bench = try DeliveryBench()
        let webhook = try bench.addWebhook()
        bench.receiver.answer { number, _ in .status(number <= 2 ? 401 : 200) }
        bench.start()
        try bench.receive(3)
        let store = bench.store
        #expect(try bench.run { try await store.webhook(webhook)?.pausedReason } == "401 Unauthorized")
        #expect(
            try bench.run { try await store.problems(limit: 1).first?.text }?.contains("401 Unauthorized")
                == true)
        bench.pass(.seconds(899))
        #expect(bench.receiver.requests.count == 1)
        bench.pass(.seconds(1))
        #expect(bench.receiver.requests.count == 2)
        bench.pass(.seconds(1800))
        bench.pass(.seconds(1))
        #expect(bench.receiver.requests.count == 5)
        #expect(Set(bench.receiver.requests.dropFirst(2).map(\.id)).count == 3)
        #expect(try bench.run { try await store.webhook(webhook)?.pausedReason } == nil)
        #expect(try bench.delivered() == 3)
    }

    @Test func aGoneWebhookWaitsForTheUser() throws {
        let bench = try DeliveryBench()
        let webhook = try bench.addWebhook()
        bench.receiver.answer { number, _ in .status(number == 1 ? 410 : 200) }
        bench.start()
        try bench.receive(2)
        bench.pass(.seconds(10 * 86_400))
        #expect(bench.receiver.requests.count == 1)
        try bench.restart()
        bench.pass(.seconds(86_400))
        #expect(bench.receiver.requests.count == 1)
        let store = bench.store
        try bench.run { try await store.pauseWebhook(webhook, reason: nil) }
        bench.wake()
        bench.pass(.seconds(1))
        #expect(bench.receiver.requests.count == 3)
    }

    @Test func successesShareCommits() throws {
        let bench = try DeliveryBench(phones: 8)
        _ = try bench.addWebhook()
        bench.start()
        for phone in 0..<8 { try bench.receive(20, phone: phone) }
        let before = bench.gate.commits
        bench.pass(.seconds(1))
        #expect(try bench.delivered() == 160)
        // 160 successes in at most 64 a commit; those before the last receive are settled already.
        #expect(bench.gate.commits - before <= 3)
        #expect(bench.receiver.requests.count == 160)
    }

    @Test func whileTheStoreFailsNothingIsSentTwiceAndNothingIsLost() throws {
        let bench = try DeliveryBench(phones: 2)
        _ = try bench.addWebhook()
        bench.start()
        try bench.receive(10, phone: 0)
        bench.gate.fail(true)
        bench.pass(.seconds(300))
        #expect(bench.receiver.requests.count == 10)
        #expect(bench.lines.all.contains { $0.hasPrefix("deliveries wait because the store fails") })
        bench.gate.fail(false)
        bench.pass(.seconds(60))
        #expect(try bench.delivered() == 10)
        try bench.receive(5, phone: 1)
        bench.pass(.seconds(1))
        #expect(bench.receiver.requests.count == 15)
    }

    @Test func stoppingWritesDownWhatHasEndedAndLeavesTheRestPending() throws {
        let bench = try DeliveryBench(phones: 2)
        _ = try bench.addWebhook()
        bench.receiver.answer { number, _ in number == 1 ? .status(200) : .hang }
        bench.start()
        let done = try #require(try bench.receive(phone: 0).first)
        let hung = try #require(try bench.receive(phone: 1).first)
        try bench.stop()
        #expect(try bench.story(done)?.summary.state == .delivered)
        let story = try #require(try bench.story(hung))
        #expect(story.summary.state == .pending)
        #expect(story.attempts.isEmpty)
    }

    @Test func anEchoedSecretIsNotStored() throws {
        let bench = try DeliveryBench()
        _ = try bench.addWebhook()
        bench.receiver.answer { _, request in
            .result(.answered(HTTPAnswer(status: 500, body: request.body + Array(" key&1".utf8))))
        }
        bench.start()
        let event = try #require(try bench.receive().first)
        bench.pass(.seconds(1))
        let request = try #require(bench.receiver.requests.first)
        let attempt = try #require(try bench.story(event)?.attempts.first)
        let shown = request.body.replacing("key%261", with: "***") + " ***"
        #expect(request.body.contains("key%261"))
        #expect(String(decoding: attempt.reply, as: UTF8.self) == shown)
    }

    @Test func anIdleServiceLooksOnceAMinute() throws {
        let bench = try DeliveryBench()
        _ = try bench.addWebhook()
        bench.start()
        bench.pass(.seconds(86_400))
        #expect(bench.receiver.requests.isEmpty)
        // A commit that nobody announced is found all the same.
        let event = try #require(try bench.receive(announced: false).first)
        bench.pass(.seconds(61))
        #expect(try bench.story(event)?.summary.state == .delivered)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func anyOrderOfThingsDeliversEverything(seed: UInt64) throws {
        let bench = try DeliveryBench(seed: seed, phones: 3)
        _ = try bench.addWebhook()
        bench.receiver.answer { number, _ in moody(number, seed) }
        bench.start()
        var events: [EventID] = []
        for round in 0..<12 {
            events += try bench.receive(1 + round % 4, phone: round % 3)
            bench.pass(.milliseconds(round * 150))
            if round % 5 == Int(seed % 5) { try bench.restart() }
        }
        bench.pass(.seconds(86_400))
        #expect(try bench.delivered() == events.count)
        #expect(Set(bench.receiver.requests.map(\.id)) == Set(events.map { "inst-\($0.rawValue)" }))
    }
}

/// A receiver of every mood.
private func moody(_ number: Int, _ seed: UInt64) -> ToldReceiver.Answer {
    switch (((UInt64(number) &+ (seed << 32)) &* 0x9E37_79B9_7F4A_7C15) >> 33) % 7 {
    case 0: return .status(500)
    case 1:
        let refused = HTTPFailure(kind: .connect, message: "refused")
        return .result(.failed(refused), after: .milliseconds(300))
    case 2: return .hang
    default: return .result(.answered(HTTPAnswer(status: 200)), after: .milliseconds(number % 5 * 40))
    }
}
