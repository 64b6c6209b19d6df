import Base
import Events
import Testing

@testable import Phone

/// What settles the slot of a message: looks at the cards, the radio's lines, what is remembered of both.
@Suite struct SMSPlaceTests {
    private func log(_ lines: [(Int64, String, String)]) -> SMSRadioLog {
        SMSRadioLog(
            Array(
                lines.map { time, tag, text in
                    "         \(time / 1000).\(format(time % 1000)) 2120  2120 D \(tag): \(text)\n"
                }.joined().utf8))
    }

    private func format(_ milliseconds: Int64) -> String {
        String(repeating: "0", count: 3 - "\(milliseconds)".count) + "\(milliseconds)"
    }

    private func message(_ at: Int64, _ slot: String) -> [(Int64, String, String)] {
        [
            (at, "RILJ", "[UNSL]< UNSOL_RESPONSE_NEW_SMS [\(slot)]"),
            (at + 5, "GsmInboundSmsHandler", "Delivering SMS to: a b, {x-message-id:1}"),
        ]
    }

    private let t: Int64 = 1_760_000_000_000

    @Test func theRadiosLineNamesTheSlot() throws {
        #expect(log(message(t, "PHONE1")).slot(ofRowAt: 0, among: [t + 100]) == 1)
        #expect(log(message(t, "SUB0")).slot(ofRowAt: 0, among: [t + 100]) == 0)
        // Over IMS the tag names it.
        let ims = log([
            (t, "ImsSmsDispatcher [1]", "SMS received."),
            (t + 5, "GsmInboundSmsHandler", "Delivering SMS to: a b"),
        ])
        #expect(ims.slot(ofRowAt: 0, among: [t + 9]) == 1)
        // A row before its line, or long after it, is another message's.
        #expect(log(message(t, "PHONE1")).slot(ofRowAt: 0, among: [t + 1]) == nil)
        #expect(log(message(t, "PHONE1")).slot(ofRowAt: 0, among: [t + 60_000]) == nil)
        // Some SMS apps cut dates to seconds.
        #expect(log(message(t + 300, "PHONE1")).slot(ofRowAt: 0, among: [t]) == 1)
        #expect(log(message(t + 1300, "PHONE1")).slot(ofRowAt: 0, among: [t]) == nil)
        let fixture = SMSRadioLog(try Corpus.bytes("sms/logcat_radio_a14_epoch.txt"))
        #expect(!fixture.deliveries.isEmpty)
        #expect(fixture.deliveries.allSatisfy { $0.slot != nil })
    }

    @Test func messagesOfBothSlotsArePairedInTheirOrder() {
        let both = log(message(t, "PHONE0") + message(t + 2000, "PHONE1") + message(t + 4000, "PHONE0"))
        let dates = [t + 100, t + 2100, t + 4100]
        #expect((0..<3).map { both.slot(ofRowAt: $0, among: dates) } == [0, 1, 0])
        // One row without a line, or one line without a row: nobody can tell which.
        #expect(both.slot(ofRowAt: 1, among: dates + [t + 4200]) == nil)
        #expect(both.slot(ofRowAt: 0, among: [t + 100, t + 4100]) == nil)
        // Two rows of one date, or out of order.
        #expect(both.slot(ofRowAt: 1, among: [t + 100, t + 4100, t + 4100]) == nil)
        #expect(both.slot(ofRowAt: 1, among: [t + 4100, t + 2100, t + 100]) == nil)
        // Parts of both slots before one hand-over.
        let mixed = log([
            (t, "RILJ", "[UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE0]"),
            (t + 1, "RILJ", "[UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE1]"),
            (t + 2, "GsmInboundSmsHandler", "Delivering SMS to: a b"),
        ])
        #expect(mixed.slot(ofRowAt: 0, among: [t + 3]) == nil)
        // A row that no line belongs to does not take another one's.
        #expect(log(message(t, "PHONE0")).slot(ofRowAt: 1, among: [t + 100, t + 3000]) == nil)
    }

