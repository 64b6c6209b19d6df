import Delivery
import Events
import Testing
import Time

@Suite struct WebhookRequestTests {
    private let webhook = Webhook(
        key: WebhookKey(rawValue: 1), name: "home", url: "http://10.0.0.1/hook", format: .smsnotif,
        secret: "s&t",
        kinds: [.sms], enabled: true, pausedReason: nil, createdAt: WallTime(milliseconds: 0))

    @Test func anAttempt() {
        let body = FrozenBody(contentType: "text/x", bytes: Array("secret=&a=1".utf8), secretOffset: 7)
        let request = WebhookRequest.make(
            webhook: webhook, body: body, id: "inst-42", attempt: 3,
            at: WallTime(milliseconds: 1_645_684_231_999),
            version: "9.8.7")
        #expect(request.url == "http://10.0.0.1/hook")
        #expect(
            request.headers == [
                HTTPField("Content-Type", "text/x"), HTTPField("User-Agent", "phonewire/9.8.7"),
                HTTPField("webhook-id", "inst-42"), HTTPField("webhook-timestamp", "1645684231"),
                HTTPField("x-phonewire-attempt", "3"),
            ])
        #expect(text(request.body) == "secret=s%26t&a=1")
    }
}
