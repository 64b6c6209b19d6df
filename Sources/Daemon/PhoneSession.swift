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

    /// How often it is looked whether the user has switched the phone off.
    private static let switchInterval = Duration.seconds(10)

    let offer: LinkOffer
    let services: SessionServices
    let report: Report
    private let claim: Claim
    private let notes = ProblemNotes()
    private let sourceStates = SourceStates()

    /// A session over what `offer` offers.
    package init(
        offer: LinkOffer, services: SessionServices, report: @escaping Report, claim: @escaping Claim
    ) {
        self.offer = offer
        self.services = services
        self.report = report
        self.claim = claim
    }

    /// Asks until the store answers: taken for "never served", a phone would ask its owner again.
    private func served() async -> Set<String> {
        while !Task.isCancelled {
            if let served = try? await services.store.served() { return served }
            try? await services.clock.sleep(for: .seconds(1))
        }
        return []
    }

    /// Serves the phone until the link ends or it cannot be served; returns why.
    package func run(_ transport: any Transport) async -> SessionEnd {
        let known = await served()
        let keys = await services.keys.keys(for: offer.serial, served: known.contains(offer.serial))
        let online = OneShot<Banner>()
        let connection = connection(transport, keys: keys.count, online) { [services, offer] token, key in
            await services.keys.sign(
                token, with: keys[key], address: offer.address, now: services.clock.now())
        }
        await report(.connecting, "", nil)
        return await withTaskGroup(of: SessionEnd?.self) { group in
            group.addTask { .failed(await connection.run()) }
            group.addTask {
                guard let banner = await online.value() else { return nil }
                return await serve(connection, banner)
            }
            var end: SessionEnd?
            while end == nil, let next = await group.next() { end = next }
            if end == .failed(.sessionEnded) {
                // Why it ended is the connection's to say, which is about to return.
                group.cancelAll()
                let cause = await group.next() ?? nil
                if let cause, cause != .failed(.cancelled) { end = cause }
            }
            let isOnline = await connection.banner != nil
            let isRefused = await connection.usedKey && !isOnline
            group.cancelAll()
            switch end {
            case .failed(.handshakeTimedOut) where isRefused:
                return .unauthorized("it did not answer when a key was shown to it")
            case .failed(.tooManyTokens) where isRefused:
                return .unauthorized(ADBError.tooManyTokens.sentence)
            default: return end ?? .failed(.cancelled)
            }
        }
    }

    private func connection(
        _ transport: any Transport, keys: Int, _ online: OneShot<Banner>,
        signer: @escaping ADBConnection.Signer
    ) -> ADBConnection {
        let report = report
        let fingerprint = services.keys.fingerprint
        return ADBConnection(
            transport: transport, policy: AuthPolicy(signingKeys: keys, publicKey: services.keys.publicKey),
            clock: services.clock, signer: signer,
            report: { state in
                switch state {
                case .authorizing: await report(.authorizing, "", nil)
                case .waitingForUser:
                    let text =
                        "it asks its owner: unlock it and allow USB debugging for the key \(fingerprint)"
                    await report(.waitingForUser, text, nil)
                case .online(let banner): online.give(banner)
                }
            })
    }

    /// Nil: there is nothing to do with this phone until its link ends.
    private func serve(_ connection: ADBConnection, _ banner: Banner) async -> SessionEnd? {
        guard banner.type == "device" else {
            let type = PrintableText.escape(banner.type, limit: 32)
            await report(.limited, "it runs as \"\(type)\": start Android on it", nil)
            return nil
        }
        await report(.probing, "", nil)
        do throws(ADBError) {
            // Without a serial any device could claim to be this one.
            if await connection.usedKey, !offer.serial.isEmpty {
                try? await services.store.noteServed(serial: offer.serial, at: services.clock.wallNow())
            }
            let probed = try await identify(connection)
            guard let device = await enrol(probed.probe.identity) else { return nil }
            guard await claim(device.key) else {
                return .waits(.limited, "this phone is served over another link already", device.key)
            }
            guard device.enabled else { return Self.switchedOff(device.key) }
            let sims = try await firstSIMs(connection, probed.probe, device.key)
            return try await collect(connection, device, probed.clock, sims)
        } catch {
            return .failed(error)
        }
    }

    private static func switchedOff(_ device: DeviceKey) -> SessionEnd {
        .waits(.disabled, "switched off by the user", device)
    }

    // MARK: Collectors

    /// The sources of a phone. Adding one is one line here.
    private func collectors(_ device: DeviceRecord, _ sims: [SIMCard]) async -> [any Collector] {
        let apiLevel = device.identity.apiLevel
        return [
            SMSCollector(cursor: await cursor(device.key, .sms), sims: sims),
            NotificationCollector(cursor: await cursor(device.key, .notifications), apiLevel: apiLevel),
            USSDCollector(cursor: await cursor(device.key, .ussd), apiLevel: apiLevel, sims: sims),
        ]
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
        _ connection: ADBConnection, _ device: DeviceRecord, _ clock: PhoneClock, _ sims: SIMLook
    ) async throws(ADBError) -> SessionEnd? {
        let tell: @Sendable (Source, CollectorReport) async -> Void = { source, text in
            await self.tell(source, text, device.key)
        }
        var hosts: [CollectorHost] = []
        for collector in await collectors(device, sims.cards) {
            hosts.append(
                CollectorHost(
                    collector: collector, connection: connection, device: device.key, services: services,
                    phoneClock: clock, report: tell))
        }
        try? await services.store.noteSeen(device.key, at: services.clock.wallNow())
        await report(.online, "", device.key)
        let all = hosts
        await services.phones.opened(device.key, all)
        let end = await work(connection, device, sims, all)
        await services.phones.closed(device.key)
        return end
    }

    private func work(
        _ connection: ADBConnection, _ device: DeviceRecord, _ sims: SIMLook, _ all: [CollectorHost]
    ) async -> SessionEnd? {
        await withTaskGroup(of: SessionEnd?.self) { group in
            for host in all {
                group.addTask { await Self.failure { () throws(ADBError) in try await host.run() } }
            }
            group.addTask {
                await Self.failure { () throws(ADBError) in try await followLog(connection, all) }
            }
            group.addTask {
                await watchSIMs(connection, device.key, sims, all)
                return nil
            }
            group.addTask { await watchSwitch(device.key) }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }

    private static func failure(_ body: () async throws(ADBError) -> Void) async -> SessionEnd? {
        do throws(ADBError) {
            try await body()
            return nil
        } catch {
            return .failed(error)
        }
    }

    /// Returns when the user has switched the phone off, or the task was cancelled.
    private func watchSwitch(_ device: DeviceKey) async -> SessionEnd? {
        while (try? await services.clock.sleep(for: Self.switchInterval)) != nil {
            let record = try? await services.store.devices().first { $0.key == device }
            if let record, !record.enabled { return Self.switchedOff(device) }
        }
        return nil
    }

    // MARK: Telling people

    private func tell(_ source: Source, _ report: CollectorReport, _ device: DeviceKey) async {
        let name = source.rawValue
        switch report {
        case .reading:
            notes.forget("\(name) blocked")
            let state = sourceStates.reading(source)
            await self.report(state.state, state.detail, device)
        case .blocked(let text, let locked):
            let state = sourceStates.blocked(source, text, locked: locked)
            await self.report(state.state, state.detail, device)
            await note("\(name): \(text)", about: "\(name) blocked", device)
        case .problem(let text):
            // Each is something that happened, not a state that lasts: never swallowed.
            notes.forget("\(name) problem")
            await note("\(name): \(text)", about: "\(name) problem", device)
        }
    }

    /// Notes and logs `text`, once: until it changes or `subject` is well again.
    func note(_ text: String, about subject: String, _ device: DeviceKey) async {
        guard notes.isNews(text, of: subject) else { return }
        services.log.log(.warning, text, ("address", offer.address))
        try? await services.store.note(problem: text, device: device, at: services.clock.wallNow())
    }

    /// `subject` is well again.
    func forgetNote(about subject: String) { notes.forget(subject) }
}
