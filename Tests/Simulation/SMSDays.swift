import Base
import FoundationEssentials
import VirtualPhone

/// Days in the life of one phone, made from a seed: messages, deletions, moved cards, dead clocks, pulled cables, crashes; and the
/// judgement of what the receiver got.
///
/// The judge knows what was done to the phone and nothing of phonewire: what is on the phone at the end must have come exactly once,
/// what was there long enough while phonewire could look must have come, nothing may come twice, and a slot is the one that the radio
/// used, or 0 where the cards were moved around that time and the radio's log cannot tell.
package final class SMSDays {
    /// A message as the judge knows it.
    private struct Sent {
        let text: String
        let slot: Int
        let at: Instant
        /// Since when its row was seen on the phone; nil while it is not there.
        var thereSince: Instant?
        /// Whether phonewire has had time to read it.
        var mustCome = false
        /// Part of a backup from elsewhere: may come once, or be kept as history.
        var isRestored = false
        /// Whether the radio's log was silent about it, or lost.
        var isOffTheRecord = false
    }

    /// After this long with a phone that can be read everything on it has been read.
    private static let readTime = Duration.seconds(200)
    /// Around a change of cards no look at them is proof.
    private static let mapTime = Duration.seconds(200)
    /// Messages of both slots within this time cannot be told apart by the log.
    private static let mixTime = Duration.seconds(25)

    private let world: World
    private let phone: VirtualPhone
    private var random: SeededRandom
    private var sent: [Sent] = []
    private var deleted: [VirtualSMS] = []
    private var cardChanges: [Instant] = []
    private var lastMove: Instant?
    private var goodSince: Instant?
    private var isPlugged = true
    private var isLocked = false
    private var isRefused = false
    private var refusedUntil = Instant(nanoseconds: 0)
    private var clockMoved = false
    private var serial = 0
    /// What was done, for people.
    package private(set) var log: [String] = []

    /// Days of `world`, whose phones are enrolled.
    package init(_ world: World, seed: UInt64) {
        self.world = world
        phone = world.phones[0]
        random = SeededRandom(seed: seed)
        goodSince = world.clock.now()
    }

    // MARK: Living

    /// Takes `count` actions, then lets everything become well.
    package func live(actions count: Int) throws {
        for _ in 0..<count {
            act()
            try rest(.milliseconds(Int(exactly: random.next(below: 40_000)) ?? 0))
        }
        note("all becomes well")
        phone.setFaults([])
        phone.setMessageAccess(.allowed)
        isRefused = false
        if isLocked { phone.unlock() }
        isLocked = false
        if !isPlugged { world.links.plug(phone) }
        isPlugged = true
        phone.storeDelayedRows()
        weighGoodness()
        try rest(.seconds(900))
    }

    private func rest(_ duration: Duration) throws {
        world.pass(duration)
        while world.isDead {
            note("the daemon dies and is started")
            try world.revive()
            goodSince = nil
            weighGoodness()
            world.pass(.seconds(30))
        }
        settle()
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
    }

    /// Notes what is on the phone, and marks what phonewire has had time to read.
    private func settle() {
        let now = world.clock.now()
        let there = Set(phone.allMessages().map { String(decoding: $0.body ?? [], as: UTF8.self) })
        for index in sent.indices {
            if !there.contains(sent[index].text) {
                sent[index].thereSince = nil
                continue
            }
            let since = sent[index].thereSince ?? now
            sent[index].thereSince = since
            if let goodSince, max(goodSince, since).advanced(by: Self.readTime) <= now {
                sent[index].mustCome = true
            }
        }
    }

    private func act() {
        switch random.next(below: 100) {
        case 0..<40: receive(announced: true)
        case 40..<44: receive(announced: false)
        case 44..<48: for _ in 0..<(2 + random.next(below: 30)) { receive(announced: true) }
        case 48..<54: deleteNewest()
        case 54..<58: deleteAny()
        case 58..<60: wipe()
        case 60..<62: restoreBackup()
        case 62..<65: putBack()
        case 65..<70: moveCards()
        case 70..<72: reboot()
        case 72..<75: unlock()
        case 75..<78: moveClock()
        case 78..<80: clearLog()
        case 80..<82: refuse()
        case 82..<90: plug()
        case 90..<93: crash()
        case 93..<95: rest()
        default: sendOne()
        }
        weighGoodness()
    }

    // MARK: Actions

    private func receive(announced: Bool) {
        serial += 1
        let cards = currentSlots()
        guard let slot = cards.isEmpty ? nil : cards[random.next(below: cards.count)] else { return }
        let endings = [
            "", "\nRow: 1 _id=999, t=1", ", hb=41", "😀", "\0", "No result found.\n",
            String(repeating: "long ", count: 70),
        ]
        let text = "m\(serial) \(endings[random.next(below: endings.count)])"
        let delay: Int64 = random.chance(10) ? Int64(random.next(below: 30_000)) : 0
        let id = phone.receiveSMS(
            from: random.chance(50) ? "Shop" : "+44770090\(serial)", body: text, slot: slot,
            delivery: VirtualDelivery(announced: announced, rowDelayMilliseconds: delay))
        var message = Sent(text: text, slot: slot, at: world.clock.now().advanced(by: .milliseconds(delay)))
        // A locked phone hands its messages over later, and a delayed row is dated before it is there.
        message.isOffTheRecord = !announced || isLocked || delay > 0
        sent.append(message)
        note(
            "m\(serial) on slot \(slot) as row \(id)\(announced ? "" : ", unannounced")\(delay > 0 ? ", \(delay) ms late" : "")"
        )
    }

    private func currentSlots() -> [Int] { phone.simsNow().compactMap(\.slot) }

    private func delete(_ row: VirtualSMS) {
        settle()
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
        settle()
        phone.wipeMessages()
        note("the store is wiped")
    }

    /// A backup from another phone: many old rows without a card.
    private func restoreBackup() {
        let count = 21 + random.next(below: 30)
        let rows = (0..<count).map { number in
            serial += 1
            return VirtualSMS(
                address: "Old", date: 1_500_000_000_000 + Int64(number), dateSent: 1_500_000_000_000,
                body: "m\(serial) old")
        }
        phone.restoreMessages(rows)
        for row in rows {
            var message = Sent(
                text: String(decoding: row.body ?? [], as: UTF8.self), slot: -1, at: world.clock.now())
            message.isRestored = true
            sent.append(message)
        }
        note("\(count) rows restored")
    }

    /// Rows that were deleted come back with new ids.
    private func putBack() {
        let rows = deleted
        deleted = []
        for var row in rows {
            let old = row.id
            row.id = nil
            let id = phone.insertSMS(row)
            let text = String(decoding: row.body ?? [], as: UTF8.self)
            if let index = sent.lastIndex(where: { $0.text == text }) {
                // Its slot may be told only by the map of another day.
                sent[index].isOffTheRecord = true
                cardChanges.append(sent[index].at)
                cardChanges.append(world.clock.now())
            }
            note("row \(old ?? 0) put back as \(id)")
        }
    }

    private func moveCards() {
        // Cards that are moved and moved back between two looks leave no trace: a test of its own has that.
        if let last = lastMove {
            guard let seenSince = goodSince,
                max(seenSince, last).advanced(by: Self.mapTime) < world.clock.now()
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
        cardChanges.append(world.clock.now())
        note("cards now in \(cards.map { "\($0.subscriptionID):\($0.slot ?? -1)" })")
    }

    private func reboot() {
        settle()
        isLocked = random.chance(50)
        phone.reboot(locked: isLocked)
        loseLog()
        goodSince = nil
        note(isLocked ? "reboot, locked" : "reboot")
    }

    private func unlock() {
        if isLocked { phone.unlock() }
        isLocked = false
        note("unlocked")
    }

    private func moveClock() {
        clockMoved = true
        switch random.next(below: 4) {
        case 0: world.setClock(phone: 0, ahead: -1_700_000_000_000)
        case 1: world.setClock(phone: 0, ahead: Int64(random.next(below: 7_200_000)) - 3_600_000)
        case 2: world.setClock(phone: 0, ahead: 86_400_000 * 30)
        default: world.setClockRight(phone: 0)
        }
        // Dates of the log and of rows before and after a jump cannot be compared.
        loseLog()
        note("the phone's clock is moved")
    }

    private func loseLog() {
        for index in sent.indices { sent[index].isOffTheRecord = true }
    }

    private func clearLog() {
        phone.clearLogs()
        loseLog()
        note("the log is cleared")
    }

    private func refuse() {
        settle()
        isRefused = !isRefused
        phone.setMessageAccess(isRefused ? .ignored : .allowed)
        // A phone that refuses is asked again after five minutes.
        refusedUntil = world.clock.now().advanced(by: .seconds(310))
        note(isRefused ? "the shell is refused" : "the shell is allowed")
    }

    private func plug() {
        settle()
        isPlugged.toggle()
        isPlugged ? world.links.plug(phone) : world.links.unplug(phone)
        note(isPlugged ? "plugged in" : "unplugged")
    }

    private func crash() {
        let commit = world.commits + 1 + random.next(below: 6)
        world.plan(random.chance(50) ? .before(commit: commit) : .after(commit: commit))
        note("a crash is planned")
    }

    private func rest() {
        world.pass(.seconds(random.next(below: 7200)))
        note("hours pass")
    }

    private func sendOne() {
        phone.insertSMS(
            VirtualSMS(
                address: "+447700900999", date: 1_760_000_000_000 + Int64(serial),
                type: 2 + random.next(below: 5), body: "sent",
                subscriptionID: 2))
        note("a message is sent, or kept as a draft")
    }

    // MARK: Judging

    /// How many messages there were.
    package struct Tally: Sendable {
        /// That arrived on the phone, or were restored to it.
        package var messages = 0
        /// Of these, that the receiver got.
        package var came = 0
        /// Of these, without the slot that the radio used.
        package var withoutSlot = 0

        /// Nothing yet.
        package init() {}

        /// Adds another's.
        package mutating func add(_ other: Tally) {
            messages += other.messages
            came += other.came
            withoutSlot += other.withoutSlot
        }
    }

    /// What is wrong, in sentences, and what came.
    package func judgement() throws -> (faults: [String], tally: Tally) {
        settle()
        var faults: [String] = []
        var tally = Tally()
        var events: [String: Set<String>] = [:]
        var slots: [String: Int] = [:]
        var texts: [String: String] = [:]
        for arrival in try world.arrivals() where arrival.type == "sms" {
            let text = arrival.fields.message ?? ""
            let name = String(Self.name(text))
            events[name, default: []].insert(arrival.id)
            slots[name] = arrival.fields.sim
            texts[name] = text
        }
        for (name, ids) in events where ids.count > 1 { faults.append("\(name): \(ids.count) events") }
        for message in sent {
            let name = String(Self.name(message.text))
            let count = events[name]?.count ?? 0
            if let text = texts[name], text != message.text.replacing("\0", with: "") {
                faults.append("\(name): another text, \(Array(text.utf8))")
            }
            if count == 0, !message.isRestored, message.mustCome { faults.append("\(name): lost") }
            if message.isRestored, count > 0, !clockMoved {
                faults.append("\(name): a restored row was forwarded")
            }
            tally.messages += 1
            if count > 0 { tally.came += 1 }
            guard count > 0, !message.isRestored, let slot = slots[name] else { continue }
            if slot == message.slot + 1 { continue }
            tally.withoutSlot += 1
            if slot != 0 { faults.append("\(name): slot \(slot) instead of \(message.slot + 1)") }
            if slot == 0, let proof = proofOfSlot(message) {
                faults.append("\(name): no slot, though \(proof)")
            }
        }
        return (faults.sorted(), tally)
    }

    private static func name(_ text: String) -> Substring { text.prefix { $0 != " " } }

    /// Why the slot of `message` was to be told; nil where nothing settles it.
    private func proofOfSlot(_ message: Sent) -> String? {
        let isAroundAChange = cardChanges.contains { change in
            let distance =
                change <= message.at ? change.duration(to: message.at) : message.at.duration(to: change)
            return distance < Self.mapTime
        }
        // While nobody could look a change stays in question until somebody has.
        guard isAroundAChange || goodnessWasBroken else { return "the cards were where they were" }
        if message.isOffTheRecord || clockMoved { return nil }
        let isMixed = sent.contains { other in
            let distance =
                other.at <= message.at ? other.at.duration(to: message.at) : message.at.duration(to: other.at)
            return other.slot != message.slot && distance < Self.mixTime
        }
        return isMixed || goodnessWasBroken ? nil : "the radio's log tells"
    }

    /// Whether phonewire was ever kept from looking: then what lies between two looks is long.
    private var goodnessWasBroken: Bool {
        log.contains {
            $0.contains("unplugged") || $0.contains("reboot") || $0.contains("refused") || $0.contains("dies")
        }
    }
}
