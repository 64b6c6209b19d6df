/// Outside text made fit for one line of a log, a terminal or an error message.
package enum PrintableText {
    /// Longest text kept, in Unicode scalars; what is cut off is shown as "…".
    package static let scalarsMax = 256

    /// `text` with control characters (C0, DEL, C1), line and paragraph separators and bidirectional
    /// controls written as `\u{…}`, backslashes doubled, cut to `limit` scalars.
    package static func escape(_ text: String, limit: Int = scalarsMax) -> String {
        var out = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            if count == limit {
                out += "…"
                break
            }
            switch scalar.value {
            case 0x5C: out += "\\\\"
            case 0x0A: out += "\\n"
            case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
                0xFFF9...0xFFFB:
                out += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
