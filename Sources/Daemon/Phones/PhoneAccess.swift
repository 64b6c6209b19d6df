import ADB
import Base
import Events
import Link
import Phone
import Store

/// What a host needs to perform the steps of a source or a task: the phone's shell, the store, and people.
struct PhoneAccess: Sendable {
    /// The phone.
    let device: DeviceKey
    /// Whose steps they are.
    let name: SourceName
    let store: EventStore
    let clock: any DaemonClock
    /// Runs a command on the phone; throws what ends the connection.
    let shell: @Sendable (PhoneCommand) async throws(ADBError) -> CommandOutcome
    /// Tells people.
    let report: @Sendable (SourceName, PhoneReport) async -> Void
    /// Events were recorded: deliveries may be due.
    let recorded: @Sendable () -> Void

    /// Tells people.
    func report(_ report: PhoneReport) async { await self.report(name, report) }

    /// Asks until the store answers; nil when the task was cancelled meanwhile.
    func unseen(_ keys: [SourceKey]) async -> Set<SourceKey>? {
        await untilStored { () throws(StoreError) in try await store.unseen(keys, of: device) }
    }

    /// Stores until it is stored: what the phone has shown is never dropped because a disk is full. Returns the ids of the new
    /// events; nil when the task was cancelled meanwhile: the phone will show it again.
    ///
    /// What can never be stored must not stop all that comes behind it: such an observation is reported, and only its key is kept.
    func record(
        _ observations: [Observation], cursor: [UInt8], backfill: Backfill? = nil
    ) async -> [EventID]? {
        guard let whole = await recordOnce(observations, cursor: cursor, backfill) else { return nil }
        switch whole {
        case .success(let events): return events
        case .failure:
            var events: [EventID] = []
            for observation in observations {
                guard let alone = await recordOnce([observation], cursor: nil, backfill) else { return nil }
                switch alone {
                case .success(let recorded): events += recorded
                case .failure(let error):
                    await report(.problem("something that it showed cannot be stored and is lost: \(error)"))
                    let key = Observation(key: observation.key, content: nil)
                    guard await recordOnce([key], cursor: nil) != nil else { return nil }
                }
            }
            guard let kept = await recordOnce([], cursor: cursor) else { return nil }
            if case .failure(let error) = kept {
                await report(
                    .problem(
                        "how far it was read cannot be kept, so it is read again after a restart: \(error)"))
            }
            return events
        }
    }

    /// What came of one commit: the new events, or the error that trying again will not mend. Nil when the task was cancelled.
    private func recordOnce(
        _ observations: [Observation], cursor: [UInt8]?, _ backfill: Backfill? = nil
    ) async -> Result<[EventID], StoreError>? {
        let batch = RecordBatch(
            device: device, source: name, observations: observations, cursor: cursor,
            seenAt: clock.wallNow(), backfill: backfill)
        let result = await untilStored { () throws(StoreError) -> Result<[EventID], StoreError> in
            do throws(StoreError) {
                return .success(try await store.record(batch).events)
            } catch {
                guard error.cause == .unstorable || error.cause == .refused else { throw error }
                return .failure(error)
            }
        }
        if case .success(let events)? = result, !events.isEmpty || backfill != nil { recorded() }
        return result
    }

    private func untilStored<Value: Sendable>(
        _ body: () async throws(StoreError) -> Value
    ) async -> Value? {
        var retries = Backoff(.seconds(1), .seconds(5), .seconds(15), .seconds(60))
        while !Task.isCancelled {
            do throws(StoreError) {
                return try await body()
            } catch {
                if retries.failures == 0 { await report(.problem("the store does not work: \(error)")) }
                try? await clock.sleep(for: retries.failed())
            }
        }
        return nil
    }
}

extension ADBConnection {
    /// Bytes of the nonce that marks the end of a command's output.
    private static let nonceBytes = 16
    /// Exit code of a runtime that was ended, and the first one of a command that a signal ended.
    private static let runtimeEndedCode = 10
    private static let signalCodes = 128...
    /// Longest part of a phone's error line that is shown, in characters.
    private static let errorCharactersMax = 200

    /// Runs `command`; what is wrong with this command alone is its outcome, what ends the connection is thrown.
    func outcome(
        of command: PhoneCommand, random: @Sendable (_ count: Int) -> [UInt8]
    ) async throws(ADBError) -> CommandOutcome {
        let limits = ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax)
        do throws(ADBError) {
            let mark = command.isMarked ? Hex.encode(random(Self.nonceBytes)) : ""
            let text = command.isMarked ? MarkedOutput.script(command.parts, nonce: mark) : command.text
            let result = try await shell(text, nonce: Hex.encode(random(Self.nonceBytes)), limits: limits)
            // `content` always ends with 0; other codes mean that its runtime was ended: output that is cut at a line's end
            // would be believed.
            if Self.wasEnded(result.exitCode) {
                return .unfinished(Self.ending(result.exitCode, result.errorOutput))
            }
            guard command.isMarked else {
                return .completed(output: result.output, errorOutput: result.errorOutput)
            }
            guard let parts = MarkedOutput.split(result.output, nonce: mark, count: command.parts.count)
            else {
                return .unfinished("a mark is missing in the phone's answer")
            }
            if let ended = parts.first(where: { Self.wasEnded($0.exitCode) }) {
                // No line of it is shown: errors and what was asked for come mixed.
                return .unfinished(Self.ending(ended.exitCode, []))
            }
            return .completedEach(parts.map { Array($0.output) })
        } catch {
            switch error {
            case .outputTooLong: return .outputTooLong
            case .refused, .openTimedOut, .streamTimedOut, .flooded, .noExitCode, .badShellPacket,
                .tooManyStreams, .serviceTooLong:
                return .unfinished(error.sentence)
            case .payloadTooLong, .framingLost, .onlyJunk, .handshakeTimedOut, .peerPayloadTooSmall,
                .tlsRequired, .tooManyTokens, .notTaking, .tooManySessions, .tooManyViolations, .badToken,
                .silent, .sessionEnded, .transport, .cancelled:
                throw error
            }
        }
    }

    private static func wasEnded(_ code: Int) -> Bool {
        code == runtimeEndedCode || signalCodes.contains(code)
    }

    /// What is said of a command that was ended: its code and the line in which Android names the cause, which tells a
    /// permission that is missing from a crash.
    private static func ending(_ code: Int, _ errorOutput: [UInt8]) -> String {
        let text = "the phone's command was ended with code \(code)"
        let lines = errorOutput.split(separator: UInt8(ascii: "\n"))
        guard
            let line = lines.first(where: {
                $0.contains("Exception: ".utf8) || $0.contains("Permission ".utf8)
            })
        else {
            return text
        }
        return text + ": " + PrintableText.escape(LossyText.decode(line), limit: errorCharactersMax)
    }
}
