import ADB
import Base
import Platform
import Simulation
import Testing

@testable import Link

/// Says `CNXN` and takes nothing any more.
private struct DeafPhone: Transport {
    let framing = TransportFraming.stream
    private let greeting = OneShot<[UInt8]>()
    private let closed = OneShot<Void>()
    private let sends = OneShot<Void>()

    init() {
        let banner = Array("device::".utf8)
        let packet = Packet(.connect, 0x0100_0001, 0x10_0000, banner)
        greeting.give(packet.header(summed: true) + packet.payload)
    }

    func receive(wanted: Int) async throws(TransportError) -> [UInt8] {
        if let bytes = await greeting.value() { return bytes }
        _ = await closed.value()
        throw .closed
    }

    func send(header: [UInt8], payload: [UInt8]) async throws(TransportError) {
        _ = await sends.value()
        throw .closed
    }

    func close() async { closed.give(()) }
}

@Suite struct UntakenMessagesTests {
    @Test func aPhoneThatTakesNothingEndsTheSession() async throws {
        let online = OneShot<Void>()
        let connection = ADBConnection(
            transport: DeafPhone(), policy: AuthPolicy(signingKeys: 0, publicKey: [0]),
            clock: ManualClock(wall: WallTime(milliseconds: 0)), signer: { _, _ in nil },
            report: { if case .online = $0 { online.give(()) } })
        let reason = await withTaskGroup(of: ADBError?.self) { group in
            group.addTask { await connection.run() }
            _ = await online.value()
            // Each one leaves an OPEN and a CLSE behind.
            for _ in 0..<200 {
                await withTaskGroup(of: Void.self) { command in
                    command.addTask { _ = try? await connection.start("logcat") }
                    command.cancelAll()
                }
            }
            return await group.next() ?? nil
        }
        guard case .notTaking(let messages, let bytes) = reason else {
            Issue.record("ended with \(String(describing: reason))")
            return
        }
        #expect(messages == 256)
        #expect(bytes <= 4 << 20)
    }
}
