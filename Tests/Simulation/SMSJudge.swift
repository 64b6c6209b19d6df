import Base
import Phone
import VirtualPhone

/// Judges what a receiver and the ledger have of one phone's messages.
struct SMSJudge {
    let history: SMSHistory
    let evidence: SMSEvidence
    let kind: PhoneKind
    /// A message's name from its sender and text.
    let name: (_ sender: String, _ text: String) -> String?

    private(set) var faults: [String] = []
    private(set) var tally = SMSDays.Tally()

    init(
        _ history: SMSHistory, _ evidence: SMSEvidence, _ kind: PhoneKind,
        name: @escaping (String, String) -> String?
    ) {
        self.history = history
        self.kind = kind
        self.evidence = evidence
        self.name = name
    }

    /// One event as the receiver has it.
    private struct Event {
        var ids: Set<String>
        let text: String
        let slot: Int
        let at: Instant
    }

    /// Every message is at most one event with its own text and slot; those that must have come have.
    mutating func judge(_ arrivals: [Arrival]) {
        var events: [String: Event] = [:]
        for arrival in arrivals where arrival.type == "sms" {
            let text = arrival.fields.message ?? ""
            guard let name = name(arrival.fields.phone ?? "", text) else {
                faults.append("nobody sent this: \(text.prefix(80)) of \(arrival.fields.phone ?? "")")
                continue
            }
            if events[name]?.ids.insert(arrival.id) == nil {
                events[name] = Event(
                    ids: [arrival.id], text: text, slot: arrival.fields.sim ?? -1, at: arrival.at)
            }
        }
        for (name, event) in events where event.ids.count > 1 {
            faults.append("\(name): \(event.ids.count) events")
        }
        for message in history.messages { judge(message, events[message.name]) }
    }

    private mutating func judge(_ message: SMSHistory.Message, _ event: Event?) {
        tally.messages += 1
        guard let event else {
            if message.mustCome, message.origin != .backup, !mayBeHistory(message), !looksLikeAnother(message)
            {
                faults.append("\(message.name): lost")
            }
            return
        }
        tally.came += 1
        if event.text != message.text {
            faults.append("\(message.name): another text, \(event.text.utf8.count) bytes")
        }
        if message.origin == .backup {
            if history.clockMoves.count == 1, kind.hasDates {
                faults.append("\(message.name): a restored row was forwarded")
            }
            return
        }
        if event.slot == message.slot + 1 { return }
        tally.withoutSlot += 1
        if event.slot != 0 {
            faults.append("\(message.name): slot \(event.slot) instead of \(message.slot + 1)")
        } else {
            switch evidence.verdict(message, arrival: event.at) {
            case .doubt(let doubt): tally.doubts[doubt, default: 0] += 1
            case .proof(let proof): faults.append("\(message.name): no slot, though \(proof)")
            }
        }
    }

    /// Rows without a card that are dated long before others look like a backup that came back, most of all beside one.
    private func mayBeHistory(_ message: SMSHistory.Message) -> Bool {
        message.isCardless && history.clockMoves.count > 1
            || message.isPutBack && !kind.hasAndroidsCard && !history.backups.isEmpty
    }

    /// A row is known by its id, its dates and, but in plain columns, its sender: one that is put back under the id of another of its moment is that one.
    func looksLikeAnother(_ message: SMSHistory.Message) -> Bool {
        let isOwn = { (row: SMSHistory.Row) in row.message.map { history.messages[$0].name } == message.name }
        return history.rows.filter(isOwn).contains { own in
            history.rows.contains { other in
                !isOwn(other) && other.id == own.id && other.stored.date == own.stored.date
                    && other.stored.dateSent == own.stored.dateSent
                    && (kind.isPlain || other.stored.address == own.stored.address)
            }
        }
    }

    // MARK: The ledger

