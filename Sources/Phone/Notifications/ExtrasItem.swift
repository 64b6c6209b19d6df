/// One entry of a record's extras, as the redacted dump shows it: everything but the texts.
///
/// Law: what a redacted dump prints as a text's value is never taken for the text. A text has its length and nothing else.
struct ExtrasItem: Sendable, Equatable {
    enum Value: Sendable, Equatable {
        /// `key=null`.
        case null
        /// `key=Class [length=n]`: a text of so many UTF-16 units.
        case text(units: Int)
        /// `key=Class[] (n)`: so many elements, none of them shown.
        case array(count: Int)
        /// `key=Class (value)`: printed the same with and without `--noredact`.
        case literal([UInt8])
    }

    /// Most arrays in one record's extras; more, and the record is not read.
    static let arraysMax = 64
    /// What stands before a key, in the dumps of Android 12 and later.
    static let indentation = [UInt8](repeating: .space, count: 16)
    /// The line that ends the extras, and what must follow it.
    static let closing = [UInt8](of: "            }\n      publicNotification=")

    let key: [UInt8]
    let value: Value
    /// How the unredacted dump must begin this entry: for `.null` and `.literal` it is the entry whole with its line feed, for
    /// a text up to its first character, for an array up to its first element.
    let begin: [UInt8]

    /// Whether there is no text, or one that the redacted dump does not show.
    var hidesItsText: Bool {
        switch value {
        case .null, .text: true
        case .array, .literal: false
        }
    }

    /// Reads the entries from `start` up to the closing line; nil for anything that is not exactly that.
    ///
    /// A literal may hold line feeds (an `ArrayList` of texts): it ends at the first `)` at a line's end that is followed by the
    /// closing line or by an entry whose key has a greater hash, the order in which a `Bundle` prints.
    static func readAll(_ dump: DumpText, from start: Int, below end: Int) -> (items: [ExtrasItem], end: Int)?
    {
        var items: [ExtrasItem] = []
        var arrays = 0
        var position = start
        while !dump.has(closing, at: position, below: end) {
            guard let (item, next) = read(dump, at: position, below: end) else { return nil }
            if case .array = item.value { arrays += 1 }
            guard arrays <= arraysMax else { return nil }
            items.append(item)
            position = next
        }
        return (items, position)
    }

    private static func read(_ dump: DumpText, at start: Int, below end: Int) -> (ExtrasItem, end: Int)? {
        guard let head = Head(dump, at: start, below: end) else { return nil }
        let key = Array(dump.bytes[start + indentation.count..<head.equals])
        func item(_ value: Value, _ begin: Range<Int>, more: [UInt8] = []) -> ExtrasItem {
            ExtrasItem(key: key, value: value, begin: Array(dump.bytes[begin]) + more)
        }
        switch head.form {
        case .null: return (item(.null, start..<head.lineEnd + 1), head.lineEnd + 1)
        case .length:
            guard let (units, after) = dump.number(at: head.valueStart, below: head.lineEnd),
                after == head.lineEnd - 1, dump.bytes[after] == UInt8(ascii: "]")
            else { return nil }
            return (
                item(.text(units: units), start..<head.classEnd, more: [.space, UInt8(ascii: "(")]),
                head.lineEnd + 1
            )
        case .value
        where dump.bytes[head.equals..<head.classEnd].suffix(2).elementsEqual([
            UInt8(ascii: "["), UInt8(ascii: "]"),
        ]):
            guard let (count, after) = dump.number(at: head.valueStart, below: head.lineEnd),
                after == head.lineEnd - 1, dump.bytes[after] == UInt8(ascii: ")")
            else { return nil }
            return (item(.array(count: count), start..<head.lineEnd), head.lineEnd + 1)
        case .value:
            let hash = key.javaHash
            var line = head.lineEnd
            while line < end {
                if dump.bytes[line - 1] == UInt8(ascii: ")"), line > head.valueStart,
                    begins(dump, at: line + 1, below: end, after: hash)
                {
                    let value = Array(dump.bytes[head.valueStart..<line - 1])
                    return (item(.literal(value), start..<line + 1), line + 1)
                }
                line = dump.lineEnd(from: line + 1, below: end)
            }
            return nil
        }
    }

    /// Whether at `position` the extras end, or an entry begins that may follow one whose key has the hash `hash`.
    private static func begins(_ dump: DumpText, at position: Int, below end: Int, after hash: Int32) -> Bool
    {
        if dump.has(closing, at: position, below: end) { return true }
        guard let head = Head(dump, at: position, below: end) else { return false }
        return Array(dump.bytes[position + indentation.count..<head.equals]).javaHash > hash
    }

    /// The parts of an entry's first line.
    private struct Head {
        enum Form { case null, length, value }
        var form = Form.null
        /// The `=` behind the key.
        var equals = 0
        /// Behind the class name.
        var classEnd = 0
        /// Behind ` [length=` or ` (`.
        var valueStart = 0
        let lineEnd: Int

        init?(_ dump: DumpText, at start: Int, below end: Int) {
            guard dump.has(ExtrasItem.indentation, at: start, below: end) else { return nil }
            lineEnd = dump.lineEnd(from: start, below: end)
            guard lineEnd < end else { return nil }
            var position = start + ExtrasItem.indentation.count
            guard position < lineEnd, dump.bytes[position] != .space else { return nil }
            while position < lineEnd, dump.bytes[position] != UInt8(ascii: "=") { position += 1 }
            guard position < lineEnd else { return nil }
            equals = position
            if dump.has([UInt8](of: "null"), at: position + 1, below: lineEnd), position + 5 == lineEnd {
                return
            }
            position += 1
            while position < lineEnd, dump.bytes[position] != .space { position += 1 }
            classEnd = position
            let length = [UInt8](of: " [length=")
            if dump.has(length, at: position, below: lineEnd) {
                form = .length
                valueStart = position + length.count
            } else if dump.has([.space, UInt8(ascii: "(")], at: position, below: lineEnd) {
                form = .value
                valueStart = position + 2
            } else {
                return nil
            }
        }
    }
}
