internal import CCrypto

/// The one door to EVP_Digest in this target.
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
