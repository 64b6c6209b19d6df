package import Control
package import Events

/// A phone that is attached now, as the device watch sees it.
package struct LiveDevice: Sendable, Equatable {
    /// The serial that the link gives (USB descriptor or TCP address); outside text.
    package var transportSerial: String
    /// USB port path such as `1-1.2`, or `host:port`.
    package var address: String
    package var state: PhoneState
    /// One sentence about the state, for people; may be empty.
    package var detail: String
    /// Our row for it, once it has told who it is.
    package var device: DeviceKey?

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

/// The port through which control commands learn what is attached.
package protocol DeviceStates: Sendable {
    /// Every phone that is attached now.
    func liveDevices() async -> [LiveDevice]
}
