/// Texts of any bytes: what strangers send, what apps write, what forges the phone's own words.
enum HostileTexts {
    private static let pieces: [[UInt8]] =
        [
            "", " ", "\n", "\r\n", "\0", ",", "=", ", ", "'", "\"", "\\", "$(reboot)", "`", ";", "|",
            "{\"type\":\"ussd\"}",
            "Row: 1 _id=", "Row: 0 _id=1, t=1, s=2",
            "\nRow: 1 _id=999, t=1, s=2, d=1, ds=1, ha=41, na=0, hb=42, lb=1",
            ", body=", ", hb=41", "No result found.", "No result found.\n", "NULL", "BLOB",
            "Error while accessing provider:sms\njava.lang.SecurityException: x",
            "Error while accessing provider:", "--------- beginning of radio\n",
            "D RILJ    : [UNSL]< UNSOL_RESPONSE_NEW_SMS [PHONE1]", "Delivering SMS to: a b", "long ",
            "Logical SIM slot 0: subId=3", "%s%n", "&secret=x", "<script>", "😀", "👩‍👩‍👧‍👦", "\u{202E}abc\u{202C}",
            "e\u{301}\u{327}", "הקוד", "\u{FEFF}", "\u{FFFF}", "\u{10FFFF}",
        ].map { Array($0.utf8) } + [
            // Lone surrogates, a pair of them as Java writes it, cut sequences, overlong forms, what is never UTF-8.
            [0xED, 0xA0, 0x80], [0xED, 0xB0, 0x80], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x9F, 0x98],
            [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xF5, 0x80], [0xFF, 0xFE], [0x80], [0xED, 0xA0],
        ]

    /// A text of some pieces, or of random bytes; seldom a very long one.
    static func text(_ random: inout SeededRandom) -> [UInt8] {
        switch random.next(below: 100) {
        case 0..<8: return []
        case 8..<28:
            return (0..<random.next(below: 200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        case 28 where random.chance(40):
            let piece = pieces[random.next(below: pieces.count)] + [0x61]
            return Array(
                repeatElement(piece, count: 1 + (8000 + random.next(below: 16_000)) / piece.count).joined())
        default:
            return Array(
                (0..<(1 + random.next(below: 6))).map { _ in pieces[random.next(below: pieces.count)] }
                    .joined())
        }
    }

    /// What a receiver is told of `bytes`: each lone surrogate and all else that is no UTF-8 as U+FFFD, no NUL. `isPlain`: the phone
    /// prints the text itself, in which it writes `?` for a lone surrogate.
    static func shown(_ bytes: [UInt8], isPlain: Bool) -> String {
        var clean: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.count > 2, rest[index] == 0xED, 0xA0...0xBF ~= rest[index + 1],
                0x80...0xBF ~= rest[index + 2]
            {
                clean += Array((isPlain ? "?" : "\u{FFFD}").utf8)
                index += 3
            } else {
                if rest[index] != 0 { clean.append(rest[index]) }
                index += 1
            }
        }
        return String(decoding: clean, as: UTF8.self)
    }
}
