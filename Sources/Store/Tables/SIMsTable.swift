package import Base
package import Events

/// A SIM card's stay in a slot.
package struct SIMStay: Sendable, Equatable {
    /// The phone.
    package let device: DeviceKey
    /// The card, as the phone showed it.
    package let card: SIMCard
    /// When it was first seen there.
    package let since: WallTime
    /// When it was first seen gone or changed; nil while it is there.
    package let until: WallTime?
}

/// The table `sims`: a card's stay in a slot, `since` to `until`, so that an old event keeps its card when cards are swapped.
struct SIMsTable {
    /// As version 1 of the schema made it.
    static let creation = [
        """
        CREATE TABLE sims (
            id INTEGER PRIMARY KEY,
            device INTEGER NOT NULL REFERENCES devices (id),
            slot INTEGER NOT NULL,
            subscription INTEGER NOT NULL,
            iccid TEXT NOT NULL,
            network TEXT NOT NULL,
            carrier TEXT NOT NULL,
            since INTEGER NOT NULL,
            until INTEGER
        ) STRICT
        """,
        "CREATE UNIQUE INDEX sims_now ON sims (device, slot, subscription) WHERE until IS NULL",
        "CREATE INDEX sims_history ON sims (device)",
    ]

    /// Version 5: the card's phone number.
    static let numberColumn = ["ALTER TABLE sims ADD COLUMN number TEXT NOT NULL DEFAULT ''"]

    let database: Connection

    /// The card of a subscription, which a phone never gives to another card, as it was last seen; nil where it never was.
    func card(of device: DeviceKey, subscription: Int) throws(StoreError) -> SIMCard? {
        try database.first(
            .cardOfSubscription, [.device: SQLValue(device), .subscription: SQLValue(subscription)]
        ) { row throws(StoreError) in try Self.stay(row).card }
    }

    /// The stays that have not ended, of one phone or of all, by phone and slot.
    func current(in device: DeviceKey?) throws(StoreError) -> [SIMStay] {
        try database.all(.simsNow, [.device: SQLValue(device?.rawValue)], read: Self.stay)
    }

    /// The stays of one phone that have not ended, with their rows.
    func current(of device: DeviceKey) throws(StoreError) -> [(id: Int64, card: SIMCard)] {
        try database.all(.simsOfDevice, [.device: SQLValue(device)]) { row throws(StoreError) in
            (id: try row.integer(.id), card: try Self.stay(row).card)
        }
    }

    /// The stays of one phone, newest first.
    func history(of device: DeviceKey, limit: Int) throws(StoreError) -> [SIMStay] {
        try database.all(
            .simHistory, [.device: SQLValue(device), .limit: SQLValue(limit)], read: Self.stay)
    }

    func end(_ id: Int64, at now: WallTime) throws(StoreError) {
        try database.run(.endSIM, [.id: .integer(id), .until: SQLValue(now)])
    }

    /// What is known of the card of a stay now.
    func describe(_ id: Int64, _ card: SIMCard) throws(StoreError) {
        try database.run(
            .describeSIM,
            [
                .id: .integer(id), .iccid: .text(card.iccid), .network: .text(card.network),
                .carrier: .text(card.carrier), .number: .text(card.number),
            ])
    }

    func begin(_ card: SIMCard, in device: DeviceKey, at now: WallTime) throws(StoreError) {
        try database.run(
            .beginSIM,
            [
                .device: SQLValue(device), .slot: SQLValue(card.slot),
                .subscription: SQLValue(card.subscription),
                .iccid: .text(card.iccid), .network: .text(card.network), .carrier: .text(card.carrier),
                .number: .text(card.number), .since: SQLValue(now),
            ])
    }

    /// Forgets the oldest stays of one phone where there are too many.
    func prune(_ device: DeviceKey) throws(StoreError) {
        try database.run(
            .pruneSIMs, [.device: SQLValue(device), .kept: SQLValue(StoreLimits.simHistoryMax)])
    }

    private static func stay(_ row: borrowing Row) throws(StoreError) -> SIMStay {
        let card = SIMCard(
            slot: try row.int(.slot), subscription: try row.int(.subscription), iccid: try row.text(.iccid),
            network: try row.text(.network), carrier: try row.text(.carrier), number: try row.text(.number))
        return SIMStay(
            device: try row.key(.device), card: card, since: try row.time(.since),
            until: try row.optionalTime(.until))
    }
}

extension SQLName {
    fileprivate static let id: SQLName = "id"
    fileprivate static let device: SQLName = "device"
    fileprivate static let slot: SQLName = "slot"
    fileprivate static let subscription: SQLName = "subscription"
    fileprivate static let iccid: SQLName = "iccid"
    fileprivate static let network: SQLName = "network"
    fileprivate static let carrier: SQLName = "carrier"
    fileprivate static let number: SQLName = "number"
    fileprivate static let since: SQLName = "since"
    fileprivate static let until: SQLName = "until"
    fileprivate static let limit: SQLName = "limit"
    fileprivate static let kept: SQLName = "kept"
}

