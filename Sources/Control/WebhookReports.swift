/// A webhook without its secret, and how it fares.
package struct WebhookReport: Sendable, Equatable, Codable {
    package var name: String
    package var url: String
    /// `smsnotif` or `smsnotif-json`.
    package var format: String
    /// Kinds of events it gets, sorted.
    package var events: [String]
    /// The apps whose notifications it gets, sorted; empty: every app's.
    package var packages: [String]
    /// Whether it has a secret.
    package var secretSet: Bool
    package var enabled: Bool
    /// Why deliveries wait; nil when they do not.
    package var pausedReason: String?
    package var createdAt: Timestamp
    package var pending: Int
    package var delivered: Int
    package var dead: Int
    /// When the oldest pending delivery was made.
    package var oldestPendingAt: Timestamp?
    /// What went wrong last, if anything did since the last success.
    package var lastError: String?
    /// When something that failed is tried again; nil when nothing is, or the webhook is paused or disabled.
    package var nextAttemptAt: Timestamp?

    package init(
        name: String, url: String, format: String, events: [String], packages: [String] = [], secretSet: Bool,
        enabled: Bool, pausedReason: String? = nil, createdAt: Timestamp, pending: Int = 0,
        delivered: Int = 0,
        dead: Int = 0,
        oldestPendingAt: Timestamp? = nil, lastError: String? = nil, nextAttemptAt: Timestamp? = nil
    ) {
        self.name = name
        self.url = url
        self.format = format
        self.events = events
        self.packages = packages
        self.secretSet = secretSet
        self.enabled = enabled
        self.pausedReason = pausedReason
        self.createdAt = createdAt
        self.pending = pending
        self.delivered = delivered
        self.dead = dead
        self.oldestPendingAt = oldestPendingAt
        self.lastError = lastError
        self.nextAttemptAt = nextAttemptAt
    }
}

/// Webhooks.
package struct WebhookList: Sendable, Equatable, Codable {
    package var webhooks: [WebhookReport]
    package init(webhooks: [WebhookReport]) { self.webhooks = webhooks }
}

/// A request as a webhook will get it, its secret masked.
package struct SampleRequest: Sendable, Equatable, Codable {
    package var contentType: String
    package var body: String

    package init(contentType: String, body: String) {
        self.contentType = contentType
        self.body = body
    }
}

/// A new webhook and what it will be sent.
package struct WebhookAdded: Sendable, Equatable, Codable {
    package var webhook: WebhookReport
    package var sample: SampleRequest
    /// Things that are allowed but often wrong, such as `http` to another machine.
    package var warnings: [String]

    package init(webhook: WebhookReport, sample: SampleRequest, warnings: [String]) {
        self.webhook = webhook
        self.sample = sample
        self.warnings = warnings
    }
}

/// What came of a test request.
package struct WebhookTestReport: Sendable, Equatable, Codable {
    package var webhook: String
    package var url: String
    package var sample: SampleRequest
    /// Whether a real delivery would count as delivered.
    package var delivered: Bool
    /// Status code; nil when no answer came.
    package var status: Int?
    /// Why no answer came, or why the answer is no success.
    package var error: String?
    /// First bytes of the answer's body.
    package var reply: String?
    package var durationMicroseconds: Int64

    package init(
        webhook: String, url: String, sample: SampleRequest, delivered: Bool, status: Int?, error: String?,
        reply: String?, durationMicroseconds: Int64
    ) {
        self.webhook = webhook
        self.url = url
        self.sample = sample
        self.delivered = delivered
        self.status = status
        self.error = error
        self.reply = reply
        self.durationMicroseconds = durationMicroseconds
    }
}
