import Base
import Events
import Testing

@testable import Phone

@Suite struct SIMDetailsTests {
    @Test(arguments: [
        ("service_call_iccid_a12", "89860000000000000002"),
        ("service_call_iccid_a15", "89860000000000000002"),
        ("service_call_null_string_a15", nil),
    ])
    func aParcelsTextIsItsWords(name: String, text: String?) throws {
        #expect(try ParcelText.parse(Corpus.bytes("sms/\(name).txt")) == text)
    }

    @Test(arguments: [
        "service_call_security_exception_a12", "service_call_unknown_code", "service_call_ok_a13",
        "service_call_ok_a14", "siminfo_denied_a13",
    ])
    func whatHoldsNoTextIsRefused(name: String) throws {
        let bytes = try Corpus.bytes("sms/\(name).txt")
        #expect(throws: PhoneParseError.self) { try ParcelText.parse(bytes) }
    }

    @Test func wordsThatAreCutOffAreNoText() throws {
        let whole = try Corpus.bytes("sms/service_call_iccid_a15.txt")
        for length in 0..<(whole.count - 1) {
            #expect(throws: PhoneParseError.self) { try ParcelText.parse(Array(whole[..<length])) }
        }
    }

    private func card(_ slot: Int, _ subscription: Int, _ iccid: String) -> SIMCard {
        SIMCard(slot: slot, subscription: subscription, iccid: iccid, network: "23430", carrier: "")
    }

    /// The names of this table forge a row of their own where they are read plainly.
    @Test func theTableTellsWholeNumbers() {
        var details = SIMDetails()
        let answer = """
            Row: 0 _id=1, sim_id=-1, hi=38393434313130303638353030303030303031, hc=4F32202D20554B, hn=
            Row: 1 _id=2, sim_id=0, hi=3839343432303030303030303030303030303032, hc=4545, hn=2B343437373030393030323030
            Row: 2 _id=3, sim_id=1, hi=38393434333030303030303030303030303033463F, hc=0A526F773A2039, hn=

            """
        details.read([Array(answer.utf8)], .table, [2, 3])
        let (first, fault) = details.completed(card(1, 2, "894420000XXXXXXXXXXX"))
        #expect(fault == nil)
        #expect(
            first.iccid == "89442000000000000002" && first.number == "+447700900200" && first.carrier == "EE")
        #expect(first.isWhole)
        // A number that is none is not taken, and a name stays a name.
        let (second, none) = details.completed(card(2, 3, "894430000XXXXXXXXXXX"))
        #expect(none == nil && second.iccid == "894430000XXXXXXXXXXX" && second.carrier == "\\nRow: 9")
    }

    @Test(arguments: [
        ("Row: 0 _id=2, sim_id=1, hi=, hc=, hn=\n", "also that it is in slot 2"),
        ("Row: 0 _id=2, sim_id=-1, hi=, hc=, hn=\n", "not inserted"),
        (
            "Row: 0 _id=2, sim_id=0, hi=3839313032303330343035303630373038303930, hc=, hn=\n",
            "two card numbers"
        ),
    ])
    func whatDoesNotFitTogetherHasNoSlot(answer: String, words: String) throws {
        var details = SIMDetails()
        details.read([Array(answer.utf8)], .table, [2])
        let (card, contradiction) = details.completed(card(1, 2, "894420000[****]"))
        #expect(card.slot == 0)
        #expect(try #require(contradiction).contains(words))
    }

    @Test func otherPhonesAreAskedThroughTheService() throws {
        var details = SIMDetails()
        let iccid = try Corpus.bytes("sms/service_call_iccid_a15.txt")
        let refused = try Corpus.bytes("sms/service_call_security_exception_a12.txt")
        #expect(SIMDetails.command(.service, [2, 3]).parts.count == 4)
        details.read([iccid, refused, refused, refused], .service, [2, 3])
        #expect(details.completed(card(1, 2, "898600000[****]")).card.iccid == "89860000000000000002")
        #expect(details.completed(card(2, 3, "894430000[****]")).card.iccid == "894430000[****]")
        #expect(details.completed(card(2, 3, "894430000[****]")).contradiction == nil)
        // Newer versions than anybody has read are not called.
        for (level, route) in [(23, SIMDetails.Route.table), (29, .table), (30, .service), (36, .service)] {
            #expect(PhoneContext(apiLevel: level).traits.simDetails == route)
        }
        #expect(PhoneContext(apiLevel: 37).traits.simDetails == nil)
    }

    @Test func cutNumbersOfOneCardAreOneCard() {
        let whole = card(1, 2, "89442000000000000002")
        for shown in ["894420000[****]", "894420000XXXXXXXXXXX", "894420000[0123456789abcdef0123456789a]"] {
            #expect(card(1, 2, shown).joined(with: whole)?.iccid == whole.iccid)
            #expect(whole.joined(with: card(1, 2, shown))?.iccid == whole.iccid)
            #expect(!card(1, 2, shown).isWhole)
        }
        for other in ["894430000[****]", "", "8944", "[****]"] {
            #expect(card(1, 2, other).joined(with: whole) == nil)
        }
        #expect(card(2, 2, whole.iccid).joined(with: whole) == nil)
        #expect(card(1, 3, whole.iccid).joined(with: whole) == nil)
        #expect(whole.settingsKeys(on: DeviceKey(rawValue: 7)) == ["89442000000000000002", "7/2"])
        #expect(card(1, 2, "894420000[****]").settingsKeys(on: DeviceKey(rawValue: 7)) == ["7/2"])
    }
}

