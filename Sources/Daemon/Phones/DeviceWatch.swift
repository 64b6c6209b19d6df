import ADB
import Base
package import Events
import Platform

/// Serves every phone that is attached: one child task a link, opened again with longer and longer pauses.
package actor DeviceWatch: DeviceStates {
    /// Most links served at a time.
    package static let linksMax = 64
    /// Pauses before a link is opened again after an end or a refusal.
    private static let reopening = Backoff(
        .milliseconds(250), .seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(15), .seconds(30),
        .seconds(60))
    /// Shortest pause after a link that could not be opened.
    private static let refusedPauseMin = Duration.seconds(1)
    /// Longest pause while another program holds the phone or its node cannot be opened.
    private static let refusedPause = Duration.seconds(10)

    /// A session that lasted this long was not a failure, whatever its end.
    private static let longSession = Duration.seconds(60)

    private let finders: [any LinkFinder]
    private let services: SessionServices
    private var live: [String: LiveDevice] = [:]
    private var problems: [LinkProblem] = []
    /// Which link serves each serial.
    private var serials: [String: String] = [:]
    /// Which link serves each known phone.
    private var claims: [DeviceKey: String] = [:]
    /// Each link that has a task, and how to tell that task that it is gone.
    private var serving: [String: OneShot<Void>] = [:]
    private var available: Set<String> = []
    /// Raised for each link that has a task when the user may have switched its phone on or off.
    private var switches: [String: Signal] = [:]
    /// Links whose last session or opening came to nothing: they keep that state until there is another one, so that
    /// a phone which is tried every few seconds is not told anew each time.
    private var stuck: Set<String> = []
    /// Links whose session has been online.
    private var reached: Set<String> = []
    /// The links may have changed, or a link's task has ended.
    private let changed = Signal(raised: true)

    /// Serves the links of `finders`.
    init(finders: [any LinkFinder], services: SessionServices) {
        self.finders = finders
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
            for finder in finders {
                group.addTask {
                    while !Task.isCancelled {
                        await finder.changed()
                        self.changed.raise()
                    }
                }
            }
            while !Task.isCancelled {
                changed.lower()
                var links: [(AvailableLink, any LinkFinder)] = []
                var problems: [LinkProblem] = []
                for finder in finders {
                    links += await finder.links().map { ($0, finder) }
                    problems += await finder.problems()
                }
                available = Set(links.map(\.0.id))
                show(problems)
                for (id, gone) in serving where !available.contains(id) { gone.give(()) }
                for (link, finder) in links where mayStart(link) {
                    let gone = OneShot<Void>()
                    serving[link.id] = gone
                    switches[link.id] = Signal()
                    group.addTask { await self.serve(link, finder, until: gone) }
                }
                await changed.wait()
            }
            group.cancelAll()
        }
    }

    private func mayStart(_ link: AvailableLink) -> Bool {
        guard serving[link.id] == nil, serving.count < Self.linksMax else { return false }
        // A phone that was plugged in again waits until the session of its last arrival is taken down.
        return serials[link.serial].map { available.contains($0) } ?? true
    }

    /// The user has switched the phone `device` on or off, and the store has it: its session ends, or begins, at once.
    package func enabledChanged(_ device: DeviceKey) {
        for (id, signal) in switches {
            // A link that has not told who it is may be the phone's.
            let here = live[id]?.device
            if here == nil || here == device { signal.raise() }
        }
    }

    // MARK: One link

    /// Serves a link until it is gone.
    private func serve(_ link: AvailableLink, _ finder: any LinkFinder, until gone: OneShot<Void>) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepServing(link, finder) }
            group.addTask { _ = await gone.value() }
            await group.next()
            group.cancelAll()
        }
        if !Task.isCancelled { show(link, .offline, detail: "it left", device: live[link.id]?.device) }
        live[link.id] = nil
        stuck.remove(link.id)
        serving[link.id] = nil
        switches[link.id] = nil
        changed.raise()
    }

    private func keepServing(_ link: AvailableLink, _ finder: any LinkFinder) async {
        var retries = Self.reopening
        let switched = switches[link.id] ?? Signal()
        while !Task.isCancelled, available.contains(link.id) {
            var pause = retries.failed()
            var waits = false
            if serials[link.serial] != nil {
                show(link, .limited, detail: "another device with the same serial is being served")
                pause = Self.refusedPause
            } else {
                // A device without a serial shares none.
                if !link.serial.isEmpty { serials[link.serial] = link.id }
                do throws(LinkRefusal) {
                    show(link, .connecting, detail: "")
                    let transport = try await finder.open(link)
                    let start = services.clock.now()
                    let end = await session(link, transport, switched)
                    let lasted = start.duration(to: services.clock.now())
                    if reached.remove(link.id) != nil || lasted >= Self.longSession { retries.succeeded() }
                    if case .waits = end {
                        pause = Self.refusedPause
                        waits = true
                    }
                } catch {
                    show(link, error.state, detail: error.detail)
                    stuck.insert(link.id)
                    pause = min(max(pause, Self.refusedPauseMin), Self.refusedPause)
                }
                if !link.serial.isEmpty { serials[link.serial] = nil }
            }
            if waits {
                let end = services.clock.now().advanced(by: pause)
                await switched.wait(until: end, clock: services.clock)
            } else {
                try? await services.clock.sleep(for: pause)
            }
        }
    }

    private func session(
        _ link: AvailableLink, _ transport: any Transport, _ switched: Signal
    ) async -> SessionEnd {
        reached.remove(link.id)
        let session = PhoneSession(
            link: link, services: services, switched: switched,
            report: { state, detail, device in await self.show(link, state, detail: detail, device: device) },
            claim: { device in await self.claim(device, for: link.id) })
        let end = await session.run(transport)
        for (device, holder) in claims where holder == link.id { claims[device] = nil }
        let wasOnline = reached.contains(link.id)
        switch end {
        case .failed(.cancelled): return end
        case .failed(.transport(.ended)), .failed(.transport(.closed)):
            show(link, .offline, detail: "it left", device: live[link.id]?.device)
        case .failed(let error):
            show(
                link, wasOnline ? .offline : .failing, detail: error.sentence, device: live[link.id]?.device)
        case .unauthorized(let detail): show(link, .unauthorized, detail: detail)
        case .waits(let state, let detail, let device):
            show(link, state, detail: detail, device: device)
        }
        if !wasOnline { stuck.insert(link.id) }
        return end
    }

    private func claim(_ device: DeviceKey, for id: String) -> Bool {
        if let holder = claims[device], holder != id { return false }
        claims[device] = id
        return true
    }

    // MARK: Telling people

    private func show(
        _ link: AvailableLink, _ state: PhoneState, detail: String, device: DeviceKey? = nil
    ) {
        if stuck.contains(link.id), Self.isPassing(state), detail.isEmpty { return }
        stuck.remove(link.id)
        if state == .online { reached.insert(link.id) }
        let before = live[link.id]
        let now = LiveDevice(
            transportSerial: link.serial, address: link.address, state: state, detail: detail,
            device: device)
        live[link.id] = now
        if before?.state != state || before?.detail != detail {
            services.log.log(
                state.isProblem ? .warning : .info, "phone \(state.rawValue)", ("address", link.address),
                ("serial", link.serial), ("detail", detail))
        }
    }

    /// States on the way to another one.
    private static func isPassing(_ state: PhoneState) -> Bool {
        switch state {
        case .connecting, .authorizing, .identifying: true
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
