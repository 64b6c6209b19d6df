package import Events

/// What a user has set about a SIM card.
package struct CardSettings: Sendable, Equatable {
    /// What the user calls it; empty: nothing.
    package var label: String
    /// Its phone number; empty: what the phone knows.
    package var number: String

    /// Settings of a card.
    package init(label: String = "", number: String = "") {
        self.label = label
        self.number = number
    }
}

/// The table `cards`: what users have set about SIM cards, by a word that stays with the card (`SIMCard.settingsKeys`), so that it
/// follows the card.
struct CardsTable {
    /// Version 5.
    static let creation = [
        "CREATE TABLE cards (card TEXT PRIMARY KEY, label TEXT NOT NULL, number TEXT NOT NULL) STRICT, WITHOUT ROWID"
    ]

    let database: Connection

    /// What is set about a card, under the best of its keys that has settings.
    func settings(of card: SIMCard, on device: DeviceKey) throws(StoreError) -> CardSettings {
        for key in card.settingsKeys(on: device) {
            let found = try database.first(.readCard, [.card: .text(key)]) { row throws(StoreError) in
                CardSettings(label: try row.text(.label), number: try row.text(.number))
            }
            if let found { return found }
        }
        return CardSettings()
    }

    /// Sets it under every key of the card, so that what one key says is never older than what another says.
    func set(_ settings: CardSettings, of card: SIMCard, on device: DeviceKey) throws(StoreError) {
        for key in card.settingsKeys(on: device) {
            try database.run(
                .writeCard,
                [.card: .text(key), .label: .text(settings.label), .number: .text(settings.number)])
        }
    }
}

extension SQLName {
    fileprivate static let card: SQLName = "card"
    fileprivate static let label: SQLName = "label"
    fileprivate static let number: SQLName = "number"
}

extension SQL {
    fileprivate static let readCard = SQL(
        "read settings of SIM card", "SELECT label, number FROM cards WHERE card = :card")
    fileprivate static let writeCard = insertion(
        "set SIM card", into: "cards", [.card, .label, .number],
        ending: "ON CONFLICT DO UPDATE SET label = excluded.label, number = excluded.number")
}

extension EventStore {
    /// What a user has set about a card.
    package func settings(of card: SIMCard, on device: DeviceKey) throws(StoreError) -> CardSettings {
        try CardsTable(database: database()).settings(of: card, on: device)
    }

    /// Sets what a user says about a card, from now on; recorded events keep what they have.
    package func set(_ settings: CardSettings, of card: SIMCard, on device: DeviceKey) throws(StoreError) {
        let limit = StoreLimits.identityScalarsMax
        let bounded = CardSettings(
            label: settings.label.cut(toScalars: limit), number: settings.number.cut(toScalars: limit))
        try write { (database) throws(StoreError) in
            try CardsTable(database: database).set(bounded, of: card, on: device)
        }
    }
}
