import Base
import Events
import Testing

@testable import Phone

/// What happens to the phone's store while nobody looks, and what is old.
extension SMSSourceTests {
    @Test func deletedNewestIdsAreReadAgainAndEverythingIsCheckedOnce() {
        var source = enrolled()
        answer(&source, "count(*)", "Row: 0 c=1, m=3, d=1\n", at: at(60))
        answer(&source, "_id>3", row(0, id: 4, date: 9, body: "new under an old id"))
        #expect(record(&source).count == 1)
        answer(&source, "_id>-100 OR date>-86400000", mark(0, id: 3) + mark(1, id: 4))
    }

    /// Away for two days: the newest row was deleted, its id given again, and 150 more came.
    @Test func anIdThatWasGivenAgainWhileThePhoneWasAwayIsFound() {
        var source = SMSSource(
            cursor: stored("1 200 1760000000000 200 200 200 1760000000000"),
            phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=350, m=350, d=1\n")
        expect(&source, .report(.reading))
        // A full page is followed by a longer one: many messages are a few queries.
        answer(&source, "_id ASC LIMIT 50", (0..<50).map { row($0, id: 201 + Int64($0)) }.joined())
        #expect(record(&source).count == 50)
        answer(&source, "_id ASC LIMIT 200", (0..<100).map { row($0, id: 251 + Int64($0)) }.joined())
        #expect(record(&source).count == 100)
        answer(
            &source, "_id>100 OR date>1759913600000",
            mark(0, id: 199) + mark(1, id: 200, date: 1_760_000_100_000))
        check(&source, [199, 200], unseen: [200])
        answer(&source, "_id IN (200)", row(0, id: 200, date: 1_760_000_100_000, body: "given again"))
        #expect(
            record(&source).first?.content
                == EventContent(SMSMessage(rowID: 200, sender: "A", body: "given again")))
    }

    /// Wiped while away: all ids start again below the cursor.
    @Test func aStoreThatWasWipedAndFilledWhileThePhoneWasAwayIsReadWhole() {
        var source = SMSSource(
            cursor: stored("1 5000 1760000000000 5000 5000 5000 1760000000000"),
            phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=3, m=3, d=1\n")
        expect(&source, .report(.reading))
        answer(&source, "_id>3", nothing)
        answer(&source, "_id>-100 OR", mark(0, id: 1) + mark(1, id: 2) + mark(2, id: 3))
        check(&source, [1, 2, 3], unseen: [1, 2, 3])
        answer(&source, "_id IN (1,2,3)", row(0, id: 1) + row(1, id: 2) + row(2, id: 3))
        #expect(record(&source).count == 3)
    }

    /// A fetch that fails is not forgotten: the store has not seen the row, so the next sweep finds it again.
    @Test func whatASweepFoundIsFoundAgainAfterABlock() throws {
        var source = enrolled()
        answer(&source, "count(*)", "Row: 0 c=3, m=10, d=2\n", at: at(60))
        answer(&source, "_id>10", nothing)
        answer(&source, "OR date>", mark(0, id: 4))
        check(&source, [4], unseen: [4])
        _ = nextStep(&source, at: start)
        let gone = try Corpus.bytes("sms/error_no_telephony_provider.txt")
        source.answered(.completed(output: [], errorOutput: gone), now: at(60))
        _ = nextStep(&source, at: at(60))
        answer(&source, "count(*)", "Row: 0 c=3, m=10, d=2\n", at: at(4000))
        expect(&source, .report(.reading), at: at(4000))
        answer(&source, "_id>10", nothing)
        answer(&source, "OR date>", mark(0, id: 4))
        check(&source, [4], unseen: [4])
        answer(&source, "_id IN (4)", row(0, id: 4))
        #expect(record(&source).count == 1)
    }

    @Test func anEmptyViewIsSaidAndEverythingIsLookedAtAgain() throws {
        var source = enrolled()
        answer(&source, "count(*)", "Row: 0 c=0, m=NULL, d=NULL\n", at: at(60))
        guard case .report(.problem(let text, _)) = nextStep(&source, at: start) else {
            Issue.record("nobody is told")
            return
        }
        #expect(text.contains("no SMS at all"))
        guard case .record(_, let cursor) = nextStep(&source, at: start) else {
            Issue.record("the new position is not stored")
            return
        }
        #expect(SMSCursor(cursor)?.lastID == 0)
        source.recorded(now: start)
        answer(&source, "_id>0", nothing)
        answer(&source, "_id>-100 OR", nothing)
        // Everything was looked at: nothing is held.
        #expect(record(&source) == [])
        // The SIMs are ready: what was hidden comes back under the same keys, which the store knows.
        answer(&source, "count(*)", "Row: 0 c=2, m=10, d=1\n", at: at(120))
        answer(&source, "_id>0", row(0, id: 3) + row(1, id: 10))
        #expect(
            record(&source).map { String(decoding: $0.key.bytes, as: UTF8.self) } == [
                "1/3/1760000000000/+A", "1/10/1760000000000/+A",
            ])
    }

