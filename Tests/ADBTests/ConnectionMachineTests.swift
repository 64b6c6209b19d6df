import Base
import Testing

@testable import ADB

/// Transcripts: what the phone says in, what we do out.
@Suite struct ConnectionMachineTests {
    private let start = Instant(nanoseconds: 0)
    private let hello = Packet(.connect, 0x0100_0001, 0x10_0000, Banner.ours)
    private let phone = Packet(.connect, 0x0100_0001, 0x10_0000, Array("device::features=shell_v2".utf8))

    private func machine(keys: Int = 0) -> ConnectionMachine {
        ConnectionMachine(policy: AuthPolicy(signingKeys: keys, publicKey: [0x51, 0]), limits: Limits())
    }

    private func online() throws -> ConnectionMachine {
        var machine = machine()
        _ = machine.start(now: start)
        #expect(machine.packetReceived(phone, now: start) == [.online(Banner(phone.payload))])
        return machine
    }

    private func at(_ seconds: Int) -> Instant { start.advanced(by: .seconds(seconds)) }

    private func send(_ packet: Packet) -> ConnectionMachine.Action { .send(packet, summed: false) }

    @Test func aPhoneThatKnowsNoAuthenticationIsOnlineAtOnce() throws { _ = try online() }

    @Test func aPhoneWeNeverServedGetsThePublicKeyAtOnce() {
        var machine = machine(keys: 0)
        #expect(machine.start(now: start) == [.send(hello, summed: true)])
        let token = Packet(.authenticate, 1, 0, [UInt8](repeating: 3, count: 20))
        let offer = Packet(.authenticate, 3, 0, [0x51, 0])
        #expect(machine.packetReceived(token, now: start) == [.send(offer, summed: true), .waitingForUser])
        #expect(machine.nextDeadline == nil)
        #expect(machine.packetReceived(phone, now: at(600)) == [.online(Banner(phone.payload))])
    }

