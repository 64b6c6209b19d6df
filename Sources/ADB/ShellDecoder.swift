import Base

/// One thing a shell v2 stream said (packages/modules/adb `shell_protocol.h`).
package enum ShellFrame: Sendable, Equatable {
    case output([UInt8])
    case errorOutput([UInt8])
    case exit(UInt8)
}

/// The bytes of a shell v2 stream into frames: id, 32-bit little-endian length, data. Packets may be split or
/// joined at any byte; data comes through in pieces, so a length of 4 GiB costs no memory.
///
/// Law: a list of frames, or one error after which the stream is closed.
package struct ShellDecoder: Sendable {
    private static let headerBytes = 5
    /// Longest packet believed, in bytes: adbd's buffer is 1 MiB.
    package static let packetBytesMax = 1024 * 1024 + headerBytes

    private var header: [UInt8] = []
    private var id: UInt8 = 0
    private var rest = 0

    /// A decoder for a new stream.
    package init() {}

    /// Takes the next bytes of the stream.
    package mutating func bytesReceived(_ bytes: [UInt8]) throws(ADBError) -> [ShellFrame] {
        var frames: [ShellFrame] = []
        var index = 0
        while index < bytes.count {
            if rest == 0 {
                let take = min(Self.headerBytes - header.count, bytes.count - index)
                header.append(contentsOf: bytes[index..<index + take])
                index += take
                guard header.count == Self.headerBytes, let length = LittleEndian.word(header, at: 1) else {
                    break
                }
                id = header[0]
                rest = Int(length)
                header = []
                guard rest <= Self.packetBytesMax else { throw .badShellPacket(id: id, length: rest) }
                if id == 3, rest != 1 { throw .badShellPacket(id: id, length: rest) }
            } else {
                let take = min(rest, bytes.count - index)
                if let frame = frame(Array(bytes[index..<index + take])) { frames.append(frame) }
                index += take
                rest -= take
            }
        }
        return frames
    }

    private func frame(_ data: [UInt8]) -> ShellFrame? {
        switch id {
        case 1: .output(data)
        case 2: .errorOutput(data)
        case 3: data.first.map { .exit($0) }
        default: nil
        }
    }

    /// The packet that closes the command's standard input.
    package static let closeInput: [UInt8] = [4, 0, 0, 0, 0]
}
