import Base
import Glibc
import Simulation

/// Runs seeded days of one phone each and says what went wrong: `Seeds [--week] [COUNT [FROM [ACTIONS]]]`. With `--week` the actions of a
/// seed are spread over seven days, no idle stretch of which is skipped.
@main
enum Seeds {
    private static let weekMilliseconds = 7 * 86_400_000

    static func main() throws {
        var words = Array(CommandLine.arguments.dropFirst())
        let isWeek = words.first == "--week"
        if isWeek { words.removeFirst() }
        let numbers = words.map { Int($0) }
        guard numbers.count <= 3, !numbers.contains(nil) else {
            print("usage: Seeds [--week] [COUNT [FROM [ACTIONS]]]")
            exit(64)
        }
        let count = number(numbers, 0) ?? (isWeek ? 20 : 1000)
        let first = number(numbers, 1) ?? 1
        let actions = number(numbers, 2) ?? 300
        var bad = 0
        var tally = SMSDays.Tally()
        let start = ContinuousClock.now
        for seed in first..<(first + count) {
            try SMSDays.with(seed: seed) { days in
                if isWeek {
                    try days.live(
                        actions: actions, pauseMax: 2 * weekMilliseconds / max(1, actions), skipsIdle: false)
                } else {
                    try days.live(actions: actions)
                }
                var judgement = try days.judgement()
                judgement.faults += try days.backfillFaults()
                tally.add(judgement.tally)
                guard !judgement.faults.isEmpty else { return }
                bad += 1
                print("seed \(seed), \(days.kind): \(judgement.faults.joined(separator: "; "))")
                if count == 1 { print(days.log.joined(separator: "\n")) }
            }
        }
        let time = (ContinuousClock.now - start).milliseconds
        let rate = Int64(count) * 100_000 / max(time, 1)
        print(
            "\(count) \(isWeek ? "weeks" : "seeds") from \(first), \(actions) actions each: \(bad) with faults; \(tally); "
                + "\(time / 1000) s, \(rate / 100).\(rate % 100 / 10)\(rate % 10) seeds a second")
        for (doubt, messages) in tally.doubts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            print("  \(messages) without a slot: \(doubt)")
        }
        exit(bad == 0 ? 0 : 1)
    }

    private static func number(_ numbers: [Int?], _ index: Int) -> Int? {
        numbers.indices.contains(index) ? numbers[index] : nil
    }
}
