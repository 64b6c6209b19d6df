internal import Base
internal import CCrypto

/// The public half in Android's own form.
///
/// Source: AOSP `system/core libcrypto_utils/android_pubkey.cpp`. Little-endian words: 64 (modulus size in words),
/// n0inv, modulus, rr, exponent. Readers since Android 7 ignore n0inv and rr; older ones compute with them.
extension RSAKey {
    /// Length of the form, in bytes.
    package static let androidPublicKeyBytes = 524
    /// Longest `user@host` behind the key, in bytes; the whole line stays far below the 4096 bytes of an early packet.
    package static let ownerBytesMax = 128

    /// The 524 bytes.
    package func androidPublicKey() throws(CryptoError) -> [UInt8] {
        let modulusBytes = Self.modulusBits / 8
        let littleEndianModulus = Array(modulus.reversed())
        guard let lowestWord = LittleEndian.word(littleEndianModulus, at: 0) else {
            throw .library(operation: "write a public key", detail: "an empty modulus")
        }
        let rr = try BigNumber.powerOfTwo(2 * Self.modulusBits, modulo: modulus).bigEndian(
            bytes: modulusBytes)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.androidPublicKeyBytes)
        LittleEndian.append(UInt32(modulusBytes / 4), to: &bytes)
        LittleEndian.append(0 &- Self.inverse(ofOdd: lowestWord), to: &bytes)
        bytes += littleEndianModulus
        bytes += rr.reversed()
        LittleEndian.append(publicExponent, to: &bytes)
        return bytes
    }

    /// What `adbkey.pub` holds and AUTH RSAPUBLICKEY carries (there with a NUL behind it): base64, space, `user@host`.
    ///
    /// The phone shows neither name; other hosts' tools do. Bytes that could end the line or the field become `_`.
    package func androidPublicKeyLine(user: String, host: String) throws(CryptoError) -> String {
        let owner = (user + "@" + host).utf8.prefix(Self.ownerBytesMax).map { byte in
            0x21...0x7E ~= byte ? byte : UInt8(ascii: "_")
        }
        return Base64.encode(try androidPublicKey()) + " " + String(decoding: owner, as: UTF8.self)
    }

    /// The fingerprint in the phone's question "Allow USB debugging?": upper-case MD5 of the 524 bytes, with colons.
    ///
    /// Source: AOSP `frameworks/base services/core/java/com/android/server/adb/AdbDebuggingManager.java`
    /// (`getFingerprints`).
    package func phoneFingerprint() throws(CryptoError) -> String {
        let digest = try unsafe MessageDigest.digest(of: androidPublicKey(), algorithm: EVP_md5(), bytes: 16)
        return digest.map { Hex.encode([$0]).uppercased() }.joined(separator: ":")
    }

    /// The inverse of an odd number modulo 2^32, by Newton's iteration: each step doubles the correct bits, and an
    /// odd number is its own inverse modulo 8.
    static func inverse(ofOdd number: UInt32) -> UInt32 {
        var inverse = number
        for _ in 0..<4 { inverse = inverse &* (2 &- number &* inverse) }
        return inverse
    }
}