    @Test func linesThatSayNothingOfASlotAreNone() {
        for text in [
            "[UNSL]< UNSOL_RESPONSE_NEW_SMS_STATUS_REPORT [PHONE1]",
            "[UNSL]< UNSOL_RESPONSE_NEW_SMS_ON_SIM [PHONE1]",
            "[UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE999]", "[UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE-1]",
            "x NEW_SMS [PHONE1]",
        ] {
            let lines = log([(t, "RILJ", text), (t + 5, "GsmInboundSmsHandler", "Delivering SMS to: a b")])
            #expect(lines.slot(ofRowAt: 0, among: [t + 9]) == nil, "\(text)")
        }
        // Two programs wrote them: one of them is not the phone app.
        let two = SMSRadioLog(
            Array(
                "1760000000.000 9 9 D RILJ: [UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE1]\n1760000000.001 8 8 D GsmInboundSmsHandler: Delivering SMS to: a b\n"
                    .utf8))
        #expect(two.slot(ofRowAt: 0, among: [t + 9]) == nil)
    }

    @Test func aSlotCountsOnlyWhereAllLooksAgree() {
        var window = SIMWindow(SIMMemory(), sims: [])
        #expect(window.slot(of: 2, at: 5000, now: 5000) == nil)
        window.looked([0: 2, 1: 3])
        #expect(window.slot(of: 2, at: 5000, now: 5000) == 0)
        window.readBegins(at: 6000)
        window.readIsComplete()
        window.looked([0: 3, 1: 2])
        // Between two looks that differ.
        #expect(window.slot(of: 2, at: 7000, now: 7000) == nil)
        #expect(window.possibleSlots(of: 2) == [0, 1])
        window.readBegins(at: 8000)
        window.readIsComplete()
        #expect(window.slot(of: 2, at: 9000, now: 9000) == 1)
        // From before the window, and from a clock that was ahead: the card was seen in two slots.
        #expect(window.slot(of: 2, at: 7000, now: 9000) == nil)
        #expect(window.slot(of: 2, at: 90_000, now: 9000) == nil)
        // A card that was never seen elsewhere has its slot whatever the date.
        window.looked([0: 3, 1: 2, 2: 9])
        window.readBegins(at: 10_000)
        window.readIsComplete()
        #expect(window.slot(of: 9, at: 1, now: 11_000) == 2)
    }

    @Test func moreDifferentLooksThanAreKeptAgreeWithNothing() {
        var window = SIMWindow(SIMMemory(), sims: [])
        for number in 0..<100 { window.looked([0: 2, 1: 100 + number]) }
        #expect(window.memory.maps.count <= SIMWindow.mapsMax)
        #expect(window.slot(of: 2, at: 5000, now: 5000) == nil)
    }

    @Test func whatIsRememberedIsReadBack() throws {
        var window = SIMWindow(SIMMemory(), sims: [])
        for map in [[:], [0: 2], [0: 3, 1: 2]] as [SIMMemory.Map] { window.looked(map) }
        window.readBegins(at: 77)
        let memory = window.memory
        #expect(SIMMemory(memory.text) == memory)
        var cursor = SMSCursor(enrolledAt: 9, date: 5)
        cursor.cards = memory
        cursor.gaps.read([12, 20], after: 9)
        cursor.gaps.came(15)
        cursor.held = [.slot(1): 3, .subscription(7): 4, .none: 1]
        cursor.dialect = SMSDialect(reading: .nonce, limits: false, card: .simID)
        cursor.build = .max
        #expect(SMSCursor(cursor.bytes) == cursor)
        #expect(cursor.gaps.stretches == [10...11, 13...14, 16...19])
        #expect(cursor.gaps.count == 8)
        for text in ["", "1", "1||x", "-1||", "1|0|", "1||2", "1|0:2|2:0 "] {
            #expect(SIMMemory(text) == nil, "\(text)")
        }
    }

