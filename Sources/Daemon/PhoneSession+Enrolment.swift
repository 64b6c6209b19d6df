import ADB
import Bytes
import Control
import Events
import Link
import Log
import Phone
import Store
import Time

/// Who the phone is.
extension PhoneSession {
    /// How often a phone that is not ready, or a store that fails, is asked again.
    private static let askAgain = Duration.seconds(5)

    /// One probe, and its clock; nil where the answer cannot be read.
    func ask(_ connection: ADBConnection) async throws(ADBError) -> (probe: PhoneProbe, clock: PhoneClock)? {
        let nonce = Hex.encode(services.random(16))
        let command = PhoneProbe.command(nonce: nonce)
        let result = try await connection.shell(
            command.text, nonce: Hex.encode(services.random(16)),
            limits: ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax))
        let probe = try? PhoneProbe(parsing: result.output, nonce: nonce, transportSerial: offer.serial)
        guard let probe else { return nil }
        let clock = PhoneClock(
            seconds: probe.clockSeconds, now: services.clock.now(), ours: services.clock.wallNow())
        return (probe, clock)
    }

    /// Asks until the phone has started and tells who it is.
    func identify(_ connection: ADBConnection) async throws(ADBError) -> (
        probe: PhoneProbe, clock: PhoneClock
    ) {
        while true {
            let asked = try await ask(connection)
            let reason: String
            if let asked {
                if !asked.probe.bootCompleted {
                    reason = "it is still starting"
                } else if await lacksItsID(asked.probe.identity) {
                    reason = "its ANDROID_ID cannot be read yet"
                } else {
                    return asked
                }
            } else {
                reason = "its answers cannot be read"
            }
            await report(.probing, reason, nil)
            guard (try? await services.clock.sleep(for: Self.askAgain)) != nil else { throw .cancelled }
        }
    }

    /// Whether the phone tells no ANDROID_ID and one with its serial told one before: it must not become another
    /// phone. A store that cannot say counts as yes.
    private func lacksItsID(_ identity: PhoneIdentity) async -> Bool {
        guard identity.androidID == nil else { return false }
        guard let known = try? await services.store.devices() else { return true }
        return known.contains { $0.identity.serial == identity.serial && $0.identity.androidID != nil }
    }

    /// The phone's record; tries until the store gives it. Nil when the task was cancelled.
    func enrol(_ identity: PhoneIdentity) async -> DeviceRecord? {
        var logged = ""
        while !Task.isCancelled {
            do throws(StoreError) {
                return try await services.store.enrol(identity, at: services.clock.wallNow())
            } catch {
                let text = "it could not be enrolled: \(error)"
                await report(.failing, text, nil)
                if text != logged {
                    services.log.log(
                        .error, "a phone could not be enrolled", ("address", offer.address),
                        ("error", "\(error)"))
                    logged = text
                }
                try? await services.clock.sleep(for: Self.askAgain)
            }
        }
        return nil
    }
}
