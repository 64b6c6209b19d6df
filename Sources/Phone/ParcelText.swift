import Base

/// Text in the answer of `service call`: a dump of a parcel in words of 32 bits
/// (LineageOS/android_frameworks_native `libs/binder/Parcel.cpp`, `Debug.cpp`). What stands beside the words in quotes is for people:
/// it is not read.
package enum ParcelText {
    /// Longest text read, in UTF-16 units.
    static let unitsMax = 256

    /// The text that `output` holds; nil where the service answered with none.
    ///
    /// Law: this text, or one error: also for an exception of the service and for a code that it does not have.
    package static func parse(_ output: [UInt8]) throws(PhoneParseError) -> String? {
        let words = try words(output)
        let failure = PhoneParseError("service call answer", row: 0, offset: 0)
        // A word that says whether there was an exception, the length in units, then the units, two in a word.
        guard words.count >= 2, words[0] == 0 else { throw failure }
        if words[1] == UInt32.max { return nil }
        guard words[1] <= unitsMax, words.count >= 2 + (Int(words[1]) + 1) / 2 else { throw failure }
        let units = words.dropFirst(2).flatMap { [UInt16(truncatingIfNeeded: $0), UInt16($0 >> 16)] }
        return String(decoding: units.prefix(Int(words[1])), as: UTF16.self)
    }

    private static func words(_ output: [UInt8]) throws(PhoneParseError) -> [UInt32] {
        var words: [UInt32] = []
        let lines = lines(of: output)
        guard lines.last?.suffix(2).elementsEqual("')".utf8) == true else {
            throw PhoneParseError("service call answer", row: 0, offset: output.count)
        }
        for (number, line) in lines.enumerated() {
            let failure = PhoneParseError("service call answer", row: number, offset: line.startIndex)
            var scanner = ByteScanner(line)
            if number == 0 {
                guard scanner.accept("Result: Parcel(") else { throw failure }
                while scanner.accept("\t") {}
                if scanner.isAtEnd { continue }
            } else {
                while scanner.accept(" ") {}
                guard scanner.accept("0x"), scanner.hexWord() != nil, scanner.accept(": ") else {
                    throw failure
                }
            }
            while let word = scanner.hexWord() {
                words.append(word)
                while scanner.accept(" ") {}
            }
            guard scanner.accept("'"), words.count <= 2 + unitsMax else { throw failure }
        }
        return words
    }
}
