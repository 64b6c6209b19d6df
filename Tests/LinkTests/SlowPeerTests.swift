import ADB
import Platform
import Synchronization
import Testing

@testable import Link

/// A phone that hears only our second greeting is told online without having to say anything more.
@Suite struct SlowPeerTests {
    @Test func theSettledSessionIsReported() async throws {
        var limits = Limits()
        limits.firstMessageTimeout = .milliseconds(20)
        limits.settleTimeout = .milliseconds(20)
        let online = OneShot<Banner>()
        let connection = ADBConnection(
            transport: DeafPeer(), policy: AuthPolicy(signingKeys: 0, publicKey: [0]), limits: limits,
            clock: SystemClock(), signer: { _, _ in nil },
            report: { if case .online(let banner) = $0 { online.give(banner) } })
        let banner = await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await connection.run() }
            let banner = await online.value()
            group.cancelAll()
            return banner
        }
        #expect(banner?.type == "device")
    }
}

/// Answers the second CNXN, then says nothing more.
private final class DeafPeer: Transport {
    let framing = TransportFraming.transfers
    private let state = Mutex((greetings: 0, reads: [[UInt8]](), waiter: OneShot<Void>?.none))

    func send(header: [UInt8], payload: [UInt8]) async throws(TransportError) {
        let waiter: OneShot<Void>? = state.withLock { state in
            state.greetings += 1
            guard state.greetings == 2 else { return nil }
            let answer = Packet(.connect, 0x0100_0001, 0x10_0000, Array("device::".utf8))
            state.reads = [answer.header(summed: false), answer.payload]
            return state.waiter
        }
        waiter?.give(())
    }

    func receive(wanted: Int) async throws(TransportError) -> [UInt8] {
        while true {
            let waiter = OneShot<Void>()
            let read: [UInt8]? = state.withLock { state in
                state.waiter = waiter
                return state.reads.isEmpty ? nil : state.reads.removeFirst()
            }
            if let read { return read }
            if await waiter.value() == nil { throw .closed }
        }
    }

    func close() async {}
}
