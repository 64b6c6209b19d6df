import Base

/// What the phone still showed of the slot of a message, from what was done to the phone.
///
/// The documented evidence, and nothing else: the looks at the cards (`SIMWindow`), the radio's lines (`SMSRadioLog`), the table of
/// parts for rows without a card (`SMSRawPart`). It must have been there all the time from the row's first moment to the event's
/// coming, whenever in between it was looked for.
struct SMSEvidence {
    /// After this long with a phone that can be read a move of its cards was seen, and everything from before it was read.
    static let moveTime = Duration.seconds(150)
    /// A card's place was seen.
    static let lookTime = Duration.seconds(70)
    /// The phone's clock was read again.
    static let clockTime = Duration.seconds(70)
    /// Lines without a pause of this length belong together, and so long before a row's date its line may stand.
    static let pairTime = Duration.seconds(10)
    /// Dates of rows read before that are compared with the lines.
    private static let pairsMax = 50
    /// Rows that are read at a time in plain columns.
    private static let pageMax = 8
    /// Lines that a log surely keeps, and parts that are looked through.
    private static let linesMax = 4000
    private static let partsMax = 400
    /// How long the phone keeps parts, in milliseconds, less the errors of both clocks.
    private static let partsTime: Int64 = 3_590_000

    let history: SMSHistory
    let kind: PhoneKind
    /// The date by a clock that nobody moves, milliseconds since 1970.
    let wall: (Instant) -> Int64

    /// What is known of a message's slot, in a few words.
    enum Verdict {
        /// Nothing settles it: what is wrong with the cards, and what with the log.
        case doubt(String)
        /// What settles it.
        case proof(String)
    }

    /// Whether the slot of `message`, whose event came at `arrival`, was to be told.
    func verdict(_ message: SMSHistory.Message, arrival: Instant) -> Verdict {
        guard let handedAt = message.handedAt, message.origin != .backup else { return .doubt("a backup") }
        if message.isPutBack, !kind.hasAndroidsCard { return .doubt("put back without its card") }
        var log = logDoubt(message, handedAt, arrival)
        let parts = partsDoubt(message, arrival)
        if message.isCardless, let parts {
            return log.map { .doubt("no card, \(parts); \($0)") } ?? .proof("the radio's log tells")
        }
        var cards = cardsDoubt(message, handedAt, arrival)
        if cards == nil, log != nil, parts != nil, logMisleads(message, arrival) { cards = "the log differs" }
        if cards != nil, log == nil, !cardWasSeen(message, arrival) { log = "the card was not seen there" }
        guard let cards else { return .proof("the cards were where they were") }
        guard let log else { return .proof("the radio's log tells") }
        return .doubt("\(cards); \(log)")
    }

    // MARK: The cards

    /// Why looks at the cards do not tell: not every one that can have counted said the same, or the row's date is not of that time.
    private func cardsDoubt(
        _ message: SMSHistory.Message, _ handedAt: Instant, _ arrival: Instant
    ) -> String? {
        let card = message.subscription
        guard history.slot(of: card, at: message.broughtAt) == message.slot else { return "card moved" }
        let moves = history.cardMoves.map { ($0.at, $0.slots[card]) }
        var lastMove: Instant?
        for (before, move) in zip(moves, moves.dropFirst()) where move.0 <= arrival && move.1 != before.1 {
            lastMove = move.0
        }
        if let lastMove {
            guard lastMove <= message.broughtAt else { return "card moved" }
            let isSeen = history.goods.contains {
                $0.part(from: lastMove, to: message.broughtAt) >= Self.moveTime
            }
            guard isSeen else { return "card just moved" }
        }
        let places = Set(history.cardMoves.filter { $0.at <= arrival }.compactMap { $0.slots[card] })
        return places.count == 1 ? nil : dateDoubt(message, handedAt, arrival)
    }

