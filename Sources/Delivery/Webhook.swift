package import Events
package import Time

/// A webhook's row in our store.
package struct WebhookKey: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: WebhookKey, right: WebhookKey) -> Bool { left.rawValue < right.rawValue }
}

/// How a body is laid out; the raw value is the word on the command line and in the store.
package enum BodyFormat: String, Sendable, Codable, CaseIterable {
    /// SmsNotif's form encoding: the default, because real SmsNotif receivers read nothing else.
    case smsnotif
    /// The same fields as JSON.
    case smsnotifJSON = "smsnotif-json"
}

/// A named destination.
package struct Webhook: Sendable, Equatable {
    /// Our row for it.
    package var key: WebhookKey
    /// The user's name for it: 1 to 64 of `A–Z a–z 0–9 . _ -`, unique.
    package var name: String
    /// Absolute `http` or `https` URL, without user information.
    package var url: String
    /// How bodies are laid out.
    package var format: BodyFormat
    /// The SmsNotif secret, put into bodies at each attempt; empty when there is none. Never shown, never logged.
    package var secret: String
    /// What it gets.
    package var kinds: Set<EventKind>
    /// The apps whose notifications it gets, by exact package name (`PackageRule`); empty: every app's. Says nothing
    /// about other kinds of events, `whatsapp` included.
    package var packages: Set<String>
    /// False when the user switched it off: no deliveries are made.
    package var enabled: Bool
    /// Why deliveries wait, when something other than the user paused it: `410 Gone`, `401 Unauthorized`, ….
    package var pausedReason: String?
    /// When it was added.
    package var createdAt: WallTime

    package init(
        key: WebhookKey, name: String, url: String, format: BodyFormat, secret: String, kinds: Set<EventKind>,
        packages: Set<String> = [], enabled: Bool, pausedReason: String?, createdAt: WallTime
    ) {
        self.key = key
        self.name = name
        self.url = url
        self.format = format
        self.secret = secret
        self.kinds = kinds
        self.packages = packages
        self.enabled = enabled
        self.pausedReason = pausedReason
        self.createdAt = createdAt
    }

    /// Whether an event with `content` becomes a delivery to this webhook.
    package func takes(_ content: EventContent) -> Bool {
        enabled && kinds.contains(content.kind) && content.isOfApp(in: packages)
    }
}

extension EventContent {
    /// Whether a package list lets this through: everything but a notification of an app that is not in it.
    package func isOfApp(in packages: Set<String>) -> Bool {
        guard case .notification(let posted) = self, !packages.isEmpty else { return true }
        return packages.contains(posted.package)
    }
}

/// A body, made once when a delivery is created and repeated byte for byte at every attempt, but for the secret:
/// it is left out, and `secretOffset` says where the current one is put in.
package struct FrozenBody: Sendable, Equatable {
    /// `Content-Type` of the request.
    package var contentType: String
    /// The body without the secret.
    package var bytes: [UInt8]
    /// Where the encoded secret goes; nil when the format carries none.
    package var secretOffset: Int?

    package init(contentType: String, bytes: [UInt8], secretOffset: Int?) {
        self.contentType = contentType
        self.bytes = bytes
        self.secretOffset = secretOffset
    }
}
