import ADB
import Bytes
import Events
import Link
import Phone
import Store
import Time

/// What one look at the SIM cards gave.
struct SIMLook: Sendable, Equatable {
    /// The cards; those seen before where they could not be read.
    var cards: [SIMCard]
    /// False while the phone has not loaded its cards, or did not tell: it is asked again soon.
    var isLoaded: Bool
}

/// The SIM cards: which subscription sits in which slot.
///
/// What remains: a card that is moved without a restart of the phone is noticed after at most `simInterval`; a
/// message that comes on it before that carries the slot where the card was.
extension PhoneSession {
    /// How often the cards are read without any other reason.
    private static let simInterval = Duration.seconds(60)
    /// How often they are read while the phone has not loaded them.
    private static let simLoadInterval = Duration.seconds(5)
    /// How many times in a row they are read that often: for one minute.
    private static let simLoadReadsMax = 12
    /// Longest wait for the cards before messages are read.
    private static let simLoadPatience = Duration.seconds(10)

    /// The cards before the first message is read; a phone that has just started gets some time to load them.
    func firstSIMs(
        _ connection: ADBConnection, _ probe: PhoneProbe, _ device: DeviceKey
    ) async throws(ADBError) -> SIMLook {
        let patience = services.clock.now().advanced(by: Self.simLoadPatience)
        var look = await look(connection, probe, device, before: [])
        while !look.isLoaded, services.clock.now().advanced(by: Self.simLoadInterval) <= patience {
            guard (try? await services.clock.sleep(for: Self.simLoadInterval)) != nil else {
                throw .cancelled
            }
            guard let asked = try await ask(connection) else { continue }
            look = await self.look(connection, asked.probe, device, before: look.cards)
        }
        return look
    }

    /// Reads the cards, and the phone's clock with them, again and again. Returns when the task was cancelled.
    func watchSIMs(
        _ connection: ADBConnection, _ device: DeviceKey, _ first: SIMLook, _ hosts: [CollectorHost]
    ) async {
        var current = first
        var loadReads = 0
        while true {
            let isSoon = !current.isLoaded && loadReads < Self.simLoadReadsMax
            loadReads = current.isLoaded ? 0 : loadReads + 1
            let pause = isSoon ? Self.simLoadInterval : Self.simInterval
            guard (try? await services.clock.sleep(for: pause)) != nil else { return }
            guard let asked = try? await ask(connection) else { continue }
            for host in hosts { await host.phoneClockRead(asked.clock) }
            let fresh = await look(connection, asked.probe, device, before: current.cards)
            if fresh.cards != current.cards {
                for host in hosts { await host.simsChanged(fresh.cards) }
            }
            current = fresh
        }
    }

    private func look(
        _ connection: ADBConnection, _ probe: PhoneProbe, _ device: DeviceKey, before: [SIMCard]
    ) async -> SIMLook {
        let command = SIMReading.command
        let limits = ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax)
        guard
            let result = try? await connection.shell(
                command.text, nonce: Hex.encode(services.random(16)), limits: limits),
            let dump = try? SubscriptionDump(parsing: result.output)
        else {
            if !Task.isCancelled {
                await note(
                    "its SIM cards could not be read: messages go out with slot 0 where the slot is not known",
                    about: "sims", device)
            }
            return SIMLook(cards: before, isLoaded: false)
        }
        forgetNote(about: "sims")
        // Before Android 14 nothing says "loaded": no card at all is believed only where every slot says it is empty.
        guard dump.isLoaded, !dump.slots.isEmpty || probe.hasEmptySlotsOnly else {
            return SIMLook(cards: before, isLoaded: false)
        }
        let cards = probe.sims(dump)
        // Writes nothing when nothing has changed; a failure is tried again with the next look.
        try? await services.store.recordSIMs(device, cards, at: services.clock.wallNow())
        return SIMLook(cards: cards, isLoaded: true)
    }
}
