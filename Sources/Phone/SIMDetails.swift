import Base
package import Events

/// What `dumpsys isub` does not tell of a phone's SIM cards: their whole numbers, their phone numbers, and a second opinion on the slot.
///
/// Up to Android 10 the phone's table of cards is open to the shell
/// (LineageOS/android_packages_providers_TelephonyProvider `TelephonyProvider.java`); from 11 on a service is asked about each
/// subscription. The service's codes are counted in `IPhoneSubInfo.aidl` (Ankits-lab/frameworks_base, OuvrirOS/android_frameworks_base) and
/// the same in 11, 12 and 15; no other code is ever called, because setters stand beside them.
package struct SIMDetails: Sendable, Equatable {
    /// How a phone is asked.
    package enum Route: Sendable, Equatable {
        case table
        case service
    }

    /// What was found out about one subscription.
    package struct Card: Sendable, Equatable {
        /// The card's whole number; empty where it was not told.
        var iccid = ""
        /// Its phone number; empty where it was not told. Outside text.
        var number = ""
        /// Its carrier's name; empty where it was not told. Outside text.
        var carrier = ""
        /// Its slot counted from 0, -1 for a card that is out; nil where it was not told.
        var slotIndex: Int?
    }

    /// By subscription.
    package private(set) var cards: [Int: Card] = [:]

    private static let iccidCode = 14
    private static let numberCode = 16
    /// Longest name and number kept, in Unicode scalars.
    private static let textScalarsMax = 128

    /// Nothing is known.
    package init() {}

    /// The command that asks about these subscriptions.
    package static func command(_ route: Route, _ subscriptions: [Int]) -> PhoneCommand {
        switch route {
        case .table:
            PhoneCommand(
                each: [
                    "content query --uri content://telephony/siminfo --projection '_id:sim_id:hex(icc_id) AS hi:hex(carrier_name) AS hc:"
                        + "hex(number) AS hn' --sort '_id ASC'"
                ], timeout: .seconds(20), outputBytesMax: 1024 * 1024)
        case .service:
            PhoneCommand(
                each: subscriptions.flatMap { id in
                    [iccidCode, numberCode].map { code in
                        "service call iphonesubinfo \(code) i32 \(id) s16 com.android.shell s16 com.android.shell"
                    }
                }, timeout: .seconds(20), outputBytesMax: 256 * 1024)
        }
    }

    /// Takes in the answer of `command`. A subscription whose answer cannot be read stays without details.
    ///
    /// Law: details or none, whatever the bytes.
    package mutating func read(_ parts: [[UInt8]], _ route: Route, _ subscriptions: [Int]) {
        switch route {
        case .table:
            let columns: [ContentColumn] = [
                .integer("_id"), .integer("sim_id"), .hex("hi"), .hex("hc"), .hex("hn"),
            ]
            let rows = parts.first.flatMap { try? ContentTable.parse($0, columns, what: "SIM card") } ?? []
            for row in rows {
                guard let id = row[0].number.flatMap({ Int(exactly: $0) }) else { continue }
                cards[id] = Card(
                    iccid: Self.iccid(LossyText.decode(row[2].bytes)), number: Self.text(row[4].bytes),
                    carrier: Self.text(row[3].bytes), slotIndex: row[1].number.flatMap { Int(exactly: $0) })
            }
        case .service:
            guard parts.count == subscriptions.count * 2 else { return }
            for (index, id) in subscriptions.enumerated() {
                let iccid = (try? ParcelText.parse(parts[index * 2])) ?? ""
                let number = (try? ParcelText.parse(parts[index * 2 + 1])) ?? ""
                cards[id] = Card(
                    iccid: Self.iccid(iccid),
                    number: PrintableText.escape(number, limit: Self.textScalarsMax))
            }
        }
    }

    /// A card's number: digits, which some cards fill up with `F`; empty for anything else.
    private static func iccid(_ text: String) -> String {
        let isNumber = text.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "F")
        }
        return isNumber && text.utf8.count <= 22 ? text : ""
    }

    private static func text(_ bytes: [UInt8]) -> String {
        PrintableText.escape(LossyText.decode(bytes), limit: textScalarsMax)
    }

    /// `card` with what is known beside it. Where this contradicts the dump the card's slot becomes 0, unknown, and a sentence says how;
    /// nil where nothing contradicts.
    package func completed(_ card: SIMCard) -> (card: SIMCard, contradiction: String?) {
        guard let known = cards[card.subscription] else { return (card, nil) }
        var card = card
        // The dump cuts the number to its first digits, or prints it hashed behind them.
        let shown = card.iccid.utf8.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let isOther = !known.iccid.isEmpty && shown.count >= 6 && !known.iccid.utf8.starts(with: shown)
        let slot = card.slot
        if let other = known.slotIndex, other + 1 != slot {
            card.slot = 0
            return (
                card,
                "the phone says that subscription \(card.subscription) is in slot \(slot), and also that it is "
                    + (other < 0 ? "not inserted" : "in slot \(other + 1)")
            )
        }
        if isOther {
            card.slot = 0
            return (
                card,
                "the phone tells two card numbers of subscription \(card.subscription), in slot \(slot)"
            )
        }
        if !known.iccid.isEmpty { card.iccid = known.iccid }
        if card.number.isEmpty { card.number = known.number }
        if card.carrier.isEmpty { card.carrier = known.carrier }
        return (card, nil)
    }
}
