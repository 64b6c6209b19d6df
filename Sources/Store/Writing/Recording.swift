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
    /// Where the next read goes on; opaque to the store. Nil leaves the stored one as it is.
    package var cursor: [UInt8]?
    /// When the daemon saw it.
    package var seenAt: WallTime

    /// One completed read.
    package init(
        device: DeviceKey, source: SourceName, observations: [Observation], cursor: [UInt8]?, seenAt: WallTime
    ) {
        self.device = device
        self.source = source
        self.observations = observations
        self.cursor = cursor
        self.seenAt = seenAt
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
        for observation in batch.observations {
            guard try sightings.insert(observation.key, of: batch.device) else {
                result.repeats += 1
                continue
            }
            guard let content = observation.content else { continue }
            let event = Event(
                id: try ids.next(), device: batch.device, deviceWireID: wireID, content: content,
                slot: observation.slot, iccid: observation.iccid, sentAt: observation.sentAt,
                receivedAt: observation.receivedAt, seenAt: batch.seenAt)
            try EventsTable(database: database).insert(
                StoredEvent(
                    event: event, key: observation.key, subscription: observation.subscription,
                    committedAt: now, isHistory: observation.isHistory))
            if !observation.isHistory { try insertDeliveries(of: event, &tally) }
            tally.addEvent()
            result.events.append(event.id)
        }
        if let cursor = batch.cursor {
            try CursorsTable(database: database).write(cursor, of: batch.source, on: batch.device)
        }
        return (result, tally)
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
