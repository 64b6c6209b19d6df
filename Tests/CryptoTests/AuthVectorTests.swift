import Base
import CCrypto
import Testing

@testable import Crypto

@Suite("ADB authentication values, made with other programs")
struct AuthVectorTests {
    static let keys = (try? AuthVectors.load().keys) ?? []

    @Test("Both keys of the file are here")
    func theFileIsRead() throws {
        #expect(try AuthVectors.load().keys.map(\.name) == ["key-a", "key-b"])
    }

    @Test("A key read from PEM has the parts it was made of", arguments: keys)
    func parts(vector: AuthVectors.Key) throws {
        let key = try RSAKey(pem: Array(vector.privateKeyPem.utf8))
        #expect(Hex.encode(key.modulus) == vector.modulusHex)
        #expect(key.publicExponent == vector.publicExponent)
        #expect(key.pem == vector.privateKeyPem)
    }

    @Test("The 524 bytes, field by field", arguments: keys)
    func androidPublicKey(vector: AuthVectors.Key) throws {
        let bytes = try RSAKey(pem: Array(vector.privateKeyPem.utf8)).androidPublicKey()
        #expect(bytes.count == vector.androidPublicKeySize)
        #expect(LittleEndian.word(bytes, at: 0) == 64)
        #expect(LittleEndian.word(bytes, at: 4) == UInt32(vector.n0inv, radix: 16))
        #expect(Hex.encode(bytes[8..<264].reversed()) == vector.modulusHex)
        #expect(Hex.encode(bytes[264..<520].reversed()) == vector.rrBigEndian)
        #expect(LittleEndian.word(bytes, at: 520) == vector.publicExponent)
        #expect(Base64.encode(bytes) == vector.androidPublicKeyBase64)
    }

    @Test("The line of adbkey.pub and the message that carries it", arguments: keys)
    func publicKeyLine(vector: AuthVectors.Key) throws {
        let key = try RSAKey(pem: Array(vector.privateKeyPem.utf8))
        let owner = try #require(vector.publicKeyLine.split(separator: " ").last).split(separator: "@")
        let line = try key.androidPublicKeyLine(user: String(owner[0]), host: String(owner[1]))
        #expect(line == vector.publicKeyLine)

        let payload = Array(line.utf8) + [0]
        #expect(payload.count == vector.publicKeyPayloadLength)
        #expect(payload.reduce(0) { $0 + UInt32($1) } == UInt32(vector.publicKeyPayloadChecksum, radix: 16))
        #expect(Hex.encode(authHeader(type: 3, payload: payload)) == vector.publicKeyHeader)
    }

    @Test("Fingerprints: what the phone shows, and ours", arguments: keys)
    func fingerprints(vector: AuthVectors.Key) throws {
        let key = try RSAKey(pem: Array(vector.privateKeyPem.utf8))
        #expect(try key.phoneFingerprint() == vector.fingerprintMD5)
    }

    @Test("Signatures of tokens", arguments: keys)
    func signatures(vector: AuthVectors.Key) throws {
        let key = try RSAKey(pem: Array(vector.privateKeyPem.utf8))
        #expect(vector.tokens.map(\.label) == ["ascending", "all-ff", "random"])
        for expected in vector.tokens {
            let token = try #require(Hex.decode(expected.token.utf8))
            let signature = try key.sign(token20: token)
            #expect(Hex.encode(signature) == expected.signature, "\(expected.label)")
            #expect(Hex.encode(authHeader(type: 1, payload: token) + token) == expected.tokenMessage)
            #expect(Hex.encode(authHeader(type: 2, payload: signature)) == expected.signatureHeader)
        }
    }

    @Test("A signature holds the padded token itself, not its hash", arguments: keys)
    func paddedBlocks(vector: AuthVectors.Key) throws {
        let key = try RSAKey(pem: Array(vector.privateKeyPem.utf8))
        let modulus = try #require(Hex.decode(vector.modulusHex.utf8))
        let privateExponent = try #require(Hex.decode(vector.privateExponentHex.utf8))
        for expected in vector.tokens {
            let token = try #require(Hex.decode(expected.token.utf8))
            let block = try #require(Hex.decode(expected.paddedBlock.utf8))
            let signature = try key.sign(token20: token)
            #expect(power(signature, [1, 0, 1], modulus) == block)
            #expect(power(block, privateExponent, modulus) == signature)

            let ofHash = try key.sign(token20: sha1(token))
            #expect(Hex.encode(ofHash) == expected.signatureOfHash)
            #expect(signature != ofHash)
        }
    }

    /// A message header as in AOSP `packages/modules/adb docs/dev/protocol.md`, with the sum of early versions.
    private func authHeader(type: UInt32, payload: [UInt8]) -> [UInt8] {
        let sum = payload.reduce(UInt32(0)) { $0 &+ UInt32($1) }
        var header: [UInt8] = []
        let words: [UInt32] = [0x4854_5541, type, 0, UInt32(payload.count), sum, 0x4854_5541 ^ 0xFFFF_FFFF]
        for word in words {
            LittleEndian.append(word, to: &header)
        }
        return header
    }

    /// `base` to the power of `exponent` modulo `modulus`, all most significant byte first.
    private func power(_ base: [UInt8], _ exponent: [UInt8], _ modulus: [UInt8]) -> [UInt8] {
        let context = unsafe BN_CTX_new()
        let baseNumber = unsafe BN_bin2bn(base, Int32(base.count), nil)
        let exponentNumber = unsafe BN_bin2bn(exponent, Int32(exponent.count), nil)
        let modulusNumber = unsafe BN_bin2bn(modulus, Int32(modulus.count), nil)
        let result = unsafe BN_new()
        defer {
            unsafe BN_free(baseNumber)
            unsafe BN_free(exponentNumber)
            unsafe BN_free(modulusNumber)
            unsafe BN_free(result)
            unsafe BN_CTX_free(context)
        }
        var bytes = [UInt8](repeating: 0, count: modulus.count)
        guard unsafe BN_mod_exp(result, baseNumber, exponentNumber, modulusNumber, context) == 1,
            unsafe BN_bn2binpad(result, &bytes, Int32(bytes.count)) == bytes.count
        else { return [] }
        return bytes
    }

    private func sha1(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        return unsafe SHA1(bytes, bytes.count, &digest) == nil ? [] : digest
    }
}
