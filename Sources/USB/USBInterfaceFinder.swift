/// Finds the ADB interface of a device in its descriptors. Pure.
///
/// The rules are those of AOSP `packages/modules/adb client/usb_libusb_device.cpp`: class, subclass and protocol of
/// the first alternate setting, first bulk IN and first bulk OUT endpoint, equal packet sizes. Never the vendor: any
/// vendor's phone speaks ADB. Where AOSP aborts, this says why the interface cannot be used.
enum USBInterfaceFinder {
    /// ADB over a phone's USB gadget: `ADB_CLASS`, `ADB_SUBCLASS`, `ADB_PROTOCOL` in AOSP `packages/modules/adb adb.h`.
    static let gadget = USBInterfaceKind(interfaceClass: 0xFF, subclass: 0x42, interfaceProtocol: 0x01)
    /// ADB over an xHCI debug capability, the same protocol (same file).
    static let debugCapability = USBInterfaceKind(
        interfaceClass: 0xDC, subclass: 0x02, interfaceProtocol: 0x01)
    /// The packet sizes a bulk endpoint may have, in bytes (USB 2.0 section 5.8.3, USB 3.2 section 8.12.1.2).
    static let bulkPacketBytes: Set<UInt16> = [8, 16, 32, 64, 512, 1024]

    enum Finding: Sendable, Equatable {
        /// No interface that claims to be ADB.
        case none
        /// The interface to claim.
        case found(ADBEndpoints)
        /// It claims to be ADB and cannot be used, because of `reason`.
        case unusable(reason: String)
    }

    /// The first usable ADB interface; when there is none, why the first one that claims to be ADB is not usable.
    static func find(in configuration: USBConfiguration) -> Finding {
        var firstReason: String?
        for settings in configuration.interfaces {
            // Only the first alternate setting counts; further ones do no harm.
            guard let setting = settings.first, setting.kind == gadget || setting.kind == debugCapability
            else {
                continue
            }
            switch endpoints(of: setting) {
            case .success(let endpoints): return .found(endpoints)
            case .failure(let failure): firstReason = firstReason ?? failure.reason
            }
        }
        return firstReason.map { .unusable(reason: $0) } ?? .none
    }

    private struct Failure: Error {
        let reason: String
    }

    private static func endpoints(of setting: USBSetting) -> Result<ADBEndpoints, Failure> {
        let bulk = setting.endpoints.filter(\.isBulk)
        guard let incoming = bulk.first(where: \.isIn) else {
            return .failure(Failure(reason: "interface \(setting.number) has no bulk IN endpoint"))
        }
        guard let outgoing = bulk.first(where: { !$0.isIn }) else {
            return .failure(Failure(reason: "interface \(setting.number) has no bulk OUT endpoint"))
        }
        guard incoming.packetBytes == outgoing.packetBytes else {
            let sizes = "\(incoming.packetBytes) and \(outgoing.packetBytes)"
            return .failure(Failure(reason: "interface \(setting.number) has packets of \(sizes) bytes"))
        }
        guard bulkPacketBytes.contains(incoming.packetBytes) else {
            let size = "\(incoming.packetBytes) bytes, which no bulk endpoint can have"
            return .failure(Failure(reason: "interface \(setting.number) has packets of \(size)"))
        }
        return .success(
            ADBEndpoints(
                interface: setting.number, incoming: incoming.address, outgoing: outgoing.address,
                packetBytes: Int(incoming.packetBytes)))
    }
}

/// What is needed to talk to a phone: the interface to claim and its two endpoints.
struct ADBEndpoints: Sendable, Equatable {
    var interface: UInt8
    var incoming: UInt8
    var outgoing: UInt8
    /// `wMaxPacketSize` of both endpoints: 64, 512 or 1024 bytes by the speed of the link.
    var packetBytes: Int
}
