/// Shell v2 packets: one byte id, four bytes length (little-endian), data.
///
/// Source: GrapheneOS/platform_packages_modules_adb shell_protocol.h.
enum ShellPacketID: UInt8, Sendable {
    case standardInput = 0
    case standardOut = 1
    case standardError = 2
    case exit = 3
    case closeInput = 4
    case windowSize = 5
}

enum ShellPackets {
    /// Most data bytes of one packet made here.
    static let dataBytesMax = 32 << 10

    static func packet(_ id: ShellPacketID, _ data: some Collection<UInt8>, length: UInt32? = nil) -> [UInt8]
    {
        [id.rawValue] + LittleWord.bytes(length ?? UInt32(data.count)) + data
    }
}

/// Reads the host's packets, however they are split. Data is handed on as it comes, so a length of 4 GiB costs
/// nothing.
struct ShellPacketReader: Sendable {
    private var head: [UInt8] = []
    private var left = 0

    /// What a packet means for the process.
    enum Event: Sendable, Equatable {
        case input([UInt8])
        case inputClosed
    }

    mutating func received(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        var rest = bytes[...]
        while !rest.isEmpty || (left == 0 && head.count == 5) {
            if head.count < 5 {
                let taken = rest.prefix(5 - head.count)
                head += taken
                rest = rest.dropFirst(taken.count)
                guard head.count == 5 else { break }
                left = Int(LittleWord.read(head, at: 1))
                if head[0] == ShellPacketID.closeInput.rawValue { events.append(.inputClosed) }
            }
            let data = rest.prefix(left)
            rest = rest.dropFirst(data.count)
            left -= data.count
            if head[0] == ShellPacketID.standardInput.rawValue, !data.isEmpty {
                events.append(.input(Array(data)))
            }
            if left == 0 { head = [] } else { break }
        }
        return events
    }
}
