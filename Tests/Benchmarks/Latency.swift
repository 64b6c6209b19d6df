import Glibc
import Stage
import VirtualPhone

/// From an SMS in the phone's store to the receiver's answer, split into the phone's part (its commands), the
/// receiver's, and ours, once with the state folder on the disk and once in memory: the difference is fsync.
///
/// One message at a time.
enum Latency {
    private struct Figure {
        let whole: Double
        let phone: Double
        let receiver: Double
        var ours: Double { whole - phone - receiver }
    }

    static func run(messages: Int) throws {
        let disk = try measure(messages: messages, parent: nil)
        let memory = try measure(messages: messages, parent: "/dev/shm")
        print("SMS to webhook, \(messages) messages, milliseconds        p50      p99      max")
        for (name, figures) in [
            ("state folder on disk", disk), ("state folder in memory (no fsync)", memory),
        ] {
            print(name)
            row("  whole", figures.map(\.whole))
            row("  of it the phone (its commands)", figures.map(\.phone))
            row("  of it the receiver", figures.map(\.receiver))
            row("  of it ours", figures.map(\.ours))
        }
    }

    private static func row(_ name: String, _ values: [Double]) {
        let shares = Benchmarks.shares(values, [0.5, 0.99, 1])
        let padding = String(repeating: " ", count: max(0, 44 - name.count))
        print(name + padding + shares.map { text($0) }.joined())
    }

    private static func text(_ value: Double) -> String {
        let text = Benchmarks.text(value)
        return String(repeating: " ", count: max(0, 9 - text.count)) + text
    }

    /// Time that the phone has spent in the programs that a message needs, in nanoseconds.
    private static func work(of phone: VirtualPhone) -> Int64 {
        ["content", "dumpsys"].reduce(0) { $0 + phone.counters.commandNanoseconds[$1, default: 0] }
    }

    private static func measure(messages: Int, parent: String?) throws -> [Figure] {
        let stage = try Stage(name: "latency-\(getpid())", parent: parent)
        defer { stage.end() }
        try stage.setUp()
        var figures: [Figure] = []
        let phone = stage.phones[0]
        for number in 0..<(messages + 5) {
            let before = work(of: phone)
            let start = ContinuousClock.now
            phone.receiveSMS(from: "AcmeBank", body: "Your code is \(100_000 + number).", slot: number % 2)
            guard stage.retry(seconds: 30, { stage.work.count > number }), let request = stage.work.last
            else {
                throw Stage.Failure(description: "message \(number) never arrived")
            }
            // The first ones warm the connection up.
            if number >= 5 {
                let spent = work(of: phone) - before
                figures.append(
                    Figure(
                        whole: start.duration(to: request.end) / .milliseconds(1),
                        phone: Double(spent) / 1_000_000,
                        receiver: request.spent / .milliseconds(1)))
            }
            usleep(20_000)
        }
        return figures
    }
}