    /// Android 14 and later hide all messages while they know no SIM card: such a phone is enrolled once it shows either, and what
    /// it shows then was there before.
    @Test func aPhoneThatHidesItsMessagesIsNotEnrolledYet() {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: []))
        answer(&source, "count(*)", "Row: 0 c=0, m=NULL, d=NULL\n")
        guard case .report(.blocked(let text, _)) = nextStep(&source) else {
            Issue.record("nobody is told")
            return
        }
        #expect(text.contains("hide messages"))
        expect(&source, .rest(until: at(10)))
        answer(&source, "count(*)", "Row: 0 c=2, m=10, d=1\n", at: at(10))
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        answer(
            &source, "likelihood(_id>0,0.001) AND likelihood(_id<=10,0.001)", mark(0, id: 3) + mark(1, id: 10)
        )
        #expect(record(&source).map(\.content) == [nil, nil])
    }

    /// Enrolled with an empty inbox; then the phone restarts with a dead clock, and many messages come on its card. They are old by
    /// their date alone.
    @Test func messagesOfAPhoneWithADeadClockAreForwarded() {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=0, m=NULL, d=NULL\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        answer(&source, "count(*)", "Row: 0 c=25, m=25, d=1\n")
        answer(
            &source, "_id>0",
            (0..<25).map { row($0, id: Int64($0) + 1, date: 1_200_000_000 + Int64($0)) }.joined())
        let seen = record(&source)
        #expect(seen.count == 25)
        #expect(seen.allSatisfy { !$0.isHistory && $0.content != nil && $0.slot == 2 })
    }

    /// Killed between two fetches: the next sweep begins where this one did.
    @Test func aSweepCountsOnlyOnceItsFetchesAreRecorded() {
        var source = SMSSource(
            cursor: stored("1 1000 1760000000000 1000 1000 1000 1760000000000"),
            phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=100, m=1000, d=1\n")
        expect(&source, .report(.reading))
        answer(&source, "_id>1000", nothing)
        answer(&source, "_id>900 OR", (0..<60).map { mark($0, id: Int64($0) + 901) }.joined())
        check(&source, (901...960).map { Int64($0) }, unseen: (901...960).map { Int64($0) })
        answer(
            &source, "_id IN (901",
            (0..<50).map { row($0, id: Int64($0) + 901, date: 1_760_000_100_000) }.joined())
        guard case .record(_, let cursor) = nextStep(&source, at: start) else {
            Issue.record("nothing is recorded")
            return
        }
        #expect(SMSCursor(cursor)?.sweptID == 1000)
        var again = SMSSource(cursor: cursor, phone: PhoneContext(sims: sims))
        answer(&again, "count(*)", "Row: 0 c=100, m=1000, d=1\n")
        expect(&again, .report(.reading))
        answer(&again, "_id>1000", nothing)
        answer(&again, "_id>900 OR", mark(0, id: 951))
    }

    /// A phone whose SMS app writes no subscription: what came while it was away is not old.
    @Test func manyNewMessagesWithoutSubscriptionAreForwarded() {
        var source = SMSSource(
            cursor: stored("1 1000 1700000000000 1000 1000 1000 1700000000000"),
            phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=100, m=1001, d=1\n")
        expect(&source, .report(.reading))
        answer(&source, "_id>1000", row(0, id: 1001, date: 1_759_999_000_000, sub: -1))
        #expect(record(&source).map(\.isHistory) == [false])
        answer(
            &source, "_id>900 OR",
            (0..<30).map { mark($0, id: Int64($0) + 901, date: 1_705_000_000_000) }.joined())
        check(&source, (901...930).map { Int64($0) }, unseen: (901...930).map { Int64($0) })
        answer(
            &source, "_id IN (901",
            (0..<30).map { row($0, id: Int64($0) + 901, date: 1_705_000_000_000, sub: -1) }.joined())
        #expect(record(&source).allSatisfy { !$0.isHistory })
    }

    /// The last page of a restored history holds a message that just came: only that one is new.
    @Test func aNewMessageAmongRestoredOnesIsForwarded() {
        var source = SMSSource(
            cursor: stored("1 10 1760000000000 10 10 10 1760000000000"), phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=60, m=61, d=1\n")
        expect(&source, .report(.reading))
        answer(
            &source, "_id>10",
            (0..<50).map { row($0, id: Int64($0) + 11, date: 1_600_000_000_000, sub: -1) }.joined())
        _ = nextStep(&source, at: start)
        #expect(record(&source).allSatisfy { $0.isHistory })
        answer(
            &source, "_id>60",
            row(0, id: 61, date: 1_600_000_000_000, sub: -1) + row(1, id: 62, body: "new"))
        #expect(record(&source).map(\.isHistory) == [true, false])
    }

    @Test func aRestoredHistoryIsNotForwarded() {
        var source = SMSSource(
            cursor: stored("1 10 1760000000000 10 10 10 1760000000000"), phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=60, m=70, d=1\n")
        expect(&source, .report(.reading))
        let old = (0..<50).map { row($0, id: Int64($0) + 11, date: 1_600_000_000_000, sub: -1) }.joined()
        answer(&source, "_id>10", old)
        guard case .report(.problem) = nextStep(&source, at: start) else {
            Issue.record("nobody is told")
            return
        }
        #expect(record(&source).allSatisfy { $0.isHistory })
        answer(&source, "_id>60", row(0, id: 61, date: 1_600_000_000_000, sub: -1))
        #expect(record(&source).allSatisfy { $0.isHistory })
    }

    @Test func aClockThatJumpsBackHidesNothing() {
        var source = SMSSource(
            cursor: stored("1 10 1760000000000 10 10 10 1760000000000"), phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=60, m=11, d=1\n")
        expect(&source, .report(.reading))
        answer(&source, "_id>10", row(0, id: 11, date: 5))
        #expect(record(&source).first?.content != nil)
    }
}

/// How a build is asked, and what one bad moment must not decide.
extension SMSSourceTests {
    private func refused(_ words: String) -> CommandOutcome {
        .completed(output: [], errorOutput: Array("Error while accessing provider:sms\n\(words)\n".utf8))
    }

    /// One empty answer, as while the phone loads its cards, does not make another build of it: its rows keep their keys.
    @Test func oneMomentsRefusalDoesNotChangeHowAPhoneIsAsked() {
        var source = enrolled()
        answer(&source, "count(*)", nothing, at: at(60))
        guard case .run(let asked) = nextStep(&source, at: at(60)) else {
            Issue.record("nothing is asked")
            return
        }
        #expect(asked.text.contains("phonewire_none"))
        source.answered(
            refused("java.lang.IllegalArgumentException: Invalid column phonewire_none"), now: at(60))
        answer(&source, "count(*)", "Row: 0 c=3, m=11, d=2\n", at: at(60))
        answer(&source, "_id>10", row(0, id: 11), at: at(60))
        #expect(
            record(&source).first.map { String(decoding: $0.key.bytes, as: UTF8.self) }
                == "1/11/1760000000000/+A")
    }

    /// A build that takes plain columns only: numbers, then texts between marks; a row that goes in between is no message.
    @Test func aStrictBuildIsReadTextByText() {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        func refuse(_ part: String) {
            guard case .run(let command) = source.next(now: start, phoneTime: phoneTime) else {
                Issue.record("nothing is asked instead of \(part)")
                return
            }
            #expect(command.text.contains(part))
            source.answered(refused("java.lang.IllegalArgumentException: Invalid column \(part)"), now: start)
        }
        refuse("count(*)")
        refuse("phonewire_none")
        refuse("count(*)")
        refuse("phonewire_none")
        answer(&source, "LIMIT 1", nothing)
        refuse("sim_slot")
        answer(&source, "_id:date", "Row: 0 _id=10, date=5\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        answer(&source, "_id<=10", "Row: 0 _id=10, sub_id=7, date=5, date_sent=4\n")
        #expect(record(&source).map(\.content) == [nil])
        answer(
            &source, "_id>10",
            "Row: 0 _id=11, type=1, sub_id=7, date=1760000000000, date_sent=4\nRow: 1 _id=12, type=1, sub_id=7, date=1760000000001, date_sent=4\n"
        )
        guard case .run(let command) = nextStep(&source) else {
            Issue.record("no texts are asked for")
            return
        }
        #expect(command.isMarked && command.parts.count == 7)
        #expect(
            command.parts[1].contains(
                "content://sms/11 --projection body --where 'body IS NOT NULL AND date=1760000000000'"))
        let gone = "No result found.\n"
        let parts = [
            "Row: 0 address=A\n", "Row: 0 body=Row: 1 body=x\n\n", "Row: 0 _id=11\n", gone, gone, gone, cards,
        ]
        source.answered(.completedEach(parts.map { Array($0.utf8) }), now: start)
        let seen = record(&source)
        #expect(
            seen.map(\.content) == [EventContent(SMSMessage(rowID: 11, sender: "A", body: "Row: 1 body=x\n"))]
        )
        #expect(seen.first?.slot == 2)
    }

    /// While what was there at enrolment is taken note of, the newest row is deleted and its id given to a new message.
    @Test func anIDThatIsGivenAgainDuringEnrolmentIsANewMessage() throws {
        var source = SMSSource(cursor: nil, phone: PhoneContext(sims: sims))
        answer(&source, "count(*)", "Row: 0 c=2, m=10, d=1759999999000\n")
        expect(&source, .report(.reading))
        #expect(record(&source) == [])
        let later = phoneTime.milliseconds + 5000
        answer(&source, "_id<=10", mark(0, id: 9, date: 1_759_999_998_000) + mark(1, id: 10, date: later))
        #expect(record(&source).map { String(decoding: $0.key.bytes, as: UTF8.self).prefix(4) } == ["1/9/"])
        answer(&source, "_id>10", nothing)
        answer(&source, "OR date>", mark(0, id: 9, date: 1_759_999_998_000) + mark(1, id: 10, date: later))
        check(&source, [9, 10], unseen: [10])
        answer(&source, "_id IN (10)", row(0, id: 10, date: later))
        #expect(record(&source).compactMap(\.content).count == 1)
    }

    /// A source that has nothing to do rests: whatever it waits for, and whatever this phone cannot be asked for, never makes it turn.
    @Test(arguments: [23, 34]) func aSourceThatHasNothingToDoRests(apiLevel: Int) {
        let identity = PhoneIdentity(
            serial: "", androidID: nil, manufacturer: "", model: "", androidVersion: "", apiLevel: apiLevel,
            fingerprint: "")
        var source = SMSSource(
            cursor: stored("1 10 0 10 10 10 0"),
            phone: PhoneContext(traits: PhoneTraits(identity), sims: sims))
        answer(&source, "count(*)", "Row: 0 c=1, m=10, d=0\n")
        expect(&source, .report(.reading))
        answer(&source, "_id>10", nothing)
        answer(&source, "OR date>", nothing)
        source.hintsWereLost(now: start)
        answer(&source, "count(*)", "Row: 0 c=1, m=10, d=0\n")
        expect(&source, .rest(until: at(60)))
        expect(&source, .rest(until: at(60)))
    }
}
