/// Classes of ASCII characters, for text that is read byte by byte.
extension UInt8 {
    /// `0` to `9`.
    package var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    /// `A` to `Z` and `a` to `z`.
    package var isLetter: Bool {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self || UInt8(ascii: "a")...UInt8(ascii: "z") ~= self
    }
    /// `0` to `9`, `A` to `F` and `a` to `f`.
    package var isHexDigit: Bool {
        isDigit || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self
            || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self
    }
}
