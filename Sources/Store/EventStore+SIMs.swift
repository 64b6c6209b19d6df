package import Events
package import Time

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

extension EventStore {
    /// Brings a phone's cards up to date: `cards` are all it shows now. Cards that are gone or changed get an end,
    /// new ones a beginning; unchanged ones write nothing.
    package func recordSIMs(_ device: DeviceKey, _ cards: [SIMCard], at now: WallTime) throws(StoreError) {
        guard cards.count <= StoreLimits.simsPerDeviceMax else {
            throw refusal(
                "record SIM cards",
                "the phone shows \(cards.count) cards, the limit is \(StoreLimits.simsPerDeviceMax)")
        }
        var shown: [SIMCard] = []
        for card in cards.map(Self.bounded) {
            // A place can hold one card: what a phone says twice about it is taken once.
            if !shown.contains(where: { $0.slot == card.slot && $0.subscription == card.subscription }) {
                shown.append(card)
            }
        }
        let known = try database().all(.simsOfDevice, SQLValue(device)) { row throws(StoreError) in
            (id: try row.integer(0), card: try Self.card(row, from: 1))
        }
        let ended = known.filter { !shown.contains($0.card) }
        let begun = shown.filter { card in !known.contains { $0.card == card } }
        if ended.isEmpty, begun.isEmpty { return }
        try write { (database) throws(StoreError) in
            let exists = try database.first(.wireID, SQLValue(device)) { _ throws(StoreError) in true }
            guard exists != nil else {
                throw .notFound("phone \(device.rawValue)", path: path, operation: "record SIM cards")
            }
            for stay in ended { try database.run(.endSIM, SQLValue(now), .integer(stay.id)) }
            for card in begun {
                try database.run(
                    .beginSIM, SQLValue(device), SQLValue(card.slot), SQLValue(card.subscription),
                    .text(card.iccid), .text(card.network), .text(card.carrier), SQLValue(now))
            }
            try database.run(.pruneSIMs, SQLValue(device), SQLValue(StoreLimits.simHistoryMax))
        }
    }

    /// The cards that are in a phone now, or in all phones: by phone and slot, each with when it was first seen.
    package func sims(
        _ device: DeviceKey? = nil
    ) throws(StoreError) -> [(DeviceKey, SIMCard, since: WallTime)] {
        try database().all(.simsNow, SQLValue(device?.rawValue)) { row throws(StoreError) in
            (try row.key(0), try Self.card(row, from: 1), since: try row.time(6))
        }
    }

    /// What was in a phone's slots, newest first.
    package func simHistory(_ device: DeviceKey, limit: Int) throws(StoreError) -> [SIMStay] {
        let limit = min(max(limit, 0), StoreLimits.listRowsMax)
        return try database().all(.simHistory, SQLValue(device), SQLValue(limit)) { row throws(StoreError) in
            SIMStay(
                device: try row.key(0), card: try Self.card(row, from: 1), since: try row.time(6),
                until: try row.optionalTime(7))
        }
    }

    private static func card(_ row: borrowing Row, from column: Int32) throws(StoreError) -> SIMCard {
        SIMCard(
            slot: try row.int(column), subscription: try row.int(column + 1), iccid: try row.text(column + 2),
            network: try row.text(column + 3), carrier: try row.text(column + 4))
    }

    private static func bounded(_ card: SIMCard) -> SIMCard {
        let limit = StoreLimits.identityScalarsMax
        return SIMCard(
            slot: card.slot, subscription: card.subscription, iccid: cut(card.iccid, to: limit),
            network: cut(card.network, to: limit), carrier: cut(card.carrier, to: limit))
    }
}

extension SQL {
    private static let simColumns = "slot, subscription, iccid, network, carrier"
    static let simsOfDevice = SQL(
        "read SIM cards of phone", "SELECT id, \(simColumns) FROM sims WHERE device = ? AND until IS NULL")
    static let simsNow = SQL(
        "read SIM cards",
        """
        SELECT device, \(simColumns), since FROM sims WHERE until IS NULL AND device = ifnull(?1, device)
        ORDER BY device, slot, subscription
        """)
    static let simHistory = SQL(
        "read SIM history",
        "SELECT device, \(simColumns), since, until FROM sims WHERE device = ? ORDER BY id DESC LIMIT ?")
    static let endSIM = SQL("end SIM card", "UPDATE sims SET until = ? WHERE id = ?")
    static let beginSIM = SQL(
        "begin SIM card",
        """
        INSERT INTO sims (device, slot, subscription, iccid, network, carrier, since)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
    static let pruneSIMs = SQL(
        "prune SIM history",
        """
        DELETE FROM sims WHERE id IN
            (SELECT id FROM sims WHERE device = ? ORDER BY id DESC LIMIT -1 OFFSET ?) AND until IS NOT NULL
        """)
}
