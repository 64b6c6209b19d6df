/// The active configuration of a USB device, as plain values: what a device claims about itself.
struct USBConfiguration: Sendable, Equatable {
    /// The interfaces in descriptor order, each with all its alternate settings in descriptor order.
    var interfaces: [[USBSetting]]
}

/// One alternate setting of an interface.
struct USBSetting: Sendable, Equatable {
    var number: UInt8
    var kind: USBInterfaceKind
    var endpoints: [USBEndpoint]
}

/// Class, subclass and protocol of an interface.
struct USBInterfaceKind: Sendable, Equatable {
    var interfaceClass: UInt8
    var subclass: UInt8
    var interfaceProtocol: UInt8
}

/// One endpoint, with its descriptor's numbers unchecked.
struct USBEndpoint: Sendable, Equatable {
    /// Bit 7 set: towards the host.
    var address: UInt8
    /// Bits 0 and 1: the transfer type, 2 is bulk.
    var attributes: UInt8
    /// `wMaxPacketSize`, in bytes.
    var packetBytes: UInt16

    var isBulk: Bool { attributes & 3 == 2 }
    var isIn: Bool { address & 0x80 != 0 }
}
