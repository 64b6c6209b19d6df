internal import CCrypto

/// SHA-256 (FIPS 180-4), computed by libcrypto.
package enum SHA256 {
    /// Length of a digest, in bytes.
    package static let digestBytes = 32

    /// The digest of `bytes`: 32 bytes. A libcrypto that cannot compute it is not one that phonewire can run with:
    /// then, and never because of `bytes`, this ends the program.
    package static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var written: UInt32 = 0
        let done = unsafe EVP_Digest(bytes, bytes.count, &digest, &written, EVP_sha256(), nil)
        precondition(done == 1 && written == digestBytes, "libcrypto cannot compute SHA-256")
        return Array(digest.prefix(digestBytes))
    }
}
