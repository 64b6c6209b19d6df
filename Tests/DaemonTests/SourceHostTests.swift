import ADB
import Base
import Delivery
import Events
import FoundationEssentials
import Phone
import Platform
import Store
import Synchronization
import Testing

@testable import Daemon

/// The host runs any source, also one that has only what every source must have.
@Suite struct SourceHostTests {
    /// Counts what the phone's clock file says; knows no hints, no SIM cards and nothing to check.
    private struct PlainSource: PhoneSource {
        static let name = SourceName(rawValue: "plain")
        private var cursor: [UInt8]
        private var found: [Observation] = []
        private var isAsked = false

        init(cursor: [UInt8]?, phone: PhoneContext) { self.cursor = cursor ?? [] }

        mutating func next(now: Instant, phoneTime: WallTime) -> SourceStep {
            if !found.isEmpty { return .record(found, cursor: cursor) }
            return isAsked ? .rest(until: nil) : .run(PhoneCommand("cat /plain"))
        }

        mutating func answered(_ outcome: CommandOutcome, now: Instant) {
            isAsked = true
            guard case .completed(let output, _) = outcome else { return }
            cursor = output
            found = [
                Observation(
                    key: SourceKey(source: Self.name, bytes: output),
                    content: EventContent(SMSMessage(rowID: 1, sender: "A", body: "plain")))
            ]
        }

        mutating func recorded(now: Instant) { found = [] }
    }

    @Test func aSourceWithOnlyWhatItMustHaveIsRun() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/pw-host-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let executor = try ThreadExecutor(name: "store", parker: EventParker())
        defer { executor.stop() }
        let store = try EventStore(
            directory: folder, executor: executor, clock: SystemClock())
        let identity = PhoneIdentity(
            serial: "S", androidID: nil, manufacturer: "", model: "M", androidVersion: "14", apiLevel: 34,
            fingerprint: "")
        let device = try await store.enrol(identity, at: WallTime(milliseconds: 0)).key
        let commands = Mutex<[String]>([])
        let isRecorded = OneShot<Void>()
        let access = PhoneAccess(
            device: device, name: PlainSource.name, store: store, clock: SystemClock(),
            shell: { command in
                commands.withLock { $0.append(command.text) }
                return .completed(output: Array("7".utf8), errorOutput: [])
            },
            report: { _, _ in }, recorded: { isRecorded.give(()) })
        let phone = PhoneContext(traits: PhoneTraits(identity), sims: [])
        let host = SourceHost(
            PlainSource(cursor: nil, phone: phone), access: access,
            phoneClock: PhoneClock(seconds: 0, now: SystemClock().now(), ours: WallTime(milliseconds: 0)))
        #expect(host.log == .nothing)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await host.run() }
            _ = await isRecorded.value()
            await host.hintsWereLost()
            await host.simsRead([])
            group.cancelAll()
        }
        #expect(commands.withLock { $0 } == ["cat /plain"])
        #expect(try await store.cursor(device, PlainSource.name) == Array("7".utf8))
        #expect(try await store.events(limit: 10).map(\.content.kind) == [.sms])
        try await store.close()
    }
}
