import Base
import Testing

@testable import ADB

/// The published exchanges, the phone's side replayed, our side compared byte for byte.
@Suite struct VectorExchangeTests {
    private let start = Instant(nanoseconds: 0)

    /// Plays `messages`: what the phone says goes in, what we must say has to come out next.
    private func replay(_ messages: [Vectors.Message], keys: Int, publicKey: [UInt8] = []) throws {
        var machine = ConnectionMachine(
            policy: AuthPolicy(signingKeys: keys, publicKey: publicKey), limits: Limits())
        var said: [ConnectionMachine.Action] = machine.start(now: start)
        for message in messages {
            let packet = try #require(message.packet)
            if message.from == "device" {
                #expect(said == [], "we said more than the vector")
                said = react(machine.packetReceived(packet, now: start), &machine)
                continue
            }
            if packet.command == .open {
                let service = String(decoding: packet.payload.dropLast(), as: UTF8.self)
                said += try machine.open(service, now: start).1
            }
            if packet.command == .authenticate, packet.arg0 == 2 {
                guard case .sign = said.first else {
                    Issue.record("no signature was asked for")
                    return
                }
                said = machine.tokenSigned(packet.payload)
            }
            let next = try #require(said.first)
            said.removeFirst()
            guard case .send(let ours, let summed) = next else {
                Issue.record("\(next) instead of \(message.command)")
                return
            }
            #expect(ours.header(summed: summed) + ours.payload == message.header + message.payload)
        }
        #expect(said.allSatisfy { $0 == .waitingForUser })
    }

    private func react(_ actions: [ConnectionMachine.Action], _ machine: inout ConnectionMachine)
        -> [ConnectionMachine.Action]
    {
        var out: [ConnectionMachine.Action] = []
        for action in actions {
            switch action {
            case .received(let id, _): out += machine.dataRead(id)
            case .send, .sign: out.append(action)
            case .online, .opened, .streamEnded, .waitingForUser, .end: break
            }
        }
        return out
    }

    @Test func secondKeyThenShell() throws {
        try replay(try Vectors.load().exchange("auth_second_key_then_shell_v2"), keys: 2)
    }

    @Test func oldDeviceWithSums() throws {
        try replay(try Vectors.load().exchange("old_device_checksums"), keys: 0)
    }

    @Test func publicKeyOffer() throws {
        let offer = try #require(try Vectors.load().exchange("public_key_offer").last)
        var machine = ConnectionMachine(
            policy: AuthPolicy(signingKeys: 0, publicKey: offer.payload), limits: Limits())
        _ = machine.start(now: start)
        let token = Packet(.authenticate, 1, 0, [UInt8](repeating: 0, count: 20))
        let actions = machine.packetReceived(token, now: start)
        guard case .send(let packet, let summed) = actions.first else {
            Issue.record("no public key was sent")
            return
        }
        #expect(packet.header(summed: summed) + packet.payload == offer.header + offer.payload)
    }

    /// Delayed acknowledgement is not offered, so a phone never uses it with us: its exchange is only decoded
    /// (PacketDecoderTests). The refusals are transcripts in ConnectionMachineTests with the same ids.
    @Test func delayedAcknowledgementIsNotOffered() {
        #expect(!Banner(Banner.ours).features.contains("delayed_ack"))
    }
}
