internal import CCrypto

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    /// Length of a digest, in bytes.
    package static let digestBytes = 32

    /// The digest of `bytes`: 32 bytes. Fails only where libcrypto cannot work at all.
    package static func digest(of bytes: [UInt8]) throws(CryptoError) -> [UInt8] {
        try unsafe MessageDigest.digest(of: bytes, algorithm: EVP_sha256(), bytes: digestBytes)
    }
}

/// The one door to EVP_Digest.
enum MessageDigest {
    static func digest(of bytes: [UInt8], algorithm: OpaquePointer?, bytes count: Int) throws(CryptoError)
        -> [UInt8]
    {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var written: UInt32 = 0
        let done = unsafe EVP_Digest(bytes, bytes.count, &digest, &written, algorithm, nil)
        guard done == 1, written == count else { throw .failed(to: "compute a digest") }
        return Array(digest.prefix(count))
    }
}
