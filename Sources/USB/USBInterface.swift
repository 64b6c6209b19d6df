/// An ADB interface that is plugged in now. Seen without opening the device, so also when another program owns it.
package struct USBInterface: Sendable, Equatable {
    /// The socket it is plugged into.
    package let path: USBPath
    /// The device's serial number; empty where it has none. Cheap phones share serials: path and serial together
    /// name a phone. Text from outside: at most 128 bytes, repaired, not escaped.
    package let serial: String
    /// The product name the device gives (often the model); empty where it gives none. Text from outside.
    package let product: String
    /// Differs for every arrival in this process: a phone that left and came back is another link.
    package let arrival: UInt64
    /// The device node that must be readable and writable, such as `/dev/bus/usb/001/005`.
    package let node: String
    /// USB vendor and product number.
    package let vendor: UInt16
    package let productNumber: UInt16
    let endpoints: ADBEndpoints
}

/// A device that claims to be ADB and cannot be used.
package struct USBProblem: Sendable, Equatable {
    /// The socket it is plugged into.
    package let path: USBPath
    /// Why, as part of a sentence.
    package let reason: String
}

/// All ADB interfaces at one moment.
package struct USBSnapshot: Sendable, Equatable {
    /// Passed to `USBContext.changed(since:)`.
    package let generation: UInt64
    /// Usable interfaces, ordered by arrival.
    package let interfaces: [USBInterface]
    /// Devices that claim to be ADB and are not usable, or could not be read; ordered by arrival.
    package let problems: [USBProblem]
    /// Transfers that the system never gave back; their memory stays allocated. 0 in a healthy system.
    package let leakedTransfers: Int
}
