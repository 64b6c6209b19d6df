import Bytes
import Events
import Testing
import Time

@testable import Phone

/// Transcripts: what the collector asks, what the phone answers, what is recorded.
@Suite struct SMSCollectorTests {
    let start = Instant(nanoseconds: 0)
    let phoneTime = WallTime(milliseconds: 1_760_000_000_000)
    let sims = [SIMCard(slot: 2, subscription: 7, iccid: "8944", network: "23430", carrier: "EE")]

    func at(_ seconds: Double) -> Instant { start.advanced(by: .seconds(seconds)) }

    func row(
        _ index: Int, id: Int64, date: Int64 = 1_760_000_000_000, sub: Int64 = 7, body: String = "hi"
    )
        -> String
    {
        "Row: \(index) _id=\(id), type=1, status=-1, error_code=-1, sub_id=\(sub), read=0, d=\(date), ds=0, ha=41, "
            + "na=0, hb=\(Hex.encode(body.utf8).uppercased()), nb=0, hc=\n"
    }

    func mark(_ index: Int, id: Int64, date: Int64 = 1_760_000_000_000) -> String {
        "Row: \(index) _id=\(id), d=\(date), ha=41, na=0\n"
    }

    let nothing = "No result found.\n"

    /// Asks for the next step, which must be a query that has `part`, and answers it.
    func answer(
        _ collector: inout SMSCollector, _ part: String, _ text: String, at now: Instant? = nil,
        location: SourceLocation = #_sourceLocation
    ) {
        let now = now ?? start
        let step = collector.next(now: now, phoneTime: phoneTime)
        guard case .run(let command) = step else {
            Issue.record("\(step) instead of a query with \(part)", sourceLocation: location)
            return
        }
        #expect(command.text.contains(part), sourceLocation: location)
        collector.answered(.completed(output: Array(text.utf8), errorOutput: []), now: now)
    }

