import Base

/// The commands of the protocol: four ASCII letters read as a little-endian word
/// (packages/modules/adb `docs/dev/protocol.md`, `types.h`).
package enum Command: UInt32, Sendable, CaseIterable {
    case connect = 0x4E58_4E43
    case authenticate = 0x4854_5541
    case open = 0x4E45_504F
    case okay = 0x5941_4B4F
    case close = 0x4553_4C43
    case write = 0x4554_5257
    case startTLS = 0x534C_5453
}

/// One message: a 24-byte header and its payload.
package struct Packet: Sendable, Equatable {
    /// Bytes of a header.
    package static let headerBytes = 24

    /// The command's word; a phone may send words that `Command` does not know.
    package var word: UInt32
    /// First argument; in stream messages the sender's id.
    package var arg0: UInt32
    /// Second argument; in stream messages the receiver's id.
    package var arg1: UInt32
    /// The data.
    package var payload: [UInt8]

    /// A message of a known command.
    package init(_ command: Command, _ arg0: UInt32, _ arg1: UInt32, _ payload: [UInt8] = []) {
        word = command.rawValue
        self.arg0 = arg0
        self.arg1 = arg1
        self.payload = payload
    }

    init(header: PacketHeader, payload: [UInt8]) {
        word = header.word
        arg0 = header.arg0
        arg1 = header.arg1
        self.payload = payload
    }

    /// The command; nil for a word that we do not know.
    package var command: Command? { Command(rawValue: word) }

    /// The header's bytes. `summed`: fill in the byte sum of the payload, which a peer of version 0x01000000
    /// checks; newer ones expect 0 once both sides have said their version.
    package func header(summed: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headerBytes)
        LittleEndian.append(word, to: &bytes)
        LittleEndian.append(arg0, to: &bytes)
        LittleEndian.append(arg1, to: &bytes)
        LittleEndian.append(UInt32(truncatingIfNeeded: payload.count), to: &bytes)
        LittleEndian.append(summed ? Self.sum(payload) : 0, to: &bytes)
        LittleEndian.append(word ^ 0xFFFF_FFFF, to: &bytes)
        return bytes
    }

    /// The sum of `bytes` modulo 2^32; old text calls it a CRC, which it is not.
    package static func sum(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(UInt32(0)) { $0 &+ UInt32($1) }
    }
}

/// A header that has been read and whose magic is right.
struct PacketHeader: Sendable, Equatable {
    let word: UInt32
    let arg0: UInt32
    let arg1: UInt32
    let payloadBytes: Int

    /// The header in the first 24 bytes of `bytes`; nil when there are fewer or the magic is wrong.
    init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard let word = LittleEndian.word(bytes, at: 0), let magic = LittleEndian.word(bytes, at: 20),
            magic == word ^ 0xFFFF_FFFF, let arg0 = LittleEndian.word(bytes, at: 4),
            let arg1 = LittleEndian.word(bytes, at: 8), let length = LittleEndian.word(bytes, at: 12)
        else { return nil }
        self.word = word
        self.arg0 = arg0
        self.arg1 = arg1
        payloadBytes = Int(length)
    }

    /// Whether this can only be the start of a new session.
    var startsSession: Bool {
        switch Command(rawValue: word) {
        case .connect, .authenticate, .startTLS: true
        case .open, .okay, .close, .write, nil: false
        }
    }
}
