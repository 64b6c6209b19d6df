package import Base
package import Events

/// A webhook's row in our store.
package struct WebhookKey: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: WebhookKey, right: WebhookKey) -> Bool { left.rawValue < right.rawValue }
}

/// A named destination.
package struct Webhook: Sendable, Equatable {
    /// Our row for it.
    package var key: WebhookKey
    /// What its user decided.
    package var settings: WebhookSettings
    /// False when the user switched it off: no deliveries are made.
    package var enabled: Bool
    /// Why deliveries wait, when something other than the user paused it: `410 Gone`, `401 Unauthorized`, ….
    package var pausedReason: String?
    /// When it was added.
    package var createdAt: WallTime

    /// A webhook as it is stored.
    package init(
        key: WebhookKey, settings: WebhookSettings, enabled: Bool = true, pausedReason: String? = nil,
        createdAt: WallTime
    ) {
        self.key = key
        self.settings = settings
        self.enabled = enabled
        self.pausedReason = pausedReason
        self.createdAt = createdAt
    }

    /// The user's name for it.
    package var name: String { settings.name }

    /// Whether `event`, which is recorded now, becomes a delivery to this webhook.
    package func wants(_ event: Event) -> Bool {
        enabled && settings.filter.verdict(on: event) == .yes
    }

    /// Why this webhook has no delivery of `event`, which was recorded at `committedAt`: the rest of a sentence that begins with
    /// its name. `hasOthers`: other webhooks have one. What only the past could tell is said as what may have been. May hold outside text.
    package func reasonForNothing(
        of event: Event, committedAt: WallTime, isHistory: Bool, hasOthers: Bool = false
    ) -> String {
        if createdAt > committedAt { return "was added later" }
        if isHistory {
            return
                "gets no old messages that came back to a phone (a restored backup): they are kept, not forwarded"
        }
        if case .no(let reason) = settings.filter.verdict(on: event) { return reason }
        guard enabled else { return "disabled" }
        return "was disabled, or wanted other events, when it came"
            + (hasOthers ? "; or a backfill read the event for another webhook alone" : "")
    }
}