    @Test func gapsNeverOverflow() {
        var gaps = IDGaps()
        for _ in 0..<200 {
            gaps.read([.max], after: 0)
            gaps.close()
        }
        #expect(gaps.count == .max)
        for number in 0..<200 { gaps.read([Int64(number) * 2 + 2], after: Int64(number) * 2) }
        #expect(gaps.stretches.count == IDGaps.stretchesMax)
    }
}

/// What was found by reading the source for ways to lose a message.
extension SMSPlaceTests {
    /// Sixty-four stretches, and a row that comes late in the middle of one: the cursor is still one that can be read.
    @Test func aCursorWithEveryGapIsReadBackAfterALateRow() {
        var cursor = SMSCursor(enrolledAt: 1, date: 1)
        for number in 0..<IDGaps.stretchesMax {
            cursor.gaps.read([Int64(number) * 10 + 10], after: Int64(number) * 10)
        }
        #expect(cursor.gaps.stretches.count == IDGaps.stretchesMax)
        let before = cursor.gaps.count
        cursor.gaps.came(305)
        #expect(cursor.gaps.count == before - 1)
        #expect(SMSCursor(cursor.bytes) == cursor)
    }

    /// The first version noted no cards: nothing is told until everything was read once.
    @Test func aCursorOfTheFirstVersionKnowsNoCards() throws {
        let cursor = try #require(SMSCursor(Array("1 10 1760000000000 10 10 10 1760000000000".utf8)))
        let sim = SIMCard(slot: 2, subscription: 7, iccid: "", network: "", carrier: "")
        var window = SIMWindow(cursor.cards, sims: [sim])
        #expect(window.slot(of: 7, at: t, now: t) == nil)
        window.readBegins(at: t)
        window.readIsComplete()
        #expect(window.slot(of: 7, at: t, now: t) == 1)
    }

    /// Android 9 and 10 name no slot for a message over IMS: it does not get the slot of another one's lines.
    @Test func aMessageOverIMSWithoutASlotTakesNoOther() {
        let lines = log([
            (t, "RILJ", "[UNSL]< UNSOL_RESPONSE_NEW_SMS [SUB1]"),
            (t + 10, "ImsSmsDispacher", "SMS received."),
            (t + 20, "GsmInboundSmsHandler", "Delivering SMS to: a b"),
        ])
        #expect(lines.slot(ofRowAt: 0, among: [t + 30]) == nil)
    }

    /// A maker is known to keep the slot in `sub_id`; a newer phone of it may keep the subscription there. 1 can be both.
    @Test func whatSubIDMeansIsToldByTheRowsThemselves() {
        let dialect = SMSDialect(card: .slotInSubID)
        let cards = [1, 2].enumerated().map { index, subscription in
            SIMCard(slot: index + 1, subscription: subscription, iccid: "", network: "", carrier: "")
        }
        var memory = SIMMemory()
        memory.since = t - 1000
        let window = SIMWindow(memory, sims: cards)
        func place(_ subID: Int64, _ evidence: SMSCardEvidence) -> Int? {
            var row = SMSRow(id: 1, type: 1)
            row.subID = subID
            row.date = t
            let placing = SMSPlacing(
                dialect: dialect, evidence: evidence, window: window, isLooked: true, now: t)
            return placing.place(row, at: 0, among: [t]).slot
        }
        var evidence = SMSCardEvidence()
        #expect(place(0, evidence) == 0)
        #expect(place(2, evidence) == 1)
        #expect(place(1, evidence) == nil)
        evidence.saw(.slot(1), dialect)
        #expect(place(1, evidence) == nil)
        evidence.saw(.slot(0), dialect)
        #expect(place(1, evidence) == 1)
        var other = SMSCardEvidence()
        other.saw(.subscription(2), dialect)
        #expect(place(1, other) == 0)
        other.saw(.slot(0), dialect)
        #expect(place(1, other) == nil)
        var cursor = SMSCursor(enrolledAt: 0, date: 0)
        cursor.evidence = other
        cursor.enrolledDate = 5
        #expect(SMSCursor(cursor.bytes) == cursor)
        // Of another maker nothing is learnt.
        var none = SMSCardEvidence()
        none.saw(.subscription(2), SMSDialect())
        #expect(none == SMSCardEvidence())
    }

