import Base

/// Where a message came in.
struct SMSPlace: Sendable, Equatable {
    /// The slot, counted from 0; nil where nothing settles it.
    var slot: Int?
    /// Android's subscription, where known.
    var subscription: Int?
    /// Whether what was asked contradicts itself: then there is no slot.
    var isContradicted = false
}

/// Finds out on which card messages came in, from all that was asked about it.
struct SMSPlacing: Sendable {
    /// How the build's rows name their card.
    let dialect: SMSDialect
    /// What rows have shown of the meaning of `sub_id`.
    var evidence = SMSCardEvidence()
    /// Where the cards were seen.
    let window: SIMWindow
    /// Whether they were looked at after the rows were read.
    let isLooked: Bool
    /// The phone's clock, milliseconds since 1970.
    let now: Int64
    /// Subscriptions of which the phone tells things that do not fit together: nothing settles their slot.
    var doubted: Set<Int> = []
    /// The radio's lines; nil where they were not asked for.
    var radio: SMSRadioLog?
    /// Parts of messages as the radio brought them; nil where they were not asked for or the phone did not answer in time.
    var raw: [SMSRawPart]?

    /// What a row says of its card.
    func mark(_ row: SMSRow) -> SMSCardMark {
        let mark = SMSCardMark(dialect, subID: row.subID, own: row.cardValue)
        guard dialect.card == .slotInSubID, case .slot(1) = mark, evidence.isSlot == evidence.isSubscription
        else {
            guard evidence.isSubscription, !evidence.isSlot, case .slot(let value) = mark else { return mark }
            return .subscription(value)
        }
        // As the subscription it would be another slot: nothing but the radio tells which it is.
        let other = window.possibleSlots(of: 1)
        return other.isEmpty || other == [1] ? mark : .none
    }

    /// Whether more than the cards has to be asked for this row.
    func isUnsettled(_ row: SMSRow) -> Bool {
        switch mark(row) {
        case .none: true
        case .subscription(let id): !isLooked || slot(of: id, row) == nil
        case .slot, .both: false
        }
    }

    /// The place of `row`, which is at `index` of rows with these dates, in the order of their ids.
    func place(_ row: SMSRow, at index: Int, among dates: [Int64]) -> SMSPlace {
        let radio = row.date == nil ? nil : radioSlot(of: row, at: index, among: dates)
        switch mark(row) {
        case .slot(let slot):
            // Which card sat there on another day nobody knows.
            let card = window.holds(row.date, now: now) ? window.subscription(in: slot) : nil
            if let radio, radio != slot { return SMSPlace(subscription: card, isContradicted: true) }
            return SMSPlace(slot: slot, subscription: card)
        case .both(let slot, let subscription):
            let others = [self.slot(of: subscription, row), radio].compactMap(\.self)
            if others.contains(where: { $0 != slot }) {
                return SMSPlace(subscription: subscription, isContradicted: true)
            }
            return SMSPlace(slot: slot, subscription: subscription)
        case .subscription(let subscription): return place(of: subscription, row, radio)
        case .none:
            let named = Set(parts(of: row).map(\.subscription))
            if named.count == 1, let subscription = named.first { return place(of: subscription, row, radio) }
            return SMSPlace(slot: radio, subscription: radio.flatMap { window.subscription(in: $0) })
        }
    }

    /// The row's own parts in the table: two messages of one sender in one second are told apart by their cards.
    private func parts(of row: SMSRow) -> [SMSRawPart] {
        let card: Int? =
            switch mark(row) {
            case .subscription(let id), .both(_, let id): id
            case .slot, .none: nil
            }
        return (raw ?? []).filter { $0.matches(row) && (card == nil || $0.subscription == card) }
    }

    /// What the radio's lines say: those that name the row's own parts in the table. Where the table cannot have them any more those around
    /// its date, if that is of this time: a row that was put back has the date of another.
    private func radioSlot(of row: SMSRow, at index: Int, among dates: [Int64]) -> Int? {
        let own = parts(of: row)
        // Of two cards they are of two messages, and a line may be the other one's.
        guard Set(own.map(\.subscription)).count <= 1 else { return nil }
        guard own.isEmpty else { return radio?.slot(ofParts: own.map(\.id), date: dates[index]) }
        if hasTableOf(row) { return nil }
        return window.holds(row.date, now: now) ? radio?.slot(ofRowAt: index, among: dates) : nil
    }

    /// Whether the table has or may have the parts of this row, had the radio brought it: lines of that time are those of others, such as
    /// of one that its SMS app has not stored yet. An empty table is that of a phone which keeps none.
    private func hasTableOf(_ row: SMSRow) -> Bool {
        if raw?.isEmpty == true { return false }
        guard let sent = row.dateSent, sent > 0 else { return true }
        let (age, overflow) = now.subtractingReportingOverflow(sent)
        return !overflow && age < SMSRawPart.keptTime
    }

    /// The slot where all looks agree, else what the radio's lines say if that is a place where the card was seen. Where both speak
    /// and differ there is none.
    private func place(of subscription: Int, _ row: SMSRow, _ radio: Int?) -> SMSPlace {
        var place = SMSPlace(subscription: subscription)
        if doubted.contains(subscription) { return place }
        if isLooked, let slot = slot(of: subscription, row) {
            place.isContradicted = radio.map { $0 != slot } ?? false
            place.slot = place.isContradicted ? nil : slot
        } else if let radio {
            let possible = window.possibleSlots(of: subscription)
            place.slot = possible.isEmpty || possible.contains(radio) ? radio : nil
        }
        return place
    }

    private func slot(of subscription: Int, _ row: SMSRow) -> Int? {
        window.slot(of: subscription, at: row.date, now: now)
    }
}
