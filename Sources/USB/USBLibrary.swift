internal import CLibUSB

/// One libusb context. Ends with its last owner; the event thread is one of them, so it never loses the context.
///
/// Sendable by libusb's own rule: a context may be used from any thread (libusb 1.0 manual, "Multi-threaded
/// applications and asynchronous I/O"), and the pointer never changes.
@safe final class USBLibrary: @unchecked Sendable {
    let context: OpaquePointer

    init() throws(USBError) {
        var made: OpaquePointer?
        let code = unsafe libusb_init(&made)
        guard code == 0, let context = unsafe made else {
            throw USBError(.unavailable, operation: "start libusb", detail: USBError.words(for: code))
        }
        unsafe self.context = context
    }

    deinit {
        unsafe libusb_exit(context)
    }
}
