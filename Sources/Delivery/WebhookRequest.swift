package import Time

/// The HTTP request of one attempt.
package enum WebhookRequest {
    /// The request that sends `body` to `webhook` with its current URL and secret.
    ///
    /// Headers as Standard Webhooks names them (standard-webhooks/standard-webhooks spec/standard-webhooks.md):
    /// `webhook-id` is the same at every attempt, `webhook-timestamp` is this attempt's.
    ///
    /// - Parameters:
    ///   - id: `<installation>-<event id>`; what receivers tell repeats by.
    ///   - attempt: 1 for the first.
    ///   - version: our own version, for `User-Agent`.
    package static func make(
        webhook: Webhook, body: FrozenBody, id: String, attempt: Int, at date: WallTime, version: String
    ) -> HTTPRequest {
        HTTPRequest(
            url: webhook.url,
            headers: [
                HTTPField("Content-Type", body.contentType),
                HTTPField("User-Agent", "phonewire/\(version)"),
                HTTPField("webhook-id", id),
                HTTPField("webhook-timestamp", String(date.seconds)),
                HTTPField("x-phonewire-attempt", String(attempt)),
            ],
            body: body.filled(secret: webhook.secret, format: webhook.format))
    }
}
