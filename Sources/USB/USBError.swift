internal import Base
internal import CLibUSB

/// Why a device could not be opened, or USB not be used at all.
package struct USBError: Error, Sendable, Equatable {
    /// What kind of failure, for `doctor` and for deciding whether to try again.
    package enum Kind: Sendable, Equatable {
        /// The device node may not be opened by this user.
        case noPermission
        /// Another program has claimed the interface.
        case busy
        /// The device left.
        case gone
        /// USB cannot be used on this machine at all.
        case unavailable
        /// Anything else.
        case other
    }

    package let kind: Kind
    /// What was done, such as `open`.
    package let operation: String
    /// The device's path and node, or empty where no device is concerned.
    package let device: String
    /// libusb's own words.
    package let detail: String

    /// The failure of `operation` with a libusb error code.
    init(code: Int32, operation: String, device: String) {
        switch libusb_error(code) {
        case LIBUSB_ERROR_ACCESS: kind = .noPermission
        case LIBUSB_ERROR_BUSY: kind = .busy
        case LIBUSB_ERROR_NO_DEVICE, LIBUSB_ERROR_NOT_FOUND: kind = .gone
        default: kind = .other
        }
        self.operation = operation
        self.device = device
        detail = USBError.words(for: code)
    }

    init(_ kind: Kind, operation: String, device: String = "", detail: String) {
        self.kind = kind
        self.operation = operation
        self.device = device
        self.detail = detail
    }

    /// libusb's words for an error code, such as `LIBUSB_ERROR_NO_MEM: Insufficient memory`.
    static func words(for code: Int32) -> String {
        let name = unsafe libusb_error_name(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        let text = unsafe libusb_strerror(code).map { unsafe String(cString: $0) } ?? ""
        return PrintableText.escape(text.isEmpty ? name : "\(name): \(text)")
    }

    /// What to do, as a sentence.
    package var advice: String {
        switch kind {
        case .noPermission:
            "Install udev/60-phonewire.rules, add this user to the group plugdev, and plug the phone in again."
        case .busy:
            "Another program holds the phone, most often Google's adb: run `adb kill-server` and stop what starts it."
        case .gone:
            "The phone was unplugged or is changing its USB mode; it is used again as soon as it is back."
        case .unavailable:
            "USB needs libusb with hot-plug, a running udevd and, under systemd, RestrictAddressFamilies=AF_NETLINK."
        case .other:
            "Plug the phone in again; under systemd the unit needs DeviceAllow=char-usb_device rw."
        }
    }
}

extension USBError: CustomStringConvertible {
    package var description: String {
        let place = device.isEmpty ? "" : " \(device)"
        return "cannot \(operation)\(place) (\(detail)). \(advice)"
    }
}
