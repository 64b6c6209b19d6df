import Base

/// What the radio's own lines say of the slots that messages came on, for messages whose card does not settle it
/// (LineageOS/android_frameworks_opt_telephony `RIL.java` for the slot: `[SUB0]` up to Android 10, `[PHONE0]` from 11 on;
/// `InboundSmsHandler.java` for the hand-over; `ImsSmsDispatcher.java` for messages over IMS).
///
/// Anything on the phone may write a line; a sender of messages cannot. All lines must come from one process, the phone app's.
package struct SMSRadioLog: Sendable, Equatable {
    /// One message that was handed to the SMS app.
    struct Delivery: Sendable, Equatable {
        /// Milliseconds since 1970 by the phone's clock.
        let at: Int64
        /// The slot, counted from 0; nil where parts from both slots stand before it.
        let slot: Int?
    }

    /// One part that the radio brought and the phone app wrote into the table of parts (`SMSRawPart`).
    struct Part: Sendable, Equatable {
        /// Milliseconds since 1970 by the phone's clock.
        let at: Int64
        /// Its id in the table.
        let id: Int64
        /// The slot, counted from 0; nil where parts of both slots, or one without a slot, came at that time.
        let slot: Int?
    }

    /// Longest time between the hand-over and the date that the SMS app writes, in milliseconds.
    static let rowDelayMax: Int64 = 10_000

    /// How long before its row's date a part may have come, in milliseconds: so long the phone keeps parts.
    static let partAgeMax: Int64 = 3_600_000

    /// The log as it stands now; the pattern keeps the chatty tags small.
    static let command = PhoneCommand(
        "logcat -b radio -v epoch -d -e 'UNSOL_RESPONSE_NEW_SMS|UNSOL_RESPONSE_CDMA_NEW_SMS|Delivering SMS to|SMS received|of new row'",
        timeout: .seconds(2), outputBytesMax: 1024 * 1024)

    /// The messages in the order of the log.
    let deliveries: [Delivery]
    /// The parts in the order of the log.
    let parts: [Part]

    /// Reads the answer of `command`; what is no such line is passed over.
    package init(_ output: [UInt8]) {
        var deliveries: [Delivery] = []
        var parts: [Part] = []
        // nil: a message came in, and its line names no slot.
        var slots: Set<Int?> = []
        // What came in and is not in the table yet.
        var waiting: [(at: Int64, slot: Int?)] = []
        var processes: Set<Int64> = []
        for text in lines(of: output) {
            guard let line = LogLine(text), let at = line.milliseconds else { continue }
            if let slot = Self.slot(line) {
                slots.insert(slot)
                waiting.append((at, slot))
                processes.insert(line.process)
            } else if Self.isNameless(line) {
                slots.insert(nil)
                waiting.append((at, nil))
                processes.insert(line.process)
            } else if let id = Self.newPart(line) {
                waiting.removeAll { !Self.isBehind(at, $0.at, by: Self.rowDelayMax) }
                let named = Set(waiting.map(\.slot))
                let slot = named.count == 1 ? named.first ?? nil : nil
                parts.append(Part(at: at, id: id, slot: slot))
                // Which of several it was nobody can tell, nor which are left.
                if !waiting.isEmpty { waiting.removeFirst() }
                if slot == nil { waiting = waiting.map { ($0.at, nil) } }
                processes.insert(line.process)
            } else if SMSHint(line) == .delivering {
                deliveries.append(Delivery(at: at, slot: slots.count == 1 ? slots.first ?? nil : nil))
                slots = []
                processes.insert(line.process)
            }
        }
        self.deliveries = processes.count <= 1 ? deliveries : []
        self.parts = processes.count <= 1 ? parts : []
    }

    private static func slot(_ line: LogLine) -> Int? {
        var scanner = ByteScanner(line.message[...])
        if line.tag.elementsEqual("RILJ".utf8) {
            guard scanner.accept("[UNSL]< UNSOL_RESPONSE_"),
                scanner.accept("NEW_SMS [") || scanner.accept("CDMA_NEW_SMS ["),
                scanner.accept("PHONE") || scanner.accept("SUB")
            else { return nil }
            return number(&scanner)
        }
        var tag = ByteScanner(line.tag[...])
        guard tag.accept("ImsSmsDispatcher ["), line.message.starts(with: "SMS received".utf8) else {
            return nil
        }
        return number(&tag)
    }

    /// Android 9 and 10 have no slot in the line of a message over IMS; its tag is spelled so.
    private static func isNameless(_ line: LogLine) -> Bool {
        line.tag.elementsEqual("ImsSmsDispacher".utf8) && line.message.starts(with: "SMS received".utf8)
    }

    /// The id of the part that the phone app wrote into its table: `URI of new row -> content://sms/raw/17` up to Android 10,
    /// `…: content://sms/raw/17, …` from 11 on.
    private static func newPart(_ line: LogLine) -> Int64? {
        guard SMSHint.log.matches(line) else { return nil }
        var scanner = ByteScanner(line.message[...])
        _ = scanner.accept("addTrackerToRawTable: ")
        guard scanner.accept("URI of new row"), scanner.accept(" -> ") || scanner.accept(": "),
            scanner.accept("content://sms/raw/"), let id = scanner.integer(), id >= 0
        else { return nil }
        return id
    }

    private static func number(_ scanner: inout ByteScanner) -> Int? {
        guard let slot = scanner.integer(), 0..<Int64(SubscriptionDump.entriesMax) ~= slot,
            scanner.accept("]")
        else { return nil }
        return Int(slot)
    }

    /// The slot of the row of `date` (milliseconds since 1970) whose parts have these ids in the table; nil where no line names one of
    /// them, or two name two slots.
    func slot(ofParts ids: [Int64], date: Int64) -> Int? {
        let lines = ids.compactMap { id in parts.last { $0.id == id } }
            .filter { Self.isRowBehind(date, $0.at, by: Self.partAgeMax) }
        let named = Set(lines.map(\.slot))
        return named.count == 1 ? named.first ?? nil : nil
    }

    /// The slot of the row at `index` of `dates` (milliseconds since 1970), which are the dates of all rows around it in the order of
    /// their ids. Nil where the log does not settle it.
    ///
    /// The hand-overs of one stretch without a long pause and the rows of the same stretch belong together where there are no more
    /// rows than hand-overs: a row without a line would take another one's. Where all of them name one slot it is that; else they are
    /// paired in their order, where there are as many of the one as of the other and no two rows have one date.
    package func slot(ofRowAt index: Int, among dates: [Int64]) -> Int? {
        let date = dates[index]
        guard let stretch = stretch(around: date) else { return nil }
        let first = deliveries[stretch.lowerBound].at
        let last = deliveries[stretch.upperBound - 1].at
        let rows = dates.indices.filter {
            first - SMSRow.dateError(dates[$0]) <= dates[$0] && dates[$0] - last <= Self.rowDelayMax
        }
        guard rows.count <= stretch.count, let place = rows.firstIndex(of: index) else { return nil }
        let named = Set(deliveries[stretch].map(\.slot))
        if named.count == 1 { return named.first ?? nil }
        guard rows.count == stretch.count, zip(rows, rows.dropFirst()).allSatisfy({ dates[$0] < dates[$1] })
        else {
            return nil
        }
        for (row, delivery) in zip(rows, stretch) {
            guard Self.isRowBehind(dates[row], deliveries[delivery].at, by: Self.rowDelayMax) else {
                return nil
            }
        }
        return deliveries[stretch.lowerBound + place].slot
    }

    /// Whether `date` is at `moment` or at most `delay` behind it; outside numbers, of any size.
    private static func isBehind(_ date: Int64, _ moment: Int64, by delay: Int64) -> Bool {
        let (behind, overflow) = date.subtractingReportingOverflow(moment)
        return !overflow && 0...delay ~= behind
    }

    /// The same of a row's date, which may be cut to its second.
    private static func isRowBehind(_ date: Int64, _ moment: Int64, by delay: Int64) -> Bool {
        let (behind, overflow) = date.subtractingReportingOverflow(moment)
        return !overflow && -SMSRow.dateError(date)...delay ~= behind
    }

    /// The hand-overs around `date` with no pause of `rowDelayMax` between them. Nil where the clock was set between two such stretches
    /// and the date is of both.
    private func stretch(around date: Int64) -> Range<Int>? {
        var found: Range<Int>?
        var start = 0
        for end in deliveries.indices.map({ $0 + 1 }) {
            // A pause, or a clock that was set back.
            let isEnd =
                end == deliveries.count
                || !Self.isBehind(deliveries[end].at, deliveries[end - 1].at, by: Self.rowDelayMax)
            guard isEnd else { continue }
            if deliveries[start..<end].contains(where: {
                Self.isRowBehind(date, $0.at, by: Self.rowDelayMax)
            }) {
                guard found == nil else { return nil }
                found = start..<end
            }
            start = end
        }
        return found
    }
}
