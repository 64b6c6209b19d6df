import FoundationEssentials
import Simulation
import Testing

/// Days made from seeds. `PHONEWIRE_SEEDS=1000` runs as many, `PHONEWIRE_SEED_FROM` begins elsewhere, `PHONEWIRE_SEED_ACTIONS` makes
/// the days longer or shorter.
@Suite(.serialized, .apartFromPool) struct DaysTests {
    private static func number(_ name: String, or standard: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? standard
    }

    @Test func everyMessageOfEverySeedComesOnceOnItsSlot() throws {
        let first = Self.number("PHONEWIRE_SEED_FROM", or: 1)
        let count = Self.number("PHONEWIRE_SEEDS", or: 10)
        let actions = Self.number("PHONEWIRE_SEED_ACTIONS", or: 300)
        var tally = SMSDays.Tally()
        for seed in first..<(first + count) {
            try SMSDays.with(seed: seed) { days in
                try days.live(actions: actions)
                var judgement = try days.judgement()
                judgement.faults += try days.backfillFaults()
                tally.add(judgement.tally)
                if !judgement.faults.isEmpty {
                    Issue.record(
                        "seed \(seed), \(days.kind): \(judgement.faults.joined(separator: "; "))\n\(days.log.joined(separator: "\n"))"
                    )
                }
            }
        }
        print("\(count) seeds from \(first), \(actions) actions each: \(tally)")
    }
}
