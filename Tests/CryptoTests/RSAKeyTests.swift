import Base
import Testing

@testable import Crypto

@Suite("Reading, making and using a host key")
struct RSAKeyTests {
    @Test("A new key: 2048 bits, written and read back the same, its signature belongs to it")
    func newKey() throws {
        let key = try RSAKey.generate()
        #expect(key.modulus.count == 256)
        #expect(key.modulus[0] >= 0x80)
        #expect(key.publicExponent == 65_537)

        let again = try RSAKey(pem: Array(key.pem.utf8))
        #expect(again == key)
        #expect(again.pem == key.pem)
        #expect(key.pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(key.pem.split(separator: "\n").allSatisfy { $0.utf8.count <= 64 })

        let token = [UInt8](repeating: 7, count: 20)
        #expect(try key.sign(token20: token) == again.sign(token20: token))
        #expect(try key.androidPublicKey().count == 524)
        #expect(try key.androidPublicKeyLine(user: "u", host: "h").hasPrefix("QAAAA"))
    }

    @Test("Two new keys differ")
    func keysDiffer() throws {
        #expect(try RSAKey.generate() != RSAKey.generate())
    }

    @Test(
        "Every usual form of one key reads as that key",
        arguments: [
            "good-key-a-pkcs1.pem", "good-key-a-crlf.pem", "good-key-a-text-around.pem",
            "good-key-a-then-b.pem",
        ])
    func forms(file: String) throws {
        let expected = try RSAKey(pem: TestFiles.keyFile("good-key-a-pkcs8.pem"))
        #expect(try RSAKey(pem: TestFiles.keyFile(file)) == expected)
    }

    @Test("Every other file gives one clear error", arguments: KeyFiles.failing)
    func failing(file: String, expected: CryptoError) throws {
        let bytes = try TestFiles.keyFile(file)
        let error = #expect(throws: CryptoError.self) { try RSAKey(pem: bytes) }
        guard case .notAPrivateKey = expected else {
            #expect(error == expected)
            return
        }
        guard case .notAPrivateKey(let detail)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!detail.isEmpty)
    }

    @Test("An oversized file is refused before it is parsed")
    func oversized() {
        let bytes = [UInt8](repeating: 0x2D, count: RSAKey.pemBytesMax + 1)
        #expect(throws: CryptoError.pemTooLarge(bytes: 16_385)) { try RSAKey(pem: bytes) }
    }

    @Test("Only tokens of 20 bytes are signed", arguments: [0, 1, 19, 21, 256, 1 << 20])
    func tokenSizes(count: Int) throws {
        let key = try RSAKey(pem: TestFiles.keyFile("good-key-a-pkcs8.pem"))
        let token = [UInt8](repeating: 0, count: count)
        #expect(throws: CryptoError.wrongTokenSize(bytes: count)) { try key.sign(token20: token) }
    }

    @Test("Names cannot end the public key's line or field, nor make it long")
    func owners() throws {
        let key = try RSAKey(pem: TestFiles.keyFile("good-key-a-pkcs8.pem"))
        let line = try key.androidPublicKeyLine(user: "a b\nQAAAA", host: "h\u{0}\u{e9}")
        #expect(line.split(separator: " ").dropFirst() == ["a_b_QAAAA@h___"])
        let long = try key.androidPublicKeyLine(user: "u", host: String(repeating: "h", count: 100_000))
        #expect(long.utf8.count == 700 + 1 + RSAKey.ownerBytesMax)
    }

    @Test("A key never shows itself")
    func redaction() throws {
        let key = try RSAKey(pem: TestFiles.keyFile("good-key-a-pkcs8.pem"))
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "RSAKey(2048 bits)")
        #expect(String(reflecting: key) == "RSAKey(2048 bits)")
        #expect(dumped == "- RSAKey(2048 bits)\n")
    }
}

/// Files that hold no usable key, and the error of each. `notAPrivateKey` details are libcrypto's words: any text.
enum KeyFiles {
    static let failing: [(String, CryptoError)] = [
        ("bad-certificate.pem", .notAPrivateKey(detail: "")),
        ("bad-cut-short.pem", .notAPrivateKey(detail: "")),
        ("bad-ec-p256.pem", .notRSA),
        ("bad-ed25519.pem", .notRSA),
        ("bad-empty.txt", .notAPrivateKey(detail: "")),
        ("bad-encrypted-pkcs1.pem", .keyIsEncrypted),
        ("bad-encrypted-pkcs8.pem", .keyIsEncrypted),
        ("bad-even-modulus.pem", .inconsistentKey),
        ("bad-exponent-wide.pem", .inconsistentKey),
        ("bad-exponent-zero.pem", .inconsistentKey),
        ("bad-foreign-modulus.pem", .inconsistentKey),
        ("bad-key-a-adbkey-pub.txt", .publicKeyGiven),
        ("bad-key-b-adbkey-pub.txt", .publicKeyGiven),
        ("bad-no-body.pem", .notAPrivateKey(detail: "")),
        ("bad-not-base64.pem", .notAPrivateKey(detail: "")),
        ("bad-nul.bin", .notAPrivateKey(detail: "")),
        ("bad-plain-text.txt", .notAPrivateKey(detail: "")),
        ("bad-private-parts-zero.pem", .inconsistentKey),
        ("bad-private-parts.pem", .inconsistentKey),
        ("bad-public-pkcs1.pem", .publicKeyGiven),
        ("bad-public-spki.pem", .publicKeyGiven),
        ("bad-rsa-1024.pem", .wrongKeySize(bits: 1024)),
        ("bad-rsa-3072.pem", .wrongKeySize(bits: 3072)),
        ("bad-rsa-pss.pem", .notRSA),
    ]
}