    /// A clock that is set back parts the lines before it from those after it.
    @Test func aStretchOfLinesEndsWhereTheClockWasSetBack() {
        let lines = log(message(t, "PHONE0") + message(t - 1_700_000_000_000, "PHONE1"))
        let dates = [t + 100, t - 1_700_000_000_000 + 100]
        #expect((0..<2).map { lines.slot(ofRowAt: $0, among: dates) } == [0, 1])
        // Set back by so little that both lines may be the row's.
        let near = log(message(t, "PHONE0") + message(t - 3000, "PHONE1"))
        #expect(near.slot(ofRowAt: 0, among: [t + 100]) == nil)
    }

    private func part(_ at: Int64, _ id: Int64) -> (Int64, String, String) {
        (
            at, "GsmInboundSmsHandler",
            "addTrackerToRawTable: URI of new row: content://sms/raw/\(id), {x-message-id:1}"
        )
    }

    private func came(_ at: Int64, _ slot: String) -> (Int64, String, String) {
        (at, "RILJ", "[UNSL]< UNSOL_RESPONSE_NEW_SMS [\(slot)]")
    }

    @Test func theTableOfPartsNamesAMessagesOwnLine() throws {
        let lines = log([came(t, "PHONE1"), part(t + 1, 41), came(t + 20, "PHONE0"), part(t + 21, 42)])
        #expect(lines.slot(ofParts: [41], date: t + 100) == 1)
        #expect(lines.slot(ofParts: [42, 7], date: t + 100) == 0)
        // Two messages that the table cannot tell apart, a part without a line, a line of another time.
        #expect(lines.slot(ofParts: [41, 42], date: t + 100) == nil)
        #expect(lines.slot(ofParts: [43], date: t + 100) == nil)
        #expect(lines.slot(ofParts: [41], date: t - 1) == nil)
        #expect(lines.slot(ofParts: [41], date: t + 3_700_000) == nil)
        // What came on both slots before one was written: nobody can tell, neither for the next.
        let mixed = log([came(t, "PHONE1"), came(t + 1, "PHONE0"), part(t + 2, 41), part(t + 3, 42)])
        #expect([41, 42].map { mixed.slot(ofParts: [$0], date: t + 9) } == [nil, nil])
        // Up to Android 10 the line is another.
        let old = log([
            came(t, "SUB0"), (t + 1, "GsmInboundSmsHandler", "URI of new row -> content://sms/raw/17"),
        ])
        #expect(old.slot(ofParts: [17], date: t + 9) == 0)
        let fixture = SMSRadioLog(try Corpus.bytes("sms/logcat_radio_a14_epoch.txt"))
        #expect(fixture.parts.map(\.id).contains(41))
        #expect(fixture.parts.allSatisfy { $0.slot != nil })
    }

    /// A row whose own part has no line does not get another message's, whose row was not read yet.
    @Test func aRowWithPartsAndNoLineTakesNoOther() {
        var window = SIMWindow(SIMMemory(), sims: [])
        window.looked([0: 2, 1: 3])
        window.looked([0: 3, 1: 2])
        var row = SMSRow(id: 60, type: 1)
        row.date = t + 9000
        row.dateSent = t + 7000
        row.subID = 2
        row.address = Array("Shop".utf8)
        var placing = SMSPlacing(dialect: SMSDialect(), window: window, isLooked: true, now: t + 20_000)
        placing.radio = log([came(t, "PHONE0"), part(t + 1, 41)] + message(t + 2, "PHONE0").suffix(1))
        // The phone did not say in time which parts there are; then: it keeps none.
        #expect(placing.place(row, at: 0, among: [t + 9000]).slot == nil)
        placing.raw = []
        #expect(placing.place(row, at: 0, among: [t + 9000]).slot == 0)
        placing.raw = [SMSRawPart(id: 42, sent: t + 7000, address: Array("Shop".utf8), subscription: 2)]
        #expect(placing.place(row, at: 0, among: [t + 9000]).slot == nil)
        placing.raw = [SMSRawPart(id: 41, sent: t + 7000, address: Array("Shop".utf8), subscription: 2)]
        #expect(placing.place(row, at: 0, among: [t + 9000]).slot == 0)
    }

