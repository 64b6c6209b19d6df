internal import CCrypto

/// An open libcrypto key. Lives inside one call; `RSAKey` is the value that is kept.
@safe struct KeyHandle: ~Copyable {
    private let key: OpaquePointer

    private init(adopting key: OpaquePointer) {
        unsafe self.key = key
    }

    deinit {
        unsafe EVP_PKEY_free(key)
    }

    static func generate(bits: Int) throws(CryptoError) -> KeyHandle {
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            throw .failed(to: "make a key")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1,
            unsafe EVP_PKEY_generate(context, &key) == 1, let made = unsafe key
        else { throw .failed(to: "make a key") }
        return unsafe KeyHandle(adopting: made)
    }

    /// Reads any private key in PEM text; the kind is for the caller to check.
    init(pem: [UInt8]) throws(CryptoError) {
        var encrypted = false
        let key = unsafe pem.withUnsafeBufferPointer { text -> OpaquePointer? in
            // A nil base address would make libcrypto read a C string from nowhere.
            guard let start = text.baseAddress, let bio = unsafe BIO_new_mem_buf(start, Int32(text.count))
            else {
                return nil
            }
            defer { unsafe BIO_free(bio) }
            // Without a callback libcrypto asks for the pass phrase on the terminal.
            return unsafe withUnsafeMutablePointer(to: &encrypted) { asked in
                unsafe PEM_read_bio_PrivateKey(
                    bio, nil,
                    { _, _, _, asked in
                        unsafe asked?.assumingMemoryBound(to: Bool.self).pointee = true
                        return -1
                    }, asked)
            }
        }
        guard let key = unsafe key else {
            let reason = CryptoError.libraryReason()
            if encrypted { throw .keyIsEncrypted }
            throw Self.looksPublic(pem) ? .publicKeyGiven : .notAPrivateKey(detail: reason)
        }
        ERR_clear_error()
        unsafe self.init(adopting: key)
    }

    init(pkcs8: [UInt8]) throws(CryptoError) {
        let key = unsafe pkcs8.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            return unsafe d2i_AutoPrivateKey(nil, &position, bytes.count)
        }
        guard let key = unsafe key else { throw .failed(to: "open a key") }
        unsafe self.init(adopting: key)
    }

    /// `adbkey.pub` begins with the word count 64, which is `QAAAA` in base64.
    private static func looksPublic(_ text: [UInt8]) -> Bool {
        let text = String(decoding: text, as: UTF8.self)
        return text.hasPrefix("QAAAA") || text.contains("BEGIN PUBLIC KEY")
            || text.contains("BEGIN RSA PUBLIC KEY")
    }

    var isRSA: Bool { unsafe EVP_PKEY_is_a(key, "RSA") == 1 }
    var bits: Int { Int(unsafe EVP_PKEY_get_bits(key)) }

    func pkcs8() throws(CryptoError) -> [UInt8] {
        guard let info = unsafe EVP_PKEY2PKCS8(key) else { throw .failed(to: "write a key") }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(info) }
        return try unsafe Self.encoded("write a key") { unsafe i2d_PKCS8_PRIV_KEY_INFO(info, $0) }
    }

    /// Runs an `i2d` function twice: once for the length, once into an array of that length.
    private static func encoded(
        _ operation: String,
        _ encode: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) throws(CryptoError) -> [UInt8] {
        let length = Int(encode(nil))
        guard length > 0 else { throw .failed(to: operation) }
        var out = [UInt8](repeating: 0, count: length)
        let written = unsafe out.withUnsafeMutableBufferPointer { buffer in
            var position = buffer.baseAddress
            return unsafe encode(&position)
        }
        guard Int(written) == length else { throw .failed(to: operation) }
        return out
    }

    /// The modulus, most significant byte first, filled up with zeros to `count` bytes.
    func modulus(bytes count: Int) throws(CryptoError) -> [UInt8] {
        let number = try number(OSSL_PKEY_PARAM_RSA_N)
        return try number.bigEndian(bytes: count)
    }

    func publicExponent() throws(CryptoError) -> UInt32 {
        let bytes = try number(OSSL_PKEY_PARAM_RSA_E).bigEndian(bytes: 4)
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func number(_ name: String) throws(CryptoError) -> BigNumber {
        var number: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &number) == 1, let number = unsafe number else {
            throw .failed(to: "read a part of a key")
        }
        return unsafe BigNumber(adopting: number)
    }

    /// PKCS#1 v1.5 type 1 padding around `digestInfo`, then the private operation.
    func sign(digestInfo: [UInt8]) throws(CryptoError) -> [UInt8] {
        guard let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil) else {
            throw .failed(to: "sign")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: RSAKey.signatureBytes)
        var length = signature.count
        guard unsafe EVP_PKEY_sign_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1,
            unsafe EVP_PKEY_sign(context, &signature, &length, digestInfo, digestInfo.count) == 1,
            length == signature.count
        else { throw .failed(to: "sign") }
        return signature
    }

    /// Whether the public part accepts a signature of the private part.
    func verifiesItself() -> Bool {
        let sample = RSAKey.sha1DigestInfo + [UInt8](repeating: 0xA5, count: RSAKey.tokenBytes)
        defer { ERR_clear_error() }
        guard let signature = try? sign(digestInfo: sample),
            let context = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe EVP_PKEY_verify_init(context) == 1
            && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
            && EVP_PKEY_verify(context, signature, signature.count, sample, sample.count) == 1
    }
}
