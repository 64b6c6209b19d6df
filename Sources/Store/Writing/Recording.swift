package import Base
import Delivery
package import Events

/// What one completed read of a phone has shown, to be stored as a whole.
package struct RecordBatch: Sendable {
    /// The phone.
    package var device: DeviceKey
    /// What was read.
    package var source: SourceName
    /// Everything seen, known or not, oldest first; at most `StoreLimits.observationsPerBatchMax`.
    package var observations: [Observation]
    /// Set where old things are to be forwarded because somebody asked for it: those that were seen before become events too, where
    /// they are none yet, and go to the webhooks that have not had them.
    package var backfill: Backfill?
    /// Where the next read goes on; opaque to the store. Nil leaves the stored one as it is.
    package var cursor: [UInt8]?
    /// When the daemon saw it.
    package var seenAt: WallTime

    /// One completed read.
    package init(
        device: DeviceKey, source: SourceName, observations: [Observation], cursor: [UInt8]?,
        seenAt: WallTime,
        backfill: Backfill? = nil
    ) {
        self.device = device
        self.source = source
        self.observations = observations
        self.cursor = cursor
        self.seenAt = seenAt
        self.backfill = backfill
    }
}

/// What came of a `RecordBatch`.
package struct RecordResult: Sendable, Equatable {
    /// The ids of the new events, in the order of the observations.
    package var events: [EventID]
    /// How many observations had been seen before.
    package var repeats: Int

    /// The new events and the number of repeats.
    package init(events: [EventID], repeats: Int) {
        self.events = events
        self.repeats = repeats
    }
}

/// Stores batches, inside a transaction: sightings, events, deliveries with their bodies, cursor.
struct Recording {
    let database: Connection
    /// The webhooks that exist.
    let webhooks: [Webhook]
    /// When the transaction is.
    let now: WallTime

    /// Stores one batch; keys seen before are skipped.
    /// - Returns: what came of it, and what it adds to the counters.
    func store(_ batch: RecordBatch, ids: inout EventIDs) throws(StoreError) -> (RecordResult, Tally) {
        try check(batch)
        let wireID = try DevicesTable(database: database).wireID(
            of: batch.device, what: "device", for: "record")
        let sightings = SightingsTable(database: database)
        var result = RecordResult(events: [], repeats: 0)
        var tally = Tally()
        var cards: [Int: KnownCard] = [:]
        for observation in batch.observations {
            guard let content = observation.content else {
                if try !sightings.insert(observation.key, of: batch.device) { result.repeats += 1 }
                continue
            }
            if try sightings.contains(observation.key, of: batch.device) {
                result.repeats += 1
                guard let backfill = batch.backfill else { continue }
                if let known = try knownEvent(observation, batch.device) {
                    try insertDeliveries(of: known, backfill, &tally)
                    continue
                }
            }
            let card = try card(of: observation, batch.device, &cards)
            let event = event(of: observation, content, card, batch, wireID: wireID, id: try ids.next())
            try EventsTable(database: database).insert(
                StoredEvent(
                    event: event, key: observation.key, subscription: observation.subscription,
                    committedAt: now, isHistory: observation.isHistory))
            try sightings.write(observation.key, of: batch.device, event: event.id)
            for key in observation.otherKeys { try sightings.write(key, of: batch.device, event: event.id) }
            for key in observation.notedKeys { _ = try sightings.insert(key, of: batch.device) }
            if let backfill = batch.backfill {
                try insertDeliveries(of: event, backfill, &tally)
            } else if !observation.isHistory {
                try insertDeliveries(of: event, &tally)
            }
            tally.addEvent()
            result.events.append(event.id)
        }
        if let cursor = batch.cursor {
            try CursorsTable(database: database).write(cursor, of: batch.source, on: batch.device)
        }
        return (result, tally)
    }

    /// A card of the phone, and what its user has set about it.
    private struct KnownCard {
        var card: SIMCard?
        var settings = CardSettings()
    }

    /// What is known now of the card of an observation; looked up once a batch, which is a transaction.
    private func card(
        of observation: Observation, _ device: DeviceKey, _ cards: inout [Int: KnownCard]
    ) throws(StoreError) -> KnownCard {
        guard let subscription = observation.subscription else { return KnownCard() }
        if let known = cards[subscription] { return known }
        var known = KnownCard(
            card: try SIMsTable(database: database).card(of: device, subscription: subscription))
        if let card = known.card {
            known.settings = try CardsTable(database: database).settings(of: card, on: device)
        }
        cards[subscription] = known
        return known
    }

    /// The event that is to be written, with what is known of its SIM card.
    private func event(
        of observation: Observation, _ content: EventContent, _ known: KnownCard, _ batch: RecordBatch,
        wireID: String, id: EventID
    ) -> Event {
        let card = known.card
        let number = known.settings.number.isEmpty ? card?.number ?? "" : known.settings.number
        return Event(
            id: id, device: batch.device, deviceWireID: wireID, content: content, slot: observation.slot,
            iccid: card.flatMap { $0.isWhole ? $0.iccid : nil } ?? observation.iccid,
            sentAt: observation.sentAt,
            receivedAt: observation.receivedAt, seenAt: batch.seenAt,
            carrier: card.flatMap { Self.text($0.carrier) },
            ownNumber: Self.text(number), label: Self.text(known.settings.label))
    }

    private static func text(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// The event that was made of the same thing before, under any of its keys; nil where none was.
    private func knownEvent(_ observation: Observation, _ device: DeviceKey) throws(StoreError) -> Event? {
        let sightings = SightingsTable(database: database)
        for key in [observation.key] + observation.otherKeys {
            if let id = try sightings.event(key, of: device),
                let stored = try EventsTable(database: database).event(id)
            {
                return stored.event
            }
        }
        return nil
    }

    /// Deliveries to the webhooks that somebody asked for and that have none of `event`: behind what comes anew meanwhile.
    private func insertDeliveries(
        of event: Event, _ backfill: Backfill, _ tally: inout Tally
    ) throws(StoreError) {
        let deliveries = DeliveriesTable(database: database)
        for webhook in webhooks where webhook.wants(event) {
            if let wanted = backfill.webhook, wanted != webhook.key.rawValue { continue }
            if try deliveries.has(event.id, to: webhook.key) { continue }
            let body = webhook.settings.format.body(of: event)
            try deliveries.insert(body, of: event, to: webhook.key, createdAt: now, isBehind: true)
            tally.add(1, to: webhook.key, .pending)
        }
    }

    private func insertDeliveries(of event: Event, _ tally: inout Tally) throws(StoreError) {
        let deliveries = DeliveriesTable(database: database)
        for webhook in webhooks where webhook.wants(event) {
            let body = webhook.settings.format.body(of: event)
            try deliveries.insert(body, of: event, to: webhook.key, createdAt: now)
            tally.add(1, to: webhook.key, .pending)
        }
    }

    private func check(_ batch: RecordBatch) throws(StoreError) {
        guard batch.observations.count <= StoreLimits.observationsPerBatchMax else {
            throw database.refusal(
                "record",
                "\(batch.observations.count) observations in one batch, the limit is "
                    + "\(StoreLimits.observationsPerBatchMax)")
        }
        if let cursor = batch.cursor, cursor.count > StoreLimits.cursorBytesMax {
            throw database.refusal(
                "record", "a cursor of \(cursor.count) bytes, the limit is \(StoreLimits.cursorBytesMax)")
        }
        guard batch.observations.allSatisfy({ $0.key.source == batch.source }) else {
            throw database.refusal("record", "keys of another source than the batch's")
        }
    }
}
