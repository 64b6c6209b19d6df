package import Delivery
package import Events
package import Time

/// A webhook as a user describes it, before it is stored.
package struct WebhookDraft: Sendable {
    /// 1 to 64 of `A–Z a–z 0–9 . _ -`, not in use.
    package var name: String
    /// Absolute `http` or `https` URL, without user information.
    package var url: String
    /// How bodies are laid out.
    package var format: BodyFormat
    /// The SmsNotif secret; empty for none.
    package var secret: String
    /// What it gets.
    package var kinds: Set<EventKind>
    /// The apps whose notifications it gets, by package name; empty for all. Only with `notification` among `kinds`.
    package var packages: Set<String>

    /// A new webhook.
    package init(
        name: String, url: String, format: BodyFormat = .smsnotif, secret: String = "",
        kinds: Set<EventKind> = EventKind.defaults, packages: Set<String> = []
    ) {
        self.name = name
        self.url = url
        self.format = format
        self.secret = secret
        self.kinds = kinds
        self.packages = packages
    }
}

/// A webhook as it may be shown: everything but its secret.
package struct WebhookSummary: Sendable, Equatable {
    /// Our row for it.
    package let key: WebhookKey
    /// The user's name for it.
    package let name: String
    /// Where it goes.
    package let url: String
    /// How bodies are laid out.
    package let format: BodyFormat
    /// Whether it has a secret.
    package let hasSecret: Bool
    /// What it gets.
    package let kinds: Set<EventKind>
    /// The apps whose notifications it gets, by package name; empty: every app's.
    package let packages: Set<String>
    /// False when the user switched it off: no deliveries are made.
    package let enabled: Bool
    /// Why deliveries wait; nil when they do not.
    package let pausedReason: String?
    /// When it was added.
    package let createdAt: WallTime

    /// `webhook` without its secret.
    package init(_ webhook: Webhook) {
        key = webhook.key
        name = webhook.name
        url = webhook.url
        format = webhook.format
        hasSecret = !webhook.secret.isEmpty
        kinds = webhook.kinds
        packages = webhook.packages
        enabled = webhook.enabled
        pausedReason = webhook.pausedReason
        createdAt = webhook.createdAt
    }
}
