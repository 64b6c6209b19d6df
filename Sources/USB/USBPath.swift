/// Where a device is plugged in: the bus and the port of each hub on the way, as sysfs writes it (`1-4.2`).
///
/// The same socket keeps its path when a phone leaves and comes back; addresses and product numbers change.
package struct USBPath: Sendable, Hashable, CustomStringConvertible {
    /// Most ports on the way: USB 2.0 section 4.1.1 allows five hubs in a row, libusb documents seven numbers.
    static let portsMax = 7

    /// The text, such as `1-4.2`: digits, one `-`, dots. Safe in file names and logs.
    package let description: String

    init(bus: UInt8, ports: [UInt8]) {
        description = "\(bus)-" + ports.map { "\($0)" }.joined(separator: ".")
    }
}
