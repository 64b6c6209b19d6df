internal import Base
internal import CLibUSB
internal import Glibc
internal import Platform

/// A device that libusb knows, kept referenced; used on the USB thread only.
@safe final class USBDevice {
    /// Longest sysfs attribute kept, in bytes. A USB string has at most 126 UTF-16 units.
    static let textBytesMax = 128

    let pointer: OpaquePointer

    /// Takes a reference of its own.
    init(referencing pointer: OpaquePointer) {
        unsafe self.pointer = libusb_ref_device(pointer) ?? pointer
    }

    deinit {
        unsafe libusb_unref_device(pointer)
    }

    var path: USBPath {
        var ports = [UInt8](repeating: 0, count: USBPath.portsMax)
        let count = unsafe libusb_get_port_numbers(pointer, &ports, Int32(ports.count))
        return USBPath(
            bus: unsafe libusb_get_bus_number(pointer), ports: Array(ports.prefix(max(0, Int(count)))))
    }

    var node: String {
        func padded(_ number: UInt8) -> String { String(String(1000 + Int(number)).dropFirst()) }
        let bus = unsafe libusb_get_bus_number(pointer)
        let address = unsafe libusb_get_device_address(pointer)
        return "/dev/bus/usb/\(padded(bus))/\(padded(address))"
    }

    /// Vendor and product number. libusb keeps the device descriptor in memory.
    var numbers: (vendor: UInt16, product: UInt16) {
        var descriptor = libusb_device_descriptor()
        guard unsafe libusb_get_device_descriptor(pointer, &descriptor) == 0 else { return (0, 0) }
        return (descriptor.idVendor, descriptor.idProduct)
    }

    /// A text attribute, read from sysfs and so without opening the device. Empty where there is none.
    func text(_ attribute: String) -> String {
        let file = "/sys/bus/usb/devices/\(path)/\(attribute)"
        guard let bytes = try? SyncedFile.read(file) else { return "" }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }.prefix(Self.textBytesMax)
        return LossyText.decode(line)
    }

    /// The active configuration's descriptors, or libusb's error. Reads what the kernel keeps, not the wire.
    func configuration() -> Result<USBConfiguration, USBError> {
        var read: UnsafeMutablePointer<libusb_config_descriptor>?
        let code = unsafe libusb_get_active_config_descriptor(pointer, &read)
        guard code == 0, let descriptor = unsafe read else {
            return .failure(USBError(code: code, operation: "read the descriptors of", device: "\(path)"))
        }
        defer { unsafe libusb_free_config_descriptor(descriptor) }
        let interfaces = unsafe UnsafeBufferPointer(
            start: descriptor.pointee.interface, count: Int(descriptor.pointee.bNumInterfaces))
        let configuration = unsafe USBConfiguration(
            interfaces: interfaces.map { interface in
                unsafe UnsafeBufferPointer(
                    start: interface.altsetting, count: Int(max(0, interface.num_altsetting))
                ).map { unsafe USBSetting($0) }
            })
        return .success(configuration)
    }
}

extension USBSetting {
    fileprivate init(_ descriptor: libusb_interface_descriptor) {
        unsafe self.init(
            number: descriptor.bInterfaceNumber,
            kind: USBInterfaceKind(
                interfaceClass: descriptor.bInterfaceClass, subclass: descriptor.bInterfaceSubClass,
                interfaceProtocol: descriptor.bInterfaceProtocol),
            endpoints: UnsafeBufferPointer(start: descriptor.endpoint, count: Int(descriptor.bNumEndpoints))
                .map { endpoint in
                    unsafe USBEndpoint(
                        address: endpoint.bEndpointAddress, attributes: endpoint.bmAttributes,
                        packetBytes: endpoint.wMaxPacketSize)
                })
    }
}
