/// Cuts the host's bytes into messages, however they are split.
///
/// It does what the device does with bad ones: a message with a wrong magic is read to its end and dropped, a
/// payload above 1 MiB ends the connection (GrapheneOS/platform_packages_modules_adb adb.cpp `check_header`,
/// daemon/usb.cpp; both observed with adbd 34.0.5).
struct WireReader: Sendable {
    /// Longest payload read, in bytes; an announced length above it ends the session.
    static let payloadBytesMax = 1 << 20

    private var buffer: [UInt8] = []
    private var start = 0
    /// Messages dropped for their magic.
    private(set) var dropped = 0

    /// Adds what arrived. The caller takes all messages before it adds more, so at most one message waits.
    mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(0..<start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole message; nil until more bytes come.
    mutating func next() throws(WireError) -> WireMessage? {
        while buffer.count - start >= WireHeader.bytes {
            let header = headerAtStart()
            guard header.length <= Self.payloadBytesMax else { throw .payloadTooLong(Int(header.length)) }
            let end = start + WireHeader.bytes + Int(header.length)
            guard buffer.count >= end else { return nil }
            let payload = Array(buffer[(start + WireHeader.bytes)..<end])
            start = end
            guard header.magic == header.command ^ 0xFFFF_FFFF else {
                dropped += 1
                continue
            }
            return WireMessage(header: header, payload: payload)
        }
        return nil
    }

    private func headerAtStart() -> WireHeader {
        func word(_ index: Int) -> UInt32 { LittleWord.read(buffer, at: start + index * 4) }
        return WireHeader(
            command: word(0), argument0: word(1), argument1: word(2), length: word(3), sum: word(4),
            magic: word(5))
    }
}

/// Why the device ends a session over what the host sent.
enum WireError: Error, Sendable, Equatable {
    /// The announced payload length, in bytes, is above `WireReader.payloadBytesMax`.
    case payloadTooLong(Int)
}
