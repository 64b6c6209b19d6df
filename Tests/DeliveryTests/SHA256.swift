import Base
import CCrypto

/// The SHA-256 of `bytes` in lower-case hexadecimal, by libcrypto: a second opinion on the expected bodies.
func sha256(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    unsafe bytes.withUnsafeBufferPointer { input in
        unsafe digest.withUnsafeMutableBufferPointer { output in
            _ = unsafe SHA256(input.baseAddress, input.count, output.baseAddress)
        }
    }
    return Hex.encode(digest)
}
