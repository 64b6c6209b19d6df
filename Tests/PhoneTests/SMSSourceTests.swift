import Base
import Events
import Testing

@testable import Phone

/// Transcripts: what the source asks, what the phone answers, what is recorded.
@Suite struct SMSSourceTests {
    let start = Instant(nanoseconds: 0)
    let phoneTime = WallTime(milliseconds: 1_760_000_000_000)
    let sims = [SIMCard(slot: 2, subscription: 7, iccid: "8944", network: "23430", carrier: "EE")]

    func at(_ seconds: Double) -> Instant { start.advanced(by: .seconds(seconds)) }

    func row(
        _ index: Int, id: Int64, date: Int64 = 1_760_000_000_000, sub: Int64 = 7, body: String = "hi"
    )
        -> String
    {
        "Row: \(index) _id=\(id), t=1, s=\(sub), d=\(date), ds=0, ha=41, "
            + "na=0, hb=\(Hex.encode(body.utf8).uppercased()), lb=\(body.utf8.count)\n"
    }

    func mark(_ index: Int, id: Int64, date: Int64 = 1_760_000_000_000) -> String {
        "Row: \(index) _id=\(id), s=7, d=\(date), ds=0, ha=41, na=0\n"
    }

    let nothing = "No result found.\n"

    /// Subscription 7 in the second slot, as `sims` has it.
    let cards =
        "SubscriptionManagerService:\nLogical SIM slot sub id mapping:\n  Logical SIM slot 1: subId=7\nActive subscriptions:\n"

    /// The next step. What is asked beside the store is answered here: this build has no column of a maker, the cards are
    /// `cards`, the radio and the raw table show nothing, and no row was put back.
    func nextStep(_ source: inout SMSSource, at now: Instant? = nil) -> SourceStep {
        let now = now ?? start
        while true {
            let step = source.next(now: now, phoneTime: phoneTime)
            var output = ""
            var errors = ""
            switch step {
            case .run(let command) where command.text.contains("count(sim_slot)"):
                errors =
                    "Error while accessing provider:sms\nandroid.database.sqlite.SQLiteException: no such column: sim_slot\n"
            case .run(let command) where command.text == "dumpsys isub": output = cards
            case .run(let command) where command.text.contains("content://sms/raw"): output = nothing
            case .run(let command) where command.text.contains("logcat"): break
            case .check(let keys) where keys.contains(where: { $0.bytes.first == 0x62 }):
                source.checked(Set(keys), now: now)
                continue
            default: return step
            }
            source.answered(.completed(output: Array(output.utf8), errorOutput: Array(errors.utf8)), now: now)
        }
    }

    /// A cursor in the words of the first version, with the cards of `sims` looked at before.
    func stored(_ text: String) -> [UInt8] {
        var cursor = SMSCursor(Array(text.utf8)) ?? SMSCursor(enrolledAt: 0, date: 0)
        cursor.cards.maps = [[1: 7]]
        cursor.cards.places = [7: [1]]
        cursor.checkedAt = phoneTime.milliseconds
        return cursor.bytes
    }

    /// The observations of rows: without those that only remember a row's content.
    func rows(_ observations: [Observation]) -> [Observation] {
        observations.filter { ![0x62, 0x63].contains($0.key.bytes.first) }
    }

    /// Asks for the next step, which must be a query that has `part`, and answers it.
    func answer(
        _ source: inout SMSSource, _ part: String, _ text: String, at now: Instant? = nil,
        location: SourceLocation = #_sourceLocation
    ) {
        let now = now ?? start
        let step = nextStep(&source, at: now)
        guard case .run(let command) = step else {
            Issue.record("\(step) instead of a query with \(part)", sourceLocation: location)
            return
        }
        #expect(command.text.contains(part), sourceLocation: location)
        source.answered(outcome(of: command, text), now: now)
    }

    /// What came of `command`, which said `text`; a look at the cards that it ends with shows `cards`.
    func outcome(of command: PhoneCommand, _ text: String) -> CommandOutcome {
        command.isMarked
            ? .completedEach([Array(text.utf8), Array(cards.utf8)])
            : .completed(output: Array(text.utf8), errorOutput: [])
    }

    /// The next step must record; returns what.
    func record(
        _ source: inout SMSSource, at now: Instant? = nil, location: SourceLocation = #_sourceLocation
    ) -> [Observation] {
        let now = now ?? start
        let step = nextStep(&source, at: now)
        guard case .record(let observations, _) = step else {
            Issue.record("\(step) instead of a record", sourceLocation: location)
            return []
        }
        source.recorded(now: now)
        return rows(observations)
    }

