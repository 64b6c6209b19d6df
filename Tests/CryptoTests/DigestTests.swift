import Bytes
import Digest
import Testing

@testable import Crypto

@Suite("Digests, codes, random bytes, base64")
struct DigestTests {
    @Test(
        "SHA-256 of FIPS 180-4's examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(text: String, digest: String) throws {
        #expect(Hex.encode(SHA256.digest(of: Array(text.utf8))) == digest)
    }

    @Test(
        "HMAC-SHA-256 of RFC 4231",
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131),
                "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        ] as [([UInt8], String, String)])
    func hmac(key: [UInt8], message: String, code: String) throws {
        let computed = try HMACSHA256.code(for: Array(message.utf8), key: key)
        #expect(Hex.encode(computed) == code)
        #expect(try HMACSHA256.isValid(computed, for: Array(message.utf8), key: key))
        #expect(try !HMACSHA256.isValid(computed.dropLast(), for: Array(message.utf8), key: key))
        #expect(try !HMACSHA256.isValid(computed, for: Array(message.utf8) + [0], key: key))
        #expect(
            try !HMACSHA256.isValid(
                [computed[0] ^ 1] + computed.dropFirst(), for: Array(message.utf8), key: key))
    }

    @Test("Random bytes: the number asked for, never the same, wrong numbers refused")
    func random() throws {
        #expect(try RandomBytes.make(count: 0) == [])
        #expect(try RandomBytes.make(count: 32).count == 32)
        #expect(try RandomBytes.make(count: 32) != RandomBytes.make(count: 32))
        #expect(try RandomBytes.make(count: RandomBytes.countMax).count == 65_536)
        #expect(throws: CryptoError.wrongRandomCount(-1)) { try RandomBytes.make(count: -1) }
        #expect(throws: CryptoError.wrongRandomCount(65_537)) { try RandomBytes.make(count: 65_537) }
    }

    @Test(
        "Base64 of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test("Base64 of every byte, and of 256 lengths, comes back")
    func base64RoundTrip() {
        #expect(Base64.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
        for length in 0...255 {
            let bytes = (0..<length).map { UInt8($0 &* 151 & 255) }
            #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        }
    }

    @Test(
        "Base64 has one spelling",
        arguments: [
            "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=", "==", "====", "=AAA", "A=AA", "AA=A", "Zg==Zg==",
            "Zm9v\n",
            " Zm9v", "Zm-_", "Zm9v\u{0}AAA", "\u{e9}AA",
        ])
    func base64Failing(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("The inverse of every odd 16-bit number, and of the largest")
    func inverses() {
        for number in stride(from: UInt32(1), to: 65_536, by: 2)
        where RSAKey.inverse(ofOdd: number) &* number != 1 {
            Issue.record("\(number)")
        }
        #expect(RSAKey.inverse(ofOdd: .max) == .max)
    }
}
