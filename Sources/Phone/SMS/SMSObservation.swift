import Base
import Events

/// What the SMS source tells the store, in the words of events.
extension Observation {
    /// The message in `row`. `iccid`: the number of its card, where known. `isTwin`: another message has the same content.
    static func message(
        _ row: SMSRow, _ place: SMSPlace, iccid: String?, keys: SMSKeys, isHistory: Bool, isTwin: Bool = false
    ) -> Observation {
        let message = SMSMessage(
            rowID: row.id, sender: LossyText.decode(row.address ?? []), body: LossyText.decode(row.body ?? [])
        )
        return Observation(
            key: keys.row(row),
            otherKeys: SMSIdentity.hasDate(row) && !isTwin ? [keys.content(row)] : [],
            notedKeys: [keys.radio(row)].compactMap(\.self), content: EventContent(message),
            isHistory: isHistory, slot: place.slot.map { $0 + 1 },
            subscription: place.subscription, iccid: iccid,
            sentAt: row.dateSent.flatMap { $0 > 0 ? WallTime(milliseconds: $0) : nil },
            receivedAt: row.date.map { WallTime(milliseconds: $0) })
    }

    /// That what the phone tells of the SIM card of `row` does not fit together.
    static func disagreement(_ row: SMSRow, keys: SMSKeys) -> Observation {
        let detail = "SMS row \(row.id): what the phone tells of its SIM card does not fit together"
        return Observation(
            key: SourceKey(source: .sms, bytes: Array("d/".utf8) + keys.row(row).bytes),
            content: EventContent(SIMNotice(event: "disagreement", detail: detail)),
            receivedAt: row.date.map { WallTime(milliseconds: $0) })
    }

    /// That `message` came by radio and is in no row; `isLocked`: because the phone stores nothing yet.
    static func unstored(_ message: SMSRawMessage, isLocked: Bool) -> Observation {
        let parts = message.isWhole ? "" : "[\(message.parts.there) of \(message.parts.of) parts] "
        let sender = LossyText.decode(message.address)
        let digest = SMSKeys.digest(message.address + message.text)
        return Observation(
            key: SourceKey(source: .sms, bytes: Array("r/\(message.id)/\(message.sent)/\(digest)".utf8)),
            content: EventContent(
                DeviceNotice(
                    event: isLocked ? "sms-waits" : "sms-not-stored",
                    detail: parts + sender + ": " + LossyText.decode(message.text))),
            subscription: message.subscription,
            sentAt: message.sent > 0 ? WallTime(milliseconds: message.sent) : nil)
    }
}
