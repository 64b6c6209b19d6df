internal import CCrypto
import Digest

/// HMAC with SHA-256 (RFC 2104): signs webhook requests.
package enum HMACSHA256 {
    /// The code of `message` under `key`: 32 bytes. A key of any length is allowed, the empty one too.
    package static func code(for message: [UInt8], key: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let keyBytes = Int32(exactly: key.count) else {
            throw .library(operation: "compute an HMAC", detail: "a key of \(key.count) bytes")
        }
        var code = [UInt8](repeating: 0, count: SHA256.digestBytes)
        var written: UInt32 = 0
        // A null key means "the key of the last call" to libcrypto; an empty array has an address all the same.
        let result = unsafe HMAC(EVP_sha256(), key, keyBytes, message, message.count, &code, &written)
        guard unsafe result != nil, written == SHA256.digestBytes else {
            throw .failed(to: "compute an HMAC")
        }
        return code
    }

    /// Whether `code` is the code of `message` under `key`, compared in constant time.
    package static func isValid(_ code: [UInt8], for message: [UInt8], key: [UInt8]) throws(CryptoError)
        -> Bool
    {
        let expected = try Self.code(for: message, key: key)
        guard code.count == expected.count else { return false }
        return unsafe CRYPTO_memcmp(code, expected, expected.count) == 0
    }
}
