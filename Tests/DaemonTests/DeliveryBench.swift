import Base
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

/// The delivery service over a real store, on a manual clock and executor, with a receiver that does as the test says.
final class DeliveryBench {
    let executor: ManualExecutor
    let clock = ManualClock(wall: WallTime(milliseconds: 1_760_000_000_000))
    let receiver: ToldReceiver
    let gate = CommitCounter()
    let lines = LogLines()
    private let folder: String
    private(set) var store: EventStore
    private var service: DeliveryService
    private var running: Task<Void, Never>?
    private var devices: [DeviceKey] = []
    private var rows: Int64 = 0

    init(seed: UInt64 = 1, phones: Int = 1) throws {
        executor = ManualExecutor(seed: seed)
        receiver = ToldReceiver(clock: clock)
        folder = FileManager.default.temporaryDirectory.path + "/phonewire-delivery-\(UUID())"
        (store, service) = try Self.open(folder, executor, clock, gate, receiver, lines)
        let store = store
        devices = try run {
            var keys: [DeviceKey] = []
            for number in 1...phones {
                let identity = PhoneIdentity(
                    serial: "P\(number)", androidID: "000000000000000\(number)", manufacturer: "Google",
                    model: "Pixel", androidVersion: "14", apiLevel: 34, fingerprint: "f")
                keys.append(try await store.enrol(identity, at: WallTime(milliseconds: 0)).key)
            }
            return keys
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func open(
        _ folder: String, _ executor: ManualExecutor, _ clock: ManualClock, _ gate: CommitCounter,
        _ receiver: ToldReceiver, _ lines: LogLines
    ) throws -> (EventStore, DeliveryService) {
        let store = try EventStore(
            directory: folder, executor: executor, clock: clock,
            commitGate: { (moment) throws(StoreError) in try gate.pass(moment) })
        let service = DeliveryService(
            store: store, transport: HTTPTransport(client: receiver, version: "0.1.0"), clock: clock,
            installation: "inst", jitter: { 0.5 },
            log: Logger { lines.add($0) })
        return (store, service)
    }

    /// Adds the webhook `name`.
    func addWebhook(_ name: String = "home") throws -> WebhookKey {
        let (store, now) = (store, clock.wallNow())
        return try run {
            let draft = webhookSettings(name: name, url: "http://\(name).test/hook", secret: "key&1")
            return try await store.addWebhook(draft, at: now).key
        }
    }

    func start() {
        let service = service
        running = Task(executorPreference: executor) { await service.run() }
        service.wake()
        executor.runUntilIdle()
    }

    /// Stops the service as at the daemon's end and waits for it.
    func stop() throws {
        running?.cancel()
        let running = running
        try run { await running?.value }
    }

    /// A daemon killed and started again: what was in memory is gone, what was in flight is never heard of again.
    func restart() throws {
        gate.fail(true)
        try stop()
        let store = store
        try run { try await store.close() }
        gate.fail(false)
        (self.store, service) = try Self.open(folder, executor, clock, gate, receiver, lines)
        start()
    }

    /// `count` messages arrive on a phone, in one commit.
    @discardableResult
    func receive(_ count: Int = 1, phone: Int = 0, announced: Bool = true) throws -> [EventID] {
        let first = rows + 1
        rows += Int64(count)
        let batch = RecordBatch(
            device: devices[phone], source: .sms,
            observations: (first...rows).map { row in
                Observation(
                    key: SourceKey(source: .sms, bytes: Array("1/\(row)".utf8)),
                    content: EventContent(SMSMessage(rowID: row, sender: "+49", body: "text \(row)")),
                    slot: 1,
                    receivedAt: clock.wallNow())
            }, cursor: [], seenAt: clock.wallNow())
        let store = store
        let events = try run { try await store.record(batch).events }
        if announced { service.wake() }
        executor.runUntilIdle()
        return events
    }

    func pass(_ duration: Duration) {
        let end = clock.now().advanced(by: duration)
        executor.runUntilIdle()
        while clock.advance(limit: end) { executor.runUntilIdle() }
        executor.runUntilIdle()
    }

    func wake() {
        service.wake()
        executor.runUntilIdle()
    }

    func story(_ event: EventID) throws -> DeliveryStory? {
        let store = store
        return try run { try await store.eventStory(event)?.deliveries.first }
    }

    /// How many deliveries have ended well.
    func delivered() throws -> Int {
        let store = store
        let counts = try run { try await store.counts() }
        return counts.webhooks.reduce(0) { $0 + Int($1.delivered) }
    }

    /// Runs `body` on the bench's executor, to its end.
    @discardableResult
    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let result = Slot<Value>()
        let task = Task(executorPreference: executor) {
            do { result.set(.success(try await body())) } catch { result.set(.failure(error)) }
        }
        executor.runUntilIdle()
        _ = task
        return try #require(result.value, "the bench's executor has nothing left to run").get()
    }

    private final class Slot<Value: Sendable>: Sendable {
        private let state = Mutex<Result<Value, any Error>?>(nil)
        var value: Result<Value, any Error>? { state.withLock { $0 } }
        func set(_ result: Result<Value, any Error>) { state.withLock { $0 = result } }
    }
}

/// Counts commits, and lets them fail when told.
final class CommitCounter: Sendable {
    private let state = Mutex((commits: 0, fails: false))