    /// The next step must check `rows`; answers that those in `unseen` are new, and that none was there at enrolment.
    func check(
        _ source: inout SMSSource, _ rows: [Int64], unseen: [Int64],
        location: SourceLocation = #_sourceLocation
    ) {
        let step = nextStep(&source, at: start)
        guard case .check(let keys) = step else {
            Issue.record("\(step) instead of a check", sourceLocation: location)
            return
        }
        func row(_ key: SourceKey) -> Int64? {
            Int64(String(decoding: key.bytes.split(separator: 0x2F)[1], as: UTF8.self))
        }
        let contents = keys.filter { $0.bytes.first == 0x63 }
        let rowKeys = keys.filter { $0.bytes.first != 0x63 }
        #expect(rowKeys.map(row) == rows, sourceLocation: location)
        source.checked(Set(rowKeys.filter { unseen.contains(row($0) ?? -1) } + contents), now: start)
    }

    func expect(
        _ source: inout SMSSource, _ step: SourceStep, at now: Instant? = nil,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(nextStep(&source, at: now ?? start) == step, sourceLocation: location)
    }

    /// A source that was enrolled when the store stood at id 10, at rest.
    func enrolled() -> SMSSource {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=2, m=10, d=1\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        answer(
            &source, "likelihood(_id>0,0.001) AND likelihood(_id<=10,0.001)", mark(0, id: 3) + mark(1, id: 10)
        )
        #expect(record(&source).map(\.content) == [nil, nil])
        answer(&source, "_id>10", nothing)
        answer(&source, "_id>-90 OR date>", mark(0, id: 3) + mark(1, id: 10))
        check(&source, [3, 10], unseen: [])
        answer(&source, "count(*)", "Row: 0 c=2, m=10, d=1\n")
        return source
    }

    @Test func whatWasThereBeforeEnrolmentIsNoEvent() {
        var source = enrolled()
        expect(&source, .rest(until: at(60)))
    }

    @Test func anEmptyPhoneIsEnrolledToo() {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=0, m=NULL, d=NULL\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
    }

