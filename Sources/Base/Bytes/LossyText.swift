/// Text from a phone, made safe to keep: always valid UTF-8, never with a NUL.
///
/// Every bad unit becomes U+FFFD: an invalid byte, and a lone UTF-16 surrogate that was written as three
/// bytes (`ED A0 80` to `ED BF BF`), which counts as one unit. U+0000 is dropped.
package enum LossyText {
    /// The repaired text of `bytes`.
    package static func decode(_ bytes: some Collection<UInt8>) -> String {
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let byte = bytes[index]
            if byte == 0xED, let after = surrogateEnd(in: bytes, at: index) {
                clean.append(contentsOf: [0xEF, 0xBF, 0xBD])
                index = after
                continue
            }
            if byte != 0 { clean.append(byte) }
            index = bytes.index(after: index)
        }
        return String(decoding: clean, as: UTF8.self)
    }

    private static func surrogateEnd<C: Collection<UInt8>>(in bytes: C, at index: C.Index) -> C.Index? {
        let second = bytes.index(after: index)
        guard second != bytes.endIndex, 0xA0...0xBF ~= bytes[second] else { return nil }
        let third = bytes.index(after: second)
        guard third != bytes.endIndex, 0x80...0xBF ~= bytes[third] else { return nil }
        return bytes.index(after: third)
    }
}
