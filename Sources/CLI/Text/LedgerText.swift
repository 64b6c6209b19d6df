import Control
import Daemon

/// What came of a phone's messages, as text.
enum LedgerText {
    static func table(_ ledger: LedgerReport) -> Table {
        var table = Table(
            ["SLOT", "ICCID"] + countHeads, right: [0, 2, 3, 4, 5, 6, 7])
        for card in ledger.cards {
            table.add([slot(card), .init(Output.clean(card.iccid ?? ""))] + counts(card))
        }
        return table
    }

    /// The heads of what `counts` gives.
    static let countHeads = ["ON THE PHONE", "EVENTS", "FORWARDED", "WAITING", "DEAD", "UNWANTED"]

    static func slot(_ card: CardLedgerReport) -> Table.Cell { .init(card.slot.map(String.init) ?? "?") }

    /// What came of a card's messages: the events are the sum of what stands behind them.
    static func counts(_ card: CardLedgerReport) -> [Table.Cell] {
        [
            .init(card.held.map { String($0) } ?? ""), .init(String(card.events)),
            .init(String(card.forwarded)), .init(card.waiting.map { String($0) } ?? ""),
            .init(String(card.dead), card.dead > 0 ? .red : nil),
            .init(card.unwanted.map { String($0) } ?? ""),
        ]
    }

    static func lines(_ ledger: LedgerReport, _ output: Output) -> [String] {
        table(ledger).lines(output) + Fields.lines(rows(ledger, output), output)
    }

    /// What is not of one card, the zeros left out.
    static func rows(_ ledger: LedgerReport, _ output: Output) -> [(String, String)] {
        func count(_ number: Int64, _ words: String) -> String { number == 0 ? "" : "\(number) \(words)" }
        let gaps = ledger.gaps.suffix(5).joined(separator: ", ")
        return [
            (
                "checked",
                ledger.checkedAt.map { output.localTime($0) + " by the phone's clock" }
                    ?? "not yet: ON THE PHONE is counted once a day, and by reconcile"
            ),
            ("without slot", count(ledger.withoutSlot, "events whose slot nothing settled")),
            (
                "gaps",
                count(
                    ledger.missingIDs,
                    "row ids: deleted before any read, or drafts or failed messages"
                        + (gaps.isEmpty ? "" : "; the newest \(gaps)"))
            ),
            ("history", count(ledger.history, "old messages that came back: kept, not forwarded")),
            ("put back", count(ledger.putBack, "messages that were known already")),
            ("unreadable", count(ledger.unreadable, "messages that could not be read")),
            ("found empty", count(ledger.emptied, "times")),
        ]
    }
}
