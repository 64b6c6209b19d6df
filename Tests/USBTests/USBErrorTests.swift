import ADB
import CLibUSB
import Testing

@testable import USB

@Suite("USB errors say what to do")
struct USBErrorTests {
    @Test(
        "libusb's codes",
        arguments: [
            (LIBUSB_ERROR_ACCESS, USBError.Kind.noPermission), (LIBUSB_ERROR_BUSY, .busy),
            (LIBUSB_ERROR_NO_DEVICE, .gone), (LIBUSB_ERROR_NOT_FOUND, .gone), (LIBUSB_ERROR_IO, .other),
            (LIBUSB_ERROR_NO_MEM, .other), (LIBUSB_ERROR_OTHER, .other),
        ] as [(libusb_error, USBError.Kind)])
    func kinds(code: libusb_error, kind: USBError.Kind) {
        let error = USBError(code: code.rawValue, operation: "open", device: "1-4.2 (/dev/bus/usb/001/005)")
        #expect(error.kind == kind)
        #expect(error.description.hasPrefix("cannot open 1-4.2 (/dev/bus/usb/001/005) (LIBUSB_ERROR_"))
        #expect(error.description.hasSuffix(error.advice))
        #expect(error.advice.hasSuffix("."))
    }

    @Test("Each kind has its own advice")
    func advice() {
        let kinds: [USBError.Kind] = [.noPermission, .busy, .gone, .unavailable, .other]
        let texts = kinds.map { USBError($0, operation: "open", detail: "").advice }
        #expect(Set(texts).count == kinds.count)
        #expect(texts[0].contains("plugdev"))
        #expect(texts[1].contains("adb kill-server"))
    }

    @Test("A code that libusb does not know does not trap")
    func unknownCode() {
        #expect(USBError(code: -12_345, operation: "open", device: "").kind == .other)
    }

    @Test("Transfers: unplugged, cancelled, late, refused, too much, broken")
    func transfers() {
        func failure(_ status: libusb_transfer_status) -> String {
            USBFailure.transfer(status: status, role: .receive, place: "1-1").map { "\($0)" } ?? "none"
        }
        #expect(failure(LIBUSB_TRANSFER_COMPLETED) == "none")
        #expect(failure(LIBUSB_TRANSFER_NO_DEVICE) == "ended")
        #expect(failure(LIBUSB_TRANSFER_CANCELLED) == "closed")
        #expect(failure(LIBUSB_TRANSFER_TIMED_OUT).contains("timedOut"))
        #expect(failure(LIBUSB_TRANSFER_STALL).contains("1-1 refused"))
        #expect(failure(LIBUSB_TRANSFER_OVERFLOW).contains("more than"))
        #expect(failure(LIBUSB_TRANSFER_ERROR).contains("on the wire"))
    }

    @Test("No memory for a transfer names the kernel's parameter")
    func noMemory() {
        let error = USBFailure.submit(code: LIBUSB_ERROR_NO_MEM.rawValue, role: .sendPayload, place: "1-1")
        #expect("\(error)".contains("/sys/module/usbcore/parameters/usbfs_memory_mb"))
        #expect(USBFailure.submit(code: LIBUSB_ERROR_NO_DEVICE.rawValue, role: .receive, place: "") == .ended)
    }
}
