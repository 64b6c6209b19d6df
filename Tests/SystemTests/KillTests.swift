import Glibc
import Platform
import Receiver
import Stage
import Synchronization
import Testing
import VirtualPhone

/// The real program, killed again and again while messages arrive: nothing may be lost, nothing told as two events.
///
/// `PHONEWIRE_KILLS` and `PHONEWIRE_MESSAGES` make it longer (100 and 1000 for the full proof);
/// `PHONEWIRE_SEED` repeats a run.
@Suite(.serialized) struct KillTests {
    private static func number(_ name: String, _ usual: Int) -> Int {
        Environment.value(name).flatMap { Int($0) } ?? usual
    }

    @Test func kill9AtRandomMomentsLosesNothing() throws {
        let kills = Self.number("PHONEWIRE_KILLS", 8)
        let messages = Self.number("PHONEWIRE_MESSAGES", 80)
        let seed = UInt64(Self.number("PHONEWIRE_SEED", Int(getpid())))
        var random = SeededGenerator(seed: seed)
        let stage = try Stage(name: "kill-\(seed)")
        var passed = false
        defer { stage.end(keep: !passed) }
        try stage.setUp()

        let arriving = Arriving()
        let phone = stage.phones[0]
        let pause = UInt32(1_000_000 * kills / messages)
        let code = startThread(name: "messages") {
            for number in 0..<messages {
                phone.receiveSMS(from: "+4477009\(number % 100)", body: "message \(number)", slot: number % 2)
                usleep(pause)
            }
            arriving.isOver.store(true, ordering: .releasing)
        }
        #expect(code == nil)
        for _ in 0..<kills {
            usleep(UInt32.random(in: 100_000...1_900_000, using: &random))
            stage.kill9()
            try stage.start()
        }
        while !arriving.isOver.load(ordering: .acquiring) { usleep(10_000) }
        let all = stage.retry(seconds: 180) { stage.distinct().count >= messages }
        #expect(all, "seed \(seed): \(stage.distinct().count) of \(messages) arrived, see \(stage.folder)")

        var bodies: [String: [UInt8]] = [:]
        for request in stage.log.requests {
            let id = try #require(request.value("webhook-id"))
            if let before = bodies[id] { #expect(before == request.body, "seed \(seed): one id, two bodies") }
            bodies[id] = request.body
        }
        #expect(bodies.count == messages, "seed \(seed): \(bodies.count) ids for \(messages) messages")
        passed = all && bodies.count == messages
        // The figure for whoever runs the long form.
        print(
            "kills \(kills), messages \(messages), seed \(seed): \(stage.log.total) requests, \(bodies.count) events"
        )
    }
}

private final class Arriving: Sendable {
    let isOver = Atomic<Bool>(false)
}

/// SplitMix64 (Sebastiano Vigna, public domain).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