    /// Why the row's date cannot be compared with the last complete read and with now: it was not there from its date on, the clock was
    /// moved around that time, or was ahead of that date when something was read.
    private func dateDoubt(
        _ message: SMSHistory.Message, _ handedAt: Instant, _ arrival: Instant
    ) -> String? {
        guard kind.hasDates else { return "no date" }
        let read = lastRead(before: handedAt)
        if isClockMoved(from: read, to: arrival) { return "clock just set" }
        if message.isDelayed || message.isPutBack || message.origin == .app {
            let isLate = message.isPutBack || message.origin == .app
            let last = isLate ? arrival : message.firstThere ?? arrival
            if history.looks.contains(where: { $0.part(from: handedAt, to: last) > .zero }) {
                return "dated before a read"
            }
        }
        if highestClock(before: handedAt) > message.date { return "clock was ahead before" }
        let ahead = history.clockMoves.last { $0.at <= read }?.ahead ?? 0
        return highestClock(before: read) <= wall(read) + ahead ? nil : "clock was behind"
    }

    /// Everything that was there at this moment was read before `moment`; the beginning where nothing surely was.
    private func lastRead(before moment: Instant) -> Instant {
        var left = Self.moveTime
        for good in history.goods.reversed() {
            let time = good.part(from: good.from, to: moment)
            guard time > .zero else { continue }
            if time >= left { return min(good.to ?? moment, moment).advanced(by: .zero - left) }
            left -= time
        }
        return history.clockMoves[0].at
    }

    /// The latest date that the phone's clock, or what was known of it, had while somebody could look.
    private func highestClock(before moment: Instant) -> Int64 {
        var highest = Int64.min
        for (index, move) in history.clockMoves.enumerated() where move.at < moment {
            let next = index + 1 < history.clockMoves.count ? history.clockMoves[index + 1].at : moment
            let end = min(next, moment)
            for look in history.looks where look.from < end && (look.to ?? end) > move.at {
                var last = min(look.to ?? end, end)
                // A clock that was moved is known some time later.
                if last == end, end < moment { last = last.advanced(by: Self.clockTime) }
                highest = max(highest, wall(last) + move.ahead)
            }
        }
        return highest
    }

    private func isClockMoved(from begin: Instant, to end: Instant) -> Bool {
        history.clockMoves.dropFirst().contains { begin <= $0.at && $0.at <= end }
    }

    /// Whether the card was seen in the message's slot: where it never was the radio's word is not believed.
    private func cardWasSeen(_ message: SMSHistory.Message, _ arrival: Instant) -> Bool {
        guard message.subscription >= 0 else { return true }
        let moves = history.cardMoves
        for (index, move) in moves.enumerated()
        where move.at <= arrival && move.slots[message.subscription] == message.slot {
            let end = index + 1 < moves.count ? min(moves[index + 1].at, arrival) : arrival
            // Where it still is it is seen with the row.
            if end == arrival { return true }
            if history.goods.contains(where: { $0.part(from: move.at, to: end) >= Self.lookTime }) {
                return true
            }
        }
        return false
    }

    // MARK: The table of parts

    /// Why the table of parts did not have this message all the time, alone in its second with its sender.
    private func partsDoubt(_ message: SMSHistory.Message, _ arrival: Instant) -> String? {
        guard message.origin == .radio else { return "no parts" }
        if kind.androidRelease < 7 { return "no table of parts" }
        if history.parts - message.partsBefore > Self.partsMax { return "many parts" }
        if isClockMoved(from: message.broughtAt, to: arrival) { return "clock set since" }
        if hasTwin(message) { return "twin" }
        let ahead = history.clockMoves.last { $0.at <= arrival }?.ahead ?? 0
        return wall(arrival) + ahead - message.sentDate <= Self.partsTime ? nil : "parts too old"
    }

    private func hasTwin(_ message: SMSHistory.Message) -> Bool {
        history.messages.contains {
            // In plain columns the table's parts are known by their numbers alone.
            $0.origin == .radio && $0.sentDate == message.sentDate
                && (kind.isPlain || $0.sender == message.sender)
                && ($0.slot != message.slot || $0.subscription != message.subscription)
        }
    }

    // MARK: The radio's lines

    /// The hand-overs around that of `message` without a pause, as the log showed them.
    private func chain(around index: Int, until arrival: Instant) -> [SMSHistory.HandOver] {
        let handOvers = history.handOvers
        let own = handOvers[index].at
        let begin = history.logLosses.last { $0 <= own }
        var first = index
        while first > 0, Self.areTogether(handOvers[first - 1], handOvers[first]),
            begin.map({ $0 < handOvers[first - 1].at }) ?? true
        {
            first -= 1
        }
        var last = index
        while last + 1 < handOvers.count, handOvers[last + 1].at <= arrival,
            Self.areTogether(handOvers[last], handOvers[last + 1])
        {
            last += 1
        }
        return Array(handOvers[first...last])
    }

