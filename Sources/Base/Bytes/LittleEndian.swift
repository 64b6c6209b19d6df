/// Little-endian words inside byte arrays: ADB headers, shell packets and Android keys are made of them.
package enum LittleEndian {
    /// The 32-bit word at `offset`; nil where fewer than four bytes follow.
    package static func word(_ bytes: some RandomAccessCollection<UInt8>, at offset: Int) -> UInt32? {
        guard offset >= 0, bytes.count - offset >= 4 else { return nil }
        var index = bytes.index(bytes.startIndex, offsetBy: offset)
        var value: UInt32 = 0
        for shift in [UInt32(0), 8, 16, 24] {
            value |= UInt32(bytes[index]) << shift
            index = bytes.index(after: index)
        }
        return value
    }

    /// Appends `value` as four bytes, least significant first.
    package static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        for shift in [UInt32(0), 8, 16, 24] {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}
