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

    private let sources: [any LinkSource]
    private let services: SessionServices
    private var live: [String: LiveDevice] = [:]
    private var serials: Set<String> = []
    private var claims: [DeviceKey: String] = [:]
    private var serving: Set<String> = []
    private var offered: Set<String> = []
    private var waiter: OneShot<Void>?
    private var isChanged = true

    /// Serves what `sources` offer.
    package init(sources: [any LinkSource], services: SessionServices) {
        self.sources = sources
        self.services = services
    }

    /// Every phone that is attached now, in the order of their addresses.
    package func liveDevices() -> [LiveDevice] {
        live.filter { offered.contains($0.key) }.values.sorted { $0.address < $1.address }
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
                for source in sources { offers += await source.offers().map { ($0, source) } }
                offered = Set(offers.map(\.0.id))
                for (offer, source) in offers
                where !serving.contains(offer.id) && serving.count < Self.linksMax {
                    serving.insert(offer.id)
                    group.addTask { await self.serve(offer, source) }
                }
                await rest()
            }
            group.cancelAll()
        }
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

    private func serve(_ offer: LinkOffer, _ source: any LinkSource) async {
        var failures = 0
        while !Task.isCancelled, offered.contains(offer.id) {
            var pause = Self.pauses[min(failures, Self.pauses.count - 1)]
            failures += 1
            if !offer.serial.isEmpty, !serials.insert(offer.serial).inserted {
                show(offer, .limited, "another device with the same serial is being served")
                pause = Self.refusedPause
            } else {
                do throws(LinkRefusal) {
                    show(offer, .connecting, "")
                    let transport = try await source.open(offer)
                    if await session(offer, transport) { failures = 0 }
                } catch {
                    show(offer, error.state, error.detail)
                    pause = min(max(pause, .seconds(1)), Self.refusedPause)
                }
                serials.remove(offer.serial)
            }
            guard (try? await services.clock.sleep(for: pause)) != nil else { break }
        }
        live[offer.id] = nil
        serving.remove(offer.id)
        kick()
    }

    /// One session; true when the phone was online.
    private func session(_ offer: LinkOffer, _ transport: any Transport) async -> Bool {
        let session = PhoneSession(
            offer: offer, services: services,
            report: { state, detail, device in await self.show(offer, state, detail, device) },
            claim: { device in await self.claim(device, for: offer.id) })
        let (reason, wasOnline) = await session.run(transport)
        for (device, holder) in claims where holder == offer.id { claims[device] = nil }
        switch reason {
        case .cancelled: break
        case .transport(.ended), .transport(.closed):
            show(offer, .offline, "it left", live[offer.id]?.device)
        case .handshakeTimedOut where live[offer.id]?.state == .authorizing:
            show(offer, .unauthorized, reason.sentence)
        default:
            show(offer, wasOnline ? .offline : .failing, reason.sentence, live[offer.id]?.device)
        }
        return wasOnline
    }

    private func claim(_ device: DeviceKey, for id: String) -> Bool {
        if let holder = claims[device], holder != id { return false }
        claims[device] = id
        return true
    }

    private func show(_ offer: LinkOffer, _ state: PhoneState, _ detail: String, _ device: DeviceKey? = nil) {
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
}
