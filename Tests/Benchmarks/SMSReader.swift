import ADB
import Base
import Events
import FoundationEssentials
import Glibc
import Link
import Phone
import Platform
import Store
import VirtualPhone

/// One phone's SMS read as the daemon reads them: the product's source, its ADB connection over loopback TCP, its event store in a
/// file. No webhooks. The phone's store is a SQLite file too.
final class SMSReader {
    /// What a command of the source is for.
    enum Kind: String {
        case canary, rows, marks, other
    }

    struct Run {
        let kind: Kind
        let text: String
        let milliseconds: Double
    }

    let phone: VirtualPhone
    /// The commands so far.
    var runs: [Run] = []
    /// Events so far.
    private(set) var events = 0
    /// Time in the event store, in milliseconds.
    private(set) var storeMilliseconds = 0.0
    /// Whether queries are sent as they were before their conditions had a word for SQLite's planner.
    var isWithoutHints = false
    /// How long a program of Android takes to start: a virtual phone's take none.
    var programStart = Duration.zero
    private let folder: String
    private let server: VirtualPhoneServer
    private let poller: Poller
    private let executor: ThreadExecutor
    private let connection: ADBConnection
    private let running: Task<Void, Never>
    private let store: EventStore
    private let device: DeviceKey
    private let clock = SystemClock()
    private var source: SMSSource

    /// A phone with `rows` messages, not yet enrolled.
    init(rows: Int) async throws {
        folder = FileManager.default.temporaryDirectory.path + "/phonewire-sms-\(getpid())"
        try? FileManager.default.removeItem(atPath: folder)
        try SyncedFile.makeFolder(folder)
        var setup = VirtualPhoneSetup()
        setup.messageFile = folder + "/mmssms.db"
        let phone = VirtualPhone(setup: setup)
        self.phone = phone
        Self.fill(phone, rows)
        server = try VirtualPhoneServer(phone: phone)
        poller = try Poller()
        executor = try ThreadExecutor(name: "pw-store", parker: EventParker())
        guard let address = SocketAddress("127.0.0.1:\(server.port)") else {
            throw Benchmarks.Failure("no address")
        }
        let transport = try await TCPTransport.connect(address, poller: poller, clock: clock)
        let online = OneShot<Void>()
        let connection = ADBConnection(
            transport: transport, policy: AuthPolicy(signingKeys: 0, publicKey: []), clock: clock,
            signer: { _, _ in nil }, report: { if case .online = $0 { online.give(()) } })
        self.connection = connection
        running = Task { _ = await connection.run() }
        _ = await online.value()
        store = try EventStore(directory: folder + "/state", executor: executor, clock: clock)
        let identity = PhoneIdentity(
            serial: phone.serial, androidID: nil, manufacturer: "Phonewire", model: "Virtual 14",
            androidVersion: "14",
            apiLevel: 34, fingerprint: "virtual")
        device = try await store.enrol(identity, at: WallTime(milliseconds: 0)).key
        let sims = VirtualSIM.pair.map {
            SIMCard(
                slot: ($0.slot ?? 0) + 1, subscription: $0.subscriptionID, iccid: $0.iccid, network: "",
                carrier: $0.carrierName)
        }
        source = SMSSource(cursor: nil, phone: PhoneContext(traits: PhoneTraits(identity), sims: sims))
    }

