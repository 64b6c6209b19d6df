import Base
import Glibc
import Simulation

/// Runs seeded days of one phone and says what went wrong: `Seeds [COUNT [FROM [ACTIONS]]]`.
@main
enum Seeds {
    private static let releases = [6, 7, 10, 12, 14, 16]

    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().map { Int($0) }
        guard numbers.count <= 3, !numbers.contains(nil) else {
            print("usage: Seeds [COUNT [FROM [ACTIONS]]]")
            exit(64)
        }
        let count = number(numbers, 0) ?? 1000
        let first = number(numbers, 1) ?? 1
        let actions = number(numbers, 2) ?? 300
        var bad = 0
        var tally = SMSDays.Tally()
        let start = ContinuousClock.now
        for seed in first..<(first + count) {
            let release = releases[seed % releases.count]
            try World.with(seed: UInt64(seed), androidRelease: release) { world in
                try world.startWithPhones()
                let days = SMSDays(world, seed: UInt64(seed))
                try days.live(actions: actions)
                let judgement = try days.judgement()
                tally.add(judgement.tally)
                guard !judgement.faults.isEmpty else { return }
                bad += 1
                print("seed \(seed), Android \(release): \(judgement.faults.joined(separator: "; "))")
                if count == 1 { print(days.log.joined(separator: "\n")) }
            }
        }
        let seconds = Double((ContinuousClock.now - start).components.seconds)
        print(
            "\(count) seeds from \(first), \(actions) actions each: \(bad) with faults; \(tally.messages) messages, "
                + "\(tally.came) came, \(tally.withoutSlot) without a slot; \(tally.missing) ids missing, from \(tally.missingMin) to \(tally.missingMax); "
                + "\(Int(Double(count) / max(seconds, 1) * 100)) seeds in 100 s"
        )
        exit(bad == 0 ? 0 : 1)
    }

    private static func number(_ numbers: [Int?], _ index: Int) -> Int? {
        numbers.indices.contains(index) ? numbers[index] : nil
    }
}
