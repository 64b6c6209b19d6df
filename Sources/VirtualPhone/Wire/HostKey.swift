import CCrypto

/// A host's RSA key as the phone keeps it: the 524 bytes of Android's own format.
///
/// Layout (little-endian): 64 (words of the modulus), n0inv, modulus (256 bytes), rr (256 bytes), exponent.
/// Source: aosp-mirror/platform_system_core libcrypto_utils/android_pubkey.cpp. n0inv and rr only speed up old
/// verifiers and are not looked at, as on phones since Android 7.
struct HostKey: Sendable, Hashable {
    /// Size of the decoded key, in bytes.
    static let bytesCount = 524
    /// Longest text accepted in an AUTH(3) message, in bytes (700 of base64, a space, `user@host`, NUL).
    static let textBytesMax = 4096

    /// The decoded key.
    let bytes: [UInt8]
    /// What follows the key in its text: `user@host` as a rule. Untrusted, shown nowhere by stock Android.
    let comment: String

    static func == (left: HostKey, right: HostKey) -> Bool { left.bytes == right.bytes }
    func hash(into hasher: inout Hasher) { hasher.combine(bytes) }

    /// Reads `base64 [space comment] [NUL]`; nil for anything a phone would not store.
    init?(text: [UInt8]) {
        guard text.count <= Self.textBytesMax else { return nil }
        let line = text.prefix { $0 != 0 && $0 != 0x0A }
        let encoded = line.prefix { $0 != 0x20 }
        guard let decoded = Base64Text.decode(encoded), decoded.count == Self.bytesCount,
            LittleWord.read(decoded, at: 0) == 64, decoded[8] & 1 == 1, decoded[263] != 0,
            [3, 65537].contains(LittleWord.read(decoded, at: 520))
        else { return nil }
        bytes = decoded
        comment = String(decoding: line.dropFirst(encoded.count + 1), as: UTF8.self)
    }

    /// What the phone shows in its dialog: the MD5 of the 524 bytes, `XX:XX:...`
    /// (aosp-mirror/platform_frameworks_base services/.../adb/AdbDebuggingManager.java `getFingerprints`).
    var fingerprint: String {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard unsafe EVP_Digest(bytes, bytes.count, &digest, &length, EVP_md5(), nil) == 1 else { return "" }
        let digits = Array("0123456789ABCDEF".utf8)
        let pairs = digest.prefix(Int(length)).map { byte in
            String(decoding: [digits[Int(byte >> 4)], digits[Int(byte & 15)]], as: UTF8.self)
        }
        return pairs.joined(separator: ":")
    }

    /// Whether `signature` (256 bytes, big-endian) is this key's over `token`.
    ///
    /// The token stands where a SHA-1 digest would: it is not hashed again
    /// (GrapheneOS/platform_packages_modules_adb client/auth.cpp `RSA_sign(NID_sha1, token, 20)`).
    func accepts(signature: [UInt8], token: [UInt8]) -> Bool {
        guard signature.count == 256, token.count == 20, let block = opened(signature) else { return false }
        let prefix: [UInt8] = [
            0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
        ]
        return block == [0x00, 0x01] + [UInt8](repeating: 0xFF, count: 218) + [0x00] + prefix + token
    }

    /// `signature ^ exponent mod modulus` as 256 bytes; nil when the signature is not below the modulus.
    private func opened(_ signature: [UInt8]) -> [UInt8]? {
        let modulusBytes = Array(bytes[8..<264])
        let exponentBytes = Array(bytes[520..<524])
        guard let context = unsafe BN_CTX_new() else { return nil }
        defer { unsafe BN_CTX_free(context) }
        let modulus = unsafe BN_lebin2bn(modulusBytes, 256, nil)
        let exponent = unsafe BN_lebin2bn(exponentBytes, 4, nil)
        let value = unsafe BN_bin2bn(signature, 256, nil)
        let result = unsafe BN_new()
        defer {
            unsafe BN_free(modulus)
            unsafe BN_free(exponent)
            unsafe BN_free(value)
            unsafe BN_free(result)
        }
        guard unsafe modulus != nil, unsafe exponent != nil, unsafe value != nil, unsafe result != nil,
            unsafe BN_cmp(value, modulus) < 0,
            unsafe BN_mod_exp(result, value, exponent, modulus, context) == 1
        else { return nil }
        var block = [UInt8](repeating: 0, count: 256)
        guard unsafe BN_bn2binpad(result, &block, 256) == 256 else { return nil }
        return block
    }
}

/// Standard base64 with padding.
enum Base64Text {
    /// The bytes that `text` spells; nil for a wrong length, alphabet or padding.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for character in text {
            if character == 0x3D {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 {
                out += [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)]
                bits = 0
            }
        }
        switch (count % 4, padding) {
        case (0, 0): break
        case (3, 1): out += [UInt8(bits >> 10 & 255), UInt8(bits >> 2 & 255)]
        case (2, 2): out.append(UInt8(bits >> 4 & 255))
        default: return nil
        }
        return out
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
