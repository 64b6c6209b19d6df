package import ADB
import Control
package import Daemon
import Platform
import Synchronization
package import VirtualPhone

/// Virtual phones that are plugged in and out: the simulation's USB.
package final class VirtualLinks: LinkFinder {
    private struct State {
        var plugged: [String: (phone: VirtualPhone, arrival: Int)] = [:]
        var arrivals = 0
        var problems: [String: String] = [:]
        var isChanged = false
        var waiter: OneShot<Void>?
    }

    private let state = Mutex(State())

    /// No phone is plugged in.
    package init() {}

    /// Plugs `phone` in; nothing when it is in.
    package func plug(_ phone: VirtualPhone) {
        change { state in
            guard state.plugged[phone.serial] == nil else { return }
            state.arrivals += 1
            state.plugged[phone.serial] = (phone, state.arrivals)
        }
    }

    /// Pulls the cable of `phone`.
    package func unplug(_ phone: VirtualPhone) {
        change { $0.plugged[phone.serial] = nil }
        phone.cutLinks()
    }

    /// Takes the link of `phone` away and leaves its connections standing, as a TCP address that the user takes away.
    package func withdraw(_ phone: VirtualPhone) { change { $0.plugged[phone.serial] = nil } }

    /// A device at `address` claims to be a phone and cannot be used, because of `reason`; nil: it is gone.
    package func setProblem(at address: String, _ reason: String?) {
        change { $0.problems[address] = reason }
    }

    package func problems() async -> [LinkProblem] {
        state.withLock { state in
            state.problems.sorted { $0.key < $1.key }.map { LinkProblem(address: $0.key, reason: $0.value) }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            state.isChanged = true
            let waiter = state.waiter
            state.waiter = nil
            return waiter
        }
        waiter?.give(())
    }

    package func links() async -> [AvailableLink] {
        state.withLock { state in
            state.isChanged = false
            return state.plugged.sorted { $0.key < $1.key }.map { serial, entry in
                AvailableLink(
                    id: "virtual/\(serial)/\(entry.arrival)", address: "virtual/\(serial)", serial: serial)
            }
        }
    }

    package func changed() async {
        let waiter: OneShot<Void>? = state.withLock { state in
            if state.isChanged { return nil }
            let waiter = OneShot<Void>()
            state.waiter = waiter
            return waiter
        }
        _ = await waiter?.value()
    }

    package func open(_ link: AvailableLink) async throws(LinkRefusal) -> any Transport {
        let found = state.withLock { state in
            state.plugged[link.serial].flatMap {
                "virtual/\(link.serial)/\($0.arrival)" == link.id ? $0.phone : nil
            }
        }
        guard let found else { throw LinkRefusal(state: .offline, detail: "it was unplugged") }
        return VirtualTransport(found.connect())
    }
}
