/// Base64 of RFC 4648 section 4: standard alphabet, with padding, without line breaks.
package enum Base64 {
    /// `bytes` as base64 text.
    package static func encode(_ bytes: [UInt8]) -> String {
        var out: [UInt8] = []
        out.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            out.append(alphabet[Int(bytes[index] >> 2)])
            out.append(alphabet[Int((bytes[index] & 3) << 4 | second >> 4)])
            out.append(left > 1 ? alphabet[Int((second & 15) << 2 | third >> 6)] : padding)
            out.append(left > 2 ? alphabet[Int(third & 63)] : padding)
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// The bytes that `text` spells. Strict: nil for another alphabet, white space, missing or misplaced padding,
    /// and bits that are set behind the last byte, so that every value has exactly one spelling.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count % 4 == 0 else { return nil }
        let paddings = characters.suffix(2).reversed().prefix { $0 == padding }.count
        var out: [UInt8] = []
        out.reserveCapacity(characters.count / 4 * 3)
        var bits: UInt32 = 0
        for (index, character) in characters.dropLast(paddings).enumerated() {
            guard let digit = value(of: character) else { return nil }
            bits = bits << 6 | UInt32(digit)
            if index % 4 == 3 {
                out.append(contentsOf: [16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) })
                bits = 0
            }
        }
        switch paddings {
        case 1:
            guard bits & 3 == 0 else { return nil }
            out.append(UInt8(truncatingIfNeeded: bits >> 10))
            out.append(UInt8(truncatingIfNeeded: bits >> 2))
        case 2:
            guard bits & 15 == 0 else { return nil }
            out.append(UInt8(truncatingIfNeeded: bits >> 4))
        default: break
        }
        return out
    }

    private static let padding = UInt8(ascii: "=")
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case 0x41...0x5A: character - 0x41
        case 0x61...0x7A: character - 0x61 + 26
        case 0x30...0x39: character - 0x30 + 52
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
