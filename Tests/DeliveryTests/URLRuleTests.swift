import Delivery
import Testing

@Suite struct URLRuleTests {
    @Test(arguments: [
        "http://example.org", "https://example.org/hook?token=a%20b&c={d}", "HTTPS://EXAMPLE.ORG:8443/",
        "http://192.168.1.5:65535/x", "http://[::1]:80/", "http://[fe80::1]/", "http://localhost?x=@",
        "http://a_b.internal/@user", "http://1.2.3.4:1", "http://[::ffff:10.0.0.1]/",
    ])
    func accepted(url: String) throws {
        try URLRule.check(url)
    }

    @Test(
        arguments: [
            ("", .empty), ("http://a\n", .controlCharacter), ("http://a\u{0}b", .controlCharacter),
            ("http://a/\u{7F}", .controlCharacter), ("http://a/b c", .unescaped), ("http://a/ü", .unescaped),
            ("http:\\\\a", .unescaped), ("http://bücher.example", .unescaped), ("http://a/#x", .fragment),
            ("example.org/hook", .scheme), ("ftp://a/", .scheme), ("file:///etc/passwd", .scheme),
            ("http:/a", .scheme), ("http:a", .scheme), ("://a", .scheme), ("gopher://a:80/", .scheme),
            (" http://a", .unescaped), ("https//a", .scheme), ("http://u@a/", .userInformation),
            ("http://u:p@a:80/", .userInformation), ("http://", .noHost), ("http:///path", .noHost),
            ("http://:80/", .noHost), ("http://?x", .noHost), ("http://-a/", .host), ("http://a%41/", .host),
            ("http://[::1/", .host), ("http://[]/", .host), ("http://[::1]x/", .host), ("http://[1]/", .host),
            ("http://a,b/", .host), ("http://a:/", .port), ("http://a:0/", .port), ("http://a:65536/", .port),
            ("http://a:x/", .port), ("http://a:80:80/", .port), ("http://a:+80/", .port),
            ("http://a:080808/", .port), ("http://[::1]:/", .port), ("http://..", .host),
        ] as [(String, URLRefusal)])
    func refused(url: String, refusal: URLRefusal) {
        #expect(throws: refusal) { try URLRule.check(url) }
    }

    @Test func lengths() throws {
        let longest = "http://a/" + String(repeating: "x", count: URLRule.bytesMax - 9)
        try URLRule.check(longest)
        #expect(throws: URLRefusal.tooLong(bytes: 2049)) { try URLRule.check(longest + "x") }
        try URLRule.check("http://" + String(repeating: "a", count: 253))
        #expect(throws: URLRefusal.host) { try URLRule.check("http://" + String(repeating: "a", count: 254)) }
    }

    @Test func everyRefusalIsOneSentence() {
        let all: [URLRefusal] = [
            .empty, .tooLong(bytes: 3000), .controlCharacter, .unescaped, .fragment, .scheme,
            .userInformation,
            .noHost, .host, .port,
        ]
        for refusal in all {
            #expect(refusal.sentence.hasPrefix("The URL") && refusal.sentence.hasSuffix("."))
        }
        #expect(Set(all.map(\.sentence)).count == all.count)
    }
}
