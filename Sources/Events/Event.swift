package import Base

/// An event's number: unique, increasing, never reused, not even by a new or restored database.
package struct EventID: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: EventID, right: EventID) -> Bool { left.rawValue < right.rawValue }
}

/// A phone's row in our store. Internal: people and receivers see `DeviceRecord.wireID` and its name.
package struct DeviceKey: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: DeviceKey, right: DeviceKey) -> Bool { left.rawValue < right.rawValue }
}

/// One thing that was seen on a phone, before it has a number.
package struct Observation: Sendable, Equatable {
    /// What makes it the same when read again.
    package let key: SourceKey
    /// Keys that the same thing may come back under; taken note of with it.
    package let otherKeys: [SourceKey]
    /// Keys of what others may tell of it too, which is not enough to make it the same; taken note of with it.
    package let notedKeys: [SourceKey]
    /// What happened; nil for something that is known now but is not an event (a row from before enrolment,
    /// a restored history): only its key is kept.
    package let content: EventContent?
    /// True for something old that came back (a restored history): recorded, never forwarded by itself.
    package let isHistory: Bool
    /// SIM slot, 1-based; nil where it has none or it is unknown.
    package let slot: Int?
    /// Android's subscription id, where known; never sent to anybody.
    package let subscription: Int?
    /// The SIM card's own number, as far as the phone shows it.
    package let iccid: String?
    /// When the network sent it, where known.
    package let sentAt: WallTime?
    /// When the phone received it (the phone's clock).
    package let receivedAt: WallTime?

    /// One sighting.
    package init(
        key: SourceKey, otherKeys: [SourceKey] = [], notedKeys: [SourceKey] = [], content: EventContent?,
        isHistory: Bool = false,
        slot: Int? = nil, subscription: Int? = nil, iccid: String? = nil, sentAt: WallTime? = nil,
        receivedAt: WallTime? = nil
    ) {
        self.key = key
        self.otherKeys = otherKeys
        self.notedKeys = notedKeys
        self.content = content
        self.isHistory = isHistory
        self.slot = slot
        self.subscription = subscription
        self.iccid = iccid
        self.sentAt = sentAt
        self.receivedAt = receivedAt
    }
}

/// That what was read is to be forwarded although it is old, because somebody asked for it.
package struct Backfill: Sendable, Equatable {
    /// The webhook's key (`WebhookKey.rawValue`); nil: every webhook that wants it.
    package let webhook: Int64?

    /// A backfill to one webhook, or to all.
    package init(webhook: Int64?) { self.webhook = webhook }
}

/// An observation that has been recorded: what webhooks are told and `events show` prints.
package struct Event: Sendable, Equatable {
    /// Our number for it.
    package let id: EventID
    /// The phone's row.
    package let device: DeviceKey
    /// The phone's id as receivers see it (`DeviceRecord.wireID` at the time).
    package let deviceWireID: String
    /// What happened.
    package let content: EventContent
    /// SIM slot, 1-based; nil when unknown (0 on the wire).
    package let slot: Int?
    /// The SIM card's own number, as far as known.
    package let iccid: String?
    /// When the network sent it, where known.
    package let sentAt: WallTime?
    /// When the phone received it, where known.
    package let receivedAt: WallTime?
    /// When the daemon saw it.
    package let seenAt: WallTime
    /// The SIM card's carrier then, where known. Outside text.
    package let carrier: String?
    /// The SIM card's phone number then, as the user set it or the phone knows it. Outside text.
    package let ownNumber: String?
    /// What the user called the SIM card then.
    package let label: String?

    /// A recorded event.
    package init(
        id: EventID, device: DeviceKey, deviceWireID: String, content: EventContent, slot: Int?,
        iccid: String?,
        sentAt: WallTime?, receivedAt: WallTime?, seenAt: WallTime, carrier: String? = nil,
        ownNumber: String? = nil, label: String? = nil
    ) {
        self.id = id
        self.device = device
        self.deviceWireID = deviceWireID
        self.content = content
        self.slot = slot
        self.iccid = iccid
        self.sentAt = sentAt
        self.receivedAt = receivedAt
        self.seenAt = seenAt
        self.carrier = carrier
        self.ownNumber = ownNumber
        self.label = label
    }

    /// The moment that bodies carry: the phone's record, else when we saw it.
    package var happenedAt: WallTime { receivedAt ?? seenAt }
}
