import Base
import Control
package import Daemon
import Delivery
package import Events
import FoundationEssentials
import Platform
package import Store
import Synchronization
package import VirtualPhone

/// A whole daemon above its ports with two phones of two SIM cards, one webhook, and a crash whenever one is asked for.
package final class World {
    /// What a crash is planned for.
    package enum Crash: Sendable, Equatable {
        case before(commit: Int)
        case after(commit: Int)
    }

    /// Where the daemon dies: the store asks it around every commit.
    private final class Gate: Sendable {
        struct State {
            var commits = 0
            var plan: Crash?
            var isDead = false
        }

        let state = Mutex(State())

        func pass(_ moment: CommitMoment) throws(StoreError) {
            let dies = state.withLock { state in
                if state.isDead { return true }
                if moment == .before { state.commits += 1 }
                let here =
                    moment == .before ? Crash.before(commit: state.commits) : .after(commit: state.commits)
                state.isDead = state.plan == here
                return state.isDead
            }
            if dies {
                throw StoreError(
                    .closed, path: "", operation: "commit", message: "the simulation crashed here")
            }
        }
    }

    private final class RandomBytes: Sendable {
        private let random: Mutex<SeededRandom>

        init(seed: UInt64) { random = Mutex(SeededRandom(seed: seed)) }

        func next(_ count: Int) -> [UInt8] {
            random.withLock { random in (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) } }
        }
    }

    private final class Shared<Value: Sendable>: Sendable {
        private let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
        func withLock<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
            value.withLock { value in body(&value) }
        }
    }

    private final class Answer<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    package let executor: ManualExecutor
    package let clock: ManualClock
    package let links = VirtualLinks()
    package let receiver: SimulatedReceiver
    package let phones: [VirtualPhone]
    /// What the phones have stored: serial and row id of each received message.
    package private(set) var sent: Set<String> = []
    /// The 0-based slot of each text that was sent; a text that was sent on both slots has none.
    private(set) var slots: [String: Int] = [:]
    private let folder: String
    /// How far each phone's clock is ahead of the computer's, in milliseconds.
    private let offsets = Shared([Int64](repeating: 0, count: 2))
    private let gate = Gate()
    private let bytes: RandomBytes
    private(set) var store: EventStore?
    /// How many USSD runs were asked for.
    var runs = 0
    private var watch: DeviceWatch?
    package private(set) var online: OnlinePhones?
    private var daemon: Task<Void, Never>?
    /// How often the daemon was started.
    package private(set) var starts = 0

    /// A world in `folder`, with a key that was made before (making one takes longer than the whole test).
    package init(
        seed: UInt64, folder: String, key: [UInt8], androidRelease: Int,
        change: (inout VirtualPhoneSetup) -> Void = { _ in }
    ) throws {
        executor = ManualExecutor(seed: seed)
        let clock = ManualClock(wall: WallTime(milliseconds: 1_760_000_000_000))
        self.clock = clock
        receiver = SimulatedReceiver(seed: seed &+ 1, clock: clock)
        bytes = RandomBytes(seed: seed &+ 2)
        self.folder = folder
        let offsets = offsets
        phones = (1...2).map { number in
            var setup = VirtualPhoneSetup()
            setup.serial = "SIMULATED\(number)"
            setup.androidID = "d57df30cb6a8928\(number)"
            setup.seed = seed &+ UInt64(number)
            setup.androidRelease = androidRelease
            setup.clock = { clock.wallNow().milliseconds + offsets.withLock { $0[number - 1] } }
            change(&setup)
            return VirtualPhone(setup: setup)
        }
        try SyncedFile.makeFolder(folder)
        try SyncedFile.replace(folder + "/adbkey", bytes: key)
    }

    // MARK: The daemon's life

    /// Starts the daemon over what the state folder holds.
    package func start() throws {
        starts += 1
        gate.state.withLock { $0.isDead = false }
        receiver.setGone(false)
        let gate = gate
        let bytes = bytes
        let store = try EventStore(
            directory: folder, executor: executor, clock: clock,
            commitGate: { (moment) throws(StoreError) in try gate.pass(moment) })
        self.store = store
        let keys = try KeyRing(stateFolder: folder)
        let core = DaemonCore(
            store: store, keys: keys, finders: [links], client: receiver, clock: clock, log: .none,
            random: { bytes.next($0) }, jitter: { Double(bytes.next(1)[0]) / 256 })
        watch = core.watch
        online = core.phones
        daemon = Task(executorPreference: executor) { await core.run() }
        executor.runUntilIdle { self.isDead }
    }

    /// Adds the webhook that gets everything.
    package func addWebhook(kinds: Set<EventKind> = EventKind.defaults) throws {
        let store = store
        let clock = clock
        let done = Task(executorPreference: executor) {
            let settings = try WebhookSettings(
                name: "test", url: "http://receiver.test/hook", format: "smsnotif-json",
                filter: Filter(kinds: kinds), secret: Secret("s"))
            _ = try await store?.addWebhook(settings, at: clock.wallNow())
        }
        executor.runUntilIdle { self.isDead }
        _ = done
    }

    /// Whether the planned crash has come.
    package var isDead: Bool { gate.state.withLock { $0.isDead } }

    /// How many commits the store has begun.
    package var commits: Int { gate.state.withLock { $0.commits } }

    /// Plans a crash at a commit counted from the world's beginning.
    package func plan(_ crash: Crash?) { gate.state.withLock { $0.plan = crash } }

    /// Ends the daemon as `kill -9` does, as far as anybody outside can see: nothing more is stored or sent.
    package func kill() throws {
        gate.state.withLock { $0.isDead = true }
        receiver.setGone(true)
        for phone in phones { phone.cutLinks() }
        daemon?.cancel()
        daemon = nil
        // What was cancelled finishes; the gate and the receiver let nothing out.
        for _ in 0..<10 {
            executor.runUntilIdle()
            _ = clock.advance(limit: clock.now().advanced(by: .seconds(60)))
        }
        executor.runUntilIdle()
        let closing = store
        store = nil
        let done = Task(executorPreference: executor) { try await closing?.close() }
        executor.runUntilIdle()
        _ = done
    }

    /// Starts the daemon again after a crash, as a service manager does.
    package func revive() throws {
        try kill()
        plan(nil)
        try start()
    }

    /// Takes `steps` one after the other with `pause` behind each, and lets `rest` pass at the end. A daemon that dies is
    /// started again; after a death in the rest, all of the rest passes once more.
    package func play(_ steps: [(World) -> Void], pause: Duration, rest: Duration) throws {
        for step in steps {
            step(self)
            pass(pause)
            if isDead { try revive() }
        }
        pass(rest)
        if isDead {
            try revive()
            pass(rest)
        }
    }

    // MARK: The world's life

    /// Sets a phone's clock so many milliseconds ahead of the computer's.
    package func setClock(phone: Int, ahead milliseconds: Int64) {
        offsets.withLock { $0[phone] = milliseconds }
    }

    /// Sets a phone's clock right.
    package func setClockRight(phone: Int) { setClock(phone: phone, ahead: 0) }

    /// A message arrives on a phone.
    package func receive(phone: Int, slot: Int, from sender: String, body: String) {
        let id = phones[phone].receiveSMS(from: sender, body: body, slot: slot)
        slots[body] = slots[body] == nil || slots[body] == slot ? slot : -1
        sent.insert("\(phones[phone].setup.androidID)/\(id)")
    }

    /// A message whose text may be no UTF-8 arrives on a phone.
    package func receive(phone: Int, slot: Int, from sender: String, bytes: [UInt8]) {
        let id = phones[phone].receiveSMS(from: Array(sender.utf8), bodyBytes: bytes, slot: slot)
        sent.insert("\(phones[phone].setup.androidID)/\(id)")
    }

    /// Lets `duration` pass, or less when the daemon dies.
    package func pass(_ duration: Duration) {
        let end = clock.now().advanced(by: duration)
        executor.runUntilIdle { self.isDead }
        while !isDead, clock.advance(limit: end) { executor.runUntilIdle { self.isDead } }
        executor.runUntilIdle { self.isDead }
    }

    /// Lets `duration` pass without its idle stretches: what was to be done meanwhile is done once, at its end.
    package func skip(_ duration: Duration) {
        clock.skip(duration)
        executor.runUntilIdle { self.isDead }
    }

    // MARK: Asking the daemon

    /// What `body` says of the daemon's store and device watch; nil when the daemon is dead or does not answer.
    package func ask<Value: Sendable>(
        _ body: @escaping @Sendable (EventStore, DeviceWatch) async throws -> Value
    ) -> Value? {
        guard let store, let watch else { return nil }
        let answer = Answer<Value>()
        let done = Task(executorPreference: executor) {
            let value = try await body(store, watch)
            answer.value.withLock { $0 = value }
        }
        executor.runUntilIdle { self.isDead }
        _ = done
        return answer.value.withLock { $0 }
    }

    /// The state of everything that is attached, by address: `online`, `limited: why`.
    package func states() -> [String: String] {
        let live = ask { _, watch in await watch.liveDevices() } ?? []
        return Dictionary(
            live.map { ($0.address, $0.state.rawValue + ($0.detail.isEmpty ? "" : ": \($0.detail)")) },
            uniquingKeysWith: { first, second in "\(first); \(second)" })
    }

    /// The ANDROID_ID of every phone that is known, empty where it has none.
    package func knownPhones() -> [String] {
        ask { store, _ in try await store.devices().map { $0.identity.androidID ?? "" } } ?? []
    }

    /// Switches the phone `index` on or off, as its user does.
    package func setEnabled(phone index: Int, _ enabled: Bool) {
        let id = phones[index].setup.androidID
        _ = ask { store, watch in
            guard let device = try await store.devices().first(where: { $0.identity.androidID == id }) else {
                return
            }
            try await store.setEnabled(device.key, to: enabled)
            await watch.enabledChanged(device.key)
        }
    }

    /// The problems that were noted, newest first.
    package func problems() -> [String] {
        ask { store, _ in try await store.problems(limit: 1000).map(\.text) } ?? []
    }
}
