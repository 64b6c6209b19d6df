import ADB
import Bytes
import Events
import Link
import Phone
import Platform
import Store
import Time

/// Runs one collector on one phone: performs its steps in their order, one at a time.
actor CollectorHost {
    /// Pauses between tries to store something.
    private static let storePauses: [Duration] = [.seconds(1), .seconds(5), .seconds(15), .seconds(60)]

    /// The source that is read here.
    nonisolated let source: Source
    /// Which lines of the phone's log it is to be given.
    nonisolated let log: LogFilter
    private var collector: any Collector
    private let connection: ADBConnection
    private let device: DeviceKey
    private let services: SessionServices
    private var phoneClock: PhoneClock
    private let report: @Sendable (Source, CollectorReport) async -> Void
    private var waiter: OneShot<Void>?
    private var wasHeard = false
    /// Who waits for the reply to a request.
    private var asker: OneShot<SourceReply?>?
    private var isOver = false

    /// Runs `collector` for the phone `device`, whose clock is `phoneClock`.
    init(
        collector: any Collector, connection: ADBConnection, device: DeviceKey, services: SessionServices,
        phoneClock: PhoneClock, report: @escaping @Sendable (Source, CollectorReport) async -> Void
    ) {
        source = collector.source
        log = collector.log
        self.collector = collector
        self.connection = connection
        self.device = device
        self.services = services
        self.phoneClock = phoneClock
        self.report = report
    }

    /// Works until the connection ends (throws) or the task is cancelled (returns).
    func run() async throws(ADBError) {
        defer {
            isOver = true
            asker?.give(nil)
            asker = nil
        }
        while !Task.isCancelled {
            let now = services.clock.now()
            switch collector.next(now: now, phoneTime: phoneClock.time(at: now)) {
            case .run(let command):
                let outcome = try await run(command)
                collector.answered(outcome, now: services.clock.now())
            case .check(let keys):
                guard let unseen = await unseen(keys) else { return }
                collector.checked(unseen, now: services.clock.now())
            case .record(let observations, let cursor):
                guard await record(observations, cursor: cursor) else { return }
                collector.recorded(now: services.clock.now())
            case .report(let text): await report(source, text)
            case .reply(let reply):
                asker?.give(reply)
                asker = nil
            case .rest(let until): await rest(until: until)
            }
        }
    }

    /// Hands `request` to the collector and waits for what comes of it.
    func ask(_ request: SourceRequest) async -> PhoneAnswer {
        guard !isOver, var asked = collector as? any AskedCollector else { return .notOnline }
        guard asker == nil else { return .busy }
        asked.asked(request, now: services.clock.now())
        collector = asked
        let asker = OneShot<SourceReply?>()
        self.asker = asker
        wake()
        guard let reply = await asker.value() ?? nil else { return .left }
        return .replied(reply)
    }

    /// A line of the phone's log.
    func heard(_ line: LogLine) {
        guard log.takes(line) else { return }
        collector.heard(line, now: services.clock.now())
        wake()
    }

    /// The log stream had a gap.
    func hintsWereLost() {
        collector.hintsWereLost(now: services.clock.now())
        wake()
    }

    /// The SIM cards changed.
    func simsChanged(_ sims: [SIMCard]) { collector.simsChanged(sims) }

    /// The phone's clock was read again.
    func phoneClockRead(_ clock: PhoneClock) { phoneClock = clock }

    private func wake() {
        wasHeard = true
        waiter?.give(())
        waiter = nil
    }

    private func rest(until: Instant?) async {
        if wasHeard {
            wasHeard = false
            return
        }
        let waiter = OneShot<Void>()
        self.waiter = waiter
        if let until {
            let clock = services.clock
            _ = await withTimeLimit(clock.now().duration(to: until), clock: clock) { await waiter.value() }
        } else {
            _ = await waiter.value()
        }
        self.waiter = nil
        wasHeard = false
    }

    private func run(_ command: PhoneCommand) async throws(ADBError) -> CommandOutcome {
        let limits = ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax)
        do throws(ADBError) {
            let result = try await connection.shell(
                command.text, nonce: Hex.encode(services.random(16)), limits: limits)
            // `content` always ends with 0; 10 and 128 and above mean that its runtime was ended: output that is cut at
            // a line's end would be believed.
            guard result.exitCode != 10, result.exitCode < 128 else {
                return .unfinished(Self.ending(result.exitCode, result.errorOutput))
            }
            return .completed(output: result.output, errorOutput: result.errorOutput)
        } catch {
            switch error {
            case .outputTooLong: return .outputTooLong
            case .refused, .openTimedOut, .streamTimedOut, .flooded, .noExitCode, .badShellPacket,
                .tooManyStreams, .serviceTooLong:
                return .unfinished(error.sentence)
            case .payloadTooLong, .framingLost, .onlyJunk, .handshakeTimedOut, .peerPayloadTooSmall,
                .tlsRequired,
                .tooManyTokens, .notTaking, .tooManySessions, .tooManyViolations, .badToken, .silent,
                .sessionEnded,
                .transport, .cancelled:
                throw error
            }
        }
    }

    /// What is said of a command that was ended: its code and the line in which Android names the cause, which tells a
    /// permission that is missing from a crash.
    private static func ending(_ code: Int, _ errorOutput: [UInt8]) -> String {
        let text = "the phone's command was ended with code \(code)"
        let lines = errorOutput.split(separator: 0x0A)
        guard
            let line = lines.first(where: {
                $0.contains("Exception: ".utf8) || $0.contains("Permission ".utf8)
            })
        else {
            return text
        }
        return text + ": " + PrintableText.escape(LossyText.decode(line), limit: 200)
    }

    /// Asks until the store answers; nil when the task was cancelled meanwhile.
    private func unseen(_ keys: [SourceKey]) async -> Set<SourceKey>? {
        await untilStored { store, device throws(StoreError) in try await store.unseen(keys, of: device) }
    }

    /// Stores until it is stored: what the phone has shown is never dropped because a disk is full. False when the
    /// task was cancelled meanwhile: the phone will show it again.
    private func record(_ observations: [Observation], cursor: [UInt8]) async -> Bool {
        let batch = RecordBatch(
            device: device, source: source, observations: observations, cursor: cursor,
            seenAt: services.clock.wallNow())
        let result = await untilStored { store, _ throws(StoreError) in try await store.record(batch) }
        if let result, !result.events.isEmpty { services.recorded() }
        return result != nil
    }

    private func untilStored<Value: Sendable>(
        _ body: (EventStore, DeviceKey) async throws(StoreError) -> Value
    ) async -> Value? {
        var tries = 0
        while !Task.isCancelled {
            do throws(StoreError) {
                return try await body(services.store, device)
            } catch {
                if tries == 0 {
                    await report(source, .problem("the store does not work: \(error)"))
                }
                let pause = Self.storePauses[min(tries, Self.storePauses.count - 1)]
                tries += 1
                try? await services.clock.sleep(for: pause)
            }
        }
        return nil
    }
}
