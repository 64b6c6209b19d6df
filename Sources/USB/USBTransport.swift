package import ADB
internal import CLibUSB
internal import Platform

/// The link to one phone over USB. Runs on its context's thread.
///
/// States: open → ending (an error or `close`; transfers are being taken back) → closed. The first error is final:
/// framing is lost with any transfer that did not end as asked, so every later call throws the same error.
///
/// Cancelling a task that waits in `receive` or `send` ends the link for good, with `.closed`. `close` must be
/// called in every case; it is what frees the device.
package actor USBTransport: Transport {
    /// Most bytes asked for at a time: the largest ADB payload (`MAX_PAYLOAD` in AOSP `packages/modules/adb adb.h`).
    package static let receiveBytesMax = 1_048_576
    /// Time limit of each outgoing transfer, in milliseconds, as AOSP `packages/modules/adb client/usb_linux.cpp`.
    package static let sendTimeoutMilliseconds: UInt32 = 5_000
    /// How long cancelled transfers are waited for before they are given up.
    static let returnDeadline = Duration.seconds(2)

    nonisolated package let framing = TransportFraming.transfers

    private let executor: ThreadExecutor
    private let context: USBContext
    nonisolated private let interruption: Interruption

    private var handle: USBHandle?
    private var failure: TransportError?
    private var posted: [ObjectIdentifier: USBTransfer] = [:]
    private var returnBy: ContinuousClock.Instant?
    private var leaked = 0
    private var receiver: CheckedContinuation<Result<[UInt8], TransportError>, Never>?
    private var sender: CheckedContinuation<Result<Void, TransportError>, Never>?
    private var closers: [CheckedContinuation<Void, Never>] = []

    nonisolated package var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(handle: sending USBHandle, executor: ThreadExecutor, parker: USBParker, context: USBContext) {
        self.handle = handle
        self.executor = executor
        self.context = context
        interruption = Interruption(parker: parker)
    }

    package func receive(wanted: Int) async throws(TransportError) -> [UInt8] {
        precondition(1...Self.receiveBytesMax ~= wanted, "the decoder asks for more than a payload can have")
        precondition(receiver == nil, "two tasks receive at a time")
        if let failure { throw failure }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                receiver = continuation
                postReceive(wanted: wanted)
            }
        } onCancel: {
            interruption.raise()
        }
        return try result.get()
    }

    package func send(header: [UInt8], payload: [UInt8]) async throws(TransportError) {
        precondition(sender == nil, "two tasks send at a time")
        if let failure { throw failure }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                sender = continuation
                // Both at once: the kernel keeps the order on one endpoint, and one wait is saved.
                post(header, role: .sendHeader)
                if !payload.isEmpty, failure == nil { post(payload, role: .sendPayload) }
            }
        } onCancel: {
            interruption.raise()
        }
        try result.get()
    }

    /// Stop, cancel, wait for all transfers (2 s at most), give up what has not come back, release, close.
    package func close() async {
        end(.closed)
        if !posted.isEmpty {
            await withCheckedContinuation { closers.append($0) }
        }
        release()
    }

    // MARK: - On the USB thread

    /// What cancelled tasks and deadlines ask for; returns the next deadline.
    func beforeWaiting(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if interruption.isRaised { end(.closed) }
        if let returnBy, returnBy <= now, !posted.isEmpty {
            leaked += posted.count
            posted = [:]
            settle()
        }
        return posted.isEmpty ? nil : returnBy
    }

    /// libusb has given `transfer` back.
    func returned(_ transfer: USBTransfer) {
        guard posted.removeValue(forKey: ObjectIdentifier(transfer)) != nil else {
            leaked -= 1  // given up too early; nobody waits for it any more
            return
        }
        if let error = error(of: transfer) {
            end(error)
        } else if transfer.role == .receive, let receiver {
            self.receiver = nil
            receiver.resume(returning: .success(transfer.bytes))
        }
        settle()
    }

    /// Another caller of `close` may have been here while this one waited.
    private func release() {
        guard let handle else { return }
        self.handle = nil
        handle.close()
        let lost = leaked
        context.assumeIsolated { $0.closed(self, leaked: lost) }
    }

    private func postReceive(wanted: Int) {
        guard let handle else { return end(.closed) }
        let packet = handle.endpoints.packetBytes
        // A multiple of the packet size cannot overflow; more than that would wait for the next message.
        let bytes = (wanted + packet - 1) / packet * packet
        submit(USBTransfer(receiving: bytes, handle: handle, transport: self), role: .receive)
    }

    private func post(_ bytes: [UInt8], role: USBTransfer.Role) {
        guard let handle else { return end(.closed) }
        let transfer = USBTransfer(
            sending: bytes, role: role, timeoutMilliseconds: Self.sendTimeoutMilliseconds, handle: handle,
            transport: self)
        submit(transfer, role: role)
    }

    private func submit(_ transfer: USBTransfer?, role: USBTransfer.Role) {
        guard let transfer else {
            return end(USBFailure.submit(code: LIBUSB_ERROR_NO_MEM.rawValue, role: role, place: place))
        }
        posted[ObjectIdentifier(transfer)] = transfer
        let code = transfer.submit()
        if code != 0 {
            posted[ObjectIdentifier(transfer)] = nil
            end(USBFailure.submit(code: code, role: role, place: place))
            settle()
        }
    }

    private var place: String { handle?.place ?? "the phone" }

    private func error(of transfer: USBTransfer) -> TransportError? {
        if let error = USBFailure.transfer(status: transfer.status, role: transfer.role, place: place) {
            return error
        }
        if transfer.role == .receive || transfer.isComplete { return nil }
        return .failed(operation: "send", detail: "\(place) took only a part of a message")
    }

    /// Ends the link with `error`, unless it has ended already, and takes back what is in flight.
    private func end(_ error: TransportError) {
        if failure == nil {
            failure = error
            returnBy = ContinuousClock.now + Self.returnDeadline
            for transfer in posted.values { transfer.cancel() }
        }
        settle()
    }

    /// Resumes whoever waits for something that has happened.
    private func settle() {
        let roles = posted.values.map(\.role)
        if let failure, let receiver, !roles.contains(.receive) {
            self.receiver = nil
            receiver.resume(returning: .failure(failure))
        }
        if let sender, !roles.contains(.sendHeader), !roles.contains(.sendPayload) {
            self.sender = nil
            sender.resume(returning: failure.map { .failure($0) } ?? .success(()))
        }
        if posted.isEmpty {
            let waiting = closers
            closers = []
            for closer in waiting { closer.resume() }
        }
    }
}