/// Messages as the radio brought them.
@Suite struct SMSRawMessageTests {
    private func row(
        _ index: Int, _ id: Int, reference: Int = 0, of count: Int = 1, sequence: Int = 1,
        port: String = "65536",
        handed: Int = 1, text: String
    ) -> String {
        "Row: \(index) _id=\(id), d=1760000000000, r=\(reference), n=\(count), q=\(sequence), p=\(port), s=3, x=\(handed), ha=2B34, "
            + "hb=\(Hex.encode(text.utf8).uppercased())\n"
    }

    @Test func partsBecomeMessages() throws {
        let answer =
            row(0, 5, reference: 9, of: 2, sequence: 2, text: "two") + row(1, 4, text: "alone")
            + row(2, 3, reference: 9, of: 2, sequence: 1, text: "one ")
            + row(3, 2, port: "2948", text: "push")
            + row(4, 1, port: "-1", handed: 0, text: "older kind")
        let messages = try SMSRawMessage.parse(Array(answer.utf8))
        #expect(messages.map(\.id) == [1, 3, 4])
        #expect(
            messages.map { String(decoding: $0.text, as: UTF8.self) } == ["older kind", "one two", "alone"])
        #expect(messages.map(\.isWhole) == [true, true, true])
        #expect(messages.map(\.isHanded) == [false, true, true])
        #expect(messages.map(\.subscription) == [3, 3, 3])
    }

    @Test func aPartThatCameTwiceCountsOnce() throws {
        let answer =
            row(0, 5, reference: 9, of: 3, sequence: 1, text: "a")
            + row(1, 4, reference: 9, of: 3, sequence: 1, text: "a")
        let message = try #require(try SMSRawMessage.parse(Array(answer.utf8)).first)
        #expect(message.parts == (there: 1, of: 3) && !message.isWhole)
    }

    @Test func theWatchTellsEachOnce() throws {
        func at(_ seconds: Int) -> Instant { Instant(nanoseconds: Int64(seconds) * 1_000_000_000) }
        var watch = SMSRawWatch(isEnrolling: false)
        let messages = try SMSRawMessage.parse(
            Array((row(0, 2, text: "one") + row(1, 1, text: "two")).utf8))
        #expect(watch.listed(messages, now: at(0)) == [])
        #expect(watch.next == at(60))
        watch.began()
        #expect(watch.listed(messages, now: at(60)).map(\.id) == [1, 2])
        watch.settle(messages)
        #expect(watch.listed(messages, now: at(600)) == [])
        // At enrolment what was handed over is known, what waits is not.
        var fresh = SMSRawWatch(isEnrolling: true)
        let waiting = try SMSRawMessage.parse(
            Array((row(0, 2, handed: 0, text: "waits") + row(1, 1, text: "handed")).utf8))
        _ = fresh.listed(waiting, now: at(0))
        #expect(fresh.listed(waiting, now: at(60)).map(\.id) == [2])
    }
}

@Suite struct SMSBackfillTests {
    @Test func aCursorKeepsTheBackfillAndOlderCursorsHaveNone() throws {
        var cursor = SMSCursor(enrolledAt: 10, date: 5)
        #expect(!String(decoding: cursor.bytes, as: UTF8.self).contains("backfill"))
        #expect(SMSCursor(cursor.bytes)?.backfill == nil)
        cursor.backfill = SMSBackfill(since: 1_700_000_000_000, target: Backfill(webhook: 3))
        cursor.backfill?.after = 7
        cursor.backfill?.rows = 5
        cursor.backfill?.total = 9
        #expect(SMSCursor(cursor.bytes) == cursor)
        cursor.backfill = SMSBackfill(since: 0, target: Backfill(webhook: nil))
        #expect(SMSCursor(cursor.bytes) == cursor)
        for text in ["", "1,2,3,4", "a,-,1,2,3", "1,-,-,2,3", "01,-,1,2,3"] {
            #expect(SMSBackfill(text[...]) == nil)
        }
    }
}
