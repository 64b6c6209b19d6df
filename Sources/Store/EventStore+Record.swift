import Delivery
package import Events
import FoundationEssentials
import Time

extension EventStore {
    /// How far a source of a phone has been read; nil when it never was.
    package func cursor(_ device: DeviceKey, _ source: Source) throws(StoreError) -> [UInt8]? {
        try database().first(.readCursor, SQLValue(device), SQLValue(source)) { row throws(StoreError) in
            try row.blob(0)
        }
    }

    /// The rows of one batch, inside a transaction.
    func insert(
        _ batch: RecordBatch, _ database: Connection, _ webhooks: [Webhook]
    ) throws(StoreError) -> (RecordResult, Tally) {
        try check(batch)
        let wireID = try database.first(.wireID, SQLValue(batch.device)) { row throws(StoreError) in
            try row.text(0)
        }
        guard let wireID else {
            throw .notFound("device \(batch.device.rawValue)", path: path, operation: "record")
        }
        let now = clock.wallNow()
        var result = RecordResult(events: [], repeats: 0)
        var tally = Tally()
        for observation in batch.observations {
            try database.run(
                .insertSighting, SQLValue(batch.device), SQLValue(batch.source), .blob(observation.key.bytes))
            if database.changes == 0 {
                result.repeats += 1
                continue
            }
            guard let content = observation.content else { continue }
            let event = Event(
                id: try ids.take(), device: batch.device, deviceWireID: wireID, content: content,
                slot: observation.slot, iccid: observation.iccid, sentAt: observation.sentAt,
                receivedAt: observation.receivedAt, seenAt: batch.seenAt)
            try insert(event, observation, committedAt: now, database)
            for webhook in webhooks where webhook.takes(content) && !observation.isHistory {
                try insertDelivery(of: event, to: webhook, createdAt: now, database)
                tally.add(1, webhook.key, .pending)
            }
            tally.addEvent()
            result.events.append(event.id)
        }
        try database.run(
            .writeCursor, SQLValue(batch.device), SQLValue(batch.source), .blob(batch.cursor))
        return (result, tally)
    }

    private func check(_ batch: RecordBatch) throws(StoreError) {
        guard batch.observations.count <= StoreLimits.observationsPerBatchMax else {
            throw .refused(
                "\(batch.observations.count) observations in one batch, the limit is "
                    + "\(StoreLimits.observationsPerBatchMax)", path: path, operation: "record")
        }
        guard batch.cursor.count <= StoreLimits.cursorBytesMax else {
            throw .refused(
                "a cursor of \(batch.cursor.count) bytes, the limit is \(StoreLimits.cursorBytesMax)",
                path: path, operation: "record")
        }
        guard batch.observations.allSatisfy({ $0.key.source == batch.source }) else {
            throw .refused("keys of another source than the batch's", path: path, operation: "record")
        }
    }

    private func insert(
        _ event: Event, _ observation: Observation, committedAt: WallTime, _ database: Connection
    ) throws(StoreError) {
        try database.run(
            .insertEvent, SQLValue(event.id), SQLValue(event.device), .text(event.deviceWireID),
            SQLValue(event.content.kind), SQLValue(observation.key.source), .blob(observation.key.bytes),
            SQLValue(event.slot), SQLValue(observation.subscription), SQLValue(event.iccid),
            SQLValue(event.sentAt), SQLValue(event.receivedAt), SQLValue(event.seenAt), SQLValue(committedAt),
            .text(try encode(event.content)))
    }

    private func insertDelivery(
        of event: Event, to webhook: Webhook, createdAt: WallTime, _ database: Connection
    ) throws(StoreError) {
        var harmless = webhook
        harmless.secret = ""
        let body = freeze(event, harmless)
        try database.run(
            .insertDelivery, SQLValue(event.id), SQLValue(webhook.key), SQLValue(event.device),
            SQLValue(createdAt), .text(body.contentType), SQLValue(body.secretOffset), .blob(body.bytes))
    }

    private func encode(_ content: EventContent) throws(StoreError) -> String {
        do {
            return String(decoding: try encoder.encode(content), as: UTF8.self)
        } catch {
            throw StoreError(
                .bug, path: path, operation: "insert event", message: "its content cannot be written as JSON")
        }
    }
}

extension SQL {
    static let readCursor = SQL("read cursor", "SELECT value FROM cursors WHERE device = ? AND source = ?")
    static let writeCursor = SQL(
        "write cursor",
        """
        INSERT INTO cursors (device, source, value) VALUES (?, ?, ?)
        ON CONFLICT (device, source) DO UPDATE SET value = excluded.value
        """)
    static let wireID = SQL("read wire id", "SELECT wire_id FROM devices WHERE id = ?")
    static let insertSighting = SQL(
        "insert sighting",
        "INSERT INTO sightings (device, source, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
    static let insertEvent = SQL(
        "insert event",
        """
        INSERT INTO events (id, device, wire_id, kind, source, key, slot, subscription, iccid, sent_at,
            received_at, seen_at, committed_at, content)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    static let insertDelivery = SQL(
        "insert delivery",
        """
        INSERT INTO deliveries (event, webhook, device, created_at, content_type, secret_offset, body)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """)
}
