import Base
import Control
import Daemon
import Delivery
import Events
import FoundationEssentials
import Phone
import Platform
import Simulation
import Store
import Synchronization
import Testing

@testable import CLI

/// A clock whose wall time stands still, so that what it stamps can be compared; it sleeps for real.
struct StandingClock: DaemonClock {
    static let wall = WallTime(milliseconds: 1_645_684_231_000)
    func now() -> Instant { SystemClock().now() }
    func wallNow() -> WallTime { Self.wall }
    func sleep(until deadline: Instant) async throws { try await SystemClock().sleep(until: deadline) }
}

/// What a daemon without phones would tell and do.
final class FakeDaemon: DeviceStates, AddressLinks, KeyImporter, PhoneTasks, HTTPClient {
    private let state = Mutex<(live: [LiveDevice], calls: [String], requests: [HTTPRequest])>(([], [], []))
    private let result: HTTPResult?
    private let phone = Mutex<(asked: [Asked], reply: Reply)>(([], { _ in .notOnline }))

    private let working = Mutex<[TaskState]>([])
    private let checked = Mutex<Bool?>(nil)
    private let older = Mutex<BackfillProgress?>(nil)

    /// What a phone was asked for.
    struct Asked: Equatable {
        let device: DeviceKey
        let source: SourceName
        let request: USSDRequest
    }

    typealias Reply = @Sendable (USSDRequest) async throws -> TaskAnswer<USSDOutcome>

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
    /// From now on a check of everything ends so; nil: the phone is not online.
    func checks(_ answer: Bool?) { checked.withLock { $0 = answer } }
    /// From now on a backfill is so far.
    func reads(_ progress: BackfillProgress?) { older.withLock { $0 = progress } }
    func checkAll(_ device: DeviceKey, _ source: SourceName, waits: Bool) async -> Bool? {
        checked.withLock { $0 }
    }
    func backfill(_ device: DeviceKey, _ source: SourceName, _ request: BackfillRequest?) async -> Bool? {
        nil
    }
    func backfillProgress(_ device: DeviceKey, _ source: SourceName) async -> BackfillProgress? {
        older.withLock { $0 }
    }
    func ask<Job: PhoneTask>(
        _ device: DeviceKey, _ task: Job.Type, _ request: Job.Request
    ) async -> TaskAnswer<Job.Reply> {
        guard let request = request as? USSDRequest else { return .notOnline }
        let reply = phone.withLock { phone in
            phone.asked.append(Asked(device: device, source: task.name, request: request))
            return phone.reply
        }
        do {
            return try await reply(request) as? TaskAnswer<Job.Reply> ?? .notOnline
        } catch {
            Issue.record("\(error)")
            return .notOnline
        }
    }
    /// From now on the tasks of all phones do this.
    func tasks(_ states: [TaskState]) { working.withLock { $0 = states } }
    func tasks(of device: DeviceKey) async -> [TaskState] { working.withLock { $0 } }
    func set(_ address: SocketAddress, wanted: Bool) async {
        note((wanted ? "connect " : "disconnect ") + address.description)
    }
    func importKeys(_ pems: [[UInt8]], for serial: String) async throws(KeyRing.Failure) {
        note("keys \(pems.count) \(serial)")
    }
    func liveDevices() async -> [LiveDevice] { state.withLock { $0.live } }
    func send(_ request: HTTPRequest) async -> HTTPResult {
        state.withLock { $0.requests.append(request) }
        return result ?? .answered(HTTPAnswer(status: 200, body: request.body))
    }
}

/// A control server over a real store in a folder of its own.
///
/// The server has a thread of its own. On the pool, which has a thread a core, each of its steps would wait behind every
/// test that is ready to run by then, and there are hundreds: on a busy machine that was longer than the 60 s that a
/// client waits. The clients block, so each has a thread too; nothing with a time limit runs on the pool.
final class ControlFixture: Sendable {
    let folder: String
    let store: EventStore
    let fake: FakeDaemon
    private let executor: ThreadExecutor
    private let serverThread: TaskThread
    private let poller: Poller

    var socketPath: String { folder + "/control.sock" }

    private init(fake: FakeDaemon, options: StoreOptions) throws {
        let random = String(UInt64.random(in: 0 ... .max), radix: 36)
        folder = FileManager.default.temporaryDirectory.path + "/pw-" + random
        executor = try ThreadExecutor(name: "store", parker: EventParker())
        serverThread = try TaskThread(name: "server")
        poller = try Poller()
        self.fake = fake
        store = try EventStore(
            directory: folder, executor: executor, clock: StandingClock(), options: options)
    }

    /// Calls `body` while a server runs; everything is gone afterwards.
    static func serving(
        fake: FakeDaemon = FakeDaemon(), options: StoreOptions = StoreOptions(),
        _ body: @Sendable (ControlFixture) async throws -> Void
    ) async throws {
        let fixture = try ControlFixture(fake: fake, options: options)
        let services = DaemonServices(
            store: fixture.store, states: fake, links: fake, keys: fake, phones: fake,
            deviceSwitched: { fake.note("device \($0.rawValue)") },
            webhooksChanged: { fake.note("webhooks") },
            transport: HTTPTransport(client: fake, version: ProductVersion.text), clock: StandingClock(),
            random: { count in (0..<count).map { _ in UInt8.random(in: .min ... .max) } },
            stateFolder: fixture.folder)
        let server = ControlServer(
            socket: try ControlSocket(path: fixture.socketPath, forGroup: false), forGroup: false,
            handlers: services, poller: fixture.poller, clock: StandingClock(), log: .none)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: fixture.serverThread) { await server.run() }
            try await body(fixture)
            group.cancelAll()
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.socketPath))
        try await fixture.store.close()
        fixture.executor.stop()
        fixture.serverThread.stop()
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
        sentAt: Int64 = 1_645_684_229_000, receivedAt: Int64 = 1_645_684_230_000, cursor: [UInt8] = [1]
    ) async throws -> [EventID] {
        let observations = rows.map { row in
            Observation(
                key: SourceKey(source: .sms, bytes: Array("1/\(row)/1645684230000".utf8)),
                content: EventContent(SMSMessage(rowID: row, sender: "+639760713666", body: body)), slot: 2,
                subscription: 4, iccid: "89632", sentAt: WallTime(milliseconds: sentAt),
                receivedAt: WallTime(milliseconds: receivedAt))
        }
        let batch = RecordBatch(
            device: device.key, source: .sms, observations: observations, cursor: cursor,
            seenAt: WallTime(milliseconds: 1_645_684_230_750))
        return try await store.record(batch).events
    }

    /// Records one event of `source` on `device`.
    func record(
        _ content: EventContent, source: SourceName, of device: DeviceRecord, key: String, slot: Int? = nil,
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
            EventContent(posted), source: .notifications, of: device, key: "0|\(package)|1")
    }

    /// Settles every pending delivery of `webhook` with one attempt.
    func settle(_ webhook: String, status: Int?, error: String?, next: DeliveryOutcome.Next) async throws {
        let key = try #require(try await store.webhook(named: webhook)).key
        let due = try await store.due(webhook: key, now: StandingClock.wall, perLane: 64, excluding: [])
        try await store.settle(
            due.map { delivery in
                DeliveryOutcome(
                    delivery: delivery.key,
                    attempt: AttemptRecord(
                        number: delivery.attempt, startedAt: StandingClock.wall, microseconds: 12_500,
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
