internal import CLibUSB

/// An open device with its ADB interface claimed; used on the USB thread only. libusb references the device until
/// the handle is closed.
@safe final class USBHandle {
    let pointer: OpaquePointer
    let endpoints: ADBEndpoints
    /// The device's path and node, for error messages.
    let place: String
    private var isOpen = true

    /// Opens the device and claims the interface. Nothing else: see `USBContext.open`.
    init(opening device: USBDevice, endpoints: ADBEndpoints, place: String) throws(USBError) {
        var opened: OpaquePointer?
        let openCode = unsafe libusb_open(device.pointer, &opened)
        guard openCode == 0, let pointer = unsafe opened else {
            throw USBError(code: openCode, operation: "open", device: place)
        }
        let claimCode = unsafe libusb_claim_interface(pointer, Int32(endpoints.interface))
        guard claimCode == 0 else {
            unsafe libusb_close(pointer)
            throw USBError(code: claimCode, operation: "claim the ADB interface of", device: place)
        }
        unsafe self.pointer = pointer
        self.endpoints = endpoints
        self.place = place
    }

    /// Gives the interface back and closes the device. Not inside a transfer's callback (libusb issue 903).
    func close() {
        guard isOpen else { return }
        isOpen = false
        // Fails when the device is gone, which changes nothing.
        _ = unsafe libusb_release_interface(pointer, Int32(endpoints.interface))
        unsafe libusb_close(pointer)
    }

    deinit {
        close()
    }
}
