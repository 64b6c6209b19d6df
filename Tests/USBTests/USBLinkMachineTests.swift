import ADB
import Testing

@testable import USB

@Suite("A link's transfers, as transcripts")
struct USBLinkMachineTests {
    private let start = ContinuousClock.now
    private static let gone = TransportError.ended

    private func at(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    @Test("A read")
    func read() {
        var machine = USBLinkMachine()
        machine.receiveRequested()
        let read = machine.posted(.receive)
        #expect(
            machine.returned(read, outcome: .received([1, 2]), now: at(5)) == [
                .answerReceiver(.success([1, 2]))
            ])
        #expect(machine.failure == nil)
        #expect(machine.giveUpAt == nil)
        #expect(!machine.isFree)
    }

    @Test("An empty transfer is an answer too")
    func emptyRead() {
        var machine = USBLinkMachine()
        machine.receiveRequested()
        let read = machine.posted(.receive)
        #expect(machine.returned(read, outcome: .received([]), now: at(5)) == [.answerReceiver(.success([]))])
    }

    @Test("A message is out when both of its transfers are")
    func message() {
        var machine = USBLinkMachine()
        machine.sendRequested()
        let header = machine.posted(.sendHeader)
        let payload = machine.posted(.sendPayload)
        #expect(machine.returned(header, outcome: .sent, now: at(1)) == [])
        #expect(machine.returned(payload, outcome: .sent, now: at(2)) == [.answerSender(nil)])
    }

    @Test("Reading and sending do not wait for each other")
    func bothWays() {
        var machine = USBLinkMachine()
        machine.receiveRequested()
        let read = machine.posted(.receive)
        machine.sendRequested()
        let header = machine.posted(.sendHeader)
        #expect(machine.returned(header, outcome: .sent, now: at(1)) == [.answerSender(nil)])
        #expect(
            machine.returned(read, outcome: .received([7]), now: at(2)) == [.answerReceiver(.success([7]))])
    }

    @Test("Unplugged: the read fails, the message is taken back and fails with the same error")
    func unplugged() {
        var machine = USBLinkMachine()
        machine.receiveRequested()
        let read = machine.posted(.receive)
        machine.sendRequested()
        let header = machine.posted(.sendHeader)
        let payload = machine.posted(.sendPayload)
        #expect(
            machine.returned(read, outcome: .failed(Self.gone), now: at(1))
                == [.cancel(header), .cancel(payload), .answerReceiver(.failure(Self.gone))])
        #expect(machine.returned(header, outcome: .sent, now: at(2)) == [])
        #expect(
            machine.returned(payload, outcome: .failed(.closed), now: at(3)) == [
                .answerSender(Self.gone), .free,
            ])
        #expect(machine.failure == Self.gone)
    }

    @Test("A header that is late takes the payload with it")
    func late() {
        let late = TransportError.timedOut(operation: "send")
        var machine = USBLinkMachine()
        machine.sendRequested()
        let header = machine.posted(.sendHeader)
        let payload = machine.posted(.sendPayload)
        #expect(machine.returned(header, outcome: .failed(late), now: at(5000)) == [.cancel(payload)])
        #expect(
            machine.returned(payload, outcome: .failed(.closed), now: at(5001)) == [
                .answerSender(late), .free,
            ])
    }

    @Test("A transfer that the system does not take ends the link")
    func refused() {
        let full = TransportError.failed(operation: "send", detail: "no memory")
        var machine = USBLinkMachine()
        machine.sendRequested()
        let header = machine.posted(.sendHeader)
        let payload = machine.posted(.sendPayload)
        #expect(machine.refused(payload, error: full, now: at(1)) == [.cancel(header)])
        #expect(machine.returned(header, outcome: .sent, now: at(2)) == [.answerSender(full), .free])
    }

    @Test("Closing an idle link frees it at once; twice is harmless")
    func closeIdle() {
        var machine = USBLinkMachine()
        #expect(machine.closeRequested(now: at(1)) == [.free])
        #expect(machine.closeRequested(now: at(2)) == [.free])
        #expect(machine.failure == .closed)
    }

    @Test("Closing while a read waits: cancel, then the answer, then free")
    func closeBusy() {
        var machine = USBLinkMachine()
        machine.receiveRequested()
        let read = machine.posted(.receive)
        #expect(machine.closeRequested(now: at(1)) == [.cancel(read)])
        #expect(!machine.isFree)
        #expect(
            machine.returned(read, outcome: .failed(.closed), now: at(2)) == [
                .answerReceiver(.failure(.closed)), .free,
            ])
    }

    @Test("Bytes that arrive after the end are not an answer: the owner has given the link up")
    func bytesAfterTheEnd() {
        var machine = USBLinkMachine()
        machine.receiveRequested()
        let read = machine.posted(.receive)
        #expect(machine.closeRequested(now: at(1)) == [.cancel(read)])
        #expect(
            machine.returned(read, outcome: .received([1]), now: at(2)) == [
                .answerReceiver(.failure(.closed)), .free,
            ])
    }

    @Test(
        "A transfer that never returns is given up after 2 s, everybody gets an answer, it counts as leaked")
    func neverReturns() {
        var machine = USBLinkMachine()
        machine.receiveRequested()
        let read = machine.posted(.receive)
        machine.sendRequested()
        let header = machine.posted(.sendHeader)
        #expect(machine.timePassed(now: at(1_000_000)) == [])
        #expect(machine.closeRequested(now: at(0)) == [.cancel(read), .cancel(header)])
        #expect(machine.giveUpAt == at(2000))
        #expect(machine.timePassed(now: at(1999)) == [])
        #expect(
            machine.timePassed(now: at(2000))
                == [.answerReceiver(.failure(.closed)), .answerSender(.closed), .free])
        #expect(machine.leaked == 2)
        #expect(machine.giveUpAt == nil)
        #expect(machine.timePassed(now: at(9000)) == [])

        #expect(machine.returned(read, outcome: .failed(.closed), now: at(3000)) == [])
        #expect(machine.leaked == 1)
    }

    @Test("Whatever happens: one answer for each question, free only when nothing is out, free in the end")
    func random() {
        for seed in UInt64(1)...300 {
            var random = Numbers(state: seed)
            var run = Run(start: start)
            for _ in 0..<60 { run.step(random.next(), random.next()) }
            run.finish()
            #expect(run.faults == [], "seed \(seed)")
        }
    }
}

