import ADB
import Base

extension Laws {
    /// A phone's bytes give packets or one error, the same ones however the stream is cut, never more payload than
    /// came in; and the connection machine takes whatever comes of them.
    ///
    /// First byte: bit 0 the framing, bit 1 whether the session stands already, the rest how the bytes are cut.
    package static let packetDecoder = Law(name: "PacketDecoder") { bytes throws(BrokenLaw) in
        guard let first = bytes.first else { return }
        let stream = Array(bytes.dropFirst())
        let framing = first & 1 == 0 ? TransportFraming.stream : .transfers
        let piece = Int(first >> 2) + 1
        let whole = decode([stream], framing: framing, strict: first & 2 != 0)
        let payload = whole.packets.reduce(0) { $0 + $1.payload.count }
        try promise(payload <= stream.count, "no payload out of nothing")
        let pieces = stride(from: 0, to: stream.count, by: piece).map { start in
            Array(stream[start..<min(start + piece, stream.count)])
        }
        if framing == .stream {
            let cut = decode(pieces, framing: framing, strict: first & 2 != 0)
            // An error drops what the same read brought before it: only complete runs are compared.
            if whole.error == nil, cut.error == nil {
                try promise(cut.packets == whole.packets, "cut differently, read differently")
            }
        }
        drive(whole.packets)
    }

    private static func decode(
        _ reads: [[UInt8]], framing: TransportFraming, strict: Bool
    ) -> (packets: [Packet], error: ADBError?) {
        var decoder = PacketDecoder(framing: framing, limits: Limits())
        if strict { decoder.sessionStarted() }
        var packets: [Packet] = []
        for read in reads {
            do throws(ADBError) {
                packets += try decoder.bytesReceived(read)
            } catch {
                return (packets, error)
            }
        }
        return (packets, nil)
    }

    private static func drive(_ packets: [Packet]) {
        var machine = ConnectionMachine(policy: AuthPolicy(signingKeys: 1, publicKey: [0]), limits: Limits())
        var now = Instant(nanoseconds: 0)
        _ = machine.start(now: now)
        for packet in packets {
            for action in machine.packetReceived(packet, now: now) {
                switch action {
                case .sign: _ = machine.tokenSigned([1])
                case .online:
                    if let (id, _) = try? machine.open("exec:id", now: now) {
                        _ = machine.write([1, 2], to: id)
                    }
                case .received(let id, _): _ = machine.dataRead(id)
                case .send, .waitingForUser, .opened, .streamEnded, .end: break
                }
            }
            now = now.advanced(by: .seconds(2))
            _ = machine.timerFired(now: now)
        }
    }
}
