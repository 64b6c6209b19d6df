import Base
import VirtualPhone

/// What was done to one phone and when: all that a judge of its messages may know. Knows nothing of phonewire.
struct SMSHistory {
    /// A message, or a row of the kind that an app writes.
    struct Message {
        /// Where it comes from.
        enum Origin { case radio, app, backup }

        let name: String
        /// What a receiver must be told of it.
        let text: String
        let origin: Origin
        let sender: [UInt8]?
        /// Counted from 0; -1: no radio brought it.
        let slot: Int
        /// The subscription of the card in that slot; -1: none.
        let subscription: Int
        /// Whether its row does not name the card.
        let isCardless: Bool
        /// When the radio brought it.
        let broughtAt: Instant
        /// When it was handed to the SMS app, which dates its row; nil while a locked phone keeps it.
        var handedAt: Instant?
        /// The row's dates by the phone's clock, milliseconds since 1970.
        var date: Int64
        let broughtDate: Int64
        let sentDate: Int64
        let isAnnounced: Bool
        /// Whether the SMS app stored it later than it dated it.
        let isDelayed: Bool
        /// Its place among the lines of hand-overs; nil without one.
        var handOver: Int?
        /// Whether its row was deleted and put back.
        var isPutBack = false
        /// Whether it was on the phone for so long that it must have been read.
        var mustCome = false
        /// How many log lines and raw parts there were before it.
        let linesBefore: Int
        let partsBefore: Int
        /// When its row was first there, and last.
        var firstThere: Instant?
        var lastThere: Instant?
    }

    /// A line of the radio's log that says that a message is handed over.
    struct HandOver {
        let at: Instant
        /// By the phone's clock.
        let date: Int64
        /// The slot that the lines before it name; nil where they name none or two.
        let slot: Int?
        let message: Int
    }

    /// A row of the phone's store.
    struct Row {
        let id: Int64
        let stored: VirtualSMS
        /// Its message; nil for rows that are none.
        let message: Int?
        let born: Instant
        /// The highest id that can have been read before it was there.
        let readBefore: Int64
        var died: Instant?
        var isReceived: Bool
        /// Since when the shell has been shown it; nil while it is hidden.
        var shownSince: Instant?
        /// Whether a read could have shown it, whether one has, and whether one must have: it was there long enough.
        var couldBeRead = false
        var isRead = false
        var mustBeRead = false
        /// Whether it was hidden before it was shown.
        var wasHidden: Bool
        /// Whether it came back after a deletion.
        let isPutBack: Bool
        /// How often the store was wiped before.
        let wipes: Int
    }

    /// A stretch of time.
    struct Stretch {
        let from: Instant
        var to: Instant?

        /// How much of it lies between two moments.
        func part(from begin: Instant, to end: Instant) -> Duration {
            let first = max(from, begin)
            let last = min(to ?? end, end)
            return first < last ? first.duration(to: last) : .zero
        }
    }

    /// After this long with a phone that can be read everything on it has been read: two polls, and pauses between sessions.
    static let readTime = Duration.seconds(200)

    var messages: [Message] = []
    private(set) var rows: [Row] = []
    private var alive: [Int64: Int] = [:]
    private(set) var handOvers: [HandOver] = []
    private(set) var logLosses: [Instant] = []
    /// The phone's clock: by how much it is ahead from each moment on, in milliseconds.
    private(set) var clockMoves: [(at: Instant, ahead: Int64)] = []
    /// Where the cards are from each moment on: the slot of each subscription.
    private(set) var cardMoves: [(at: Instant, slots: [Int: Int])] = []
    /// When phonewire could look, and when it was well enough for everything to be read.
    private(set) var looks: [Stretch] = []
    private(set) var goods: [Stretch] = []
    private(set) var crashes: [Instant] = []
    private(set) var wipes = 0
    /// How many messages from before enrolment were put back.
    var oldPutBack = 0
    /// How often the last row that the shell is shown went.
    private(set) var emptied = 0
    private(set) var backups: [Instant] = []
    private(set) var lines = 0
    private(set) var parts = 0
    /// Slots of the parts that the radio brought since the last hand-over.
    private var pendingSlots: Set<Int?> = []
    /// The highest id that can have been read, and the highest that was shown from each moment on.
    private var readThrough: Int64 = 0
    private var shownMax: [(at: Instant, id: Int64)] = []

    init(cards: [VirtualSIM], now: Instant) {
        cardMoves = [(now, Self.slots(cards))]
        clockMoves = [(now, 0)]
        looks = [Stretch(from: now)]
        goods = [Stretch(from: now)]
    }

    // MARK: What is done

    /// The radio brings a message, or an app writes one.
    mutating func brought(_ message: Message, parts: Int, handsOver: Bool) {
        messages.append(message)
        guard message.origin == .radio else { return }
        self.parts += parts
        if message.isAnnounced {
            lines += parts * 3 + 20
            pendingSlots.insert(message.slot)
        }
        if handsOver { handOver(messages.count - 1, now: message.broughtAt, date: message.date) }
    }

    /// A message is handed to the SMS app, which dates its row.
    mutating func handOver(_ index: Int, now: Instant, date: Int64) {
        messages[index].handedAt = now
        messages[index].date = date
        guard messages[index].isAnnounced else { return }
        messages[index].handOver = handOvers.count
        handOvers.append(
            HandOver(
                at: now, date: date, slot: pendingSlots.count == 1 ? pendingSlots.first ?? nil : nil,
                message: index))
        pendingSlots = []
    }

    mutating func logIsLost(_ now: Instant) {
        logLosses.append(now)
        pendingSlots = []
    }

