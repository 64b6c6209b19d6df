import Base

/// The names people give to phones and webhooks: 1 to 64 of `A–Z a–z 0–9 . _ -`.
package enum NameRule {
    /// Longest name, in bytes.
    package static let bytesMax = 64
    /// Room that a made name leaves for a number that makes it unique, in bytes.
    private static let bytesLeft = 8
    /// What a name may be, for people.
    package static let words = "1 to \(bytesMax) of A-Z a-z 0-9 . _ -"

    /// Whether `name` may be one.
    package static func allows(_ name: String) -> Bool {
        (1...bytesMax).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed)
    }

    /// A name made from outside text, such as a phone's model; `fallback` when nothing of it can be used.
    package static func made(from text: String, fallback: String) -> String {
        var name: [UInt8] = []
        for byte in text.lowercased().utf8.prefix(4 * bytesMax) {
            if isAllowed(byte) {
                name.append(byte)
            } else if let last = name.last, last != hyphenByte {
                name.append(hyphenByte)
            }
        }
        while name.last == hyphenByte { name.removeLast() }
        let kept = name.prefix(bytesMax - bytesLeft)
        return kept.isEmpty ? fallback : String(decoding: kept, as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        byte.isLetter || byte.isDigit || "._-".utf8.contains(byte)
    }

    private static let hyphenByte = UInt8(ascii: "-")
}