extension SQL {
    private static let columns: [SQLName] = [
        .id, .device, .slot, .subscription, .iccid, .network, .carrier, .number, .since, .until,
    ]
    private static let selection = "SELECT \(columns.list) FROM sims"
    fileprivate static let simsOfDevice = SQL(
        "read SIM cards of phone", "\(selection) WHERE device = :device AND until IS NULL")
    fileprivate static let simsNow = SQL(
        "read SIM cards",
        """
        \(selection) WHERE until IS NULL AND device = ifnull(:device, device)
        ORDER BY device, slot, subscription
        """)
    fileprivate static let simHistory = SQL(
        "read SIM history", "\(selection) WHERE device = :device ORDER BY id DESC LIMIT :limit")
    fileprivate static let endSIM = SQL("end SIM card", "UPDATE sims SET until = :until WHERE id = :id")
    fileprivate static let describeSIM = SQL(
        "describe SIM card",
        "UPDATE sims SET iccid = :iccid, network = :network, carrier = :carrier, number = :number WHERE id = :id"
    )
    fileprivate static let beginSIM = insertion(
        "begin SIM card", into: "sims",
        [.device, .slot, .subscription, .iccid, .network, .carrier, .number, .since])
    fileprivate static let cardOfSubscription = SQL(
        "read SIM card of subscription",
        "\(selection) WHERE device = :device AND subscription = :subscription ORDER BY id DESC LIMIT 1")
    fileprivate static let pruneSIMs = SQL(
        "prune SIM history",
        """
        DELETE FROM sims WHERE id IN
            (SELECT id FROM sims WHERE device = :device ORDER BY id DESC LIMIT -1 OFFSET :kept)
            AND until IS NOT NULL
        """)
}

extension EventStore {
    /// Brings a phone's cards up to date: `cards` are all it shows now. Cards that are gone or moved get an end, new ones a beginning;
    /// what more is known of one is noted; unchanged ones write nothing.
    package func recordSIMs(_ device: DeviceKey, _ cards: [SIMCard], at now: WallTime) throws(StoreError) {
        let database = try database()
        guard cards.count <= StoreLimits.simsPerDeviceMax else {
            throw database.refusal(
                "record SIM cards",
                "the phone shows \(cards.count) cards, the limit is \(StoreLimits.simsPerDeviceMax)")
        }
        var shown: [SIMCard] = []
        for card in cards.map(Self.bounded) {
            // A place can hold one card: what a phone says twice about it counts once.
            if !shown.contains(where: { $0.slot == card.slot && $0.subscription == card.subscription }) {
                shown.append(card)
            }
        }
        let known = try SIMsTable(database: database).current(of: device)
        var ended: [Int64] = []
        var described: [(id: Int64, card: SIMCard)] = []
        for stay in known {
            guard let index = shown.firstIndex(where: { $0.joined(with: stay.card) != nil }),
                let card = shown[index].joined(with: stay.card)
            else {
                ended.append(stay.id)
                continue
            }
            shown.remove(at: index)
            if card != stay.card { described.append((stay.id, card)) }
        }
        let begun = shown
        if ended.isEmpty, begun.isEmpty, described.isEmpty { return }
        try write { (database) throws(StoreError) in
            // Throws for a phone that is not there.
            _ = try DevicesTable(database: database).wireID(
                of: device, what: "phone", for: "record SIM cards")
            let sims = SIMsTable(database: database)
            for id in ended { try sims.end(id, at: now) }
            for (id, card) in described { try sims.describe(id, card) }
            for card in begun { try sims.begin(card, in: device, at: now) }
            try sims.prune(device)
        }
    }

    /// The cards that are in a phone now, or in all phones: by phone and slot, each with when it was first seen.
    package func sims(
        _ device: DeviceKey? = nil
    ) throws(StoreError) -> [(DeviceKey, SIMCard, since: WallTime)] {
        try SIMsTable(database: database()).current(in: device).map { ($0.device, $0.card, since: $0.since) }
    }

    /// What was in a phone's slots, newest first, at most `StoreLimits.listRowsMax`.
    package func simHistory(_ device: DeviceKey, limit: Int) throws(StoreError) -> [SIMStay] {
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        return try SIMsTable(database: database()).history(of: device, limit: limit)
    }

    private static func bounded(_ card: SIMCard) -> SIMCard {
        let limit = StoreLimits.identityScalarsMax
        return SIMCard(
            slot: card.slot, subscription: card.subscription, iccid: card.iccid.cut(toScalars: limit),
            network: card.network.cut(toScalars: limit), carrier: card.carrier.cut(toScalars: limit),
            number: card.number.cut(toScalars: limit))
    }
}
