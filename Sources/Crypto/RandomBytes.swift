internal import CCrypto

/// Random bytes fit for keys and secrets, from libcrypto's generator (seeded by the kernel).
package enum RandomBytes {
    /// Most bytes one call gives.
    package static let countMax = 65_536

    /// `count` random bytes, 0 to `countMax`. Throws where the generator has no seed: never weak bytes instead.
    package static func make(count: Int) throws(CryptoError) -> [UInt8] {
        guard 0...countMax ~= count else { throw .wrongRandomCount(count) }
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe RAND_bytes(&bytes, Int32(count)) == 1 else { throw .failed(to: "make random bytes") }
        return bytes
    }
}
