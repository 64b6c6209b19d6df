/// Walks over one line of output and takes exactly what is expected, or stops.
struct ByteScanner {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// Takes `text`, byte for byte.
    mutating func take(_ text: StaticString) -> Bool {
        let wanted = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard unsafe rest.starts(with: wanted) else { return false }
        rest = rest.dropFirst(wanted.count)
        return true
    }

    /// Takes all bytes up to the first that `isPart` refuses; may be empty.
    mutating func take(while isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let part = rest.prefix(while: isPart)
        rest = rest[part.endIndex...]
        return part
    }

    /// Takes a decimal number as Android prints one, at most 64 bits: no leading zeros, no `-0`. Nil (nothing taken)
    /// for anything else: there is one way to write each number.
    mutating func takeInteger() -> Int64? {
        let start = rest
        let negative = rest.first == UInt8(ascii: "-")
        if negative { rest = rest.dropFirst() }
        let digits = takeDigits()
        let isPlain = digits.first != 0x30 || (digits.count == 1 && !negative)
        guard isPlain, 1...19 ~= digits.count,
            let value = Int64((negative ? "-" : "") + String(decoding: digits, as: UTF8.self))
        else {
            rest = start
            return nil
        }
        return value
    }

    /// Takes decimal digits; may be empty.
    mutating func takeDigits() -> ArraySlice<UInt8> { take { 0x30...0x39 ~= $0 } }

    /// Takes a number, or the word `NULL` as `.some(nil)`; nil for anything else.
    mutating func takeNullableInteger() -> Int64?? {
        if take("NULL") { return .some(nil) }
        return takeInteger().map { .some($0) }
    }

    /// Takes an even number of upper-case hexadecimal digits as bytes; may be empty.
    mutating func takeHex() -> [UInt8]? {
        let digits = take { 0x30...0x39 ~= $0 || 0x41...0x46 ~= $0 }
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

    private static func value(_ digit: UInt8) -> UInt8 { digit < 0x3A ? digit - 0x30 : digit - 0x41 + 10 }
}

/// The lines of `bytes`, without their line feeds; one carriage return before a line feed belongs to the line end
/// (Android 6's terminal makes `\r\n`). The last line counts even without a line feed, unless it is empty.
func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == 0x0D ? $0.dropLast() : $0 }
}
