import Base
import Phone
import VirtualPhone

/// Days in the life of one phone, made from a seed: messages of any bytes, deletions, wipes, backups, moved cards, dead clocks, lost
/// logs, locked starts, pulled cables, crashes; and the judgement of what the receiver and the ledger have.
///
/// The judge knows what was done to the phone (`SMSHistory`) and nothing of phonewire. What is on the phone at the end must have come
/// exactly once, what was there long enough while phonewire could look must have come, nothing may come twice. A slot is the one that
/// the radio used, or 0 where nothing that the phone still showed settles it (`SMSEvidence`). The ledger's gaps are rows that no read
/// has shown (`SMSJudge`).
package final class SMSDays {
    private let world: World
    private let phone: VirtualPhone
    /// What its phone is.
    package let kind: PhoneKind
    private var random: SeededRandom
    private var history: SMSHistory
    private var deleted: [VirtualSMS] = []
    private var lastMove: Instant?
    private var goodSince: Instant?
    private var isPlugged = true
    private var isLocked = false
    private var isRefused = false
    private var isCardForgotten = false
    private var refusedUntil = Instant(nanoseconds: 0)
    private var ahead: Int64 = 0
    private var serial = 0
    private var skipsIdle = true
    /// What was done, for people.
    package private(set) var log: [String] = []

    /// Days of `world`, whose phones are enrolled; the second one leaves.
    init(_ world: World, seed: UInt64, kind: PhoneKind) {
        self.world = world
        self.kind = kind
        phone = world.phones[0]
        random = SeededRandom(seed: seed)
        goodSince = world.clock.now()
        history = SMSHistory(cards: phone.simsNow(), now: world.clock.now())
        world.links.unplug(world.phones[1])
    }

    // MARK: Living

    /// Takes `count` actions, with up to `pauseMax` milliseconds behind each, then lets everything become well and asks for a whole
    /// check. `skipsIdle`: hours without anything are not lived through.
    package func live(actions count: Int, pauseMax: Int = 40_000, skipsIdle: Bool = true) throws {
        self.skipsIdle = skipsIdle
        for _ in 0..<count {
            act()
            try rest(.milliseconds(random.next(below: pauseMax)))
        }
        note("all becomes well")
        phone.setFaults([])
        phone.setMessageAccess(.allowed)
        isRefused = false
        if isLocked { unlock() }
        if !isPlugged { world.links.plug(phone) }
        isPlugged = true
        phone.storeDelayedRows()
        weighGoodness()
        try rest(.seconds(900))
        try checkAll()
    }

    private func rest(_ duration: Duration) throws {
        world.pass(duration)
        while world.isDead {
            note("the daemon dies and is started")
            // What was shown to a daemon that died before it could keep it was not read.
            phone.shownMessages = history.readIDs
            history.crashed(world.clock.now())
            try world.revive()
            goodSince = nil
            weighGoodness()
            world.pass(.seconds(30))
        }
        settle()
    }

    private func checkAll() throws {
        world.plan(nil)
        guard world.checkAllSMS(phone: 0) else { return note("the whole check was not done") }
        settle()
        history.everythingIsRead()
        try rest(.seconds(60))
    }

    private func note(_ text: String) {
        log.append("\(world.clock.now().nanoseconds / 1_000_000_000) s  \(text)")
    }

    private func weighGoodness() {
        let isGood = isPlugged && !isLocked && !isRefused
        if !isGood {
            goodSince = nil
        } else if goodSince == nil {
            goodSince = max(world.clock.now(), refusedUntil)
        }
        history.weigh(world.clock.now(), canLook: isGood, goodSince: goodSince)
    }

    /// Notes what is on the phone, and marks what phonewire has had time to read.
    private func settle() {
        history.weigh(
            world.clock.now(), canLook: isPlugged && !isLocked && !isRefused, goodSince: goodSince)
        history.settle(phone.allMessages(), read: phone.shownMessages, world.clock.now()) {
            Self.name($0.address, $0.body)
        }
    }

    private func act() {
        // Nothing stays broken for long: what nobody can read tells nothing.
        if isRefused, random.chance(15) { return end(refuse) }
        if !isPlugged, random.chance(15) { return end(plug) }
        if isLocked, random.chance(15) { return end(unlock) }
        switch random.next(below: 100) {
        case 0..<38: receive(announced: true)
        case 38..<42: receive(announced: false)
        case 42..<46: for _ in 0..<(2 + random.next(below: 30)) { receive(announced: true) }
        case 46..<52: deleteNewest()
        case 52..<56: deleteAny()
        case 56..<58: wipe()
        case 58..<60: restoreBackup()
        case 60..<63: putBack()
        case 63..<68: moveCards()
        case 68..<70: reboot()
        case 70..<73: unlock()
        case 73..<76: moveClock()
        case 76..<78: clearLog()
        case 78..<80: refuse()
        case 80..<88: plug()
        case 88..<91: crash()
        case 91..<93: hoursPass()
        case 93..<94: random.chance(50) ? forgetCards() : writeAsApp()
        case 94..<96: changeHidden()
        default: sendOne()
        }
        end {}
    }

    /// Takes a last action and notes what came of all.
    private func end(_ action: () -> Void) {
        action()
        weighGoodness()
        settle()
    }

    // MARK: Messages

    /// The sender and text of message `serial`: one of both names it.
    private func words() -> (sender: [UInt8], text: [UInt8]) {
        if random.chance(50) {
            let ending = HostileTexts.text(&random)
            let sender = random.chance(50) ? "Shop" : "+44770090\(serial)"
            return (Array(sender.utf8), Array("m\(serial) ".utf8) + ending)
        }
        let sender =
            random.chance(30)
            ? Array("N\(serial) ".utf8) + HostileTexts.text(&random) : Array("N\(serial)".utf8)
        return (Array(sender.prefix(500)), HostileTexts.text(&random))
    }

    /// The name in a sender or else in a text; nil for what has none.
    private static func name(_ sender: [UInt8]?, _ text: [UInt8]?) -> String? {
        for (bytes, letter) in [(sender, UInt8(ascii: "N")), (text, UInt8(ascii: "m"))] {
            guard let bytes, bytes.first == letter else { continue }
            let digits = bytes.dropFirst().prefix { 0x30...0x39 ~= $0 }
            if !digits.isEmpty { return "m" + String(decoding: digits, as: UTF8.self) }
        }
        return nil
    }

    private func phoneTime() -> Int64 { world.clock.wallNow().milliseconds + ahead }

    private func receive(announced: Bool) {
        serial += 1
        let cards = phone.simsNow().filter { $0.slot != nil }
        guard let card = cards.isEmpty ? nil : cards[random.next(below: cards.count)], let slot = card.slot
        else {
            return
        }
        let (sender, text) = words()
        let delay: Int64 = random.chance(10) ? Int64(random.next(below: 30_000)) : 0
        let sentDate = (phoneTime() / 1000 - 2) * 1000
        let date = kind.cutsDates ? phoneTime() / 1000 * 1000 : phoneTime()
        let id = phone.receiveSMS(
            from: sender, bodyBytes: text, slot: slot, sentAt: sentDate, date: date,
            delivery: VirtualDelivery(announced: announced, rowDelayMilliseconds: delay))
        let now = world.clock.now()
        history.brought(
            SMSHistory.Message(
                name: "m\(serial)", text: HostileTexts.shown(text, isPlain: kind.isPlain), origin: .radio,
                sender: sender,
                slot: slot,
                subscription: card.subscriptionID, isCardless: isCardForgotten, broughtAt: now,
                handedAt: isLocked ? nil : now, date: date, broughtDate: phoneTime(),
                sentDate: sentDate, isAnnounced: announced,
                isDelayed: delay > 0 && !isLocked, linesBefore: history.lines, partsBefore: history.parts),
            parts: 1 + text.count / 67, handsOver: !isLocked)
        let extras = (announced ? "" : ", unannounced") + (delay > 0 ? ", \(delay) ms late" : "")
        note("m\(serial) on slot \(slot) as row \(id)\(isLocked ? ", held" : "")\(extras)")
    }

    /// An app writes a received row, which may lack its sender or its text.
    private func writeAsApp() {
        serial += 1
        let cards = phone.simsNow().filter { $0.slot != nil }
        guard let card = cards.first, let slot = card.slot else { return }
        let lacksSender = random.chance(50)
        var row = VirtualSMS(
            address: lacksSender ? nil : "N\(serial)", date: phoneTime(),
            body: lacksSender ? "m\(serial) app" : nil,
            subscriptionID: card.subscriptionID)
        if random.chance(10) { row.type = 6 }
        let id = phone.insertSMS(row)
        add(row, .app, slot: slot, subscription: card.subscriptionID)
        note("m\(serial) written by an app as row \(id) of type \(row.type)")
    }

    private func add(_ row: VirtualSMS, _ origin: SMSHistory.Message.Origin, slot: Int, subscription: Int) {
        let now = world.clock.now()
        history.brought(
            SMSHistory.Message(
                name: "m\(serial)", text: HostileTexts.shown(row.body ?? [], isPlain: kind.isPlain),
                origin: origin,
                sender: row.address,
                slot: slot, subscription: subscription, isCardless: row.subscriptionID < 0, broughtAt: now,
                handedAt: now, date: row.date, broughtDate: row.date, sentDate: row.dateSent,
                isAnnounced: false, isDelayed: false,
                linesBefore: history.lines, partsBefore: history.parts), parts: 0, handsOver: false)
    }

    private func sendOne() {
        let type = 2 + random.next(below: 5)
        let id = phone.insertSMS(
            VirtualSMS(
                address: "+447700900999", date: phoneTime(), type: type, body: "sent", subscriptionID: 2))
        note(type == 2 ? "a message is sent, row \(id)" : "row \(id) of type \(type) is hidden")
    }

    /// A draft is sent, or what an app queued turns out to be received.
    private func changeHidden() {
        let hidden = phone.allMessages().filter { $0.type > 2 }
        guard !hidden.isEmpty else { return }
        let row = hidden[random.next(below: hidden.count)]
        let type = Self.name(row.address, row.body) == nil ? 2 : 1
        if let id = row.id, phone.setSMSType(type, id: id) { note("row \(id) has type \(type) now") }
    }

    // MARK: The store

    private func delete(_ row: VirtualSMS) {
        guard let id = row.id, phone.deleteSMS(id) else { return }
        deleted.append(row)
        if deleted.count > 60 { deleted.removeFirst() }
        note("row \(id) deleted")
    }

    private func deleteNewest() { if let row = phone.allMessages().last { delete(row) } }

    private func deleteAny() {
        let rows = phone.allMessages()
        if !rows.isEmpty { delete(rows[random.next(below: rows.count)]) }
    }

    private func wipe() {
        phone.wipeMessages()
        history.isWiped()
        note("the store is wiped")
    }

    /// A backup from another phone: many old rows without a card.
    private func restoreBackup() {
        let count = 21 + random.next(below: 30)
        for _ in 0..<count {
            serial += 1
            let row = VirtualSMS(
                address: "Old", date: 1_500_000_000_000 + Int64(serial), dateSent: 1_500_000_000_000,
                body: "m\(serial) old")
            phone.restoreMessages([row])
            add(row, .backup, slot: -1, subscription: -1)
        }
        history.isRestored(world.clock.now())
        note("\(count) rows restored")
    }

    /// Rows that were deleted come back with new ids.
    private func putBack() {
        let rows = deleted
        deleted = []
        for var row in rows {
            let old = row.id
            row.id = nil
            row.writtenSlot = -1
            if let name = Self.name(row.address, row.body),
                let index = history.messages.lastIndex(where: { $0.name == name })
            {
                history.messages[index].isPutBack = true
            } else if row.type == 1 {
                history.oldPutBack += 1
            }
            let id = phone.insertSMS(row)
            note("row \(old ?? 0) put back as \(id)")
        }
    }

    // MARK: The phone

    private func moveCards() {
        // Cards that are moved and moved back between two looks leave no trace: the README says so.
        if let last = lastMove {
            guard let seenSince = goodSince,
                max(seenSince, last).advanced(by: SMSHistory.readTime) < world.clock.now()
            else { return }
        }
        lastMove = world.clock.now()
        var cards = VirtualSIM.pair
        switch random.next(below: 4) {
        case 0: break
        case 1:
            for index in cards.indices { cards[index].slot = cards[index].slot.map { 1 - $0 } }
        case 2: cards.removeLast()
        default: cards.removeFirst()
        }
        phone.setSIMs(cards)
        history.cardsAreMoved(world.clock.now(), cards)
        note("cards now in \(cards.map { "\($0.subscriptionID):\($0.slot ?? -1)" })")
    }

    /// The SMS app writes no card any more, or writes it again.
    private func forgetCards() {
        isCardForgotten.toggle()
        phone.setCardIsForgotten(isCardForgotten)
        note(isCardForgotten ? "rows do not name their card any more" : "rows name their card again")
    }

    private func reboot() {
        isLocked = random.chance(50)
        goodSince = nil
        weighGoodness()
        history.logIsLost(world.clock.now())
        if !isLocked { handOverHeld() }
        phone.reboot(locked: isLocked)
        goodSince = nil
        note(isLocked ? "reboot, locked" : "reboot")
    }

    private func unlock() {
        if isLocked {
            handOverHeld()
            phone.unlock()
        }
        isLocked = false
        note("unlocked")
    }

    private func handOverHeld() {
        for index in history.messages.indices where history.messages[index].handedAt == nil {
            history.handOver(index, now: world.clock.now(), date: phoneTime())
        }
    }

    private func moveClock() {
        switch random.next(below: 4) {
        case 0: ahead = -1_700_000_000_000
        case 1: ahead = Int64(random.next(below: 7_200_000)) - 3_600_000
        case 2: ahead = 86_400_000 * 30
        default: ahead = 0
        }
        world.setClock(phone: 0, ahead: ahead)
        history.clockIsMoved(world.clock.now(), ahead: ahead)
        note("the phone's clock is moved by \(ahead / 1000) s")
    }

    private func clearLog() {
        phone.clearLogs()
        history.logIsLost(world.clock.now())
        note("the log is cleared")
    }

    private func refuse() {
        isRefused.toggle()
        phone.setMessageAccess(isRefused ? (random.chance(50) ? .ignored : .denied) : .allowed)
        // A phone that refuses is asked again after five minutes.
        refusedUntil = world.clock.now().advanced(by: .seconds(310))
        note(isRefused ? "the shell is refused" : "the shell is allowed")
    }

    private func plug() {
        isPlugged.toggle()
        isPlugged ? world.links.plug(phone) : world.links.unplug(phone)
        note(isPlugged ? "plugged in" : "unplugged")
    }

    private func crash() {
        let commit = world.commits + 1 + random.next(below: 6)
        world.plan(random.chance(50) ? .before(commit: commit) : .after(commit: commit))
        note("a crash is planned")
    }

    /// Hours without anything; their idle stretches are skipped, but for the last minutes.
    private func hoursPass() {
        let time = Duration.seconds(random.next(below: 14_400))
        guard skipsIdle else {
            world.pass(time)
            return note("hours pass")
        }
        world.pass(.seconds(10))
        world.skip(time)
        world.pass(SMSHistory.readTime)
        note("hours pass")
    }

    // MARK: Judging

    /// How many messages there were.
    package struct Tally: Sendable, CustomStringConvertible {
        /// That arrived on the phone, or were restored to it.
        package var messages = 0
        /// Of these, that the receiver got.
        package var came = 0
        /// Of these, without the slot that the radio used.
        package var withoutSlot = 0
        /// Why nothing settled these.
        package var doubts: [String: Int] = [:]
        /// Ids that the ledgers call missing, and how many these were at least and at most.
        package var missing = 0
        package var missingMin = 0
        package var missingMax = 0

        /// Nothing yet.
        package init() {}

        package var description: String {
            "\(messages) messages, \(came) came, \(withoutSlot) without a slot, \(missing) ids missing (\(missingMin) to \(missingMax))"
        }

        /// Adds another's.
        package mutating func add(_ other: Tally) {
            messages += other.messages
            came += other.came
            withoutSlot += other.withoutSlot
            doubts.merge(other.doubts, uniquingKeysWith: +)
            missing += other.missing
            missingMin += other.missingMin
            missingMax += other.missingMax
        }
    }

    private func judge() -> SMSJudge {
        let start = world.clock.wallNow().milliseconds - world.clock.now().nanoseconds / 1_000_000
        let evidence = SMSEvidence(
            history: history, kind: kind, wall: { start + $0.nanoseconds / 1_000_000 })
        return SMSJudge(history, evidence, kind) { Self.name(Array($0.utf8), Array($1.utf8)) }
    }

    /// What is wrong, in sentences, and what came.
    package func judgement() throws -> (faults: [String], tally: Tally) {
        settle()
        let arrivals = try world.arrivals()
        var judge = judge()
        judge.judge(arrivals)
        if let (ledger, events) = world.smsLedger(phone: 0) {
            judge.judge(ledger, events: events, arrivals: arrivals)
        } else {
            judge.add("there is no ledger")
        }
        return (judge.faults.sorted(), judge.tally)
    }

    /// What is wrong after everything on the phone was asked for again: what had not come has come now, from before enrolment and from
    /// backups too, and nothing came twice.
    package func backfillFaults() throws -> [String] {
        guard world.backfillAllSMS(phone: 0) else { return ["the backfill came to no end"] }
        world.pass(.seconds(600))
        settle()
        var ids: [String: Set<String>] = [:]
        for arrival in try world.arrivals() where arrival.type == "sms" {
            let text = arrival.fields.message ?? ""
            let name = Self.name(Array((arrival.fields.phone ?? "").utf8), Array(text.utf8)) ?? text
            ids[name, default: []].insert(arrival.id)
        }
        var faults = ids.filter { $0.value.count > 1 }.map {
            "\($0.key): \($0.value.count) events after a backfill"
        }
        let judge = judge()
        for row in history.rowsThere where row.isReceived && row.shownSince != nil {
            if let index = row.message, judge.looksLikeAnother(history.messages[index]) { continue }
            let name =
                row.message.map { history.messages[$0].name }
                ?? String(decoding: row.stored.body ?? [], as: UTF8.self)
            if ids[name] == nil { faults.append("\(name): no backfill brought it") }
        }
        return faults.sorted()
    }
}
