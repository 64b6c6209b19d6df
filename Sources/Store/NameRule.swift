/// The names people give to phones and webhooks: 1 to 64 of `A–Z a–z 0–9 . _ -`.
enum NameRule {
    static func allows(_ name: String) -> Bool {
        (1...StoreLimits.nameBytesMax).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed)
    }

    /// A name made from outside text, such as a phone's model; `fallback` when nothing of it can be used.
    static func made(from text: String, fallback: String) -> String {
        var name: [UInt8] = []
        for byte in text.lowercased().utf8.prefix(4 * StoreLimits.nameBytesMax) {
            if isAllowed(byte) {
                name.append(byte)
            } else if let last = name.last, last != UInt8(ascii: "-") {
                name.append(UInt8(ascii: "-"))
            }
        }
        while name.last == UInt8(ascii: "-") { name.removeLast() }
        // Room is left for a number that makes it unique.
        let kept = name.prefix(StoreLimits.nameBytesMax - 8)
        return kept.isEmpty ? fallback : String(decoding: kept, as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