/// One random life of a link, with what must hold.
private struct Run {
    var machine = USBLinkMachine()
    var out: [Int: USBLinkMachine.Role] = [:]
    var receiverWaits = false
    var senderWaits = false
    var faults: [String] = []
    var now: ContinuousClock.Instant

    init(start: ContinuousClock.Instant) {
        now = start
    }

    mutating func step(_ choice: UInt64, _ detail: UInt64) {
        now += .milliseconds(Int(detail % 700))
        switch choice % 8 {
        case 0,
            1 where !receiverWaits && machine.failure == nil:
            guard !receiverWaits, machine.failure == nil else { return }
            machine.receiveRequested()
            receiverWaits = true
            out[machine.posted(.receive)] = .receive
        case 2 where !senderWaits && machine.failure == nil:
            machine.sendRequested()
            senderWaits = true
            out[machine.posted(.sendHeader)] = .sendHeader
            let payload = machine.posted(.sendPayload)
            if detail % 16 == 0 {
                perform(machine.refused(payload, error: .failed(operation: "send", detail: ""), now: now))
            } else {
                out[payload] = .sendPayload
            }
        case 3...6:
            guard let id = out.keys.sorted().randomElement(detail), let role = out[id] else { return }
            out[id] = nil
            let good: USBLinkMachine.Outcome = role == .receive ? .received([1]) : .sent
            let bad: USBLinkMachine.Outcome = .failed(detail % 64 < 2 ? .ended : .closed)
            perform(
                machine.returned(
                    id, outcome: detail % 64 < 3 || machine.failure != nil ? bad : good, now: now))
        default:
            perform(machine.timePassed(now: now))
            if detail % 32 == 0 { perform(machine.closeRequested(now: now)) }
        }
    }

    mutating func finish() {
        perform(machine.closeRequested(now: now))
        now += .seconds(3)
        perform(machine.timePassed(now: now))
        if !machine.isFree { faults.append("not free") }
        if receiverWaits || senderWaits { faults.append("somebody has no answer") }
        if machine.leaked != out.count { faults.append("\(machine.leaked) leaked, \(out.count) are out") }
    }

    mutating func perform(_ actions: [USBLinkMachine.Action]) {
        for action in actions {
            switch action {
            case .cancel(let id):
                if out[id] == nil { faults.append("cancelled what is not out") }
            case .answerReceiver:
                if !receiverWaits { faults.append("an answer nobody waits for") }
                receiverWaits = false
            case .answerSender:
                if !senderWaits { faults.append("an answer nobody waits for") }
                senderWaits = false
            case .free:
                if machine.leaked != out.count { faults.append("free with transfers out") }
            }
        }
    }
}

/// A small repeatable sequence (SplitMix64).
private struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension [Int] {
    fileprivate func randomElement(_ number: UInt64) -> Int? {
        isEmpty ? nil : self[Int(number % UInt64(count))]
    }
}
