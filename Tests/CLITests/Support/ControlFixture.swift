import Control
import Daemon
import Delivery
import Events
import FoundationEssentials
import Log
import Phone
import Platform
import Store
import Synchronization
import Testing
import Time

@testable import CLI

/// A clock whose wall time stands still, so that what it stamps can be compared; it sleeps for real.
struct StandingClock: DaemonClock {
    static let wall = WallTime(milliseconds: 1_645_684_231_000)
    func now() -> Instant { SystemClock().now() }
    func wallNow() -> WallTime { Self.wall }
    func sleep(until deadline: Instant) async throws { try await SystemClock().sleep(until: deadline) }
}

/// What a daemon without phones would tell and do.
final class FakeDaemon: DeviceStates, HTTPClient {
    private let state = Mutex<(live: [LiveDevice], calls: [String], requests: [HTTPRequest])>(([], [], []))
    private let result: HTTPResult?
    private let phone = Mutex<(asked: [Asked], reply: Reply)>(([], { _ in .notOnline }))

    /// What a phone was asked for.
    struct Asked: Equatable {
        let device: DeviceKey
        let source: Source
        let request: SourceRequest
    }

    typealias Reply = @Sendable (SourceRequest) async throws -> PhoneAnswer

    /// Answers with `result`; nil: with what it was sent.
    init(result: HTTPResult? = .answered(HTTPAnswer(status: 200, body: Array("thanks".utf8)))) {
        self.result = result
    }

    var calls: [String] { state.withLock { $0.calls } }
    var requests: [HTTPRequest] { state.withLock { $0.requests } }
    func attach(_ device: LiveDevice) { state.withLock { $0.live.append(device) } }
    func note(_ call: String) { state.withLock { $0.calls.append(call) } }
    /// Every request that reached a phone.
    var asked: [Asked] { phone.withLock { $0.asked } }
    /// From now on phones reply so.
    func reply(_ reply: @escaping Reply) { phone.withLock { $0.reply = reply } }
    func ask(_ asked: Asked) async -> PhoneAnswer {
        let reply = phone.withLock { phone in
            phone.asked.append(asked)
            return phone.reply
        }
        do {
            return try await reply(asked.request)
        } catch {
            Issue.record("\(error)")
            return .notOnline
        }
    }
    func liveDevices() async -> [LiveDevice] { state.withLock { $0.live } }
    func send(_ request: HTTPRequest) async -> HTTPResult {
        state.withLock { $0.requests.append(request) }
        return result ?? .answered(HTTPAnswer(status: 200, body: request.body))
    }
}

/// A control server over a real store in a folder of its own.
final class ControlFixture: Sendable {
    let folder: String
    let store: EventStore
    let fake: FakeDaemon
    private let executor: ThreadExecutor
    private let poller: Poller

    var socketPath: String { folder + "/control.sock" }

    private init(fake: FakeDaemon, options: StoreOptions) throws {
        let random = String(UInt64.random(in: 0 ... .max), radix: 36)
        folder = FileManager.default.temporaryDirectory.path + "/pw-" + random
        executor = try ThreadExecutor(name: "store", parker: EventParker())
        poller = try Poller()
        self.fake = fake
        store = try EventStore(
            directory: folder, executor: executor, clock: StandingClock(),
            freeze: { event, webhook in BodyWriter.body(for: event, format: webhook.format) },
            options: options)
    }

