import Platform
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("127.0.0.1:5555", "127.0.0.1:5555"), ("192.168.1.20", "192.168.1.20:5555"),
        ("localhost", "127.0.0.1:5555"), ("localhost:1", "127.0.0.1:1"), ("10.0.0.1:65535", "10.0.0.1:65535"),
        ("[::1]:37000", "[::1]:37000"), ("[fe80::1]", "[fe80::1]:5555"), ("::1", "[::1]:5555"),
    ])
    func numericAddressesAreRead(text: String, shown: String) {
        let address = SocketAddress(text)
        #expect(address?.description == shown)
        #expect(address?.isIPv6 == shown.hasPrefix("["))
        #expect(SocketAddress(shown) == address)
    }

    @Test(arguments: [
        "", ":", ":5555", "phone", "phone.local:5555", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:65536",
        "127.0.0.1:-1", "127.0.0.1:x", "127.0.0.1: 1", "127.0.0", "256.0.0.1", "127.0.0.1 ", "[::1", "[::1]x",
        "[::1]:", "[::1]:0", "[127.0.0.1x]:1", "::1:g", "[]:1", "127.0.0.1\0:1", "127.0.0.1:+1",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func aUnixPathHasALimit() {
        let longest = "/" + String(repeating: "x", count: UnixAddress.pathBytesMax - 1)
        #expect(UnixAddress(path: longest) != nil)
        #expect(UnixAddress(path: longest + "x") == nil)
        #expect(UnixAddress(path: "/" + String(repeating: "é", count: 53)) != nil)
        #expect(UnixAddress(path: "/" + String(repeating: "é", count: 54)) == nil)
        #expect(UnixAddress(path: "@name") != nil)
        #expect(UnixAddress(path: "") == nil)
    }
}
