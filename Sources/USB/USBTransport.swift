package import ADB
internal import CLibUSB
internal import Platform

/// The link to one phone over USB. Runs on its context's thread; drives a `USBLinkMachine`.
///
/// Any error ends the link for good. Cancelling a task that waits in `receive` or `send` ends it too, with `.closed`.
/// `close` must be called in every case; it is what frees the device.
package actor USBTransport: Transport {
    /// Most bytes asked for at a time: the largest ADB payload (`MAX_PAYLOAD` in AOSP `packages/modules/adb adb.h`).
    package static let receiveBytesMax = 1_048_576
    /// Time limit of each outgoing transfer, in milliseconds, as AOSP `packages/modules/adb client/usb_linux.cpp`.
    package static let sendTimeoutMilliseconds: UInt32 = 5_000

    nonisolated package let framing = TransportFraming.transfers

    private let executor: ThreadExecutor
    private let context: USBContext
    nonisolated private let interruption: Interruption

    private var handle: USBHandle?
    private var machine = USBLinkMachine()
    private var transfers: [Int: USBTransfer] = [:]
    private var receiver: CheckedContinuation<Result<[UInt8], TransportError>, Never>?
    private var sender: CheckedContinuation<TransportError?, Never>?
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
        if let failure = machine.failure { throw failure }
        machine.receiveRequested()
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
        if let failure = machine.failure { throw failure }
        machine.sendRequested()
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                sender = continuation
                // Both at once: the kernel keeps the order on one endpoint, and one wait is saved.
                post(header, role: .sendHeader)
                if !payload.isEmpty, machine.failure == nil { post(payload, role: .sendPayload) }
            }
        } onCancel: {
            interruption.raise()
        }
        if let failure { throw failure }
    }

    /// Stop, cancel, wait for all transfers (2 s at most), give up what has not come back, release, close.
    package func close() async {
        perform(machine.closeRequested(now: .now))
        if !machine.isFree {
            await withCheckedContinuation { closers.append($0) }
        }
        release()
    }

    // MARK: - On the USB thread

    /// What cancelled tasks and deadlines ask for; returns the next deadline.
    func beforeWaiting(now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        if interruption.isRaised { perform(machine.closeRequested(now: now)) }
        perform(machine.timePassed(now: now))
        return machine.giveUpAt
    }

    /// libusb has given `transfer` back.
    func returned(_ transfer: USBTransfer) {
        transfers[transfer.id] = nil
        perform(machine.returned(transfer.id, outcome: outcome(of: transfer), now: .now))
    }

    private func perform(_ actions: [USBLinkMachine.Action]) {
        for action in actions {
            switch action {
            case .cancel(let id):
                transfers[id]?.cancel()
            case .answerReceiver(let result):
                receiver?.resume(returning: result)
                receiver = nil
            case .answerSender(let failure):
                sender?.resume(returning: failure)
                sender = nil
            case .free:
                // What was given up keeps itself alive; see USBTransfer.
                transfers = [:]
                for closer in closers { closer.resume() }
                closers = []
            }
        }
    }

    /// Another caller of `close` may have been here while this one waited.
    private func release() {
        guard let handle else { return }
        self.handle = nil
        handle.close()
        let leaked = machine.leaked
        context.assumeIsolated { $0.closed(self, leaked: leaked) }
    }

    private func postReceive(wanted: Int) {
        let packet = handle?.endpoints.packetBytes ?? 1
        // A multiple of the packet size cannot overflow; more than that would wait for the next message.
        let bytes = (wanted + packet - 1) / packet * packet
        submit(.receive) { id, handle in
            USBTransfer(id: id, receiving: bytes, handle: handle, transport: self)
        }
    }

    private func post(_ bytes: [UInt8], role: USBLinkMachine.Role) {
        submit(role) { id, handle in
            USBTransfer(
                id: id, sending: bytes, role: role, timeoutMilliseconds: Self.sendTimeoutMilliseconds,
                handle: handle, transport: self)
        }
    }

    private func submit(_ role: USBLinkMachine.Role, _ make: (Int, USBHandle) -> USBTransfer?) {
        let id = machine.posted(role)
        guard let handle else {
            return perform(machine.refused(id, error: .closed, now: .now))
        }
        var code = LIBUSB_ERROR_NO_MEM.rawValue
        if let transfer = make(id, handle) {
            transfers[id] = transfer
            code = transfer.submit()
        }
        if code != 0 {
            transfers[id] = nil
            let error = USBFailure.submit(code: code, role: role, place: handle.place)
            perform(machine.refused(id, error: error, now: .now))
        }
    }

    private func outcome(of transfer: USBTransfer) -> USBLinkMachine.Outcome {
        let place = handle?.place ?? "the phone"
        if let error = USBFailure.transfer(status: transfer.status, role: transfer.role, place: place) {
            return .failed(error)
        }
        if transfer.role == .receive { return .received(transfer.bytes) }
        if transfer.isComplete { return .sent }
        return .failed(.failed(operation: "send", detail: "\(place) took only a part of a message"))
    }
}
