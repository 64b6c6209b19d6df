import Base
internal import CCrypto

/// An ADB host key: RSA with 2048 bits, the only size Android reads.
///
/// A value without a handle: it holds the PKCS#8 form and opens it for each use (some tens of microseconds beside
/// a signature's millisecond), so it can cross actors freely. It signs whatever 20 bytes a phone sends as if they
/// were a SHA-1 digest, so it must be used for nothing else than ADB.
///
/// File format: AOSP `packages/modules/adb client/auth.cpp` writes PKCS#8 PEM to `adbkey` and also reads PKCS#1.
/// Modes and places of files are the caller's matter.
package struct RSAKey: Sendable, Equatable {
    /// Length of the token a phone asks to sign, in bytes.
    package static let tokenBytes = 20
    /// Length of a signature, in bytes.
    package static let signatureBytes = 256
    /// Longest PEM text read, in bytes; a 2048-bit key needs about 1,700.
    package static let pemBytesMax = 16_384
    static let modulusBits = 2048

    /// The private key as PKCS#8 DER. Secret.
    let pkcs8: [UInt8]
    /// The modulus, most significant byte first, 256 bytes.
    let modulus: [UInt8]
    /// The public exponent, 65537 in every key that adb or phonewire makes.
    let publicExponent: UInt32

    /// A new key from libcrypto's generator, with exponent 65537. Takes a tenth of a second or more of processor
    /// time: not for a thread that others wait for.
    package static func generate() throws(CryptoError) -> RSAKey {
        try RSAKey(adopting: KeyHandle.generate(bits: modulusBits))
    }

    /// Reads PEM text: PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`).
    ///
    /// Text before the first PEM line is skipped, as OpenSSL does. Throws for anything but one usable RSA-2048 key.
    package init(pem: [UInt8]) throws(CryptoError) {
        guard pem.count <= Self.pemBytesMax else { throw .pemTooLarge(bytes: pem.count) }
        let handle = try KeyHandle(pem: pem)
        try self.init(adopting: handle)
    }

    private init(adopting handle: consuming KeyHandle) throws(CryptoError) {
        guard handle.isRSA else { throw .notRSA }
        let bits = handle.bits
        guard bits == Self.modulusBits else { throw .wrongKeySize(bits: bits) }
        // Parts of two keys would otherwise show only as "the phone refuses the key".
        guard handle.verifiesItself() else { throw .inconsistentKey }
        pkcs8 = try handle.pkcs8()
        modulus = try handle.modulus(bytes: Self.modulusBits / 8)
        publicExponent = try handle.publicExponent()
        // n0inv does not exist for an even modulus.
        guard let last = modulus.last, last & 1 == 1 else { throw .inconsistentKey }
    }

    /// The key as PKCS#8 PEM, as `adb` writes it. Secret: for a file of mode 0600 only.
    package var pem: String {
        let text = Array(Base64.encode(pkcs8).utf8)
        var lines = "-----BEGIN PRIVATE KEY-----\n"
        for start in stride(from: 0, to: text.count, by: 64) {
            lines += String(decoding: text[start..<min(start + 64, text.count)], as: UTF8.self) + "\n"
        }
        return lines + "-----END PRIVATE KEY-----\n"
    }

    /// Signs a phone's token: PKCS#1 v1.5 over the 20 bytes used as a SHA-1 digest, without hashing them. 256 bytes.
    ///
    /// Source: AOSP `packages/modules/adb client/auth.cpp`, `RSA_sign(NID_sha1, token, 20)`.
    package func sign(token20 token: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard token.count == Self.tokenBytes else { throw .wrongTokenSize(bytes: token.count) }
        return try KeyHandle(pkcs8: pkcs8).sign(digestInfo: Self.sha1DigestInfo + token)
    }

    /// What stands before a SHA-1 digest in a PKCS#1 v1.5 signature (RFC 8017 section 9.2, note 1). Written out, and
    /// not left to libcrypto's `EVP_sha1`, because some systems forbid SHA-1 signatures by policy.
    static let sha1DigestInfo: [UInt8] = [
        0x30, 0x21,  // DigestInfo, 33 bytes
        0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A,  // algorithm: 1.3.14.3.2.26, SHA-1
        0x05, 0x00,  // no parameters
        0x04, 0x14,  // digest, 20 bytes
    ]
}

extension RSAKey: CustomStringConvertible, CustomReflectable {
    /// Never the key itself.
    package var description: String { "RSAKey(\(Self.modulusBits) bits)" }
    /// Never the key itself: `dump` and test failures reflect.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
