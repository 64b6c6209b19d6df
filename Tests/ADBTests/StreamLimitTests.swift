import Base
import Testing

@testable import ADB

/// What a phone cannot make us do with stream messages.
@Suite struct StreamLimitTests {
    private let start = Instant(nanoseconds: 0)

    private func online() -> ConnectionMachine {
        var machine = ConnectionMachine(policy: AuthPolicy(signingKeys: 0, publicKey: [0]), limits: Limits())
        _ = machine.start(now: start)
        let phone = Packet(.connect, 0x0100_0001, 0x10_0000, Array("device::".utf8))
        _ = machine.packetReceived(phone, now: start)
        return machine
    }

    private func send(_ packet: Packet) -> ConnectionMachine.Action { .send(packet, summed: false) }

    @Test func okaysForNoStreamEndTheSession() {
        var machine = online()
        let stray = Packet(.okay, 7, 99)
        for _ in 0..<16 {
            #expect(machine.packetReceived(stray, now: start) == [send(Packet(.close, 99, 7))])
        }
        #expect(
            machine.packetReceived(stray, now: start).last
                == .end(.tooManyViolations(last: "OKAY for no stream")))
    }

    @Test func lateOkaysOfClosedStreamsAreNormal() throws {
        var machine = online()
        for number in 0..<40 {
            let (id, _) = try machine.open("exec:true", now: start)
            _ = machine.close(id)
            let late = Packet(.okay, UInt32(number + 5), id.rawValue)
            #expect(
                machine.packetReceived(late, now: start) == [
                    send(Packet(.close, id.rawValue, UInt32(number + 5)))
                ])
        }
        #expect(machine.nextDeadline != nil, "the session goes on")
    }

    @Test func emptyWritesAreAcknowledgedAtOnceAndCounted() throws {
        var machine = online()
        let (id, _) = try machine.open("exec:cat", now: start)
        _ = machine.packetReceived(Packet(.okay, 5, 1), now: start)
        for _ in 0..<16 {
            #expect(
                machine.packetReceived(Packet(.write, 5, 1), now: start) == [send(Packet(.okay, 1, 5))])
        }
        #expect(machine.dataRead(id) == [])
        #expect(
            machine.packetReceived(Packet(.write, 5, 1), now: start).last
                == .end(.tooManyViolations(last: "WRTE without data")))
    }

    @Test func smallWritesWithoutOkaysAreCutOff() throws {
        var machine = online()
        let (id, _) = try machine.open("exec:cat", now: start)
        _ = machine.packetReceived(Packet(.okay, 5, 1), now: start)
        for _ in 0..<64 {
            #expect(
                machine.packetReceived(Packet(.write, 5, 1, [1]), now: start) == [.received(id, [1])])
        }
        #expect(
            machine.packetReceived(Packet(.write, 5, 1, [1]), now: start)
                == [send(Packet(.close, 1, 5)), .streamEnded(id, .flooded(bytes: 65))])
    }
}
