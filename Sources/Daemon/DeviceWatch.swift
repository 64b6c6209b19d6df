import ADB
import Control
import Events
import Log
import Platform
import Time

/// Serves every phone that is attached: one child task a link, opened again with longer and longer pauses.
package actor DeviceWatch: DeviceStates {
    /// Most links served at a time.
    package static let linksMax = 64
    /// Pauses before a link is opened again after an end or a refusal.
    private static let pauses: [Duration] = [
        .milliseconds(250), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15), .seconds(30),
        .seconds(60),
    ]
    /// Longest pause while another program holds the phone or its node cannot be opened.
    private static let refusedPause = Duration.seconds(10)

    /// A session that lasted this long was no failure, whatever its end.
    private static let longSession = Duration.seconds(60)

    private let sources: [any LinkSource]
    private let services: SessionServices
    private var live: [String: LiveDevice] = [:]
    private var problems: [LinkProblem] = []
    /// Which link serves each serial.
    private var serials: [String: String] = [:]
    /// Which link serves each known phone.
    private var claims: [DeviceKey: String] = [:]
    /// Each link that has a task, and how to tell that task that its offer is gone.
    private var serving: [String: OneShot<Void>] = [:]
    private var offered: Set<String> = []
    /// Links whose last session or opening came to nothing: they keep that state until there is another one, so that
    /// a phone which is tried every few seconds is not told anew each time.
    private var stuck: Set<String> = []
    /// Links whose session has been online.
    private var reached: Set<String> = []
    private var waiter: OneShot<Void>?
    private var isChanged = true

    /// Serves what `sources` offer.
    package init(sources: [any LinkSource], services: SessionServices) {
        self.sources = sources
        self.services = services
    }

    /// Every phone that is attached now, and what claims to be one and cannot be used, in the order of their addresses.
    package func liveDevices() -> [LiveDevice] {
        let unusable = problems.map {
            LiveDevice(transportSerial: "", address: $0.address, state: .failing, detail: $0.reason)
        }
        return (live.values + unusable).sorted { $0.address < $1.address }
    }

    /// Works until cancelled.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for source in sources {
                group.addTask {
                    while !Task.isCancelled {
                        await source.changed()
                        await self.kick()
                    }
                }
            }
            while !Task.isCancelled {
                isChanged = false
                var offers: [(LinkOffer, any LinkSource)] = []
                var problems: [LinkProblem] = []
                for source in sources {
                    offers += await source.offers().map { ($0, source) }
                    problems += await source.problems()
                }
                offered = Set(offers.map(\.0.id))
                show(problems)
                for (id, gone) in serving where !offered.contains(id) { gone.give(()) }
                for (offer, source) in offers where mayStart(offer) {
                    let gone = OneShot<Void>()
                    serving[offer.id] = gone
                    group.addTask { await self.serve(offer, source, until: gone) }
                }
                await rest()
            }
            group.cancelAll()
        }
    }

    private func mayStart(_ offer: LinkOffer) -> Bool {
        guard serving[offer.id] == nil, serving.count < Self.linksMax else { return false }
        // A phone that was plugged in again waits until the session of its last arrival is taken down.
        return serials[offer.serial].map { offered.contains($0) } ?? true
    }

    private func kick() {
        isChanged = true
        waiter?.give(())
        waiter = nil
    }

    private func rest() async {
        if isChanged { return }
        let waiter = OneShot<Void>()
        self.waiter = waiter
        _ = await waiter.value()
    }

    // MARK: One link

    /// Serves a link until its offer is gone.
    private func serve(_ offer: LinkOffer, _ source: any LinkSource, until gone: OneShot<Void>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepServing(offer, source) }
            group.addTask { _ = await gone.value() }
            await group.next()
            group.cancelAll()
        }
        if !Task.isCancelled { show(offer, .offline, "it left", live[offer.id]?.device) }
        live[offer.id] = nil
        stuck.remove(offer.id)
        serving[offer.id] = nil
        kick()
    }

    private func keepServing(_ offer: LinkOffer, _ source: any LinkSource) async {
        var failures = 0
        while !Task.isCancelled, offered.contains(offer.id) {
            var pause = Self.pauses[min(failures, Self.pauses.count - 1)]
            failures += 1
            if serials[offer.serial] != nil {
                show(offer, .limited, "another device with the same serial is being served")
                pause = Self.refusedPause
            } else {
                // A device without a serial shares none.
                if !offer.serial.isEmpty { serials[offer.serial] = offer.id }
                do throws(LinkRefusal) {
                    show(offer, .connecting, "")
                    let transport = try await source.open(offer)
                    let start = services.clock.now()
                    let end = await session(offer, transport)
                    let lasted = start.duration(to: services.clock.now())
                    if reached.remove(offer.id) != nil || lasted >= Self.longSession { failures = 0 }
                    if case .waits = end { pause = Self.refusedPause }
                } catch {
                    show(offer, error.state, error.detail)
                    stuck.insert(offer.id)
                    pause = min(max(pause, .seconds(1)), Self.refusedPause)
                }
                if !offer.serial.isEmpty { serials[offer.serial] = nil }
            }
            guard (try? await services.clock.sleep(for: pause)) != nil else { break }
        }
    }

    private func session(_ offer: LinkOffer, _ transport: any Transport) async -> SessionEnd {
        reached.remove(offer.id)
        let session = PhoneSession(
            offer: offer, services: services,
            report: { state, detail, device in await self.show(offer, state, detail, device) },
            claim: { device in await self.claim(device, for: offer.id) })
        let end = await session.run(transport)
        for (device, holder) in claims where holder == offer.id { claims[device] = nil }
        let wasOnline = reached.contains(offer.id)
        switch end {
        case .failed(.cancelled): return end
        case .failed(.transport(.ended)), .failed(.transport(.closed)):
            show(offer, .offline, "it left", live[offer.id]?.device)
        case .failed(let error):
            show(offer, wasOnline ? .offline : .failing, error.sentence, live[offer.id]?.device)
        case .unauthorized(let detail): show(offer, .unauthorized, detail)
        case .waits(let state, let detail, let device): show(offer, state, detail, device)
        }
        if !wasOnline { stuck.insert(offer.id) }
        return end
    }

    private func claim(_ device: DeviceKey, for id: String) -> Bool {
        if let holder = claims[device], holder != id { return false }
        claims[device] = id
        return true
    }

    // MARK: Telling people

    private func show(_ offer: LinkOffer, _ state: PhoneState, _ detail: String, _ device: DeviceKey? = nil) {
        if stuck.contains(offer.id), Self.isPassing(state), detail.isEmpty { return }
        stuck.remove(offer.id)
        if state == .online { reached.insert(offer.id) }
        let before = live[offer.id]
        let now = LiveDevice(
            transportSerial: offer.serial, address: offer.address, state: state, detail: detail,
            device: device)
        live[offer.id] = now
        if before?.state != state || before?.detail != detail {
            services.log.log(
                state.isProblem ? .warning : .info, "phone \(state.rawValue)", ("address", offer.address),
                ("serial", offer.serial), ("detail", detail))
        }
    }

    /// States on the way to another one.
    private static func isPassing(_ state: PhoneState) -> Bool {
        switch state {
        case .connecting, .authorizing, .probing: true
        case .waitingForUser, .online, .offline, .busy, .noPermission, .unauthorized, .locked, .limited,
            .failing,
            .disabled:
            false
        }
    }

    private func show(_ problems: [LinkProblem]) {
        for problem in problems where !self.problems.contains(problem) {
            services.log.log(
                .warning, "a device cannot be used", ("address", problem.address), ("reason", problem.reason))
        }
        self.problems = problems
    }
}
