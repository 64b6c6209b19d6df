import Glibc
import Platform

/// `swift run -c release Benchmarks latency|memory|sms …`: figures, never tests. Compare them within one run only.
@main
struct Benchmarks {
    struct Failure: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    static func main() async throws {
        signal(SIGPIPE, SIG_IGN)
        switch CommandLine.arguments.dropFirst().first {
        case "latency": try Latency.run(messages: 200)
        case "memory": try Memory.run()
        case "sms": try await sms(Array(CommandLine.arguments.dropFirst(2)))
        default: usage()
        }
    }

    private static func sms(_ words: [String]) async throws {
        let numbers = words.dropFirst().map { Int($0) ?? 0 }
        guard numbers.allSatisfy({ $0 > 0 }) else { return usage() }
        func given(_ usual: [Int]) -> [Int] { numbers.isEmpty ? usual : numbers }
        switch words.first {
        case "read": try await SMSBenchmarks.read(rows: numbers.first ?? 10_000, times: 5)
        case "growth":
            try await SMSBenchmarks.growth(sizes: given([1000, 10_000, 100_000, 1_000_000]), times: 5)
        case "reconcile": try await SMSBenchmarks.reconcile(sizes: given([1000, 10_000, 100_000]), times: 3)
        case "trigger": try SMSBenchmarks.trigger(phones: given([1, 8, 16]), rounds: 40)
        default: usage()
        }
    }

    private static func usage() {
        print("usage: Benchmarks latency | memory | sms read [ROWS] | sms growth [ROWS …]")
        print("       | sms reconcile [ROWS …] | sms trigger [PHONES …]")
        exit(2)
    }

    /// The middle of `values`.
    static func median(_ values: [Double]) -> Double { shares(values, [0.5])[0] }

    /// The values at the given shares (0…1) of the sorted list.
    static func shares(_ values: [Double], _ shares: [Double]) -> [Double] {
        let sorted = values.sorted()
        return shares.map { sorted[min(sorted.count - 1, Int(Double(sorted.count) * $0))] }
    }

    /// `value` with two digits behind the point.
    static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
