import ADB
import Base
import Events
import Link
import Phone
import Platform
import Store

/// What one look at the SIM cards gave.
private struct SIMLook: Sendable, Equatable {
    /// The cards; those seen before where they could not be read.
    var cards: [SIMCard]
    /// False while the phone has not loaded its cards, or did not tell: it is asked again soon.
    var isLoaded: Bool
}

/// One connection to one phone, from the handshake to its end: enrolment, then its sources and tasks.
///
/// All its work is children of `run()`: when the connection ends everything ends with it, and the other way round.
actor PhoneSession {
    /// Told what state the phone is in, one sentence, and which known phone it is.
    typealias Report = @Sendable (_ state: PhoneState, _ detail: String, _ device: DeviceKey?) async -> Void
    /// Asks whether this session may serve the phone; false when another link serves it.
    typealias Claim = @Sendable (_ device: DeviceKey) async -> Bool

    /// How often a phone that is not ready, or a store that fails, is asked again.
    private static let askAgain = Duration.seconds(5)
    /// How often a store that fails is asked again for what a session cannot begin or end without.
    private static let storeRetry = Duration.seconds(1)
    /// Bytes of the nonces in a phone's answers.
    private static let nonceBytes = 16
    /// Longest type of a phone's banner that is shown, in characters.
    private static let typeCharactersMax = 32
    /// How often the cards are read without any other reason.
    private static let simInterval = Duration.seconds(60)
    private static let dayMilliseconds: Int64 = 24 * 3600 * 1000
    /// How often they are read while the phone has not loaded them.
    private static let simLoadInterval = Duration.seconds(5)
    /// How many times in a row they are read that often: for one minute.
    private static let simLoadReadsMax = 12
    /// Longest wait for the cards before messages are read.
    private static let simLoadPatience = Duration.seconds(10)

    private let link: AvailableLink
    private let services: SessionServices
    /// Raised when the user may have switched the phone on or off.
    private let switched: Signal
    private let report: Report
    private let claim: Claim
    private var sourceStates = SourceStates()
    /// What is known of the cards beside what each look tells, and of which subscriptions it was asked.
    private var simDetails = SIMDetails()
    private var simsAsked: Set<Int> = []
    /// What was said of cards that the phone contradicts itself about.
    private var simsDoubted: Set<String> = []

    /// A session over `link`.
    init(
        link: AvailableLink, services: SessionServices, switched: Signal, report: @escaping Report,
        claim: @escaping Claim
    ) {
        self.link = link
        self.services = services
        self.switched = switched
        self.report = report
        self.claim = claim
    }

    /// Asks until the store answers: taken for "never served", a phone would ask its owner again.
    private func trustedSerials() async -> Set<String> {
        while !Task.isCancelled {
            if let serials = try? await services.store.trustedSerials() { return serials }
            try? await services.clock.sleep(for: Self.storeRetry)
        }
        return []
    }

    /// Serves the phone until the link ends or it cannot be served; returns why.
    func run(_ transport: any Transport) async -> SessionEnd {
        let trusted = await trustedSerials()
        let keys = await services.keys.keys(for: link.serial, trusted: trusted.contains(link.serial))
        let online = OneShot<Banner>()
        let connection = connection(transport, keys: keys.count, online) { [services, link] token, key in
            await services.keys.sign(
                token, with: keys[key], address: link.address, now: services.clock.now())
        }
        await report(.connecting, "", nil)
        return await withTaskGroup(of: SessionEnd?.self) { group in
            group.addTask { .failed(await connection.run()) }
            group.addTask {
                guard let banner = await online.value() else { return nil }
                return await self.serve(connection, banner)
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
            let type = PrintableText.escape(banner.type, limit: Self.typeCharactersMax)
            await report(.limited, "it runs as \"\(type)\": start Android on it", nil)
            return nil
        }
        await report(.identifying, "", nil)
        do throws(ADBError) {
            // Without a serial any device could claim to be this one.
            if await connection.usedKey, !link.serial.isEmpty {
                try? await services.store.trust(serial: link.serial, at: services.clock.wallNow())
            }
            let told = try await identify(connection)
            guard let device = await enrol(told.facts.identity) else { return nil }
            guard await claim(device.key) else {
                return .waits(.limited, "this phone is served over another link already", device.key)
            }
            guard device.enabled else { return Self.switchedOff(device.key) }
            let sims = try await firstSIMs(connection, told.facts, device.key)
            return await work(connection, device, told.clock, sims)
        } catch {
            return .failed(error)
        }
    }

    private static func switchedOff(_ device: DeviceKey) -> SessionEnd {
        .waits(.disabled, "switched off by the user", device)
    }

    // MARK: Sources and tasks

    /// Every source and task that there is, for this phone.
    private func hosts(
        _ connection: ADBConnection, _ device: DeviceRecord, _ clock: PhoneClock, _ sims: [SIMCard]
    ) async -> [any PhoneHost] {
        let phone = PhoneContext(traits: PhoneTraits(device.identity), sims: sims)
        var hosts: [any PhoneHost] = []
        for type in PhoneCatalog.sources {
            let source = type.init(cursor: await cursor(device.key, type.name), phone: phone)
            hosts.append(
                SourceHost(source, access: access(type.name, connection, device.key), phoneClock: clock))
        }
        for type in PhoneCatalog.tasks {
            let cursor = await cursor(device.key, type.name)
            let access = access(type.name, connection, device.key)
            hosts.append(Self.host(type, cursor: cursor, phone: phone, access: access, phoneClock: clock))
        }
        return hosts
    }

    private static func host<Job: PhoneTask>(
        _ type: Job.Type, cursor: [UInt8]?, phone: PhoneContext, access: PhoneAccess, phoneClock: PhoneClock
    ) -> any PhoneHost {
        TaskHost(type.init(cursor: cursor, phone: phone), access: access, phoneClock: phoneClock)
    }

    private func access(
        _ name: SourceName, _ connection: ADBConnection, _ device: DeviceKey
    ) -> PhoneAccess {
        PhoneAccess(
            device: device, name: name, store: services.store, clock: services.clock,
            shell: { [services] (command) throws(ADBError) in
                try await connection.outcome(of: command, random: services.random)
            },
            report: { name, report in await self.tell(name, report, device) }, recorded: services.recorded)
    }

    private func cursor(_ device: DeviceKey, _ source: SourceName) async -> [UInt8]? {
        while !Task.isCancelled {
            do throws(StoreError) {
                return try await services.store.cursor(device, source)
            } catch {
                // Never taken for "no cursor": the phone would be enrolled again and what came meanwhile lost.
                await report(.failing, "its cursor could not be read: \(error)", device)
                try? await services.clock.sleep(for: Self.askAgain)
            }
        }
        return nil
    }

    /// Serves the phone until the connection ends or the user switches it off; nil when the task was cancelled.
    private func work(
        _ connection: ADBConnection, _ device: DeviceRecord, _ clock: PhoneClock, _ sims: SIMLook
    ) async -> SessionEnd? {
        let hosts = await hosts(connection, device, clock, sims.cards)
        let hasMoments = PhoneTraits(device.identity).lack(of: .logMoments) == nil
        try? await services.store.noteSeen(device.key, at: services.clock.wallNow())
        // First the hosts: who sees that it is online may ask at once.
        await services.phones.opened(device.key, hosts)
        await report(.online, "", device.key)
        let end = await withTaskGroup(of: SessionEnd?.self) { group in
            for host in hosts {
                group.addTask { await Self.failure { () throws(ADBError) in try await host.run() } }
            }
            group.addTask {
                await Self.failure { () throws(ADBError) in
                    try await self.followLog(connection, hosts, hasMoments: hasMoments)
                }
            }
            group.addTask {
                await self.watchSIMs(connection, device.key, sims, hosts)
                return nil
            }
            group.addTask { await self.watchSwitch(device.key) }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        await services.phones.closed(device.key)
        return end
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
        while !Task.isCancelled {
            await switched.wait()
            guard let isOn = await isSwitchedOn(device) else { return nil }
            if !isOn { return Self.switchedOff(device) }
        }
        return nil
    }

    /// Asks until the store answers; nil when the task was cancelled meanwhile.
    private func isSwitchedOn(_ device: DeviceKey) async -> Bool? {
        while !Task.isCancelled {
            if let records = try? await services.store.devices() {
                return records.first { $0.key == device }?.enabled ?? true
            }
            try? await services.clock.sleep(for: Self.storeRetry)
        }
        return nil
    }

    // MARK: Telling people

    private func tell(_ source: SourceName, _ report: PhoneReport, _ device: DeviceKey) async {
        let name = source.rawValue
        let blocked = ProblemNotes.Subject(device: device, name: "\(name) blocked")
        switch report {
        case .reading:
            await services.notes.forget(blocked)
            sourceStates.reading(source)
            await self.report(sourceStates.sum.state, sourceStates.sum.detail, device)
        case .blocked(let text, let locked):
            sourceStates.blocked(source, text, locked: locked)
            await self.report(sourceStates.sum.state, sourceStates.sum.detail, device)
            await note("\(name): \(text)", about: blocked, isState: true)
        case .problem(let text, let kind):
            let subject = ProblemNotes.Subject(device: device, name: "\(name) \(kind)")
            await note("\(name): \(text)", about: subject, isState: false)
        }
    }

    /// Notes and logs `text`, as far as it is news. `isState`: it lasts; once until it changes or is well again.
    private func note(_ text: String, about subject: ProblemNotes.Subject, isState: Bool) async {
        let now = services.clock.now()
        guard let news = await services.notes.note(text, of: subject, isState: isState, now: now) else {
            return
        }
        await publish(news, subject.device)
    }

    /// Says what was left out of the phone's problems, where its pause is over.
    private func noteOverdue(_ device: DeviceKey) async {
        for text in await services.notes.overdue(of: device, now: services.clock.now()) {
            await publish(text, device)
        }
    }

    private func publish(_ text: String, _ device: DeviceKey) async {
        services.log.log(.warning, text, ("address", link.address))
        try? await services.store.note(problem: text, device: device, at: services.clock.wallNow())
    }

    // MARK: Who the phone is

    /// What the phone tells, and its clock; nil where the answer cannot be read.
    private func ask(_ connection: ADBConnection) async throws(ADBError) -> (
        facts: PhoneFacts, clock: PhoneClock
    )? {
        let nonce = Hex.encode(services.random(Self.nonceBytes))
        let command = PhoneFacts.command(nonce: nonce)
        let result = try await connection.shell(
            command.text, nonce: Hex.encode(services.random(Self.nonceBytes)),
            limits: ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax))
        let facts = try? PhoneFacts(parsing: result.output, nonce: nonce, transportSerial: link.serial)
        guard let facts else { return nil }
        let clock = PhoneClock(
            seconds: facts.clockSeconds, now: services.clock.now(), ours: services.clock.wallNow())
        return (facts, clock)
    }

    /// Asks until the phone has started and tells who it is.
    private func identify(_ connection: ADBConnection) async throws(ADBError) -> (
        facts: PhoneFacts, clock: PhoneClock
    ) {
        while true {
            let asked = try await ask(connection)
            let reason: String
            if let asked {
                if !asked.facts.bootCompleted {
                    reason = "it is still starting"
                } else if await lacksItsID(asked.facts.identity) {
                    reason = "its ANDROID_ID cannot be read yet"
                } else {
                    return asked
                }
            } else {
                reason = "its answers cannot be read"
            }
            await report(.identifying, reason, nil)
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
    private func enrol(_ identity: PhoneIdentity) async -> DeviceRecord? {
        var logged = ""
        while !Task.isCancelled {
            do throws(StoreError) {
                return try await services.store.enrol(identity, at: services.clock.wallNow())
            } catch {
                let text = "it could not be enrolled: \(error)"
                await report(.failing, text, nil)
                if text != logged {
                    services.log.log(
                        .error, "a phone could not be enrolled", ("address", link.address),
                        ("error", "\(error)"))
                    logged = text
                }
                try? await services.clock.sleep(for: Self.askAgain)
            }
        }
        return nil
    }

    // MARK: The SIM cards: which subscription sits in which slot

    /// The cards before the first message is read; a phone that has just started gets some time to load them.
    private func firstSIMs(
        _ connection: ADBConnection, _ facts: PhoneFacts, _ device: DeviceKey
    ) async throws(ADBError) -> SIMLook {
        let patience = services.clock.now().advanced(by: Self.simLoadPatience)
        var look = await look(connection, facts, device, before: [])
        while !look.isLoaded, services.clock.now().advanced(by: Self.simLoadInterval) <= patience {
            guard (try? await services.clock.sleep(for: Self.simLoadInterval)) != nil else {
                throw .cancelled
            }
            guard let asked = try await ask(connection) else { continue }
            look = await self.look(connection, asked.facts, device, before: look.cards)
        }
        if look.isLoaded { await record(look.cards, device) }
        return look
    }

    /// Reads the cards, and the phone's clock with them, again and again; the first time at once, with what the first look did not ask
    /// for. Returns when the task was cancelled.
    private func watchSIMs(
        _ connection: ADBConnection, _ device: DeviceKey, _ first: SIMLook, _ hosts: [any PhoneHost]
    ) async {
        var current = first
        var loadReads = 0
        var pause = Duration.zero
        while true {
            guard (try? await services.clock.sleep(for: pause)) != nil else { return }
            let isSoon = !current.isLoaded && loadReads < Self.simLoadReadsMax
            loadReads = current.isLoaded ? 0 : loadReads + 1
            pause = isSoon ? Self.simLoadInterval : Self.simInterval
            await noteOverdue(device)
            guard let asked = try? await ask(connection) else { continue }
            for host in hosts { await host.phoneClockRead(asked.clock) }
            let fresh = await wholeLook(connection, asked.facts, device, before: current.cards)
            if fresh.isLoaded {
                for host in hosts { await host.simsRead(fresh.cards) }
            }
            current = fresh
        }
    }

    private static func simSubject(_ device: DeviceKey) -> ProblemNotes.Subject {
        ProblemNotes.Subject(device: device, name: "sims")
    }

    /// What the dump tells of the cards.
    private func look(
        _ connection: ADBConnection, _ facts: PhoneFacts, _ device: DeviceKey, before: [SIMCard]
    ) async -> SIMLook {
        let command = SIMReading.command
        let limits = ShellLimits(timeout: command.timeout, outputBytesMax: command.outputBytesMax)
        guard
            let result = try? await connection.shell(
                command.text, nonce: Hex.encode(services.random(Self.nonceBytes)), limits: limits),
            let dump = try? SubscriptionDump(parsing: result.output)
        else {
            if !Task.isCancelled {
                await note(
                    "its SIM cards could not be read: messages go out with slot 0 where the slot is not known",
                    about: Self.simSubject(device), isState: true)
            }
            return SIMLook(cards: before, isLoaded: false)
        }
        await services.notes.forget(Self.simSubject(device))
        // Before Android 14 nothing says "loaded": no card at all is believed only where every slot says it is empty.
        guard dump.isLoaded, !dump.slots.isEmpty || facts.hasEmptySlotsOnly else {
            return SIMLook(cards: before, isLoaded: false)
        }
        return SIMLook(cards: facts.sims(dump), isLoaded: true)
    }

    /// Writes nothing when nothing has changed; a failure is tried again with the next look.
    private func record(_ cards: [SIMCard], _ device: DeviceKey) async {
        try? await services.store.recordSIMs(device, cards, at: services.clock.wallNow())
    }

    /// A look with what the dump does not tell. Where both contradict each other both are asked again: a card may have been moved
    /// between the questions.
    private func wholeLook(
        _ connection: ADBConnection, _ facts: PhoneFacts, _ device: DeviceKey, before: [SIMCard]
    ) async -> SIMLook {
        var look = await look(connection, facts, device, before: before)
        var contradictions = await complete(&look, connection, facts)
        if !contradictions.isEmpty {
            simsAsked = []
            look = await self.look(connection, facts, device, before: before)
            contradictions = await complete(&look, connection, facts)
        }
        if look.isLoaded { await record(look.cards, device) }
        for contradiction in contradictions { await doubt(contradiction, device) }
        return look
    }

    /// Adds what is known of the cards beside the dump, and asks for what is not; returns in what it contradicts the dump.
    private func complete(
        _ look: inout SIMLook, _ connection: ADBConnection, _ facts: PhoneFacts
    ) async -> [String] {
        guard look.isLoaded else { return [] }
        await askDetails(connection, PhoneTraits(facts.identity), look.cards.map(\.subscription))
        var contradictions: [String] = []
        for index in look.cards.indices {
            let completed = simDetails.completed(look.cards[index])
            look.cards[index] = completed.card
            if let contradiction = completed.contradiction { contradictions.append(contradiction) }
        }
        return contradictions
    }

    /// Asks about the cards, unless all of them were asked about since the last contradiction.
    private func askDetails(
        _ connection: ADBConnection, _ traits: PhoneTraits, _ subscriptions: [Int]
    ) async {
        guard let route = traits.simDetails, subscriptions.contains(where: { !simsAsked.contains($0) }) else {
            return
        }
        let command = SIMDetails.command(route, subscriptions)
        guard let outcome = try? await connection.outcome(of: command, random: services.random),
            case .completedEach(let parts) = outcome
        else { return }
        simsAsked.formUnion(subscriptions)
        simDetails.read(parts, route, subscriptions)
    }

    /// Tells people, once a day, that what the phone says of a card does not fit together: its messages go out with slot 0.
    private func doubt(_ contradiction: String, _ device: DeviceKey) async {
        guard simsDoubted.insert(contradiction).inserted else { return }
        let now = services.clock.wallNow()
        await note(
            "\(contradiction): its messages go out with slot 0",
            about: ProblemNotes.Subject(device: device, name: "sims contradiction"), isState: false)
        let key = SourceKey(
            source: .sims,
            bytes: Array("disagreement/\(now.milliseconds / Self.dayMilliseconds)/\(contradiction)".utf8))
        let batch = RecordBatch(
            device: device, source: .sims,
            observations: [
                Observation(
                    key: key, content: EventContent(SIMNotice(event: "disagreement", detail: contradiction)))
            ], cursor: nil, seenAt: now)
        guard (try? await services.store.record(batch)) != nil else {
            // Told again with the next look.
            simsDoubted.remove(contradiction)
            return
        }
        services.recorded()
    }

    // MARK: The phone's log: hints when to look

    /// Follows the phone's log and hands its lines to the hosts; a stream that ends is started again where it was heard to.
    private func followLog(
        _ connection: ADBConnection, _ hosts: [any PhoneHost], hasMoments: Bool
    ) async throws(ADBError) {
        var resume = LogResume()
        var retries = Backoff(.seconds(1), .seconds(5), .seconds(15), .seconds(60))
        while !Task.isCancelled {
            let command = LogFilter.stream(hosts.map(\.log), hasMoments: hasMoments, since: resume.newest)
            guard let command else {
                // Nobody wants any: nothing to do until the session ends.
                _ = await OneShot<Void>().value()
                return
            }
            resume.streamBegins()
            if try await heardLines(connection, command, hosts, &resume) { retries.succeeded() }
            let pause = retries.failed()
            guard (try? await services.clock.sleep(for: pause)) != nil else { throw .cancelled }
            for host in hosts { await host.hintsWereLost() }
        }
    }

    /// One stream until its end; whether it brought a line. Throws what ends the connection, nothing else.
    private func heardLines(
        _ connection: ADBConnection, _ command: String, _ hosts: [any PhoneHost], _ resume: inout LogResume
    ) async throws(ADBError) -> Bool {
        var stream: ShellStream
        do throws(ADBError) {
            stream = try await connection.start(command)
        } catch {
            try Self.throwIfFinal(error)
            return false
        }
        var isHeard = false
        var failure: ADBError?
        do throws(ADBError) {
            var splitter = LineSplitter()
            while let bytes = try await stream.next() {
                for text in splitter.bytesReceived(bytes) {
                    guard let line = LogLine(text[...]) else { continue }
                    isHeard = true
                    guard resume.isNew(line) else { continue }
                    for host in hosts { await host.heard(line) }
                }
            }
        } catch {
            failure = error
        }
        await stream.close()
        if let failure { try Self.throwIfFinal(failure) }
        return isHeard
    }

    private static func throwIfFinal(_ error: ADBError) throws(ADBError) {
        switch error {
        case .sessionEnded, .transport, .cancelled: throw error
        default: break
        }
    }
}

extension SourceName {
    /// The SIM cards, as sessions look at them.
    fileprivate static let sims = SourceName(rawValue: "sims")
}
