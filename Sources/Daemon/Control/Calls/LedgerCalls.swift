import Base
package import Control
import Events
import Phone
import Store

/// Checks everything on a phone against what the store has seen, now. Takes as long as the phone needs to list its messages.
package struct ReconcileDevice: AnsweredCall {
    package typealias Reply = LedgerReport
    package static let word = "device.reconcile"
    /// A million rows at a thousand a second, and as much again.
    package static let replyTimeout = Duration.seconds(2000)

    /// The phone, by name, id or serial.
    package let name: String

    /// The call about the phone called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> LedgerReport {
        let record = try await daemon.device(named: name)
        switch await daemon.phones.checkAll(record.key, .sms, waits: true) {
        case true?: break
        case false?:
            throw ControlError(
                .failed,
                "not everything on \(record.name) was checked: its messages cannot be read now, or it left",
                hint: "\"phonewire devices show \(record.name)\" says how it is")
        case nil:
            throw ControlError(
                .temporary, "\(record.name) is not online: nothing was checked",
                hint: BackfillState.whereIsIt(record.name))
        }
        guard let ledger = try await daemon.ledger(of: record.key, isCountedNow: true) else {
            throw ControlError(.failed, "\(record.name) has never been read")
        }
        return ledger
    }
}

/// What came of everything that was on a phone since it was enrolled.
package struct LedgerReport: Sendable, Equatable, Codable {
    /// By slot and card; events whose slot nothing settled have none.
    package var cards: [CardLedgerReport]
    /// When everything on the phone was last counted, by the phone's clock; nil before the first time.
    package var checkedAt: Timestamp?
    /// Messages that came back from a backup: recorded, not forwarded; those that a backfill has forwarded are events as others.
    package var history: Int64
    /// Messages that were put back into the phone's store and were known already.
    package var putBack: Int64
    /// Messages that could not be read.
    package var unreadable: Int64
    /// Messages whose slot nothing settled.
    package var withoutSlot: Int64
    /// Row ids that were passed over: deleted before any read, or a draft or a failed message that the phone hides. No sign of
    /// trouble by itself.
    package var missingIDs: Int64
    /// The newest stretches of such ids, such as `7-9`.
    package var gaps: [String]
    /// How often the phone's store was found empty.
    package var emptied: Int64

    /// Whether every event has reached a receiver, or is on its way. A restored history is none, nor is a row that cannot be read: no
    /// later day makes it good.
    package var isAllForwarded: Bool { cards.allSatisfy { $0.dead == 0 && ($0.unwanted ?? 0) == 0 } }
}

/// What came of the messages of one card.
package struct CardLedgerReport: Sendable, Equatable, Codable {
    /// SIM slot, 1-based; nil when unknown.
    package var slot: Int?
    /// The SIM card's own number; nil when unknown.
    package var iccid: String?
    /// Messages since enrolment that the phone holds, as last counted; nil where none were counted for this card.
    package var held: Int64?
    /// Became events, a restored history apart; what a backfill has read too.
    package var events: Int
    /// Of them, those that at least one receiver has.
    package var forwarded: Int
    /// Of them, those that no receiver has yet and that are still tried; nil from a daemon of before that was counted.
    package var waiting: Int?
    /// Of them, those that were given up for every webhook that wanted them.
    package var dead: Int
    /// The rest of them: no webhook took them when they came, or only one that is removed; nil where that was not counted.
    package var unwanted: Int?
}

extension DaemonServices {
    /// The ledger of a phone's SMS; nil for one that was never read. `isCountedNow`: else as counted a moment ago, for it may be asked for
    /// each second.
    func ledger(
        of device: DeviceKey, isCountedNow: Bool = false
    ) async throws(ControlError) -> LedgerReport? {
        let (cursor, sims) = try await stored { () throws(StoreError) in
            (try await store.cursor(device, .sms), try await store.sims(device))
        }
        guard let ledger = cursor.flatMap({ SMSSource.ledger($0) }) else { return nil }
        let tallies = try await stored { () throws(StoreError) in
            isCountedNow
                ? try await store.tallyNow(of: device, .sms) : try await store.tally(of: device, .sms)
        }
        var cards: [CardLedgerReport] = []
        for tally in tallies {
            // Older events of a card may have its number cut.
            let iccid = Self.whole(tally.iccid, in: tally.slot, sims.map(\.1))
            if let place = cards.firstIndex(where: { $0.slot == tally.slot && $0.iccid == iccid }) {
                cards[place].events += tally.events - tally.history
                cards[place].forwarded += tally.forwarded
                cards[place].waiting = (cards[place].waiting ?? 0) + tally.waiting
                cards[place].dead += tally.dead
            } else {
                cards.append(
                    CardLedgerReport(
                        slot: tally.slot, iccid: iccid, held: nil, events: tally.events - tally.history,
                        forwarded: tally.forwarded, waiting: tally.waiting, dead: tally.dead))
            }
        }
        for held in ledger.held {
            let card = sims.map(\.1).first { card in
                held.slot.map { card.slot == $0 } ?? (held.subscription == card.subscription)
            }
            let slot = held.slot ?? card?.slot
            let place = cards.firstIndex { $0.slot == slot && (card == nil || $0.iccid == card?.iccid) }
            if let place {
                cards[place].held = (cards[place].held ?? 0) + held.rows
            } else {
                cards.append(
                    CardLedgerReport(
                        slot: slot, iccid: card?.iccid, held: held.rows, events: 0, forwarded: 0, waiting: 0,
                        dead: 0))
            }
        }
        for (index, card) in cards.enumerated() {
            cards[index].unwanted = card.waiting.map { max(0, card.events - card.forwarded - $0 - card.dead) }
        }
        return LedgerReport(
            cards: cards, checkedAt: ledger.checkedAt.map { Timestamp($0) },
            history: Int64(tallies.reduce(0) { $0 + $1.history }),
            putBack: ledger.putBack, unreadable: ledger.unreadable,
            withoutSlot: Int64(cards.reduce(0) { $0 + ($1.slot == nil ? $1.events : 0) }),
            missingIDs: ledger.missing, gaps: ledger.gaps.map { "\($0.lowerBound)-\($0.upperBound)" },
            emptied: ledger.emptied)
    }

    private static func whole(_ iccid: String?, in slot: Int?, _ cards: [SIMCard]) -> String? {
        guard let iccid, let slot else { return iccid }
        let shown = SIMCard(slot: slot, subscription: 0, iccid: iccid, network: "", carrier: "")
        for var card in cards where card.slot == slot {
            card.subscription = 0
            if let joined = shown.joined(with: card) { return joined.iccid }
        }
        return iccid
    }
}
