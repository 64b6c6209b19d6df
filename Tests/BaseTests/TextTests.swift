import Base
import Testing

@Suite struct LossyTextTests {
    @Test(
        arguments: [
            (Array("Grüße 👍🏽".utf8), "Grüße 👍🏽"),
            ([], ""),
            ([0x61, 0x00, 0x62], "ab"),
            // An invalid byte each, and what follows is kept.
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
            ([0x80, 0x61], "\u{FFFD}a"),
            // Cut off inside a character.
            ([0x61, 0xE2, 0x82], "a\u{FFFD}"),
            // Lone surrogates as three bytes: one unit each.
            ([0xED, 0xA0, 0x80], "\u{FFFD}"),
            ([0xED, 0xA0, 0xBD, 0xED, 0xB1, 0x8D, 0x61], "\u{FFFD}\u{FFFD}a"),
            ([0xED, 0xBF, 0xBF], "\u{FFFD}"),
            // U+D7FF and U+E000 beside them are not surrogates.
            ([0xED, 0x9F, 0xBF, 0xEE, 0x80, 0x80], "\u{D7FF}\u{E000}"),
            // A surrogate that is cut off is two bad bytes.
            ([0xED, 0xA0], "\u{FFFD}\u{FFFD}"), ([0xED], "\u{FFFD}"),
        ] as [([UInt8], String)])
    func badUnitsAreReplaced(bytes: [UInt8], text: String) {
        #expect(Array(LossyText.decode(bytes).unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test func everyPairOfBytesGivesTextWithoutNUL() {
        for first in UInt8.min...(.max) {
            for second in UInt8.min...(.max) {
                let text = LossyText.decode([first, second])
                #expect(!text.utf8.contains(0))
                #expect(text.unicodeScalars.count <= 2)
            }
        }
    }
}

@Suite struct PrintableTextTests {
    @Test(arguments: [
        ("Grüße 👍🏽 123", "Grüße 👍🏽 123"), ("a\nb", #"a\nb"#), (#"C:\n"#, #"C:\\n"#),
        ("\u{1B}[31m", #"\u{1b}[31m"#), ("\r\t\0", #"\u{d}\u{9}\u{0}"#), ("\u{7F}\u{9B}", #"\u{7f}\u{9b}"#),
        ("a\u{202E}b\u{2028}\u{2066}", #"a\u{202e}b\u{2028}\u{2066}"#),
        ("\u{FEFF}\u{200F}\u{061C}", #"\u{feff}\u{200f}\u{61c}"#), ("\u{A0}", "\u{A0}"),
    ])
    func whatDrivesATerminalIsEscaped(text: String, shown: String) {
        #expect(PrintableText.escape(text) == shown)
    }

    @Test func longTextIsCutInScalars() {
        #expect(PrintableText.escape("abc", limit: 3) == "abc")
        #expect(PrintableText.escape("abcd", limit: 3) == "abc…")
        #expect(PrintableText.escape("\n\n\n", limit: 2) == #"\n\n…"#)
        #expect(PrintableText.escape("a", limit: 0) == "…")
        let long = String(repeating: "x", count: PrintableText.scalarsMax + 1)
        #expect(PrintableText.escape(long).unicodeScalars.count == PrintableText.scalarsMax + 1)
        #expect(PrintableText.escape(long).hasSuffix("x…"))
    }
}
