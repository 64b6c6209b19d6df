internal import CCrypto

/// A public big number of libcrypto; never used for secret parts, its arithmetic is not constant-time.
@safe struct BigNumber: ~Copyable {
    private let number: OpaquePointer

    init(adopting number: OpaquePointer) {
        unsafe self.number = number
    }

    deinit {
        unsafe BN_free(number)
    }

    private init() throws(CryptoError) {
        guard let made = unsafe BN_new() else { throw .failed(to: "make a number") }
        unsafe self.init(adopting: made)
    }

    /// 2 to the power of `exponent`, modulo `modulus` (most significant byte first, not zero).
    static func powerOfTwo(_ exponent: Int, modulo modulus: [UInt8]) throws(CryptoError) -> BigNumber {
        let power = try BigNumber()
        let divisor = try BigNumber()
        let remainder = try BigNumber()
        guard let context = unsafe BN_CTX_new() else { throw .failed(to: "make a number") }
        defer { unsafe BN_CTX_free(context) }
        guard unsafe BN_set_bit(power.number, Int32(exponent)) == 1,
            unsafe BN_bin2bn(modulus, Int32(modulus.count), divisor.number) != nil,
            unsafe BN_div(nil, remainder.number, power.number, divisor.number, context) == 1
        else { throw .failed(to: "compute a remainder") }
        return remainder
    }

    /// The number, most significant byte first, filled up with zeros to `count` bytes.
    func bigEndian(bytes count: Int) throws(CryptoError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        guard unsafe BN_bn2binpad(number, &bytes, Int32(count)) == count else {
            throw .library(operation: "write a number", detail: "it does not fit into \(count) bytes")
        }
        return bytes
    }
}
