import Base
import Delivery
import Events
import Testing

@Suite struct WebhookRequestTests {
    private let webhook = WebhookSettings(
        stored: "home", url: "http://10.0.0.1/hook", format: .smsnotif, filter: Filter(),
        secret: Secret("s&t"))

    private func request(_ body: FrozenBody) -> HTTPRequest {
        let attempt = Attempt(
            id: "inst-42", number: 3, body: body, startedAt: WallTime(milliseconds: 1_645_684_231_999))
        return HTTPTransport(client: NobodyThere(), version: "9.8.7").request(of: attempt, to: webhook)
    }

    @Test func anAttempt() {
        let body = FrozenBody(contentType: "text/x", bytes: Array("secret=&a=1".utf8), secretOffset: 7)
        let request = request(body)
        #expect(request.url == "http://10.0.0.1/hook")
        #expect(
            request.headers == [
                HTTPField("Content-Type", "text/x"), HTTPField("User-Agent", "phonewire/9.8.7"),
                HTTPField("webhook-id", "inst-42"), HTTPField("webhook-timestamp", "1645684231"),
                HTTPField("x-phonewire-attempt", "3"),
            ])
        #expect(text(request.body) == "secret=s%26t&a=1")
    }

    @Test func aFormatsOwnHeadersComeBehindOurs() {
        let body = FrozenBody(
            contentType: "text/plain", headers: [HTTPField("Title", "a")], bytes: [0x61], secretOffset: nil)
        let request = request(body)
        #expect(request.headers.last == HTTPField("Title", "a"))
        #expect(request.headers.count == 6)
        #expect(request.body == [0x61])
    }
}

private struct NobodyThere: HTTPClient {
    func send(_ request: HTTPRequest) async -> HTTPResult {
        .failed(HTTPFailure(kind: .connect, message: "nobody there"))
    }
}
