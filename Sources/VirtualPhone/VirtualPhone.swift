import Synchronization

/// A phone made of software: an ADB peer with a small Android behind it.
///
/// It is driven from two sides: hosts through links (`connect`, `VirtualPhoneServer`), and whoever plays user and
/// network through the methods here. Everything runs under one lock on the caller's thread; with the same seed,
/// clock and calls it does the same again.
package final class VirtualPhone: Sendable {
    let state: Mutex<VirtualPhoneState>
    /// The fixed facts.
    package let setup: VirtualPhoneSetup

    package init(setup: VirtualPhoneSetup = VirtualPhoneSetup()) {
        self.setup = setup
        state = Mutex(VirtualPhoneState(setup: setup))
    }

    /// USB serial number.
    package var serial: String { setup.serial }

    /// Plugs the phone into a host in this process.
    package func connect() -> VirtualLink { VirtualLink(phone: self, number: openLink(observer: nil)) }

    /// Ends all links, as pulling the cable does.
    package func cutLinks() { change { $0.endAllLinks() } }

    /// What the phone has stored and served so far.
    package var counters: VirtualCounters { change { $0.core.android.counters } }

    /// Sets how the phone misbehaves from now on; an empty list makes it well.
    package func setFaults(_ faults: [VirtualFault]) { change { $0.core.faults = faults } }

    /// Sends the OKAYs that `VirtualFault.okayWithheld` has kept back.
    package func releaseOkays() {
        change { state in
            for number in state.links.keys.sorted() { state.links[number]?.session.releaseOkays(state.core) }
        }
    }

    /// Changes the phone under its lock, then lets processes and streams go on and wakes who waits.
    ///
    /// Continuations and observers run after the lock is free: they may call back into the phone.
    func change<Result: Sendable>(_ body: (inout VirtualPhoneState) -> Result) -> Result {
        let (result, wakes) = state.withLock { state in
            state.core.android.passTime()
            let result = body(&state)
            return (result, state.settle())
        }
        for wake in wakes { wake.perform() }
        return result
    }
}

/// All state of a virtual phone.
struct VirtualPhoneState {
    /// Most links at a time; a further one replaces the oldest.
    static let linksMax = 64

    struct Link {
        var session: DeviceSession
        var reader: VirtualReader?
        var lastTicket = 0
        var cancelledTicket = 0
        /// Called, without the lock, when bytes wait or the link has ended.
        var observer: (@Sendable () -> Void)?
        var observed = false
    }

    let core: PhoneCore
    var links: [Int: Link] = [:]
    private var lastLink = 0
    private var wakes: [VirtualWake] = []

    init(setup: VirtualPhoneSetup) { core = PhoneCore(setup: setup) }

    mutating func open(observer: (@Sendable () -> Void)?) -> Int {
        if links.count >= Self.linksMax, let oldest = links.keys.min() { end(oldest) }
        lastLink += 1
        core.android.counters.links += 1
        links[lastLink] = Link(session: DeviceSession(link: lastLink), observer: observer)
        return lastLink
    }

    /// Ends a link: its dialog closes, its reader hears of it.
    mutating func end(_ number: Int) {
        guard let link = links.removeValue(forKey: number) else { return }
        core.prompts.removeAll { $0.link == number }
        if let reader = link.reader { wakes.append(.resume(reader, .failed(.unplugged))) }
        if let observer = link.observer { wakes.append(.observe(observer)) }
    }

    mutating func endAllLinks() {
        for number in links.keys.sorted() { end(number) }
    }

    /// Removes bytes that are for the host; nil once the link has ended.
    mutating func bytesForHost(_ number: Int, max: Int) -> [UInt8]? {
        guard links[number] != nil else { return nil }
        links[number]?.session.pump(core)
        let bytes = links[number]?.session.bytesForHost(limit: max, core) ?? []
        links[number]?.observed = false
        if bytes.isEmpty, links[number]?.session.ended == true {
            end(number)
            return nil
        }
        return bytes
    }

    /// Lets everything go on that can, and says whom to wake.
    mutating func settle() -> [VirtualWake] {
        for number in links.keys.sorted() {
            links[number]?.session.pump(core)
            guard let link = links[number], link.session.hasOutput || link.session.ended else { continue }
            if let reader = link.reader {
                links[number]?.reader = nil
                let bytes = bytesForHost(number, max: reader.max)
                wakes.append(.resume(reader, bytes.map { .bytes($0) } ?? .failed(.unplugged)))
            } else if let observer = link.observer, !link.observed {
                links[number]?.observed = true
                wakes.append(.observe(observer))
            }
        }
        let found = wakes
        wakes = []
        return found
    }
}

/// Somebody to wake once the lock is free.
enum VirtualWake: Sendable {
    case resume(VirtualReader, VirtualReadOutcome)
    case observe(@Sendable () -> Void)

    func perform() {
        switch self {
        case .resume(let reader, let outcome): reader.continuation.resume(returning: outcome)
        case .observe(let observer): observer()
        }
    }
}
