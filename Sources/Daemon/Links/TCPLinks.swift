package import ADB
package import Base
import Link
package import Platform

/// Phones over TCP, by addresses that the user gave: `adb tcpip` phones on trusted wires, virtual phones on loopback.
package actor TCPLinks: LinkFinder {
    private let poller: Poller
    private let clock: any DaemonClock
    private var addresses: [SocketAddress]
    private let isChanged = Signal()

    /// The phones at `addresses`.
    package init(addresses: [SocketAddress], poller: Poller, clock: any DaemonClock) {
        self.addresses = addresses
        self.poller = poller
        self.clock = clock
    }

    /// Adds or takes away an address; the device watch ends what is connected there.
    package func set(_ address: SocketAddress, wanted: Bool) {
        addresses.removeAll { $0 == address }
        if wanted { addresses.append(address) }
        isChanged.raise()
    }

    package func links() -> [AvailableLink] {
        isChanged.lower()
        return addresses.map { AvailableLink(id: "tcp/\($0)", address: "\($0)", serial: "\($0)") }
    }

    package func changed() async { await isChanged.wait() }

    package func open(_ link: AvailableLink) async throws(LinkRefusal) -> any Transport {
        guard let address = addresses.first(where: { "tcp/\($0)" == link.id }) else {
            throw LinkRefusal(state: .offline, detail: "its address was taken away")
        }
        do throws(TransportError) {
            return try await TCPTransport.connect(address, poller: poller, clock: clock)
        } catch {
            throw LinkRefusal(
                state: .offline,
                detail:
                    "nothing answers at \(address) (\(error.sentence)); on the phone, `adb tcpip 5555` must be on"
            )
        }
    }
}
