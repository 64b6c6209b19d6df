import Glibc
import Stage
import VirtualPhone

/// What reading SMS costs, and how it grows with the phone's store.
enum SMSBenchmarks {
    private static let milliseconds = Duration.milliseconds(1)

    // MARK: Reading stored messages

    private struct Reading {
        var sameCommand = 0.0
        var plainCommand = 0.0
        var ours = 0.0
        var commands = 0.0
        var store = 0.0
        var programs = 0.0
    }

    /// `rows` messages that appeared at once, read and recorded, against the phone's own command for the same rows; the median of
    /// `times` runs, the ratio taken in each.
    static func read(rows: Int, times: Int) async throws {
        say("\(rows) stored messages, milliseconds, median of \(times) runs")
        say(
            "start of a program   raw   raw, plain   ours   commands   store   programs   ours/raw   commands/raw"
        )
        for start in [0, 100, 400] {
            var runs: [Reading] = []
            for _ in 0..<times { runs.append(try await reading(rows, start: .milliseconds(start))) }
            func median(_ value: (Reading) -> Double) -> String { cell(Benchmarks.median(runs.map(value))) }
            say(
                cell(Double(start)), median(\.sameCommand), median(\.plainCommand), median(\.ours),
                median(\.commands), median(\.store), median(\.programs), median { $0.ours / $0.sameCommand },
                median { $0.commands / $0.sameCommand })
        }
    }

    /// `text` with `number` in the place of the one behind `words`.
    private static func replacing(numberAfter words: String, with number: Int, in text: String) -> String {
        guard let found = text.firstRange(of: words) else { return text }
        let rest = text[found.upperBound...].drop { ("0"..."9").contains($0) }
        return String(text[..<found.upperBound]) + "\(number)" + rest
    }

    private static func reading(_ rows: Int, start: Duration) async throws -> Reading {
        let reader = try await SMSReader(rows: 1000)
        try await reader.work()
        let last = reader.phone.counters.rowsStored
        // A first message, for the text of the command.
        SMSReader.fill(reader.phone, 1, received: true)
        try reader.hear()
        try await reader.work(enough: 1)
        guard let text = reader.runs.last(where: { $0.kind == .rows })?.text else {
            throw Benchmarks.Failure("no message was read")
        }
        SMSReader.fill(reader.phone, rows, received: true)
        let sameCommand = replacing(
            numberAfter: "LIMIT ", with: rows, in: replacing(numberAfter: "_id>", with: last + 1, in: text))
        let plainCommand =
            "content query --uri content://sms --projection _id:address:date:date_sent:type:sub_id:body "
            + "--where '_id>\(last + 1)' --sort '_id ASC'"
        var reading = Reading()
        reader.programStart = start
        // Once for nothing: the rows are in the machine's memory then.
        _ = try await reader.raw(sameCommand)
        reading.sameCommand = try await time { _ = try await reader.raw(sameCommand) }
        reading.plainCommand = try await time { _ = try await reader.raw(plainCommand) }
        let storeBefore = reader.storeMilliseconds
        reader.runs = []
        try reader.hear()
        reading.ours = try await time { try await reader.work(enough: rows + 1) }
        reading.store = reader.storeMilliseconds - storeBefore
        reading.commands = reader.runs.reduce(0) { $0 + $1.milliseconds }
        reading.programs = Double(reader.runs.count { $0.kind != .other })
        await reader.end()
        return reading
    }

    // MARK: Growth

    /// One new message and what else a phone is asked, on stores of these sizes; each also with the queries as they would be
    /// without a word for SQLite's planner.
    static func growth(sizes: [Int], times: Int) async throws {
        say("milliseconds, median of \(times); behind the stroke without likelihood() in the queries")
        say("rows   MiB   enrolment   message to event   its query   canary   sweep")
        for size in sizes {
            let reader = try await SMSReader(rows: size)
            let enrolment = try await time { try await reader.work() }
            var columns: [String] = [cell(Double(size)), cell(reader.phoneStoreMebibytes), cell(enrolment)]
            var figures: [[[Double]]] = []
            for isWithout in [false, true] {
                reader.isWithoutHints = isWithout
                var each: [[Double]] = [[], [], [], []]
                for round in 0...times {
                    SMSReader.fill(reader.phone, 1, received: true)
                    reader.runs = []
                    let before = reader.events
                    try reader.hear()
                    let whole = try await time { try await reader.work(enough: before + 1) }
                    let query = reader.milliseconds(.rows)
                    try await reader.work()
                    SMSReader.fill(reader.phone, 1, received: true)
                    reader.runs = []
                    reader.look()
                    try await reader.work()
                    let found = [whole, query, reader.milliseconds(.canary), reader.milliseconds(.marks)]
                    // The first round warms up.
                    if round > 0 { for (index, value) in found.enumerated() { each[index].append(value) } }
                }
                figures.append(each)
            }
            for index in 0..<4 {
                let pair = figures.map { Benchmarks.text(Benchmarks.median($0[index])) }
                columns.append("  \(pair[0])|\(pair[1])")
            }
            say(columns.joined(separator: " "))
            await reader.end()
        }
    }