    /// The next step must record; returns what.
    func record(_ collector: inout SMSCollector, location: SourceLocation = #_sourceLocation)
        -> [Observation]
    {
        let step = collector.next(now: start, phoneTime: phoneTime)
        guard case .record(let observations, _) = step else {
            Issue.record("\(step) instead of a record", sourceLocation: location)
            return []
        }
        collector.recorded(now: start)
        return observations
    }

    /// The next step must check `rows`; answers that those in `unseen` are new.
    func check(
        _ collector: inout SMSCollector, _ rows: [Int64], unseen: [Int64],
        location: SourceLocation = #_sourceLocation
    ) {
        let step = collector.next(now: start, phoneTime: phoneTime)
        guard case .check(let keys) = step else {
            Issue.record("\(step) instead of a check", sourceLocation: location)
            return
        }
        func row(_ key: SourceKey) -> Int64? {
            Int64(String(decoding: key.bytes.split(separator: 0x2F)[1], as: UTF8.self))
        }
        #expect(keys.map(row) == rows, sourceLocation: location)
        collector.checked(Set(keys.filter { unseen.contains(row($0) ?? -1) }), now: start)
    }

    func expect(
        _ collector: inout SMSCollector, _ step: CollectorStep, at now: Instant? = nil,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(collector.next(now: now ?? start, phoneTime: phoneTime) == step, sourceLocation: location)
    }

    /// A collector that was enrolled when the store stood at id 10, at rest.
    func enrolled() -> SMSCollector {
        var collector = SMSCollector(cursor: nil, sims: sims)
        answer(&collector, "count(*)", "Row: 0 c=2, m=10, d=1\n")
        expect(&collector, .report(.reading))
        #expect(record(&collector) == [])
        answer(&collector, "_id>0 AND _id<=10", mark(0, id: 3) + mark(1, id: 10))
        #expect(record(&collector).map(\.content) == [nil, nil])
        answer(&collector, "_id>10", nothing)
        answer(&collector, "_id>-90 OR date>", mark(0, id: 3) + mark(1, id: 10))
        check(&collector, [3, 10], unseen: [])
        answer(&collector, "count(*)", "Row: 0 c=2, m=10, d=1\n")
        return collector
    }

    @Test func whatWasThereBeforeEnrolmentIsNoEvent() {
        var collector = enrolled()
        expect(&collector, .rest(until: at(60)))
    }

    @Test func anEmptyPhoneIsEnrolledToo() {
        var collector = SMSCollector(cursor: nil, sims: sims)
        answer(&collector, "count(*)", "Row: 0 c=0, m=NULL, d=NULL\n")
        expect(&collector, .report(.reading))
        #expect(record(&collector) == [])
    }

    @Test func aHintBringsTheRowWithItsSlot() throws {
        var collector = enrolled()
        let line = "1760000000.171 1 2 D GsmInboundSmsHandler: Delivering SMS to: a b, {x-message-id:1}"
        collector.heard(try #require(LogLine(Array(line.utf8)[...])), now: start)
        expect(&collector, .rest(until: at(0.3)))
        answer(&collector, "_id>10", row(0, id: 11, body: "hello"), at: at(0.3))
        let seen = record(&collector)
        #expect(seen.map(\.content) == [.sms(SMSMessage(rowID: 11, sender: "A", body: "hello"))])
        #expect(seen.first?.slot == 2)
        #expect(seen.first?.iccid == "8944")
        // As many rows as were announced: no further looks.
        expect(&collector, .rest(until: at(60)))
    }

    @Test func aRowThatComesLateIsLookedForAgainAndThenSweptFor() throws {
        var collector = enrolled()
        let line = "1760000000.171 1 2 D GsmInboundSmsHandler: Delivering SMS to: a b"
        collector.heard(try #require(LogLine(Array(line.utf8)[...])), now: start)
        for moment in [0.3, 1, 3, 10] { answer(&collector, "_id>10", nothing, at: at(moment)) }
        answer(&collector, "_id>-90 OR date>", mark(0, id: 3) + mark(1, id: 4), at: at(10))
        check(&collector, [3, 4], unseen: [4])
        answer(&collector, "_id IN (4)", row(0, id: 4, body: "low id"))
        #expect(record(&collector).first?.content == .sms(SMSMessage(rowID: 4, sender: "A", body: "low id")))
        expect(&collector, .rest(until: at(60)), at: at(11))
    }

    @Test func theSafetyPollFindsWhatHadNoHint() {
        var collector = enrolled()
        answer(&collector, "count(*)", "Row: 0 c=3, m=11, d=2\n", at: at(60))
        answer(&collector, "_id>10", row(0, id: 11))
        #expect(record(&collector).count == 1)
        answer(&collector, "OR date>", mark(0, id: 3) + mark(1, id: 10) + mark(2, id: 11))
        check(&collector, [3, 10, 11], unseen: [])
        expect(&collector, .rest(until: at(120)), at: at(61))
    }

    @Test func numbersAtTheirEndsNeverTrap() {
        for number in [Int64.min, .max, -1, 0] {
            var collector = SMSCollector(cursor: nil, sims: sims)
            let step = collector.next(now: start, phoneTime: WallTime(milliseconds: number))
            guard case .run = step else { return }
            let canary = "Row: 0 c=1, m=\(number), d=\(number)\n"
            collector.answered(.completed(output: Array(canary.utf8), errorOutput: []), now: start)
            for _ in 0..<20 {
                switch collector.next(now: start, phoneTime: WallTime(milliseconds: number)) {
                case .run(let command):
                    let text =
                        command.text.contains("hb")
                        ? row(0, id: .max, date: number, sub: number) : mark(0, id: .max, date: number)
                    collector.answered(.completed(output: Array(text.utf8), errorOutput: []), now: start)
                case .check(let keys): collector.checked(Set(keys), now: start)
                case .record: collector.recorded(now: start)
                case .report, .reply, .rest: break
                }
            }
        }
    }

    @Test func aFloodOfHintsIsOneLook() throws {
        var collector = enrolled()
        let line = try #require(
            LogLine(
                Array("1.5 1 2 D GsmInboundSmsHandler: successful broadcast, deleting from raw table.".utf8)[
                    ...]))
        for _ in 0..<100_000 { collector.heard(line, now: start) }
        answer(&collector, "_id>10", nothing)
        expect(&collector, .rest(until: at(60)))
    }

    @Test func fullPagesGoOnAtOnce() {
        var collector = SMSCollector(cursor: Array("1 10 0 10 10 10 0".utf8), sims: sims)
        answer(&collector, "count(*)", "Row: 0 c=60, m=70, d=1\n")
        expect(&collector, .report(.reading))
        answer(&collector, "_id>10", (0..<50).map { row($0, id: Int64($0) + 11) }.joined())
        #expect(record(&collector).count == 50)
        answer(&collector, "_id>60", (0..<10).map { row($0, id: Int64($0) + 61) }.joined())
        #expect(record(&collector).count == 10)
    }

    @Test func anUnreadableRowIsFoundReportedAndPassedOver() {
        var collector = SMSCollector(cursor: Array("1 10 0 10 10 10 0".utf8), sims: sims)
        answer(&collector, "count(*)", "Row: 0 c=60, m=12, d=1\n")
        expect(&collector, .report(.reading))
        let bad = row(0, id: 11).replacing("d=1760000000000", with: "d=tomorrow")
        answer(&collector, "LIMIT 50", bad + row(1, id: 12))
        answer(&collector, "LIMIT 1", bad)
        answer(&collector, "LIMIT 1", mark(0, id: 11))
        guard case .report(.problem(let text)) = collector.next(now: start, phoneTime: phoneTime) else {
            Issue.record("nobody is told")
            return
        }
        #expect(text.contains("row 11"))
        #expect(record(&collector).map(\.content) == [nil])
        answer(&collector, "_id>11", row(0, id: 12))
        #expect(record(&collector).count == 1)
    }

    @Test func aRefusingPhoneIsBlockedSaidSoAndAskedAgain() throws {
        var collector = SMSCollector(cursor: nil, sims: sims)
        _ = collector.next(now: start, phoneTime: phoneTime)
        let denied = try Corpus.bytes("sms/error_read_sms_denied_a9.txt")
        collector.answered(.completed(output: [], errorOutput: denied), now: start)
        guard case .report(.blocked) = collector.next(now: start, phoneTime: phoneTime) else {
            Issue.record("nobody is told")
            return
        }
        expect(&collector, .rest(until: at(300)))
        answer(&collector, "count(*)", "No result found.\n", at: at(300))
        guard case .report(.blocked(let text, _)) = collector.next(now: at(300), phoneTime: phoneTime) else {
            Issue.record("nobody is told")
            return
        }
        #expect(text.contains("silently refuses"))
    }

    @Test func brokenOffQueriesAreAskedAgainWithLongerPauses() {
        var collector = SMSCollector(cursor: Array("1 10 0 10 10 10 0".utf8), sims: sims)
        var now = start
        for (index, pause) in [1, 5, 15, 60, 60].enumerated() {
            guard case .run = collector.next(now: now, phoneTime: phoneTime) else {
                Issue.record("no query at try \(index)")
                return
            }
            collector.answered(.unfinished("cut off"), now: now)
            while case .report = collector.next(now: now, phoneTime: phoneTime) {}
            expect(&collector, .rest(until: now.advanced(by: .seconds(pause))), at: now)
            now = now.advanced(by: .seconds(pause))
        }
    }

    @Test func cursorsOfUnknownBytesAreSaidToBeUnreadable() {
        for bytes in ["", "2 1 1 1 1 1 1", "1 1 1", "1 x 1 1 1 1 1", "1 1 1 1 1 1 1 1", "1 -1 1 1 1 1 1"] {
            var collector = SMSCollector(cursor: Array(bytes.utf8), sims: sims)
            guard case .report(.problem) = collector.next(now: start, phoneTime: phoneTime) else {
                Issue.record("\(bytes) was believed")
                continue
            }
        }
    }
}
