package import ADB
import Bytes
package import Control
package import Events
import Link
import Log
import Phone
import Platform
import Store
import Time

/// One connection to one phone, from the handshake to its end: enrolment, then its collectors.
///
/// All its work is children of `run()`: when the connection ends everything ends with it, and the other way round.
package struct PhoneSession: Sendable {
    /// Told what state the phone is in, one sentence, and which known phone it is.
    package typealias Report =
        @Sendable (_ state: PhoneState, _ detail: String, _ device: DeviceKey?) async -> Void
    /// Asks whether this session may serve the phone; false when another link serves it.
    package typealias Claim = @Sendable (_ device: DeviceKey) async -> Bool

    /// How often a phone that is still starting is asked again.
    private static let startingPause = Duration.seconds(5)
    /// How often the SIM cards are read without any other reason.
    private static let simInterval = Duration.seconds(300)
    /// Pauses before a log stream that ended is started again.
    private static let logPauses: [Duration] = [.seconds(1), .seconds(5), .seconds(15), .seconds(60)]

    private let offer: LinkOffer
    private let services: SessionServices
    private let report: Report
    private let claim: Claim

    /// A session over what `offer` offers.
    package init(
        offer: LinkOffer, services: SessionServices, report: @escaping Report, claim: @escaping Claim
    ) {
        self.offer = offer
        self.services = services
        self.report = report
        self.claim = claim
    }

    /// Serves the phone until the link ends; returns why, and whether the phone had been online.
    package func run(_ transport: any Transport) async -> (reason: ADBError, wasOnline: Bool) {
        let served = ((try? await services.store.served()) ?? []).contains(offer.serial)
        let keys = await services.keys.keys(for: offer.serial, served: served)
        let services = services
        let offer = offer
        let report = report
        let online = OneShot<Banner>()
        let connection = ADBConnection(
            transport: transport,
            policy: AuthPolicy(signingKeys: keys.count, publicKey: services.keys.publicKey),
            clock: services.clock,
            signer: { token, key in
                await services.keys.sign(
                    token, with: keys[key], address: offer.address, now: services.clock.now())
            },
            report: { state in
                switch state {
                case .waitingForUser:
                    let text =
                        "it asks its owner: unlock it and allow USB debugging for the key \(services.keys.fingerprint)"
                    await report(.waitingForUser, text, nil)
                case .online(let banner): online.give(banner)
                }
            })
        await report(.connecting, "", nil)
        return await withTaskGroup(of: ADBError?.self) { group in
            group.addTask { await connection.run() }
            group.addTask {
                guard let banner = await online.value() else { return nil }
                return await serve(connection, banner)
            }
            var reason: ADBError?
            while reason == nil, let next = await group.next() { reason = next }
            let wasOnline = await connection.banner != nil
            group.cancelAll()
            return (reason ?? .cancelled, wasOnline)
        }
    }

    // MARK: Enrolment

    private func serve(_ connection: ADBConnection, _ banner: Banner) async -> ADBError? {
        guard banner.type == "device" else {
            let type = PrintableText.escape(banner.type, limit: 32)
            await report(.limited, "it runs as \"\(type)\": start Android on it", nil)
            return nil
        }
        await report(.probing, "", nil)
        do throws(ADBError) {
            if await connection.usedKey {
                try? await services.store.noteServed(serial: offer.serial, at: services.clock.wallNow())
            }
            let probe = try await probe(connection)
            guard let device = await enrol(probe.identity) else { return nil }
            guard await claim(device.key) else {
                await report(.limited, "this phone is served over another link already", device.key)
                return nil
            }
            guard device.enabled else {
                await report(.disabled, "switched off by the user", device.key)
                return nil
            }
            let sims = await readSIMs(connection, probe, device.key, before: [])
            try await collect(connection, device, probe, sims)
            return nil
        } catch {
            return error
        }
    }

    private func probe(_ connection: ADBConnection) async throws(ADBError) -> PhoneProbe {
        while true {
            let nonce = Hex.encode(services.random(16))
            let command = PhoneProbe.command(nonce: nonce)
            let result = try await connection.shell(
                command.text, nonce: Hex.encode(services.random(16)),
                limits: ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax))
            let probe = try? PhoneProbe(parsing: result.output, nonce: nonce, transportSerial: offer.serial)
            if let probe, probe.bootCompleted { return probe }
            await report(
                .probing, probe == nil ? "its answers cannot be read" : "it is still starting", nil)
            guard (try? await services.clock.sleep(for: Self.startingPause)) != nil else { throw .cancelled }
        }
    }

    private func enrol(_ identity: PhoneIdentity) async -> DeviceRecord? {
        do throws(StoreError) {
            return try await services.store.enrol(identity, at: services.clock.wallNow())
        } catch {
            await report(.failing, "it could not be enrolled: \(error)", nil)
            services.log.log(
                .error, "a phone could not be enrolled", ("address", offer.address), ("error", "\(error)"))
            return nil
        }
    }

    // MARK: SIM cards

    /// The cards in the phone; `before` where they cannot be read, which is noted.
    private func readSIMs(
        _ connection: ADBConnection, _ probe: PhoneProbe, _ device: DeviceKey, before: [SIMCard]
    ) async -> [SIMCard] {
        let command = SIMReading.command
        let limits = ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax)
        guard
            let result = try? await connection.shell(
                command.text, nonce: Hex.encode(services.random(16)), limits: limits),
            let dump = try? SubscriptionDump(parsing: result.output)
        else {
            await note(
                "its SIM cards could not be read: messages go out with slot 0 where the slot is not known",
                device)
            return before
        }
        guard dump.isLoaded else { return before }
        let sims = probe.sims(dump)
        if sims != before {
            try? await services.store.recordSIMs(device, sims, at: services.clock.wallNow())
        }
        return sims
    }

    // MARK: Collectors

    /// The sources of a phone. Adding one is one line here.
    private func collectors(_ device: DeviceKey, _ sims: [SIMCard]) async -> [any Collector] {
        [SMSCollector(cursor: await cursor(device, .sms), sims: sims)]
    }

    private func cursor(_ device: DeviceKey, _ source: Source) async -> [UInt8]? {
        while !Task.isCancelled {
            do throws(StoreError) {
                return try await services.store.cursor(device, source)
            } catch {
                // Never taken for "no cursor": the phone would be enrolled again and what came meanwhile lost.
                await report(.failing, "its cursor could not be read: \(error)", device)
                try? await services.clock.sleep(for: .seconds(5))
            }
        }
        return nil
    }

    private func collect(
        _ connection: ADBConnection, _ device: DeviceRecord, _ probe: PhoneProbe, _ sims: [SIMCard]
    ) async throws(ADBError) {
        let offset = clockOffset(probe)
        let tell: @Sendable (Source, CollectorReport) async -> Void = { source, text in
            await self.tell(source, text, device.key)
        }
        var hosts: [CollectorHost] = []
        for collector in await collectors(device.key, sims) {
            hosts.append(
                CollectorHost(
                    collector: collector, connection: connection, device: device.key, services: services,
                    clockOffset: offset, report: tell))
        }
        try? await services.store.noteSeen(device.key, at: services.clock.wallNow())
        await report(.online, "", device.key)
        let all = hosts
        let failure = await withTaskGroup(of: ADBError?.self) { group in
            for host in all {
                group.addTask { await Self.failure { () throws(ADBError) in try await host.run() } }
            }
            group.addTask {
                await Self.failure { () throws(ADBError) in try await followLog(connection, all) }
            }
            group.addTask { await watchSIMs(connection, probe, device.key, sims, all) }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        if let failure { throw failure }
    }

    private static func failure(_ body: () async throws(ADBError) -> Void) async -> ADBError? {
        do throws(ADBError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    private func clockOffset(_ probe: PhoneProbe) -> Duration {
        guard let seconds = probe.clockSeconds, abs(seconds) < 1 << 40 else { return .zero }
        return .milliseconds(seconds * 1000 - services.clock.wallNow().milliseconds)
    }

    private func watchSIMs(
        _ connection: ADBConnection, _ probe: PhoneProbe, _ device: DeviceKey, _ sims: [SIMCard],
        _ hosts: [CollectorHost]
    ) async -> ADBError? {
        var current = sims
        while (try? await services.clock.sleep(for: Self.simInterval)) != nil {
            let fresh = await readSIMs(connection, probe, device, before: current)
            guard fresh != current else { continue }
            current = fresh
            for host in hosts { await host.simsChanged(fresh) }
        }
        return nil
    }

    /// Follows the phone's log and hands its lines to the collectors; a stream that ends is started again.
    private func followLog(_ connection: ADBConnection, _ hosts: [CollectorHost]) async throws(ADBError) {
        var ended = 0
        while !Task.isCancelled {
            do throws(ADBError) {
                var stream = try await connection.start(SMSHint.stream)
                var splitter = LineSplitter()
                while let bytes = try await stream.next() {
                    for text in splitter.bytesReceived(bytes) {
                        guard let line = LogLine(text[...]) else { continue }
                        ended = 0
                        for host in hosts { await host.heard(line) }
                    }
                }
                await stream.close()
            } catch {
                switch error {
                case .sessionEnded, .transport, .cancelled: throw error
                default: break
                }
            }
            let pause = Self.logPauses[min(ended, Self.logPauses.count - 1)]
            ended += 1
            guard (try? await services.clock.sleep(for: pause)) != nil else { throw .cancelled }
            for host in hosts { await host.hintsWereLost() }
        }
    }

    // MARK: Telling people

    private func tell(_ source: Source, _ report: CollectorReport, _ device: DeviceKey) async {
        switch report {
        case .reading: await self.report(.online, "", device)
        case .blocked(let text, let locked):
            await self.report(locked ? .locked : .limited, "\(source.rawValue): \(text)", device)
            await note("\(source.rawValue): \(text)", device)
        case .problem(let text): await note("\(source.rawValue): \(text)", device)
        }
    }

    private func note(_ text: String, _ device: DeviceKey) async {
        services.log.log(.warning, text, ("address", offer.address))
        try? await services.store.note(problem: text, device: device, at: services.clock.wallNow())
    }
}