    private static func areTogether(_ one: SMSHistory.HandOver, _ other: SMSHistory.HandOver) -> Bool {
        abs(other.date - one.date) <= pairTime.milliseconds
    }

    /// Why the log does not tell which slot the message came on, or which line is its own: the table of parts names it; where that may
    /// not have it any more the rows and hand-overs of that time have to agree too.
    private func logDoubt(_ message: SMSHistory.Message, _ handedAt: Instant, _ arrival: Instant) -> String? {
        if kind.androidRelease < 7 { return "no dated log" }
        if message.origin != .radio || !message.isAnnounced { return "no line" }
        if hasTwin(message) { return "twin" }
        if history.lines - message.linesBefore > Self.linesMax { return "log overrun" }
        if history.logLosses.contains(where: { message.broughtAt <= $0 && $0 <= arrival }) {
            return "log lost"
        }
        guard 0...Self.partsTime ~= message.date - message.broughtDate else { return "held long" }
        if partsDoubt(message, arrival) == nil || rowsTell(message, handedAt, arrival) { return nil }
        return "lines and rows differ"
    }

    /// Whether the log showed all the time which row is whose by their number and order.
    private func rowsTell(_ message: SMSHistory.Message, _ handedAt: Instant, _ arrival: Instant) -> Bool {
        // Where the table should have its parts and they do not tell, no line does.
        let ahead = history.clockMoves.last { $0.at <= arrival }?.ahead ?? 0
        guard wall(arrival) + ahead - message.sentDate > Self.partsTime else { return false }
        guard let index = message.handOver, !message.isPutBack, dateDoubt(message, handedAt, arrival) == nil,
            history.handOvers[index].slot == message.slot
        else { return false }
        let chain = chain(around: index, until: arrival)
        guard let first = chain.first, let last = chain.last else { return false }
        // After the clock was set lines of another time may have the same dates.
        let isOfAnother = history.handOvers.contains { line in
            line.at <= arrival && !chain.contains { $0.message == line.message }
                && 0...Self.pairTime.milliseconds ~= message.date - line.date
        }
        guard !isOfAnother else { return false }
        // Rows without a line of their own would take another one's.
        let lines = Set(chain.map(\.message))
        let dates = first.date...(last.date + Self.pairTime.milliseconds)
        let isEachOnALine = history.messages.indices.allSatisfy { index in
            let other = history.messages[index]
            return other.handedAt == nil || !dates.contains(other.date)
                || lines.contains(index) && !other.isPutBack
        }
        guard isEachOnALine else { return false }
        return Set(chain.map(\.slot)).count == 1 || isPaired(chain, arrival)
    }

    /// Whether the rows of these hand-overs can be paired with them in their order: all of them were read in one session, none was
    /// stored late or deleted before, and no two have one date.
    private func isPaired(_ chain: [SMSHistory.HandOver], _ arrival: Instant) -> Bool {
        guard chain.count <= (kind.isPlain ? Self.pageMax : Self.pairsMax), let first = chain.first
        else { return false }
        let isInOrder = zip(chain, chain.dropFirst()).allSatisfy { $0.date < $1.date }
        let areThere = chain.allSatisfy { line in
            let message = history.messages[line.message]
            return !message.isDelayed && message.broughtAt == message.handedAt
                && (message.lastThere.map { $0 >= arrival } ?? false)
        }
        let sessions = history.looks.filter { $0.part(from: first.at, to: arrival) > .zero }
        return isInOrder && areThere && sessions.count <= 1
            && !(history.crashes + history.backups).contains { first.at <= $0 && $0 <= arrival }
    }

    /// Whether a line of another slot stands where this message's own would.
    private func logMisleads(_ message: SMSHistory.Message, _ arrival: Instant) -> Bool {
        history.handOvers.indices.contains { index in
            history.handOvers[index].slot != message.slot && history.handOvers[index].at <= arrival
                && chain(around: index, until: arrival).contains {
                    abs($0.date - message.date) <= Self.pairTime.milliseconds
                }
        }
    }
}