    @Test func everyRefusedSignatureBringsANewTokenAndTheNextKey() {
        var machine = machine(keys: 2)
        _ = machine.start(now: start)
        for key in 0..<2 {
            let token = [UInt8](repeating: UInt8(key), count: 20)
            #expect(
                machine.packetReceived(Packet(.authenticate, 1, 0, token), now: start)
                    == [.sign(token: token, key: key)])
            #expect(
                machine.tokenSigned([1, 2, 3])
                    == [.send(Packet(.authenticate, 2, 0, [1, 2, 3]), summed: true)])
        }
        let last = Packet(.authenticate, 1, 0, [UInt8](repeating: 9, count: 20))
        #expect(machine.packetReceived(last, now: start).last == .waitingForUser)
        #expect(machine.packetReceived(last, now: start) == [.end(.tooManyTokens)])
    }

    @Test func aSigningLimitFallsBackToThePublicKey() {
        var machine = machine(keys: 1)
        _ = machine.start(now: start)
        _ = machine.packetReceived(Packet(.authenticate, 1, 0, [UInt8](repeating: 0, count: 20)), now: start)
        #expect(machine.signatureRefused().last == .waitingForUser)
    }

    @Test func aTokenOfAnyOtherSizeIsNotSigned() {
        var machine = machine(keys: 1)
        _ = machine.start(now: start)
        #expect(
            machine.packetReceived(Packet(.authenticate, 1, 0, [1]), now: start) == [
                .end(.badToken(bytes: 1))
            ])
    }

    @Test func silenceIsAskedOnceMoreAndThenGivenUp() {
        var machine = machine()
        _ = machine.start(now: start)
        #expect(machine.nextDeadline == at(3))
        #expect(machine.timerFired(now: at(2)) == [])
        #expect(machine.timerFired(now: at(3)) == [.send(hello, summed: true)])
        #expect(machine.timerFired(now: at(10)) == [.end(.handshakeTimedOut)])
    }

    @Test func aSlowPhoneThatAnswersBothGreetingsIsOnlineOnce() {
        var machine = machine()
        _ = machine.start(now: start)
        _ = machine.timerFired(now: at(3))
        #expect(machine.packetReceived(phone, now: at(4)) == [])
        #expect(machine.nextDeadline == at(6))
        #expect(machine.packetReceived(phone, now: at(5)) == [.online(Banner(phone.payload))])
    }

    @Test func aPhoneThatHeardOnlyTheSecondGreetingIsOnlineAfterAWhile() {
        var machine = machine()
        _ = machine.start(now: start)
        _ = machine.timerFired(now: at(3))
        #expect(machine.packetReceived(phone, now: at(4)) == [])
        #expect(machine.timerFired(now: at(6)) == [.online(Banner(phone.payload))])
    }

    @Test func theTokenForTheSecondGreetingIsNoRefusal() {
        var machine = machine(keys: 1)
        _ = machine.start(now: start)
        _ = machine.timerFired(now: at(3))
        for (second, key) in [(4, 0), (5, 0)] {
            let token = [UInt8](repeating: UInt8(second), count: 20)
            #expect(
                machine.packetReceived(Packet(.authenticate, 1, 0, token), now: at(second))
                    == [.sign(token: token, key: key)])
        }
        let refusal = Packet(.authenticate, 1, 0, [UInt8](repeating: 9, count: 20))
        #expect(machine.packetReceived(refusal, now: at(6)).last == .waitingForUser)
    }

    @Test func wirelessDebuggingIsSaidPlainly() {
        var machine = machine()
        _ = machine.start(now: start)
        #expect(machine.packetReceived(Packet(.startTLS, 0x0100_0000, 0), now: start) == [.end(.tlsRequired)])
    }

    @Test func aStreamFromOpenToClose() throws {
        var machine = try online()
        let (id, actions) = try machine.open("shell,v2,raw:id", now: start)
        #expect(actions == [send(Packet(.open, 1, 0, Array("shell,v2,raw:id\0".utf8)))])
        #expect(machine.packetReceived(Packet(.okay, 21, 1), now: start) == [.opened(id)])
        #expect(
            machine.packetReceived(Packet(.write, 21, 1, [7, 8]), now: start) == [.received(id, [7, 8])])
        #expect(machine.dataRead(id) == [send(Packet(.okay, 1, 21))])
        #expect(machine.dataRead(id) == [])
        #expect(
            machine.packetReceived(Packet(.close, 21, 1), now: start)
                == [send(Packet(.close, 1, 21)), .streamEnded(id, nil)])
        // The second CLSE that phones send is nothing.
        #expect(machine.packetReceived(Packet(.close, 21, 1), now: start) == [])
    }

    @Test func oneWriteWaitsForItsOkay() throws {
        var machine = try online()
        let (id, _) = try machine.open("exec:cat", now: start)
        #expect(machine.write([1, 2, 3], to: id) == [])
        let big = [UInt8](repeating: 4, count: 0x10_0000)
        #expect(
            machine.packetReceived(Packet(.okay, 5, 1), now: start)
                == [.opened(id), send(Packet(.write, 1, 5, [1, 2, 3]))])
        #expect(machine.write(big + [9], to: id) == [])
        #expect(machine.packetReceived(Packet(.okay, 5, 1), now: start) == [send(Packet(.write, 1, 5, big))])
        #expect(machine.packetReceived(Packet(.okay, 5, 1), now: start) == [send(Packet(.write, 1, 5, [9]))])
        #expect(machine.packetReceived(Packet(.okay, 5, 1), now: start) == [])
    }

    @Test func refusedServicesAndLateOkays() throws {
        var machine = try online()
        let (id, _) = try machine.open("nosuch:", now: start)
        #expect(
            machine.packetReceived(Packet(.close, 0, 1), now: start)
                == [.streamEnded(id, .refused(service: "nosuch:"))])
        #expect(
            machine.packetReceived(Packet(.okay, 0x4D, 0x58), now: start) == [
                send(Packet(.close, 0x58, 0x4D))
            ])
        #expect(machine.packetReceived(Packet(.write, 1, 99, [1]), now: start) == [])
    }

    @Test func aPhoneThatIgnoresFlowControlIsCutOff() throws {
        var machine = try online()
        let (id, _) = try machine.open("exec:yes", now: start)
        _ = machine.packetReceived(Packet(.okay, 5, 1), now: start)
        let payload = [UInt8](repeating: 0, count: 0x10_0000)
        #expect(machine.packetReceived(Packet(.write, 5, 1, payload), now: start) == [.received(id, payload)])
        #expect(machine.packetReceived(Packet(.write, 5, 1, payload), now: start) == [.received(id, payload)])
        #expect(
            machine.packetReceived(Packet(.write, 5, 1, payload), now: start)
                == [send(Packet(.close, 1, 5)), .streamEnded(id, .flooded(bytes: 3 * payload.count))])
    }

    @Test func idsOfOthersAreCountedAndNeverBelieved() throws {
        var machine = try online()
        let (id, _) = try machine.open("exec:id", now: start)
        _ = machine.packetReceived(Packet(.okay, 5, 1), now: start)
        #expect(machine.packetReceived(Packet(.write, 6, 1, [1]), now: start) == [])
        #expect(machine.packetReceived(Packet(.okay, 6, 1), now: start) == [])
        #expect(machine.packetReceived(Packet(.close, 6, 1), now: start) == [])
        #expect(machine.packetReceived(Packet(.write, 5, 1, [1]), now: start) == [.received(id, [1])])
        for _ in 0..<14 { #expect(machine.packetReceived(Packet(.okay, 6, 1), now: start) == []) }
        #expect(
            machine.packetReceived(Packet(.okay, 6, 1), now: start)
                == [.streamEnded(id, .sessionEnded), .end(.tooManyViolations(last: "OKAY with a wrong id"))])
    }

    @Test func aConnectionFromThePhoneIsRefusedUnread() throws {
        var machine = try online()
        let open = Packet(.open, 77, 0, Array("tcp:22\0".utf8))
        #expect(machine.packetReceived(open, now: start) == [send(Packet(.close, 0, 77))])
    }

    @Test func aNewSessionEndsEveryStream() throws {
        var machine = try online()
        let (id, _) = try machine.open("exec:id", now: start)
        #expect(
            machine.packetReceived(phone, now: start)
                == [.streamEnded(id, .sessionEnded), .online(Banner(phone.payload))])
        for _ in 0..<8 { _ = machine.packetReceived(phone, now: start) }
        #expect(machine.packetReceived(phone, now: start) == [.end(.tooManySessions)])
    }

    @Test func everyOpenHasItsDeadline() throws {
        var machine = try online()
        let (id, _) = try machine.open("exec:id", now: start)
        #expect(machine.nextDeadline == at(10))
        #expect(
            machine.timerFired(now: at(10))
                == [send(Packet(.close, 1, 0)), .streamEnded(id, .openTimedOut(service: "exec:id"))])
    }

    @Test func silenceIsProbedAndThenTheEnd() throws {
        var machine = try online()
        #expect(machine.nextDeadline == at(15))
        let probe = send(Packet(.open, 1, 0, Array("ping:\0".utf8)))
        #expect(machine.timerFired(now: at(15)) == [probe])
        #expect(machine.packetReceived(Packet(.close, 0, 1), now: at(15)) == [])
        #expect(machine.timerFired(now: at(30)) == [send(Packet(.open, 2, 0, Array("ping:\0".utf8)))])
        #expect(machine.timerFired(now: at(35)) == [.end(.silent)])
        #expect(machine.nextDeadline == nil)
    }

    @Test func smallPayloadLimitsAreRefused() {
        var machine = machine()
        _ = machine.start(now: start)
        #expect(
            machine.packetReceived(Packet(.connect, 0x0100_0001, 100), now: start)
                == [.end(.peerPayloadTooSmall(100))])
    }

    @Test func nothingIsBelievedBeforeTheSession() {
        var machine = machine()
        _ = machine.start(now: start)
        for command in [Command.open, .okay, .write, .close] {
            #expect(machine.packetReceived(Packet(command, 1, 1, [0]), now: start) == [])
        }
    }
}
