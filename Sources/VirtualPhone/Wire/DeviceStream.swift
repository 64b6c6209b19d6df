/// One stream of a session: a shell behind it, its framing, and what it still has to send.
struct DeviceStream: Sendable {
    /// How output is laid out on the stream.
    enum Framing: Sendable, Equatable {
        /// Shell v2 packets with an exit packet.
        case packets
        /// Both outputs in one run of bytes; a terminal turns each line feed into CR LF.
        case plain(terminal: Bool)
    }

    /// Output is taken from the process only while less than this waits, in bytes.
    static let pendingBytesLow = 256 << 10

    /// The phone's id and the host's.
    let local: UInt32
    let remote: UInt32
    let framing: Framing
    private var process: ShellProcess
    private var packets = ShellPacketReader()
    private var queue: [[UInt8]] = []
    private var queueHead = 0
    private var headOffset = 0
    private var pendingBytes = 0
    private var exitQueued = false
    /// Bytes sent and not yet acknowledged; without delayed acknowledgements any OKAY clears it.
    private(set) var unacknowledged = 0
    /// Bytes the host still takes; nil without delayed acknowledgements.
    private var window: Int?

    init(local: UInt32, remote: UInt32, framing: Framing, script: [UInt8], window: Int?) {
        self.local = local
        self.remote = remote
        self.framing = framing
        self.window = window
        process = ShellProcess(script: script)
    }

    /// Whether all output went out and was acknowledged.
    var isFinished: Bool { exitQueued && pendingBytes == 0 && unacknowledged <= 0 }

    /// The host wrote to the stream.
    mutating func inputReceived(_ bytes: [UInt8]) {
        guard framing == .packets else { return process.inputReceived(bytes) }
        for event in packets.received(bytes) {
            switch event {
            case .input(let data): process.inputReceived(data)
            case .inputClosed: process.inputClosed()
            }
        }
    }

    /// An OKAY for this stream: nil payload value without delayed acknowledgements.
    mutating func acknowledged(bytes: Int?) {
        guard let bytes, let open = window else {
            unacknowledged = 0
            return
        }
        window = open + bytes
        unacknowledged -= bytes
    }

    /// Lets the process run and queues what it printed.
    mutating func advance(_ android: VirtualAndroid, faults: [VirtualFault]) {
        guard !exitQueued, pendingBytes < Self.pendingBytesLow else { return }
        for piece in process.advance(android) { enqueue(piece, faults) }
        guard let status = process.ended else { return }
        exitQueued = true
        if framing == .packets, !faults.contains(.noExitPacket) {
            push(ShellPackets.packet(.exit, [status]))
        }
    }

    /// The next payload to write, or nil while the host must first acknowledge or nothing waits.
    mutating func nextPayload(payloadBytesMax: Int, packing: VirtualPacking) -> [UInt8]? {
        guard pendingBytes > 0, window.map({ $0 > 0 }) ?? (unacknowledged == 0) else { return nil }
        let limit: Int
        switch packing {
        case .separate: limit = min(payloadBytesMax, queue[queueHead].count - headOffset)
        case .joined: limit = payloadBytesMax
        case .pieces(let bytes): limit = max(1, min(bytes, payloadBytesMax))
        }
        var payload: [UInt8] = []
        while payload.count < limit, queueHead < queue.count {
            let piece = queue[queueHead][headOffset...].prefix(limit - payload.count)
            payload += piece
            headOffset += piece.count
            if headOffset == queue[queueHead].count {
                queue[queueHead] = []
                queueHead += 1
                headOffset = 0
            }
        }
        if queueHead == queue.count {
            queue.removeAll(keepingCapacity: true)
            queueHead = 0
        }
        pendingBytes -= payload.count
        unacknowledged += payload.count
        window = window.map { $0 - payload.count }
        return payload
    }

    private mutating func enqueue(_ piece: ShellOutput, _ faults: [VirtualFault]) {
        switch framing {
        case .packets:
            var announced: UInt32?
            for case .shellPacketLength(let length) in faults { announced = length }
            let id: ShellPacketID = piece.channel == .standardOut ? .standardOut : .standardError
            var rest = piece.bytes[...]
            while !rest.isEmpty {
                push(ShellPackets.packet(id, rest.prefix(ShellPackets.dataBytesMax), length: announced))
                rest = rest.dropFirst(ShellPackets.dataBytesMax)
            }
        case .plain(let terminal):
            guard terminal else { return push(piece.bytes) }
            push(piece.bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
        }
    }

    private mutating func push(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        queue.append(bytes)
        pendingBytes += bytes.count
    }
}
