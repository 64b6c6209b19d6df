import Base

/// Walks over one line of output and goes on behind exactly what is expected, or stays.
struct ByteScanner {
    /// Longest decimal number of 64 bits, in digits.
    private static let integerDigitsMax = 19

    /// What has not been read yet.
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// Goes on behind `text` where it stands next, byte for byte; false, and stays, where it does not.
    mutating func accept(_ text: StaticString) -> Bool {
        let wanted = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard unsafe rest.starts(with: wanted) else { return false }
        rest = rest.dropFirst(wanted.count)
        return true
    }

    /// Goes on behind `wanted` where it stands next; false, and stays, where it does not.
    mutating func accept(_ wanted: [UInt8]) -> Bool {
        guard rest.starts(with: wanted) else { return false }
        rest = rest.dropFirst(wanted.count)
        return true
    }

    /// All bytes up to the first that `isPart` refuses; may be empty.
    mutating func prefix(while isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let part = rest.prefix(while: isPart)
        rest = rest[part.endIndex...]
        return part
    }

    /// Eight hexadecimal digits, a word of 32 bits; nil, and nothing read, where there are none.
    mutating func hexWord() -> UInt32? {
        let digits = rest.prefix(8)
        guard digits.count == 8, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
            let word = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        rest = rest.dropFirst(8)
        return word
    }

    /// A decimal number as Android prints one, at most 64 bits: no leading zeros, no `-0`. Nil (and nothing was read)
    /// for anything else: there is one way to write each number.
    mutating func integer() -> Int64? {
        let start = rest
        let negative = rest.first == UInt8(ascii: "-")
        if negative { rest = rest.dropFirst() }
        let digits = digits()
        let isPlain = digits.first != UInt8(ascii: "0") || (digits.count == 1 && !negative)
        guard isPlain, 1...Self.integerDigitsMax ~= digits.count,
            let value = Int64((negative ? "-" : "") + String(decoding: digits, as: UTF8.self))
        else {
            rest = start
            return nil
        }
        return value
    }

    /// Decimal digits; may be empty.
    mutating func digits() -> ArraySlice<UInt8> { prefix(while: \.isDigit) }

    /// A number, or the word `NULL` as `.some(nil)`; nil for anything else.
    mutating func nullableInteger() -> Int64?? {
        if accept("NULL") { return .some(nil) }
        return integer().map { .some($0) }
    }

    /// An even number of upper-case hexadecimal digits as bytes; may be empty.
    mutating func hex() -> [UInt8]? {
        let digits = prefix(while: \.isUppercaseHexDigit)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var index = digits.startIndex
        while index < digits.endIndex {
            bytes.append(Self.value(digits[index]) << 4 | Self.value(digits[index + 1]))
            index += 2
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8 {
        digit.isDigit ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "A") + 10
    }
}

extension UInt8 {
    static let space = UInt8(ascii: " ")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let delete: UInt8 = 0x7F

    /// `A` to `Z`.
    var isUppercaseLetter: Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self }
    /// `0` to `9` and `A` to `F`.
    var isUppercaseHexDigit: Bool { isDigit || UInt8(ascii: "A")...UInt8(ascii: "F") ~= self }
    /// `0` to `9` and `a` to `f`.
    var isLowercaseHexDigit: Bool { isDigit || UInt8(ascii: "a")...UInt8(ascii: "f") ~= self }
}

/// The lines of `bytes`, without their line feeds; one carriage return before a line feed belongs to the line end
/// (Android 6's terminal makes `\r\n`). The last line counts even without a line feed, unless it is empty.
func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: .lineFeed, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == .carriageReturn ? $0.dropLast() : $0 }
}
