import Base

/// The bytes of a dump, with the few searches its readers need. Bytes only: a line ends at 0x0A and nowhere else, whatever
/// Unicode says about the characters of a text.
struct DumpText: Sendable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// Whether `pattern` stands at `position`, all of it before `end`.
    func has(_ pattern: [UInt8], at position: Int, below end: Int) -> Bool {
        guard position >= 0, pattern.count <= end - position else { return false }
        var index = 0
        while index < pattern.count {
            if bytes[position + index] != pattern[index] { return false }
            index += 1
        }
        return true
    }

    /// The first place of `pattern`, which is not empty, from `start` on and all of it before `end`. Takes
    /// `end - start` steps: the patterns searched for begin with a line feed and hold no other.
    func find(_ pattern: [UInt8], from start: Int, below end: Int) -> Int? {
        let first = pattern[0]
        let last = end - pattern.count
        var position = start
        while position <= last {
            if bytes[position] == first, has(pattern, at: position, below: end) { return position }
            position += 1
        }
        return nil
    }

    /// The line feed that ends the line at `position`, or `end`.
    func lineEnd(from position: Int, below end: Int) -> Int {
        var position = position
        while position < end, bytes[position] != .lineFeed { position += 1 }
        return min(position, end)
    }

    /// Whether the same bytes stand at `position` as in `range` of `other`.
    func has(_ range: Range<Int>, of other: DumpText, at position: Int) -> Bool {
        guard range.count <= count - position else { return false }
        var index = 0
        while index < range.count {
            if bytes[position + index] != other.bytes[range.lowerBound + index] { return false }
            index += 1
        }
        return true
    }

    /// The end of `units` UTF-16 units from `start` on, with the bytes before `end` alone; nil when they hold fewer, when the
    /// last unit is half a character, and for anything that is not UTF-8.
    func end(ofUnits units: Int, from start: Int, below end: Int) -> Int? {
        var left = units
        var position = start
        while left > 0 {
            guard position < end else { return nil }
            let size: Int
            switch bytes[position] {
            case 0..<0x80: size = 1
            case 0xC2...0xDF: size = 2
            case 0xE0...0xEF: size = 3
            case 0xF0...0xF4: size = 4
            default: return nil
            }
            left -= size == 4 ? 2 : 1
            guard left >= 0, size <= end - position else { return nil }
            for offset in 1..<max(size, 1) where bytes[position + offset] & 0xC0 != 0x80 { return nil }
            position += size
        }
        return position
    }

    /// The decimal number at `position`, in the digits of any script (`%d` follows the phone's language), and where it ends.
    func number(at position: Int, below end: Int) -> (value: Int, end: Int)? {
        var value = 0
        var digits = 0
        var position = position
        while let (digit, next) = digit(at: position, below: end), digits < 9 {
            value = value * 10 + digit
            digits += 1
            position = next
        }
        return digits == 0 ? nil : (value, position)
    }

    /// The decimal digit at `position` and where it ends.
    func digit(at position: Int, below end: Int) -> (value: Int, end: Int)? {
        guard position < end else { return nil }
        let byte = bytes[position]
        if byte < 0x80 { return byte.isDigit ? (Int(byte - UInt8(ascii: "0")), position + 1) : nil }
        let size = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard size <= end - position else { return nil }
        let scalars = String(decoding: bytes[position..<position + size], as: UTF8.self).unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1,
            scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue
        else { return nil }
        return (Int(value), position + size)
    }
}

extension [UInt8] {
    /// The bytes of `text`, for the constants of the dump's grammar.
    init(of text: StaticString) {
        self = unsafe Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Java's `String.hashCode()`: the order of the keys of a `Bundle` (AOSP `core/java/android/os/BaseBundle.java`).
    var javaHash: Int32 {
        String(decoding: self, as: UTF8.self).utf16.reduce(0) { $0 &* 31 &+ Int32($1) }
    }
}