    mutating func clockIsMoved(_ now: Instant, ahead: Int64) { clockMoves.append((now, ahead)) }

    mutating func cardsAreMoved(_ now: Instant, _ cards: [VirtualSIM]) {
        cardMoves.append((now, Self.slots(cards)))
    }

    mutating func isWiped() { wipes += 1 }

    mutating func isRestored(_ now: Instant) { backups.append(now) }

    mutating func crashed(_ now: Instant) {
        crashes.append(now)
        end(&looks, now)
        end(&goods, now)
    }

    /// Whether phonewire can look now, and whether it is well enough since `goodSince`.
    mutating func weigh(_ now: Instant, canLook: Bool, goodSince: Instant?) {
        if !canLook { end(&looks, now) } else if looks.last?.to != nil { looks.append(Stretch(from: now)) }
        guard let goodSince, goodSince <= now else { return end(&goods, now) }
        if goods.last?.to != nil { goods.append(Stretch(from: goodSince)) }
    }

    private func end(_ stretches: inout [Stretch], _ now: Instant) {
        if let last = stretches.indices.last, stretches[last].to == nil { stretches[last].to = now }
    }

    private static func slots(_ cards: [VirtualSIM]) -> [Int: Int] {
        Dictionary(
            cards.compactMap { card in card.slot.map { (card.subscriptionID, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    // MARK: What is there

    /// Notes what is on the phone now: `found` are all rows of its store, `read` the ids that it has shown.
    mutating func settle(
        _ found: [VirtualSMS], read: Set<Int64>, _ now: Instant, name: (VirtualSMS) -> String?
    ) {
        var next: [Int64: Int] = [:]
        for stored in found {
            guard let id = stored.id else { continue }
            let index: Int
            if let known = alive[id], Self.isSame(rows[known].stored, stored) {
                index = known
            } else {
                index = rows.count
                let name = name(stored)
                let message = name.flatMap { name in messages.lastIndex { $0.name == name } }
                rows.append(
                    Row(
                        id: id, stored: stored, message: message, born: now, readBefore: readThrough,
                        isReceived: false, wasHidden: false,
                        isPutBack: message.map { messages[$0].isPutBack } ?? false, wipes: wipes))
                if let message, messages[message].firstThere == nil { messages[message].firstThere = now }
            }
            next[id] = index
            if let message = rows[index].message { messages[message].lastThere = now }
            settle(index, type: stored.type, now)
            if read.contains(id) {
                rows[index].isRead = true
                if let message = rows[index].message, rows[index].isReceived {
                    messages[message].mustCome = true
                }
            }
        }
        for (id, index) in alive where next[id] != index { rows[index].died = now }
        let wasEmpty = isEmpty
        alive = next
        if isEmpty, !wasEmpty { emptied += 1 }
        settleHighest(now)
    }

    private var isEmpty: Bool { !alive.values.contains { rows[$0].shownSince != nil } }

    private static func isSame(_ one: VirtualSMS, _ other: VirtualSMS) -> Bool {
        one.date == other.date && one.dateSent == other.dateSent && one.address == other.address
            && one.body?.count == other.body?.count
    }

    private mutating func settle(_ index: Int, type: Int, _ now: Instant) {
        rows[index].isReceived = type == 1
        guard type == 1 || type == 2 else {
            rows[index].wasHidden = true
            return
        }
        let since = rows[index].shownSince ?? now
        rows[index].shownSince = since
        if let look = looks.last, look.to == nil || (look.to ?? now) > since {
            rows[index].couldBeRead = true
        }
        guard let good = goods.last, good.to == nil,
            max(good.from, since).advanced(by: Self.readTime) <= now
        else { return }
        // A row that was hidden may lie below all that is looked at before the next whole check.
        guard !rows[index].wasHidden else { return }
        rows[index].mustBeRead = true
        if let message = rows[index].message { messages[message].mustCome = true }
    }

    private mutating func settleHighest(_ now: Instant) {
        let shown = alive.values.filter { rows[$0].shownSince != nil }.map { rows[$0].id }.max() ?? 0
        guard looks.last?.to == nil else {
            shownMax = []
            return
        }
        readThrough = max(readThrough, shown)
        shownMax.append((now, shown))
        guard let good = goods.last, good.to == nil else { return }
        // What was shown at most for as long as everything is read in: that far it has gone back.
        let begin = max(good.from, shownMax[0].at)
        guard begin.advanced(by: Self.readTime) <= now else { return }
        while shownMax.count > 1, shownMax[1].at.advanced(by: Self.readTime) <= now { shownMax.removeFirst() }
        readThrough = min(readThrough, shownMax.map(\.id).max() ?? 0)
    }

    /// Ids of the rows there that were read.
    var readIDs: Set<Int64> { Set(alive.filter { rows[$0.value].isRead }.keys) }

    /// The rows that are on the phone.
    var rowsThere: [Row] { alive.values.map { rows[$0] } }

    /// After a whole check everything that is shown has been read.
    mutating func everythingIsRead() {
        for index in alive.values where rows[index].shownSince != nil {
            // What was passed over while it was hidden and is no message is not looked for again.
            guard rows[index].isReceived || !rows[index].wasHidden else { continue }
            rows[index].isRead = true
            rows[index].mustBeRead = true
            if let message = rows[index].message, rows[index].isReceived {
                messages[message].mustCome = true
            }
        }
    }

    /// The slot of a card at `moment`; nil: it is in none.
    func slot(of subscription: Int, at moment: Instant) -> Int? {
        (cardMoves.last { $0.at <= moment } ?? cardMoves[0]).slots[subscription]
    }
}
