import Crypto

extension Laws {
    /// A key file gives a key or an error; a key is usable, and comes back from what is written.
    package static let keyReader = Law(name: "KeyReader") { bytes throws(BrokenLaw) in
        let key: RSAKey
        do throws(CryptoError) {
            key = try RSAKey(pem: bytes)
        } catch {
            return try promise(!"\(error)".isEmpty, "an error says something")
        }
        let again: RSAKey
        let signature: [UInt8]
        let publicKey: [UInt8]
        do throws(CryptoError) {
            again = try RSAKey(pem: Array(key.pem.utf8))
            signature = try key.sign(token20: [UInt8](repeating: 1, count: 20))
            publicKey = try key.androidPublicKey()
        } catch {
            throw BrokenLaw("a key that was read can be used: \(error)")
        }
        try promise(again == key, "a written key reads back as the same key")
        try promise(signature.count == RSAKey.signatureBytes, "a signature has 256 bytes")
        try promise(publicKey.count == RSAKey.androidPublicKeyBytes, "a public key has 524 bytes")
    }
}
