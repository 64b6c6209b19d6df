import Base
import Testing

@testable import Crypto

@Suite("Digests, random bytes, base64")
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