    /// Calls `body` while a server runs; everything is gone afterwards.
    static func serving(
        fake: FakeDaemon = FakeDaemon(), options: StoreOptions = StoreOptions(),
        _ body: @Sendable (ControlFixture) async throws -> Void
    ) async throws {
        let fixture = try ControlFixture(fake: fake, options: options)
        let handlers = ControlHandlers(
            store: fixture.store, states: fake, client: fake,
            actions: ControlActions(
                connect: { fake.note("connect \($0)") }, disconnect: { fake.note("disconnect \($0)") },
                importKeys: { (pems, serial) in fake.note("keys \(pems.count) \(serial)") },
                ask: { (device, source, request) in
                    await fake.ask(FakeDaemon.Asked(device: device, source: source, request: request))
                },
                webhooksChanged: { fake.note("webhooks") }),
            clock: StandingClock(), stateFolder: fixture.folder,
            random: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } })
        let server = ControlServer(
            socket: try ControlSocket(path: fixture.socketPath, forGroup: false), forGroup: false,
            handlers: handlers, poller: fixture.poller, clock: StandingClock(), log: .none)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await server.run() }
            try await body(fixture)
            group.cancelAll()
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.socketPath))
        try await fixture.store.close()
        fixture.executor.stop()
        fixture.poller.stop()
        try? FileManager.default.removeItem(atPath: fixture.folder)
    }

    /// What a command line prints and how it ends.
    struct Ran: Sendable {
        let code: Int32
        let out: String
        let err: String
    }

    /// Runs a command line against the server, on a thread of its own because commands block.
    func run(_ words: String...) async -> Ran {
        await runWords(words)
    }

    /// A phone with two cards, as the daemon enrols it.
    func enrol() async throws -> DeviceRecord {
        let identity = PhoneIdentity(
            serial: "8A1X0ABCD", androidID: "d57df30cb6a89289", manufacturer: "Google", model: "Pixel 7",
            androidVersion: "14", apiLevel: 34, fingerprint: "google/panther/14")
        let record = try await store.enrol(identity, at: StandingClock.wall)
        let cards = [
            SIMCard(slot: 1, subscription: 3, iccid: "89631", network: "51502", carrier: "Globe"),
            SIMCard(slot: 2, subscription: 4, iccid: "89632", network: "51503", carrier: "Smart"),
        ]
        try await store.recordSIMs(record.key, cards, at: StandingClock.wall)
        return record
    }

    /// Records SMS rows `rows` of `device` with the text `body`.
    func receive(
        _ rows: ClosedRange<Int64>, of device: DeviceRecord, body: String,
        sentAt: Int64 = 1_645_684_229_000, receivedAt: Int64 = 1_645_684_230_000
    ) async throws -> [EventID] {
        let observations = rows.map { row in
            Observation(
                key: SourceKey(source: .sms, bytes: Array("1/\(row)/1645684230000".utf8)),
                content: .sms(SMSMessage(rowID: row, sender: "+639760713666", body: body)), slot: 2,
                subscription: 4, iccid: "89632", sentAt: WallTime(milliseconds: sentAt),
                receivedAt: WallTime(milliseconds: receivedAt))
        }
        let batch = RecordBatch(
            device: device.key, source: .sms, observations: observations, cursor: [1],
            seenAt: WallTime(milliseconds: 1_645_684_230_750))
        return try await store.record(batch).events
    }

    /// Records one event of `source` on `device`.
    func record(
        _ content: EventContent, source: Source, of device: DeviceRecord, key: String, slot: Int? = nil,
        iccid: String? = nil
    ) async throws -> EventID {
        let observation = Observation(
            key: SourceKey(source: source, bytes: Array(key.utf8)), content: content, slot: slot,
            iccid: iccid, receivedAt: WallTime(milliseconds: 1_645_684_230_000))
        let batch = RecordBatch(
            device: device.key, source: source, observations: [observation], cursor: [1],
            seenAt: WallTime(milliseconds: 1_645_684_230_750))
        return try #require(try await store.record(batch).events.first)
    }

    /// Records a notification of the app `package`.
    func post(_ package: String, of device: DeviceRecord) async throws -> EventID {
        let posted = PostedNotification(package: package, title: "Title", content: "Text")
        return try await record(
            .notification(posted), source: .notifications, of: device, key: "0|\(package)|1")
    }

    /// Settles every pending delivery of `webhook` with one attempt.
    func settle(_ webhook: String, status: Int?, error: String?, next: DeliveryOutcome.Next) async throws {
        let key = try #require(try await store.webhook(named: webhook)).key
        let leases = try await store.due(webhook: key, now: StandingClock.wall, perLane: 64, excluding: [])
        try await store.settle(
            leases.map { lease in
                DeliveryOutcome(
                    delivery: lease.delivery,
                    attempt: AttemptRecord(
                        number: lease.attempt, startedAt: StandingClock.wall, microseconds: 12_500,
                        status: status,
                        error: error, reply: Array("stored\nsecond line".utf8)), next: next)
            })
    }
}

/// Runs `body`, which may block, on a thread of its own.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        let code = startThread(name: "cli-test") { continuation.resume(returning: body()) }
        precondition(code == nil, "no thread: \(code ?? 0)")
    }
}