    var commits: Int { state.withLock { $0.commits } }
    func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }

    func pass(_ moment: CommitMoment) throws(StoreError) {
        let fails = state.withLock { state in
            if moment == .before, !state.fails { state.commits += 1 }
            return moment == .before && state.fails
        }
        if fails {
            throw StoreError(.full, path: "", operation: "commit", message: "the test says the disk is full")
        }
    }
}

/// What was logged.
final class LogLines: Sendable {
    private let state = Mutex<[String]>([])

    var all: [String] { state.withLock { $0 } }

    func add(_ record: LogRecord) {
        let fields = record.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        state.withLock { $0.append("\(record.message) \(fields)") }
    }
}

/// A receiver on the bench's clock that answers as told, by request number counted from 1.
final class ToldReceiver: HTTPClient {
    enum Answer: Sendable {
        case result(HTTPResult, after: Duration = .zero)
        /// Takes the request and never answers.
        case hang

        static func status(_ status: Int) -> Answer { .result(.answered(HTTPAnswer(status: status))) }
    }

    struct Request: Sendable {
        let request: HTTPRequest
        let at: WallTime
        func header(_ name: String) -> String? { request.headers.first { $0.name == name }?.value }
        var body: String { String(decoding: request.body, as: UTF8.self) }
        var id: String { header("webhook-id") ?? "" }
    }

    private struct State {
        var requests: [Request] = []
        var inFlight = 0
        var mostInFlight = 0
        var answer: @Sendable (Int, HTTPRequest) -> Answer = { _, _ in .status(200) }
    }

    private let state = Mutex(State())
    private let clock: any DaemonClock

    init(clock: any DaemonClock) { self.clock = clock }

    var requests: [Request] { state.withLock { $0.requests } }
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }

    func answer(_ answer: @escaping @Sendable (Int, HTTPRequest) -> Answer) {
        state.withLock { $0.answer = answer }
    }

    func send(_ request: HTTPRequest) async -> HTTPResult {
        let answer = state.withLock { state in
            state.requests.append(Request(request: request, at: clock.wallNow()))
            state.inFlight += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight)
            return state.answer(state.requests.count, request)
        }
        defer { state.withLock { $0.inFlight -= 1 } }
        switch answer {
        case .result(let result, let delay):
            if delay > .zero, (try? await clock.sleep(for: delay)) == nil { return Self.cancelled }
            return result
        case .hang:
            if (try? await clock.sleep(for: request.totalTimeout)) == nil { return Self.cancelled }
            return .failed(HTTPFailure(kind: .timeout, message: "no answer"))
        }
    }

    private static var cancelled: HTTPResult { .failed(HTTPFailure(kind: .cancelled, message: "stopped")) }
}
