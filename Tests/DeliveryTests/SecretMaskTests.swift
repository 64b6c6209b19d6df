import Delivery
import Testing

@Suite struct SecretMaskTests {
    private let secret = "p/w d&é\"1"

    @Test(arguments: [
        ("", ""), ("stored", "stored"), ("got p/w d&é\"1!", "got ***!"),
        ("secret=p%2Fw+d%26%C3%A9%221&type=sms", "secret=***&type=sms"),
        ("secret=p%2fw+d%26%c3%a9%221&type=sms", "secret=***&type=sms"),
        (#"{"secret":"p/w d&é\"1"}"#, #"{"secret":"***"}"#),
        (#"{"secret":"p\/w d&é\"1"}"#, #"{"secret":"***"}"#),
        ("p/w d&é\"1p/w d&é\"1", "******"), ("p/w d&é\"", "***"),
        ("cut secret=p%2Fw+d%26%C3", "cut secret=***"),
        ("lamp", "lamp"),
    ])
    func anEchoIsMasked(reply: String, shown: String) {
        #expect(text(SecretMask.masked(Array(reply.utf8), secret: secret)) == shown)
    }

    @Test func withoutASecretNothingChanges() {
        #expect(text(SecretMask.masked(Array("***secret=&".utf8), secret: "")) == "***secret=&")
        #expect(text(SecretMask.masked([0, 0xFF], secret: "\0")) == text([0x2A, 0x2A, 0x2A, 0xFF]))
    }

    @Test func aRedirectDoesNotShowIt() {
        let answer = HTTPAnswer(status: 302, body: Array("to k1".utf8), location: "http://h/?secret=k1")
        let masked = HTTPResult.answered(answer).masking("k1")
        #expect(
            masked
                == .answered(
                    HTTPAnswer(status: 302, body: Array("to ***".utf8), location: "http://h/?secret=***")))
        let failed = HTTPResult.failed(HTTPFailure(kind: .connect, message: "refused"))
        #expect(failed.masking("k1") == failed)
    }
}
