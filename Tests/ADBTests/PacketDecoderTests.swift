import Testing

@testable import ADB

@Suite struct PacketDecoderTests {
    private let limits = Limits()

    /// Every vector message, fed whole, byte by byte, and all at once, gives the same packets and headers.
    @Test func everyVectorDecodesHoweverItIsCut() throws {
        for (name, messages) in try Vectors.load().exchanges {
            let expected = try messages.map { try #require($0.packet) }
            let bytes = messages.flatMap { $0.header + $0.payload }
            for size in [1, 7, 24, 4096, bytes.count] {
                var decoder = PacketDecoder(framing: .stream, limits: limits)
                decoder.sessionStarted()
                var packets: [Packet] = []
                for start in stride(from: 0, to: bytes.count, by: size) {
                    let end = min(start + size, bytes.count)
                    #expect(decoder.bytesWanted >= 1)
                    packets += try decoder.bytesReceived(Array(bytes[start..<end]))
                }
                #expect(packets == expected, "\(name) cut into \(size)")
            }
            for message in messages {
                #expect(message.packet?.header(summed: message.checksummed) == message.header)
            }
        }
    }

    @Test func usbTransfersCarryHeaderAndPayloadApart() throws {
        var decoder = PacketDecoder(framing: .transfers, limits: limits)
        let packet = Packet(.write, 1, 2, [UInt8](repeating: 7, count: 512))
        #expect(decoder.bytesWanted == 24)
        #expect(try decoder.bytesReceived(packet.header(summed: false)) == [])
        #expect(decoder.bytesWanted == 512)
        #expect(try decoder.bytesReceived(packet.payload) == [packet])
        #expect(decoder.bytesWanted == 24)
        #expect(try decoder.bytesReceived([]) == [])
    }

    @Test func staleDataBeforeTheSessionIsSkipped() throws {
        var decoder = PacketDecoder(framing: .transfers, limits: limits)
        #expect(try decoder.bytesReceived([1, 2, 3]) == [])
        #expect(try decoder.bytesReceived([UInt8](repeating: 0, count: 512)) == [])
        // The header of an old message whose payload was cancelled; then the real first message.
        let stale = Packet(.write, 9, 9, [UInt8](repeating: 1, count: 100))
        #expect(try decoder.bytesReceived(stale.header(summed: false)) == [])
        let token = Packet(.authenticate, 1, 0, [UInt8](repeating: 5, count: 20))
        #expect(try decoder.bytesReceived(token.header(summed: false)) == [])
        #expect(try decoder.bytesReceived(token.payload) == [token])
    }

    @Test func staleDataInAStreamIsSkippedByteByByte() throws {
        var decoder = PacketDecoder(framing: .stream, limits: limits)
        let real = Packet(.connect, 0x0100_0001, 4096, Array("device::".utf8))
        let bytes = Array("no header at all, thirty bytes".utf8) + real.header(summed: true) + real.payload
        #expect(try decoder.bytesReceived(bytes) == [real])
    }

    @Test func anAnnouncedLengthIsCheckedBeforeAnythingWaitsForIt() throws {
        for length: UInt32 in [UInt32.max, 1024 * 1024 + 1] {
            var header = Packet(.write, 1, 2).header(summed: false)
            header.replaceSubrange(
                12..<16, with: [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: length >> $0) })
            for framing in [TransportFraming.transfers, .stream] {
                var decoder = PacketDecoder(framing: framing, limits: limits)
                #expect(
                    throws: ADBError.payloadTooLong(announced: Int(length), limit: limits.payloadBytesMax)
                ) { try decoder.bytesReceived(header) }
            }
        }
    }

    @Test func aBadHeaderInASessionIsTheEnd() throws {
        for framing in [TransportFraming.transfers, .stream] {
            var decoder = PacketDecoder(framing: framing, limits: limits)
            decoder.sessionStarted()
            #expect(throws: ADBError.framingLost(got: 24, wanted: 24)) {
                try decoder.bytesReceived([UInt8](repeating: 0, count: 24))
            }
        }
        var decoder = PacketDecoder(framing: .transfers, limits: limits)
        decoder.sessionStarted()
        _ = try decoder.bytesReceived(Packet(.write, 1, 2, [1, 2, 3]).header(summed: false))
        #expect(throws: ADBError.framingLost(got: 2, wanted: 3)) { try decoder.bytesReceived([1, 2]) }
    }

    @Test func endlessJunkEnds() {
        var decoder = PacketDecoder(framing: .stream, limits: limits)
        let junk = [UInt8](repeating: 0x41, count: 65536)
        #expect(throws: ADBError.onlyJunk(bytes: limits.junkBytesMax + 1)) {
            for _ in 0..<100 { _ = try decoder.bytesReceived(junk) }
        }
    }
}
