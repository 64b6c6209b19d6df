internal import ADB
internal import CLibUSB

/// libusb's codes as the transport's errors.
enum USBFailure {
    /// The kernel's limit for the memory of all USB transfers of the machine, in MiB; 0 means without a limit.
    static let memoryParameter = "/sys/module/usbcore/parameters/usbfs_memory_mb"

    /// Why a transfer could not be handed over.
    static func submit(code: Int32, role: USBLinkMachine.Role, place: String) -> TransportError {
        switch libusb_error(code) {
        case LIBUSB_ERROR_NO_DEVICE: .ended
        case LIBUSB_ERROR_NO_MEM:
            .failed(
                operation: role.operation,
                detail:
                    "no memory for a USB transfer with \(place): the transfers of all programs together reach "
                    + "the limit in \(memoryParameter) (usually 16 MiB); raise it")
        default: .failed(operation: role.operation, detail: "\(place): \(USBError.words(for: code))")
        }
    }

    /// Why a transfer did not end as asked; nil when it did.
    static func transfer(
        status: libusb_transfer_status, role: USBLinkMachine.Role, place: String
    ) -> TransportError? {
        switch status {
        case LIBUSB_TRANSFER_COMPLETED: nil
        case LIBUSB_TRANSFER_NO_DEVICE: .ended
        case LIBUSB_TRANSFER_CANCELLED: .closed
        case LIBUSB_TRANSFER_TIMED_OUT: .timedOut(operation: role.operation)
        case LIBUSB_TRANSFER_STALL:
            .failed(operation: role.operation, detail: "\(place) refused the transfer (stall)")
        case LIBUSB_TRANSFER_OVERFLOW:
            .failed(operation: role.operation, detail: "\(place) sent more than the transfer could hold")
        default: .failed(operation: role.operation, detail: "\(place): error on the wire")
        }
    }
}

extension USBLinkMachine.Role {
    /// For error messages.
    var operation: String {
        switch self {
        case .receive: "receive"
        case .sendHeader, .sendPayload: "send"
        }
    }
}
