import Glibc
import Platform

/// `swift run -c release Benchmarks latency|memory`: figures, never tests. Compare them within one run only.
@main
struct Benchmarks {
    static func main() throws {
        signal(SIGPIPE, SIG_IGN)
        switch CommandLine.arguments.dropFirst().first {
        case "latency": try Latency.run(messages: 200)
        case "memory": try Memory.run()
        default:
            print("usage: Benchmarks latency | memory")
            exit(2)
        }
    }

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