    func end() async {
        running.cancel()
        await running.value
        server.stop()
        try? await store.close()
        executor.stop()
        poller.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Messages as people get them: 200 senders, two cards, every fifth one sent.
    static func fill(_ phone: VirtualPhone, _ count: Int, received: Bool = false) {
        let now = VirtualPhoneSetup.machineClock()
        phone.insertSMS(count: count) { number in
            let isReceived = received || number % 5 != 4
            let date = now - Int64(count - number) * (received ? 1 : 60_000)
            return VirtualSMS(
                thread: Int64(number % 200), address: "+4477009\(10_000 + number % 200)", date: date,
                dateSent: isReceived ? date - 2000 : 0, type: isReceived ? 1 : 2,
                body: "Your parcel \(1_000_000 + number) comes today between 9 and 12. "
                    + String(repeating: "x", count: number % 80),
                subscriptionID: VirtualSIM.pair[number % 2].subscriptionID, read: 1,
                serviceCentre: isReceived ? "+447700900001" : nil, creator: "com.example.messaging")
        }
    }

    /// Size of the phone's store.
    var phoneStoreMebibytes: Double {
        var status = stat()
        guard unsafe stat(folder + "/mmssms.db", &status) == 0 else { return 0 }
        return Double(status.st_size) / 1_048_576
    }

    // MARK: The source's steps

    /// Goes on until the source rests, or until `events` is `enough`.
    func work(enough: Int = .max) async throws {
        while events < enough {
            let now = clock.now()
            let phoneTime = WallTime(milliseconds: VirtualPhoneSetup.machineClock())
            switch source.next(now: now, phoneTime: phoneTime) {
            case .run(let command):
                let outcome = try await run(command)
                source.answered(outcome, now: clock.now())
            case .check(let keys):
                let begin = ContinuousClock.now
                let unseen = try await store.unseen(keys, of: device)
                storeMilliseconds += begin.duration(to: .now) / .milliseconds(1)
                source.checked(unseen, now: clock.now())
            case .record(let observations, let cursor):
                let begin = ContinuousClock.now
                let batch = RecordBatch(
                    device: device, source: .sms, observations: observations, cursor: cursor,
                    seenAt: phoneTime)
                events += try await store.record(batch).events.count
                storeMilliseconds += begin.duration(to: .now) / .milliseconds(1)
                source.recorded(now: clock.now())
            case .backfill: throw Benchmarks.Failure("a backfill that nobody asked for")
            case .report(.blocked(let why, _)): throw Benchmarks.Failure("the source is blocked: \(why)")
            case .report: break
            case .rest: return
            }
        }
    }

    /// The phone's log says that a message is in its store.
    func hear() throws {
        let text = "1760000000.123  1234  1234 D GsmInboundSmsHandler: successful broadcast, deleting"
        guard let line = LogLine(Array(text.utf8)[...]) else { throw Benchmarks.Failure("no line") }
        source.heard(line, now: clock.now())
    }

    /// The log was interrupted: the canary is read.
    func look() { source.hintsWereLost(now: clock.now()) }

    /// Everything is checked.
    func checkAll() { source.checkAll(now: clock.now()) }

    /// What a command printed, read to its end and thrown away: what the phone takes for it.
    func raw(_ text: String) async throws -> Int {
        try await sleepForStart(text)
        let limits = ShellLimits(timeout: .seconds(120), outputBytesMax: 256 << 20)
        return try await connection.shell(text, nonce: "00", limits: limits).output.count
    }

    private func sleepForStart(_ text: String) async throws {
        guard programStart > .zero else { return }
        let programs = text.split(separator: "content query", omittingEmptySubsequences: false).count - 1
        try await Task.sleep(for: programStart * programs)
    }

    /// As the daemon runs a command, and how long it took.
    private func run(_ command: PhoneCommand) async throws -> CommandOutcome {
        let nonce = Hex.encode((0..<16).map { _ in UInt8.random(in: 0...255) })
        var parts = command.parts
        if isWithoutHints { parts = parts.map(Self.withoutHints) }
        let text = command.isMarked ? MarkedOutput.script(parts, nonce: nonce) : parts[0]
        let begin = ContinuousClock.now
        try await sleepForStart(text)
        let limits = ShellLimits(timeout: .seconds(120), outputBytesMax: command.outputBytesMax)
        let result = try await connection.shell(text, nonce: nonce, limits: limits)
        runs.append(
            Run(
                kind: Self.kind(command.text), text: parts[0],
                milliseconds: begin.duration(to: .now) / .milliseconds(1)))
        guard command.isMarked else {
            return .completed(output: result.output, errorOutput: result.errorOutput)
        }
        guard let split = MarkedOutput.split(result.output, nonce: nonce, count: parts.count) else {
            throw Benchmarks.Failure("a mark is missing")
        }
        return .completedEach(split.map { Array($0.output) })
    }

    private static func kind(_ text: String) -> Kind {
        if text.contains("count(*)") { return .canary }
        if text.contains(" AS hb:") { return .rows }
        return text.contains(" AS ds") ? .marks : .other
    }

    /// `likelihood(X,0.1)` is X.
    private static func withoutHints(_ text: String) -> String {
        text.replacing(#/likelihood\(([^,()]+),[0-9.]+\)/#) { $0.output.1 }
    }
}
