package import Base
package import Events

/// A delivery's row in our store: one event for one webhook.
package struct DeliveryKey: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: DeliveryKey, right: DeliveryKey) -> Bool { left.rawValue < right.rawValue }
}

/// A pending delivery that is due, as the store hands it to the scheduler. Nothing is written when it is given:
/// who has what is known in memory alone, so a killed daemon finds everything pending again.
package struct DueDelivery: Sendable, Equatable {
    /// The delivery.
    package let key: DeliveryKey
    /// Its event: with the installation's id the `webhook-id` of every attempt.
    package let event: EventID
    /// Where it goes.
    package let webhook: WebhookKey
    /// Its lane: events of one phone for one webhook are first tried in order.
    package let device: DeviceKey
    /// The number of the attempt to come, 1 for the first.
    package let attempt: Int
    /// When the delivery was made; its age counts from here.
    package let createdAt: WallTime
    /// What is sent.
    package let body: FrozenBody
    /// Whether it goes in turn with retries and not in the order of the events: something old that somebody asked for.
    package let isBehind: Bool

    /// A pending delivery.
    package init(
        key: DeliveryKey, event: EventID, webhook: WebhookKey, device: DeviceKey, attempt: Int,
        createdAt: WallTime, body: FrozenBody, isBehind: Bool = false
    ) {
        self.key = key
        self.event = event
        self.webhook = webhook
        self.device = device
        self.attempt = attempt
        self.createdAt = createdAt
        self.body = body
        self.isBehind = isBehind
    }
}