    @Test func aHintBringsTheRowWithItsSlot() throws {
        var source = enrolled()
        let line = "1760000000.171 1 2 D GsmInboundSmsHandler: Delivering SMS to: a b, {x-message-id:1}"
        source.heard(try #require(LogLine(Array(line.utf8)[...])), now: start)
        expect(&source, .rest(until: at(0.3)))
        // A little below the newest row too: ids of deleted rows are given again. What is known falls away.
        answer(&source, "_id>2", row(0, id: 10, body: "known") + row(1, id: 11, body: "hello"), at: at(0.3))
        guard case .check(let keys) = source.next(now: at(0.3), phoneTime: phoneTime) else {
            Issue.record("no check")
            return
        }
        let known = keys.filter { String(decoding: $0.bytes, as: UTF8.self).hasPrefix("1/10/") }
        #expect(known.count == 1)
        source.checked(Set(keys).subtracting(known), now: at(0.3))
        let seen = record(&source)
        #expect(seen.map(\.content) == [EventContent(SMSMessage(rowID: 11, sender: "A", body: "hello"))])
        #expect(seen.first?.slot == 2)
        #expect(seen.first?.iccid == "8944")
        // As many rows as were announced: no further looks.
        expect(&source, .rest(until: at(60)))
    }

    @Test func aRowThatComesLateIsLookedForAgainAndThenSweptFor() throws {
        var source = enrolled()
        let line = "1760000000.171 1 2 D GsmInboundSmsHandler: Delivering SMS to: a b"
        source.heard(try #require(LogLine(Array(line.utf8)[...])), now: start)
        for moment in [0.3, 1, 3, 10] { answer(&source, "_id>2", nothing, at: at(moment)) }
        // A canary first: a shell that is refused in silence finds nothing either.
        answer(&source, "count(*)", "Row: 0 c=3, m=10, d=2, s=2\n", at: at(10))
        answer(&source, "_id>10", nothing, at: at(10))
        answer(&source, "_id>-90 OR date>", mark(0, id: 3) + mark(1, id: 4), at: at(10))
        check(&source, [3, 4], unseen: [4])
        answer(&source, "_id IN (4)", row(0, id: 4, body: "low id"))
        #expect(
            record(&source).first?.content == EventContent(SMSMessage(rowID: 4, sender: "A", body: "low id")))
        expect(&source, .rest(until: at(60)), at: at(11))
    }

    /// A check of everything takes minutes on a large store: what came without a line of the log is read between its pages.
    @Test func aLongSweepHoldsNoNewMessageUp() {
        var source = enrolled()
        source.checkAll(now: start)
        answer(&source, "count(*)", "Row: 0 c=9000, m=10, d=2\n")
        answer(&source, "_id>10", nothing)
        func page(_ from: Int64, at now: Instant) {
            let ids = from..<(from + 1000)
            answer(&source, "OR date>", ids.enumerated().map { mark($0, id: $1) }.joined(), at: now)
            check(&source, Array(ids), unseen: [])
        }
        page(1, at: start)
        page(1001, at: at(30))
        answer(&source, "_id>10", row(0, id: 11), at: at(61))
        #expect(record(&source).count == 1)
        page(2001, at: at(61))
    }

    /// Taking note of what was there at enrolment takes minutes on a large store: a new message does not wait for it.
    @Test func takingNoteOfALargeStoreHoldsNoNewMessageUp() throws {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=9000, m=9000, d=2, s=2\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        func page(_ from: Int64, at now: Instant) {
            answer(
                &source, "_id<=9000", (from..<(from + 1000)).enumerated().map { mark($0, id: $1) }.joined(),
                at: now)
            #expect(record(&source, at: now).count == 1000)
        }
        page(1, at: start)
        answer(&source, "_id>9000", nothing)
        page(1001, at: at(1))
        let line = "1760000000.171 1 2 D GsmInboundSmsHandler: Delivering SMS to: a b"
        source.heard(try #require(LogLine(Array(line.utf8)[...])), now: at(1))
        // Nothing below the newest row: old ones that are not taken note of yet would look new.
        answer(&source, "_id>9000", row(0, id: 9001, body: "announced"), at: at(2))
        #expect(
            record(&source, at: at(2)).map(\.content) == [
                EventContent(SMSMessage(rowID: 9001, sender: "A", body: "announced"))
            ])
        page(2001, at: at(2))
        // One without a line of the log is found within a poll.
        answer(&source, "_id>9001", row(0, id: 9002, body: "silent"), at: at(65))
        #expect(record(&source, at: at(65)).count == 1)
        page(3001, at: at(65))
    }

    /// A phone that loads its cards shows nothing for a moment: that is not the end of what was there at enrolment.
    @Test func anEmptyPageIsNoEndWhereTheStoreShowsNothing() {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=2000, m=2000, d=2, s=2\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        answer(&source, "_id<=2000", (1...1000).enumerated().map { mark($0, id: Int64($1)) }.joined())
        #expect(record(&source).count == 1000)
        answer(&source, "_id>2000", nothing)
        answer(&source, "_id<=2000", nothing)
        answer(&source, "count(*)", "Row: 0 c=0, m=NULL, d=NULL, s=NULL\n")
        answer(&source, "count(*)", "Row: 0 c=0, m=NULL, d=NULL, s=NULL\n")
        #expect(record(&source) == [])
        // They are shown again: all of them are taken note of.
        answer(&source, "count(*)", "Row: 0 c=2000, m=2000, d=2, s=2\n", at: at(61))
        answer(&source, "_id>0", (1...1000).enumerated().map { mark($0, id: Int64($1)) }.joined(), at: at(61))
        #expect(record(&source, at: at(61)).count == 1000)
        answer(
            &source, "_id>1000", (1001...2000).enumerated().map { mark($0, id: Int64($1)) }.joined(),
            at: at(61))
        #expect(record(&source, at: at(61)).count == 1000)
        // Here an empty page is the end.
        answer(&source, "_id<=2000", nothing, at: at(61))
        answer(&source, "count(*)", "Row: 0 c=2000, m=2000, d=2, s=2\n", at: at(61))
        #expect(record(&source, at: at(61)) == [])
        answer(&source, "_id>2000", nothing, at: at(61))
        answer(&source, "OR date>", mark(0, id: 2000), at: at(61))
        check(&source, [2000], unseen: [])
    }

    /// A message from before enrolment that is put back while the others are taken note of is not known yet: it waits for that.
    @Test func whatIsPutBackDuringNoteTakingIsNoEvent() {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=2000, m=2000, d=2, s=2\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        answer(&source, "_id<=2000", (1...1000).enumerated().map { mark($0, id: Int64($1)) }.joined())
        #expect(record(&source).count == 1000)
        answer(
            &source, "_id>2000",
            row(0, id: 2001, date: 1_500_000_000_000, body: "old")
                + row(1, id: 2002, date: phoneTime.milliseconds + 5000, body: "new"))
        #expect(
            record(&source).map(\.content) == [
                EventContent(SMSMessage(rowID: 2002, sender: "A", body: "new"))
            ])
    }

    @Test func theSafetyPollFindsWhatHadNoHint() {
        var source = enrolled()
        answer(&source, "count(*)", "Row: 0 c=3, m=11, d=2\n", at: at(60))
        answer(&source, "_id>10", row(0, id: 11))
        #expect(record(&source).count == 1)
        answer(&source, "OR date>", mark(0, id: 3) + mark(1, id: 10) + mark(2, id: 11))
        check(&source, [3, 10, 11], unseen: [])
        expect(&source, .rest(until: at(120)), at: at(61))
    }