    /// The ledger holds what was read, and as gaps what the ids show to have been passed over, and nothing else. `events`: how many
    /// the store has, and how many of them are of a backup.
    mutating func judge(_ ledger: PhoneLedger, events: (all: Int, history: Int), arrivals: [Arrival]) {
        let came = arrivals.filter { $0.type == "sms" }
        let isUnknown = Dictionary(
            came.map { ($0.id, $0.fields.sim == 0) }, uniquingKeysWith: { first, _ in first })
        expect(Int(ledger.events), isUnknown.count, "events in the ledger")
        expect(Int(ledger.events), events.all - events.history, "events in the store")
        expect(Int(ledger.history), events.history, "restored rows in the ledger")
        expect(Int(ledger.withoutSlot), isUnknown.values.count { $0 }, "messages without a slot")
        expect(Int(ledger.unreadable), 0, "unreadable rows")
        let there = history.rowsThere.filter { $0.isReceived && $0.message != nil }
        // Where dates are cut what was there before enrolment is not known again once it is put back.
        let isExact = kind.hasDates || history.oldPutBack == 0
        if isExact { expect(Int(ledger.held.reduce(0) { $0 + $1.rows }), there.count, "rows on the phone") }
        // What makers' columns say of a row is not kept in the history.
        for held in ledger.held where kind.hasAndroidsCard && isExact {
            let own = there.count { $0.stored.subscriptionID == held.subscription ?? -1 }
            expect(Int(held.rows), own, "rows of card \(held.subscription ?? -1)")
        }
        if ledger.emptied > history.emptied {
            faults.append(
                "the store was found empty \(ledger.emptied) times, it was \(history.emptied) times")
        }
        judgePutBack(ledger)
        judgeGaps(ledger)
    }

    /// Adds what is wrong.
    mutating func add(_ fault: String) { faults.append(fault) }

    private mutating func expect(_ value: Int, _ wanted: Int, _ what: String) {
        if value != wanted { faults.append("\(what): \(value) instead of \(wanted)") }
    }

    private mutating func judgePutBack(_ ledger: PhoneLedger) {
        let messages = history.rows.count { $0.isPutBack && $0.message != nil }
        let most = messages + history.oldPutBack
        if ledger.putBack > most {
            faults.append("\(ledger.putBack) messages were put back instead of \(most) at most")
        }
    }

    /// Each row that no read has shown is missing once at most, and once at least where nothing took its id and a higher one was read.
    /// One that the SMS app was about to store when the store was wiped was never there and has used an id up all the same.
    private mutating func judgeGaps(_ ledger: PhoneLedger) {
        // A sent row that was given the id of a missing one is not looked for below the newest.
        for stretch in ledger.gaps {
            let wrong = history.rowsThere.filter {
                stretch.contains($0.id) && $0.shownSince != nil && !$0.wasHidden && $0.isReceived
            }
            for row in wrong { faults.append("row \(row.id) is there and in the gap \(stretch)") }
        }
        let passed = history.rows.indices.filter { isPassed($0) }
        let unread =
            history.rows.count { !$0.isRead }
            + history.messages.count { $0.isDelayed && $0.firstThere == nil }
        tally.missing += Int(ledger.missing)
        tally.missingMin += passed.count
        tally.missingMax += unread
        if ledger.missing < passed.count {
            let ids = passed.map { "\(history.rows[$0].id)" }.joined(separator: ", ")
            faults.append(
                "\(ledger.missing) ids are missing, at least \(passed.count) were passed over: \(ids)")
        }
        if ledger.missing > unread {
            faults.append("\(ledger.missing) ids are missing, at most \(unread) rows were not read")
        }
    }

    /// Whether the ids show that this row was there and was not read.
    private func isPassed(_ index: Int) -> Bool {
        let row = history.rows[index]
        guard row.id > row.readBefore, !row.couldBeRead else { return false }
        let later = history.rows[(index + 1)...]
        return later.contains { $0.wipes == row.wipes && $0.id > row.id && $0.isRead && !$0.wasHidden }
            // One that took its id before the next wipe cannot be told from it.
            && !later.contains { $0.id == row.id && ($0.shownSince != nil || $0.wipes == row.wipes) }
    }
}
