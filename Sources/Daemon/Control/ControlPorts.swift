package import Events
package import Platform

/// A phone that is attached now, as the device watch sees it.
package struct LiveDevice: Sendable, Equatable {
    /// The serial that the link gives (USB descriptor or TCP address); outside text.
    package var transportSerial: String
    /// USB port path such as `1-1.2`, or `host:port`.
    package var address: String
    /// How it is.
    package var state: PhoneState
    /// One sentence about the state, for people; may be empty.
    package var detail: String
    /// Our row for it, once it has told who it is.
    package var device: DeviceKey?

    /// A phone that is attached.
    package init(
        transportSerial: String, address: String, state: PhoneState, detail: String = "",
        device: DeviceKey? = nil
    ) {
        self.transportSerial = transportSerial
        self.address = address
        self.state = state
        self.detail = detail
        self.device = device
    }
}

/// The port through which control calls learn what is attached.
package protocol DeviceStates: Sendable {
    /// Every phone that is attached now.
    func liveDevices() async -> [LiveDevice]
}

/// The port through which control calls begin and end serving phones over TCP.
package protocol AddressLinks: Sendable {
    /// Serves the phone at `address` from now on, or ends that; the store knows it already.
    func set(_ address: SocketAddress, wanted: Bool) async
}

/// The port through which control calls hand over other programs' keys.
package protocol KeyImporter: Sendable {
    /// Keeps the private keys `pems` (PEM) for the phone with that serial alone.
    func importKeys(_ pems: [[UInt8]], for serial: String) async throws(KeyRing.Failure)
}

extension TCPLinks: AddressLinks {}
extension KeyRing: KeyImporter {}
