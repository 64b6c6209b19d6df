/// Bytes from a transport into messages.
///
/// Law: a list of packets, or one error after which the link is closed; memory never grows beyond one header,
/// one payload of at most `payloadBytesMax`, and what one read brought.
///
/// Two states: *searching* until the session stands (a phone may still hold messages of an older session, and
/// half of one: everything that is not a header is skipped), then *strict* (framing is trusted; a bad header is the
/// end). packages/modules/adb commit 3cf1b36e tells why stale data comes; `JeffLIrion/adb_shell` issue 155 shows it.
package struct PacketDecoder: Sendable {
    private let framing: TransportFraming
    private let limits: Limits
    private var searching = true
    private var junkBytes = 0
    private var pending: [UInt8] = []
    private var header: PacketHeader?

    /// A decoder for a new link.
    package init(framing: TransportFraming, limits: Limits) {
        self.framing = framing
        self.limits = limits
    }

    /// How many bytes the next read should ask for: the rest of a header or of a payload. 1 or more.
    package var bytesWanted: Int {
        switch header {
        case nil: Packet.headerBytes - (framing == .stream ? pending.count : 0)
        case let header?: header.payloadBytes - pending.count
        }
    }

    /// Ends the search: the session stands, from now on framing is strict.
    package mutating func sessionStarted() { searching = false }

    /// Takes what one read brought.
    package mutating func bytesReceived(_ bytes: [UInt8]) throws(ADBError) -> [Packet] {
        switch framing {
        case .transfers: return try transferReceived(bytes)
        case .stream: return try streamReceived(bytes)
        }
    }

    // MARK: Transfers: a header or a payload a read

    private mutating func transferReceived(_ bytes: [UInt8]) throws(ADBError) -> [Packet] {
        if bytes.isEmpty { return [] }
        guard let current = header else { return try headerTransfer(bytes) }
        if bytes.count == current.payloadBytes {
            header = nil
            return [Packet(header: current, payload: bytes)]
        }
        guard searching else { throw .framingLost(got: bytes.count, wanted: current.payloadBytes) }
        // The stale payload never came: the phone cancelled it when it read our CNXN. Unverified on a phone.
        header = nil
        if bytes.count == Packet.headerBytes, let fresh = PacketHeader(bytes), fresh.startsSession {
            return try headerTransfer(bytes)
        }
        try skip(bytes.count)
        return []
    }

    private mutating func headerTransfer(_ bytes: [UInt8]) throws(ADBError) -> [Packet] {
        guard bytes.count == Packet.headerBytes, let found = PacketHeader(bytes) else {
            guard searching else { throw .framingLost(got: bytes.count, wanted: Packet.headerBytes) }
            try skip(bytes.count)
            return []
        }
        return try accept(found).map { [$0] } ?? []
    }

    // MARK: Stream: any part of the bytes a read

    private mutating func streamReceived(_ bytes: [UInt8]) throws(ADBError) -> [Packet] {
        pending.append(contentsOf: bytes)
        var packets: [Packet] = []
        var offset = 0
        while true {
            let rest = pending[offset...]
            if let current = header {
                guard rest.count >= current.payloadBytes else { break }
                packets.append(Packet(header: current, payload: Array(rest.prefix(current.payloadBytes))))
                offset += current.payloadBytes
                header = nil
            } else {
                guard rest.count >= Packet.headerBytes else { break }
                if let found = PacketHeader(rest) {
                    offset += Packet.headerBytes
                    if let packet = try accept(found) { packets.append(packet) }
                } else {
                    guard searching else { throw .framingLost(got: rest.count, wanted: Packet.headerBytes) }
                    try skip(1)
                    offset += 1
                }
            }
        }
        pending.removeFirst(offset)
        return packets
    }

    // MARK: Both

    /// Takes a header; returns the packet when it has no payload. The length is checked before anything waits
    /// for it or makes room for it.
    private mutating func accept(_ found: PacketHeader) throws(ADBError) -> Packet? {
        guard found.payloadBytes <= limits.payloadBytesMax else {
            throw .payloadTooLong(announced: found.payloadBytes, limit: limits.payloadBytesMax)
        }
        if found.payloadBytes == 0 { return Packet(header: found, payload: []) }
        header = found
        return nil
    }

    private mutating func skip(_ count: Int) throws(ADBError) {
        junkBytes += count
        if junkBytes > limits.junkBytesMax { throw .onlyJunk(bytes: junkBytes) }
    }
}