    // MARK: Reconcile

    /// Everything on the phone checked against the store, when nothing has changed.
    static func reconcile(sizes: [Int], times: Int) async throws {
        say("a whole check, milliseconds, median of \(times); behind the stroke without likelihood(), once")
        say("rows   whole   phone's commands   store   commands")
        for size in sizes {
            let reader = try await SMSReader(rows: size)
            try await reader.work()
            var whole: [Double] = []
            var commands: [Double] = []
            var store: [Double] = []
            func check() async throws {
                reader.runs = []
                let before = reader.storeMilliseconds
                reader.checkAll()
                whole.append(try await time { try await reader.work() })
                commands.append(reader.runs.reduce(0) { $0 + $1.milliseconds })
                store.append(reader.storeMilliseconds - before)
            }
            for _ in 0..<times { try await check() }
            let figures = [whole, commands, store].map { Benchmarks.median($0) }
            let count = reader.runs.count
            reader.isWithoutHints = true
            try await check()
            let without = [whole, commands, store].map { $0[times] }
            let cells = zip(figures, without).map { "  \(Benchmarks.text($0))|\(Benchmarks.text($1))" }
            say(cell(Double(size)), cells.joined(separator: " "), cell(Double(count)))
            await reader.end()
        }
    }

    // MARK: Trigger to event

    /// From the phone's trigger to the receiver's answer, when `count` phones get a message at the same moment.
    static func trigger(phones counts: [Int], rounds: Int) throws {
        say("message to webhook, all phones at once, \(rounds) rounds, milliseconds")
        say("phones       p50       p90       p99       max    phone's programs for one message")
        for count in counts {
            let stage = try Stage(name: "trigger-\(getpid())", phones: count)
            defer { stage.end() }
            for phone in stage.phones { SMSReader.fill(phone, 1000) }
            try stage.setUp()
            usleep(2_000_000)
            var times: [Double] = []
            func work() -> Int64 {
                stage.phones.reduce(0) { sum, phone in
                    let spent = phone.counters.commandNanoseconds
                    return sum + spent["content", default: 0] + spent["dumpsys", default: 0]
                }
            }
            let before = work()
            for round in 0..<(rounds + 3) {
                let begin = ContinuousClock.now
                for phone in stage.phones {
                    phone.receiveSMS(from: "AcmeBank", body: "Your code is \(round).", slot: round % 2)
                }
                guard stage.retry(seconds: 60, { stage.work.count >= (round + 1) * count }) else {
                    throw Stage.Failure(description: "round \(round): not all messages arrived")
                }
                if round >= 3 {
                    times += stage.work.all.suffix(count).map { begin.duration(to: $0.end) / milliseconds }
                }
                usleep(200_000)
            }
            let each = Double(work() - before) / 1_000_000 / Double(count * (rounds + 3))
            let shares = Benchmarks.shares(times, [0.5, 0.9, 0.99, 1])
            say(cell(Double(count)), shares.map { cell($0) }.joined(), cell(each))
        }
    }

    // MARK: Text

    /// Prints at once: these run for minutes.
    private static func say(_ words: String...) {
        print(words.joined(separator: " "))
        fflush(nil)
    }

    private static func time(_ body: () async throws -> Void) async rethrows -> Double {
        let begin = ContinuousClock.now
        try await body()
        return begin.duration(to: .now) / milliseconds
    }

    private static func cell(_ value: Double) -> String {
        let text = value == value.rounded() ? String(Int(value)) : Benchmarks.text(value)
        return String(repeating: " ", count: max(0, 10 - text.count)) + text
    }
}

extension SMSReader {
    /// How long all commands of this kind took.
    func milliseconds(_ kind: Kind) -> Double {
        runs.filter { $0.kind == kind }.reduce(0) { $0 + $1.milliseconds }
    }
}
