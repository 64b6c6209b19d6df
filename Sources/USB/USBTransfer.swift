internal import CLibUSB

/// One bulk transfer in flight; used on the USB thread only.
///
/// It keeps itself alive from `submit` until libusb's callback, the one place where that reference is taken back.
/// When the callback never comes, transfer and buffer stay allocated: the kernel may still write into them.
@safe final class USBTransfer {
    /// The machine's number for it.
    let id: Int
    let role: USBLinkMachine.Role
    private let transport: USBTransport
    private let transfer: UnsafeMutablePointer<libusb_transfer>
    private let buffer: UnsafeMutableBufferPointer<UInt8>

    /// A transfer towards the host of at most `bytes` bytes, a multiple of the packet size, without a time limit:
    /// a read that timed out may already hold data, and framing would be lost.
    init?(id: Int, receiving bytes: Int, handle: USBHandle, transport: USBTransport) {
        guard let transfer = unsafe libusb_alloc_transfer(0) else { return nil }
        self.id = id
        role = .receive
        self.transport = transport
        unsafe self.transfer = unsafe transfer
        unsafe buffer = .allocate(capacity: bytes)
        fill(handle, endpoint: handle.endpoints.incoming, timeoutMilliseconds: 0)
    }

    /// A transfer of `bytes` towards the phone. A zero-length packet follows where the phone would otherwise not see
    /// the end: the kernel adds it, and only behind a multiple of the packet size.
    ///
    /// Why: AOSP `packages/modules/adb docs/dev/zero_length_packet.md`.
    init?(
        id: Int, sending bytes: [UInt8], role: USBLinkMachine.Role, timeoutMilliseconds: UInt32,
        handle: USBHandle,
        transport: USBTransport
    ) {
        guard let transfer = unsafe libusb_alloc_transfer(0) else { return nil }
        self.id = id
        self.role = role
        self.transport = transport
        unsafe self.transfer = unsafe transfer
        unsafe buffer = .allocate(capacity: bytes.count)
        _ = unsafe buffer.update(fromContentsOf: bytes)
        fill(handle, endpoint: handle.endpoints.outgoing, timeoutMilliseconds: timeoutMilliseconds)
        unsafe transfer.pointee.flags = UInt8(LIBUSB_TRANSFER_ADD_ZERO_PACKET.rawValue)
    }

    deinit {
        unsafe libusb_free_transfer(transfer)
        unsafe buffer.deallocate()
    }

    private func fill(_ handle: USBHandle, endpoint: UInt8, timeoutMilliseconds: UInt32) {
        unsafe libusb_fill_bulk_transfer(
            transfer, handle.pointer, endpoint, buffer.baseAddress, Int32(buffer.count),
            { transfer in
                guard let box = unsafe transfer?.pointee.user_data else { return }
                let mine = unsafe Unmanaged<USBTransfer>.fromOpaque(box).takeRetainedValue()
                nonisolated(unsafe) let returned = mine
                mine.transport.assumeIsolated { unsafe $0.returned(returned) }
            }, nil, timeoutMilliseconds)
    }

    /// Hands the transfer to libusb. On an error code no callback will come.
    func submit() -> Int32 {
        let me = unsafe Unmanaged.passRetained(self)
        unsafe transfer.pointee.user_data = me.toOpaque()
        let code = unsafe libusb_submit_transfer(transfer)
        if code != 0 { unsafe me.release() }
        return code
    }

    /// Asks for the transfer back. The callback comes later, by experience (AOSP commit 4a6fec49) not always.
    func cancel() {
        _ = unsafe libusb_cancel_transfer(transfer)
    }

    /// How it ended. Only after the callback.
    var status: libusb_transfer_status { unsafe transfer.pointee.status }

    /// Whether every byte went out.
    var isComplete: Bool { unsafe Int(transfer.pointee.actual_length) == buffer.count }

    /// A copy of the bytes that came in. Only after the callback.
    var bytes: [UInt8] {
        let count = unsafe min(max(0, Int(transfer.pointee.actual_length)), buffer.count)
        return unsafe Array(buffer[..<count])
    }
}
