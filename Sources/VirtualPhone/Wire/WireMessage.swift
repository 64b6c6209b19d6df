/// One ADB message as the device side sees it.
///
/// This codec is the virtual phone's own and shares nothing with the product's, so that the two check each
/// other. Source: GrapheneOS/platform_packages_modules_adb types.h and docs/dev/protocol.md.
struct WireMessage: Sendable, Equatable {
    /// The command word; words this codec does not know are kept, the session decides.
    var command: UInt32
    var argument0: UInt32
    var argument1: UInt32
    var payload: [UInt8]
    /// The sum the sender wrote; 0 when it did not sum.
    var announcedSum: UInt32 = 0

    init(_ command: WireCommand, _ argument0: UInt32, _ argument1: UInt32, _ payload: [UInt8] = []) {
        self.command = command.rawValue
        self.argument0 = argument0
        self.argument1 = argument1
        self.payload = payload
    }

    init(header: WireHeader, payload: [UInt8]) {
        command = header.command
        argument0 = header.argument0
        argument1 = header.argument1
        announcedSum = header.sum
        self.payload = payload
    }

    /// The sum of the payload's bytes, as `data_check` wants it.
    var sum: UInt32 { payload.reduce(0) { $0 &+ UInt32($1) } }

    /// Header and payload; `summed` fills `data_check`, else it is 0.
    func encoded(summed: Bool) -> [UInt8] {
        let header = WireHeader(
            command: command, argument0: argument0, argument1: argument1, length: UInt32(payload.count),
            sum: summed ? sum : 0, magic: command ^ 0xFFFF_FFFF)
        return header.encoded() + payload
    }
}

/// The command words of ADB: four letters read as a little-endian number.
enum WireCommand: UInt32, Sendable {
    case connect = 0x4e58_4e43
    case auth = 0x4854_5541
    case open = 0x4e45_504f
    case okay = 0x5941_4b4f
    case close = 0x4553_4c43
    case write = 0x4554_5257
}

/// The 24 bytes before each payload.
struct WireHeader: Sendable, Equatable {
    /// Size of a header, in bytes.
    static let bytes = 24

    var command: UInt32
    var argument0: UInt32
    var argument1: UInt32
    var length: UInt32
    var sum: UInt32
    var magic: UInt32

    func encoded() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(Self.bytes)
        for word in [command, argument0, argument1, length, sum, magic] { out += LittleWord.bytes(word) }
        return out
    }
}

/// 32-bit words, least significant byte first.
enum LittleWord {
    static func bytes(_ word: UInt32) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8),
            UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 24),
        ]
    }

    /// The word at `offset`; the caller has checked that four bytes are there.
    static func read(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2]) << 16
            | UInt32(bytes[offset + 3]) << 24
    }
}
