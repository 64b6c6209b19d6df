import Delivery
import Testing

@Suite struct ResultClassTests {
    @Test func everyStatus() {
        var expected = [Int: ResultClass]()
        for status in 200...299 { expected[status] = .delivered }
        for status in 300...399 { expected[status] = .retrySlowly }
        for status in [400, 409, 413, 422] { expected[status] = .refused }
        for status in [401, 403, 404, 405, 411, 414, 415, 421, 501, 505] { expected[status] = .broken }
        for status in [429, 503] { expected[status] = .busy }
        expected[410] = .gone
        for status in -1...1000 {
            #expect(ResultClass(answered(status)) == expected[status] ?? .retry, "\(status)")
        }
    }

    @Test(
        arguments: [
            (.lookup, .retry), (.connect, .retry), (.timeout, .retry), (.reset, .retry),
            (.protocolError, .retry),
            (.tls, .retrySlowly), (.invalid, .retrySlowly), (.cancelled, .stopped),
        ] as [(HTTPFailure.Kind, ResultClass)])
    func everyFailure(kind: HTTPFailure.Kind, expected: ResultClass) {
        #expect(ResultClass(failed(kind)) == expected)
    }

    @Test func words() {
        #expect(ResultWords.error(answered(204)) == nil)
        #expect(ResultWords.error(answered(500)) == "500 Internal Server Error")
        #expect(ResultWords.error(answered(599)) == "599")
        #expect(ResultWords.error(failed(.timeout)) == "timeout: because")
        #expect(ResultWords.error(answered(304)) == "304 Not Modified: redirects are not followed")
        #expect(
            ResultWords.error(.answered(HTTPAnswer(status: 302, location: "http://x/\u{1B}[31m")))
                == "302 Found: a redirect to http://x/\\u{1b}[31m is not followed (it would lose the body);"
                + " give the webhook that URL if it is right")
        #expect(
            ResultWords.error(.answered(HTTPAnswer(status: 308, location: "http://x/")))
                == "308 Permanent Redirect: a redirect to http://x/ is not followed;"
                + " give the webhook that URL if it is right")
    }
}

func answered(_ status: Int, retryAfter: Int64? = nil) -> HTTPResult {
    .answered(HTTPAnswer(status: status, retryAfter: retryAfter, body: Array("reply".utf8)))
}

func failed(_ kind: HTTPFailure.Kind) -> HTTPResult {
    .failed(HTTPFailure(kind: kind, message: "because"))
}