    /// A message whose lines the log has lost comes within seconds of one whose row is not stored yet: the table has the parts of that one
    /// alone, so its line is not this row's. An hour later the table has forgotten both.
    @Test func aRowWithoutPartsTakesNoLineWhileTheTableHasItsTime() {
        var row = SMSRow(id: 60, type: 1)
        row.date = t + 2000
        row.dateSent = t
        row.address = Array("Shop".utf8)
        func placing(_ now: Int64, _ reading: SMSDialect.Reading, sent: Int64) -> SMSPlace {
            var placing = SMSPlacing(
                dialect: SMSDialect(reading: reading), window: SIMWindow(SIMMemory(), sims: []),
                isLooked: true, now: now)
            placing.radio = log(message(t, "PHONE1"))
            placing.raw = [
                SMSRawPart(
                    id: 41, sent: sent, address: reading == .hex ? Array("Bank".utf8) : nil, subscription: 3)
            ]
            return placing.place(row, at: 0, among: [t + 2000])
        }
        for reading in SMSDialect.Reading.allCases {
            #expect(placing(t + 5000, reading, sent: t - 3000).slot == nil)
            #expect(placing(t + 4_000_000, reading, sent: t + 3_000_000).slot == 1)
        }
        // By the numbers alone it is the row's own part, which names its card.
        #expect(placing(t + 5000, .nonce, sent: t).subscription == 3)
        #expect(placing(t + 5000, .hex, sent: t).subscription == nil)
    }

    /// Two messages of one sender and second came on two cards, the rows name none, and the log has the lines of one alone.
    @Test func partsOfTwoCardsNameNoSlot() {
        var row = SMSRow(id: 60, type: 1)
        row.date = t + 2000
        row.dateSent = t
        row.address = Array("Shop".utf8)
        var placing = SMSPlacing(
            dialect: SMSDialect(), window: SIMWindow(SIMMemory(), sims: []), isLooked: true, now: t + 5000)
        placing.radio = log([came(t, "PHONE0"), part(t + 1, 41)] + message(t + 2, "PHONE0").suffix(1))
        let own = SMSRawPart(id: 41, sent: t, address: row.address, subscription: 2)
        placing.raw = [own]
        #expect(placing.place(row, at: 0, among: [t + 2000]).slot == 0)
        placing.raw = [own, SMSRawPart(id: 42, sent: t, address: row.address, subscription: 3)]
        #expect(placing.place(row, at: 0, among: [t + 2000]) == SMSPlace())
    }

    /// The newest rows were deleted, a hidden one among them stays: it is passed over again and is one missing id.
    @Test func aHiddenRowThatIsPassedOverTwiceIsMissingOnce() {
        var gaps = IDGaps()
        gaps.read([4, 6], after: 3)
        gaps.read([7], after: 4)
        #expect(gaps.stretches == [5...6])
        #expect(gaps.count == 2)
        gaps.read([10], after: 4)
        #expect(gaps.stretches == [5...9])
        gaps.came(7)
        #expect(gaps.stretches == [5...6, 8...9])
        // A lower id is given anew: what was hidden above it is gone, and an id there that is passed over is another row's.
        gaps.read([5], after: 4)
        #expect(gaps.stretches == [])
        #expect(gaps.count == 3)
        gaps.read([8], after: 5)
        #expect(gaps.stretches == [6...7])
        #expect(gaps.count == 5)
    }
}