    @Test func numbersAtTheirEndsNeverTrap() {
        for number in [Int64.min, .max, -1, 0] {
            var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
            let step = source.next(now: start, phoneTime: WallTime(milliseconds: number))
            guard case .run = step else { return }
            let canary = "Row: 0 c=1, m=\(number), d=\(number)\n"
            source.answered(.completed(output: Array(canary.utf8), errorOutput: []), now: start)
            for _ in 0..<20 {
                switch source.next(now: start, phoneTime: WallTime(milliseconds: number)) {
                case .run(let command):
                    let text =
                        command.text.contains("hb")
                        ? row(0, id: .max, date: number, sub: number) : mark(0, id: .max, date: number)
                    source.answered(outcome(of: command, text), now: start)
                case .check(let keys): source.checked(Set(keys), now: start)
                case .record, .backfill: source.recorded(now: start)
                case .report, .rest: break
                }
            }
        }
    }

    @Test func aFloodOfHintsIsOneLook() throws {
        var source = enrolled()
        let line = try #require(
            LogLine(
                Array("1.5 1 2 D GsmInboundSmsHandler: successful broadcast, deleting from raw table.".utf8)[
                    ...]))
        for _ in 0..<100_000 { source.heard(line, now: start) }
        answer(&source, "_id>2", nothing)
        expect(&source, .rest(until: at(60)))
    }

    @Test func fullPagesGoOnAtOnce() {
        var source = SMSSource(cursor: stored("1 10 0 10 10 10 0"), phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=60, m=70, d=1\n")
        expect(&source, .report(.reading))
        answer(&source, "_id>10", (0..<50).map { row($0, id: Int64($0) + 11) }.joined())
        #expect(record(&source).count == 50)
        answer(&source, "_id>60", (0..<10).map { row($0, id: Int64($0) + 61) }.joined())
        #expect(record(&source).count == 10)
    }

    @Test func anUnreadableRowIsFoundReportedAndPassedOver() {
        var source = SMSSource(cursor: stored("1 10 0 10 10 10 0"), phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=60, m=12, d=1\n")
        expect(&source, .report(.reading))
        let bad = row(0, id: 11).replacing("d=1760000000000", with: "d=tomorrow")
        answer(&source, "LIMIT 50", bad + row(1, id: 12))
        answer(&source, "LIMIT 1", bad)
        answer(&source, "--projection '_id' --where 'likelihood(_id>10,", "Row: 0 _id=11\n")
        guard case .report(.problem(let text, _)) = nextStep(&source, at: start) else {
            Issue.record("nobody is told")
            return
        }
        #expect(text.contains("row 11"))
        #expect(record(&source).map(\.content) == [nil])
        answer(&source, "_id>11", row(0, id: 12))
        #expect(record(&source).count == 1)
    }

    @Test func aRefusingPhoneIsBlockedSaidSoAndAskedAgain() throws {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        _ = nextStep(&source, at: start)
        let denied = try Corpus.bytes("sms/error_read_sms_denied_a9.txt")
        source.answered(.completed(output: [], errorOutput: denied), now: start)
        guard case .report(.blocked) = nextStep(&source, at: start) else {
            Issue.record("nobody is told")
            return
        }
        expect(&source, .rest(until: at(300)))
        answer(&source, "count(*)", "No result found.\n", at: at(300))
        // Neither does it refuse a column that no phone has: nothing is run at all.
        answer(&source, "phonewire_none", "No result found.\n", at: at(300))
        guard case .report(.blocked(let text, _)) = nextStep(&source, at: at(300)) else {
            Issue.record("nobody is told")
            return
        }
        #expect(text.contains("silently refuses"))
    }

    @Test func brokenOffQueriesAreAskedAgainWithLongerPauses() {
        var source = SMSSource(cursor: stored("1 10 0 10 10 10 0"), phone: PhoneContext(sims: sims))
        var now = start
        for (index, pause) in [1, 5, 15, 60, 60].enumerated() {
            guard case .run = nextStep(&source, at: now) else {
                Issue.record("no query at try \(index)")
                return
            }
            source.answered(.unfinished("cut off"), now: now)
            while case .report = nextStep(&source, at: now) {}
            expect(&source, .rest(until: now.advanced(by: .seconds(pause))), at: now)
            now = now.advanced(by: .seconds(pause))
        }
    }

    @Test func cursorsOfUnknownBytesAreSaidToBeUnreadable() {
        for bytes in ["", "2 1 1 1 1 1 1", "1 1 1", "1 x 1 1 1 1 1", "1 1 1 1 1 1 1 1", "1 -1 1 1 1 1 1"] {
            var source = SMSSource(cursor: Array(bytes.utf8), phone: PhoneContext(sims: sims))
            guard case .report(.problem) = nextStep(&source, at: start) else {
                Issue.record("\(bytes) was believed")
                continue
            }
        }
    }
}
