import Bytes
package import Delivery
package import Events
package import Time

/// An event with what the store knows beside it.
package struct StoredEvent: Sendable, Equatable {
    /// The event.
    package let event: Event
    /// What makes it the same when it is read again.
    package let key: SourceKey
    /// Android's subscription id, where known.
    package let subscription: Int?
    /// When it was written.
    package let committedAt: WallTime
}

/// An event's whole story, from capture to the last attempt. Holds no secret.
package struct EventStory: Sendable, Equatable {
    /// The event as stored.
    package let stored: StoredEvent
    /// Its deliveries, the oldest webhook first; empty when no webhook took it.
    package let deliveries: [DeliveryStory]

    /// The event.
    package var event: Event { stored.event }
    /// The source key, printable.
    package var keyText: String {
        PrintableText.escape(LossyText.decode(stored.key.bytes), limit: SourceKey.bytesMax)
    }
}

/// A delivery with everything on record about it. Holds no secret.
package struct DeliveryStory: Sendable, Equatable {
    /// The delivery.
    package let summary: DeliverySummary
    /// Its attempts, oldest first.
    package let attempts: [AttemptRecord]
    /// What is sent, the secret left out.
    package let body: FrozenBody
}

/// A delivery as lists show it.
package struct DeliverySummary: Sendable, Equatable {
    /// The delivery.
    package let key: DeliveryKey
    /// Its event.
    package let event: EventID
    /// Where it goes.
    package let webhook: WebhookKey
    /// The webhook's name, also when it was removed.
    package let webhookName: String
    /// The event's phone.
    package let device: DeviceKey
    /// Where it stands.
    package let state: DeliveryState
    /// How many attempts were made.
    package let attempts: Int
    /// When it was made.
    package let createdAt: WallTime
    /// When the next attempt is due: `createdAt` before the first; nil when none will follow.
    package let dueAt: WallTime?
    /// When it ended; nil while pending.
    package let endedAt: WallTime?
    /// Why it was given up or removed.
    package let reason: String?
    /// The last attempt; nil before the first.
    package let last: AttemptRecord?
}
