package import Base

/// One attempt at a delivery, before it is a request.
package struct Attempt: Sendable, Equatable {
    /// `<installation>-<event id>`: what receivers tell repeats by.
    package let id: String
    /// 1 for the first.
    package let number: Int
    /// What is sent.
    package let body: FrozenBody
    /// When it begins.
    package let startedAt: WallTime

    /// The attempt `number`.
    package init(id: String, number: Int, body: FrozenBody, startedAt: WallTime) {
        self.id = id
        self.number = number
        self.body = body
        self.startedAt = startedAt
    }
}

/// How attempts leave for a webhook.
package protocol DeliveryTransport: Sendable {
    /// Makes one attempt and says what came of it, without the webhook's secret in it.
    func send(_ attempt: Attempt, to webhook: WebhookSettings) async -> HTTPResult
}

/// Attempts as HTTP requests.
package struct HTTPTransport: DeliveryTransport {
    private let client: any HTTPClient
    private let authentication: any Authentication
    private let version: String

    /// A transport over `client`; `version` is our own, for `User-Agent`.
    package init(
        client: any HTTPClient, authentication: any Authentication = SecretInBody(), version: String
    ) {
        self.client = client
        self.authentication = authentication
        self.version = version
    }

    package func send(_ attempt: Attempt, to webhook: WebhookSettings) async -> HTTPResult {
        await client.send(request(of: attempt, to: webhook)).masking(webhook.secret.revealed)
    }

    /// The request of one attempt, with the webhook's URL and secret of now.
    ///
    /// Headers as Standard Webhooks names them (standard-webhooks/standard-webhooks spec/standard-webhooks.md):
    /// `webhook-id` is the same at every attempt, `webhook-timestamp` is this attempt's.
    package func request(of attempt: Attempt, to webhook: WebhookSettings) -> HTTPRequest {
        var request = HTTPRequest(
            url: webhook.url,
            headers: [
                HTTPField("Content-Type", attempt.body.contentType),
                HTTPField("User-Agent", "phonewire/\(version)"),
                HTTPField("webhook-id", attempt.id),
                HTTPField("webhook-timestamp", String(attempt.startedAt.seconds)),
                HTTPField("x-phonewire-attempt", String(attempt.number)),
            ] + attempt.body.headers,
            body: attempt.body.bytes)
        authentication.prove(&request, body: attempt.body, webhook: webhook)
        return request
    }
}
