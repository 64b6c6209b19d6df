import Base
import Simulation
import Testing

/// The promise P2 on the simulation: every message that a phone stored after enrolment reaches the receiver, as one
/// event, whatever crashes.
@Suite(.serialized, .apartFromPool) struct CrashTests {
    /// Five messages, an unplugged phone, a deaf receiver.
    private func messages(_ world: World) throws {
        let steps: [(World) -> Void] = [
            { $0.receive(phone: 0, slot: 0, from: "AcmeBank", body: "one") },
            { $0.receive(phone: 1, slot: 1, from: "+447700900123", body: "two\nRow: 1 _id=999, type=1") },
            {
                $0.receiver.setFailing(100)
                $0.receive(phone: 0, slot: 1, from: "Shop", body: "three 😀")
            },
            {
                $0.links.unplug($0.phones[1])
                $0.receive(phone: 1, slot: 0, from: "Shop", body: "four")
            },
            {
                $0.receiver.setFailing(0)
                $0.links.plug($0.phones[1])
                $0.receive(phone: 0, slot: 0, from: "AcmeBank", body: "one")
            },
        ]
        try world.play(steps, pause: .seconds(7), rest: .seconds(7200))
    }

    private func check(_ world: World, _ note: String) throws {
        let received = try world.received()
        #expect(Set(received.map(\.message)) == world.sent, "\(note): received is not sent")
        #expect(try world.wrongSlots().isEmpty, "\(note): a wrong slot")
        var bodies: [String: (message: String, body: [UInt8])] = [:]
        for entry in received {
            if let before = bodies[entry.id] {
                #expect(before.body == entry.body, "\(note): one id, two bodies")
            }
            bodies[entry.id] = (entry.message, entry.body)
        }
        #expect(Set(bodies.values.map(\.message)).count == bodies.count, "\(note): one message, two ids")
    }

    @Test func withoutACrashEverythingArrivesOnce() throws {
        try World.with(seed: 1) { world in
            try world.startWithPhones()
            try messages(world)
            try check(world, "no crash")
            #expect(world.starts == 1)
            #expect(world.sent.count == 5)
        }
    }

    @Test func aCrashAtAnyCommitLosesNothingAndMakesNothingTwice() throws {
        var commits = 0
        var before = 0
        try World.with(seed: 2) { world in
            try world.startWithPhones()
            before = world.commits
            try messages(world)
            commits = world.commits
        }
        #expect(commits > before + 5)
        for commit in (before + 1)...commits {
            for crash in [World.Crash.before(commit: commit), .after(commit: commit)] {
                try World.with(seed: 2) { world in
                    try world.startWithPhones()
                    world.plan(crash)
                    try messages(world)
                    #expect(world.starts == 2, "\(crash) never came")
                    try check(world, "\(crash)")
                }
            }
        }
    }

    /// Other orders of the same jobs, with a crash somewhere.
    @Test(arguments: 10..<30 as Range<UInt64>) func otherOrdersWithACrash(seed: UInt64) throws {
        try World.with(seed: seed) { world in
            var random = SeededRandom(seed: seed)
            try world.startWithPhones()
            world.receiver.setFailing(random.next(below: 50))
            let commit = world.commits + 1 + random.next(below: 12)
            world.plan(random.chance(50) ? .before(commit: commit) : .after(commit: commit))
            try messages(world)
            try check(world, "seed \(seed), commit \(commit)")
        }
    }
}
