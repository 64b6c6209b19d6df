/// How a receiver tells our requests from a stranger's: what is added to a request for that, anew at each attempt.
package protocol Authentication: Sendable {
    /// Adds to `request`, whose body is `body` as stored, what proves that it comes from `webhook`.
    func prove(_ request: inout HTTPRequest, body: FrozenBody, webhook: WebhookSettings)
}

/// The secret stands in the body, where the format says (SmsNotif).
package struct SecretInBody: Authentication {
    /// The only way there is today.
    package init() {}

    package func prove(_ request: inout HTTPRequest, body: FrozenBody, webhook: WebhookSettings) {
        request.body = webhook.format.fill(body, secret: webhook.secret.revealed)
    }
}
