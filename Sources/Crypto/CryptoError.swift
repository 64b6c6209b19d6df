internal import CCrypto

/// Why a key could not be used or libcrypto refused a call. Never holds key material.
package enum CryptoError: Error, Sendable, Equatable {
    /// The text is longer than `RSAKey.pemBytesMax`.
    case pemTooLarge(bytes: Int)
    /// No private key in the text: not PEM, cut short, or damaged. `detail` is libcrypto's reason.
    case notAPrivateKey(detail: String)
    /// The text is a public key; the private one beside it is wanted.
    case publicKeyGiven
    /// The key is protected by a pass phrase.
    case keyIsEncrypted
    /// A private key of another kind than RSA.
    case notRSA
    /// An RSA key of another size than 2048 bits.
    case wrongKeySize(bits: Int)
    /// The parts of the key do not belong together: its signatures do not verify.
    case inconsistentKey
    /// An ADB token is 20 bytes; a phone that sends another size gets no signature.
    case wrongTokenSize(bytes: Int)
    /// More random bytes than `RandomBytes.countMax`, or a negative number of them.
    case wrongRandomCount(Int)
    /// libcrypto failed in `operation`; `detail` is its reason.
    case library(operation: String, detail: String)
}

extension CryptoError: CustomStringConvertible {
    /// One sentence: what happened, and what to do where something can be done.
    package var description: String {
        switch self {
        case .pemTooLarge(let bytes):
            "the key file has \(bytes) bytes, more than \(RSAKey.pemBytesMax): it is not an ADB key"
        case .notAPrivateKey(let detail):
            "no private key found (\(detail)): give a PEM file that begins with -----BEGIN PRIVATE KEY-----"
        case .publicKeyGiven:
            "this is a public key: give the private key file, named adbkey without .pub"
        case .keyIsEncrypted:
            "the key is protected by a pass phrase: remove it with `openssl pkey -in KEY -out NEWKEY`"
        case .notRSA:
            "the key is not an RSA key: Android accepts only RSA keys of 2048 bits"
        case .wrongKeySize(let bits):
            "the RSA key has \(bits) bits: Android accepts only 2048"
        case .inconsistentKey:
            "the key is damaged: its own public part does not accept its signatures"
        case .wrongTokenSize(let bytes):
            "the phone asked to sign \(bytes) bytes instead of \(RSAKey.tokenBytes): refused"
        case .wrongRandomCount(let count):
            "\(count) random bytes asked for, 0 to \(RandomBytes.countMax) possible"
        case .library(let operation, let detail):
            "libcrypto failed to \(operation): \(detail)"
        }
    }

    /// The error for a failed libcrypto call; empties this thread's error queue.
    static func failed(to operation: String) -> CryptoError {
        .library(operation: operation, detail: libraryReason())
    }

    /// The first reason in this thread's libcrypto error queue, which is emptied.
    static func libraryReason() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = unsafe ERR_reason_error_string(code) else { return "no reason given" }
        return unsafe String(cString: reason)
    }
}
