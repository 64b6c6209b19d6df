import Glibc
import Platform
import Receiver
import Stage
import VirtualPhone

/// From an SMS in the phone's store to the whole request at the receiver, split into the phone's part (its `content`
/// command), and ours, once with the state folder on the disk and once in memory: the difference is fsync.
///
/// One message at a time. The receiver's part is not in it: the clock stops when it has the request.
enum Latency {
    static func run(messages: Int) throws {
        let disk = try measure(messages: messages, parent: nil)
        let memory = try measure(messages: messages, parent: "/dev/shm")
        print("SMS to webhook, \(messages) messages, milliseconds        p50      p99      max")
        row("whole, state folder on disk", disk.map(\.whole))
        row("whole, state folder in memory", memory.map(\.whole))
        row("  of it the phone's content command", memory.map(\.phone))
        row("  of it ours without fsync", memory.map { $0.whole - $0.phone })
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

    private static func measure(messages: Int, parent: String?) throws -> [(whole: Double, phone: Double)] {
        let stage = try Stage(name: "latency-\(getpid())", parent: parent)
        defer { stage.end() }
        try stage.setUp()
        var figures: [(whole: Double, phone: Double)] = []
        let phone = stage.phones[0]
        for number in 0..<(messages + 5) {
            let before = phone.counters.commandNanoseconds["content", default: 0]
            let start = Self.microseconds()
            phone.receiveSMS(from: "AcmeBank", body: "Your code is \(100_000 + number).", slot: number % 2)
            guard stage.retry(seconds: 30, { stage.log.total > number }),
                let request = stage.log.requests.last
            else { throw Stage.Failure(description: "message \(number) never arrived") }
            // The first ones warm the connection up.
            if number >= 5 {
                let spent = phone.counters.commandNanoseconds["content", default: 0] - before
                figures.append(
                    (Double(request.arrivedMicroseconds - start) / 1000, Double(spent) / 1_000_000))
            }
            usleep(20_000)
        }
        return figures
    }

    /// The clock that the receiver stamps requests with.
    private static func microseconds() -> Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }
}
