/// Lays a record's extras, as the redacted dump describes them, over the same record in the unredacted dump.
///
/// Law: the values it gives are the only ones that fit. A text is exactly as long as the redacted dump says, everything that is
/// not a text is the same in both dumps, and the whole list up to its closing line must fit in exactly one way. A sender's
/// text can hold anything, the dump's own grammar too: it is measured, never searched. Where a list has elements without
/// lengths (`textLines`, `messages`), its end is where the rest of the extras fits.
struct ExtrasAlignment {
    enum Failure: Error, Equatable {
        /// Nothing fits: something changed between the two dumps, or one was cut.
        case nothing
        /// It fits in more than one way.
        case ambiguous
        /// More work than `stepsPerByte` allows.
        case tooLong
        /// The texts are not there: this dump is redacted too.
        case redacted
        /// It has no text that shows that the phone printed it, and another record has its key.
        case unproven
    }

    /// Most work spent on a record, in comparisons for each of its bytes: what keeps outside text from costing more than its
    /// length. Real records need about three.
    static let stepsPerByte = 64
    /// Begins the extras.
    static let opening = [UInt8](of: "\n            extras={\n")

    private let values: DumpText
    private let items: [ExtrasItem]
    /// For each text and array, in order, whether its length is known.
    private let measured: [Bool]
    private let end: Int
    private var steps: Int
    private var fits: [(values: [Range<Int>], end: Int)] = []
    private var isRedacted = false

    /// Reads the extras `items` of the record in `range` of the unredacted dump: for each text and array, in order, where its
    /// value stands. Where extras begin right behind `before`, as they do in the redacted dump, all others are texts.
    static func read(
        _ items: [ExtrasItem], behind before: [UInt8], in range: Range<Int>, of values: DumpText
    ) throws(Failure) -> [Range<Int>] {
        var alignment = ExtrasAlignment(items, range, values)
        var places: [Int] = []
        var position = range.lowerBound
        while let found = values.find(opening, from: position, below: range.upperBound) {
            places.append(found)
            position = found + opening.count
        }
        let proper = places.filter { place in
            place - before.count >= range.lowerBound
                && values.has(before, at: place - before.count, below: place)
        }
        for place in proper.isEmpty ? places : proper {
            // What looks like extras inside a text that was measured is a text. Inside an array nothing was measured.
            alignment.steps -= alignment.fits.isEmpty ? 1 : alignment.measured.count
            guard !alignment.isInText(place) else { continue }
            alignment.match(0, at: place + opening.count, [])
            guard alignment.steps > 0 else { throw .tooLong }
        }
        guard let fit = alignment.fits.first else { throw alignment.isRedacted ? .redacted : .nothing }
        // Where one place has no texts and another has, one of the two is a forgery.
        guard alignment.fits.count == 1, !alignment.isRedacted else { throw .ambiguous }
        return fit.values
    }

    /// Whether `place` is in a text of the first way that fits.
    private func isInText(_ place: Int) -> Bool {
        guard let fit = fits.first, place < fit.end else { return false }
        return zip(measured, fit.values).contains { isMeasured, range in isMeasured && range.contains(place) }
    }

    private init(_ items: [ExtrasItem], _ range: Range<Int>, _ values: DumpText) {
        self.values = values
        self.items = items
        measured = items.compactMap { item in
            switch item.value {
            case .text: true
            case .array: false
            case .null, .literal: nil
            }
        }
        end = range.upperBound
        steps = range.count * Self.stepsPerByte + 4096
    }

    /// Goes on with the entry `first` at `start`; adds each way that fits to `fits`, two at most.
    private mutating func match(_ first: Int, at start: Int, _ before: [Range<Int>]) {
        var position = start
        var found = before
        var index = first
        while index < items.count {
            let item = items[index]
            guard stands(item.begin, at: position) else {
                noticeRedaction(item, at: position)
                return
            }
            position += item.begin.count
            switch item.value {
            case .null, .literal: break
            case .text(let units):
                // Walked whether it fits or not.
                steps -= min(units, end - position)
                guard steps > 0, let textEnd = values.end(ofUnits: units, from: position, below: end),
                    values.has([UInt8(ascii: ")"), .lineFeed], at: textEnd, below: end)
                else { return }
                found.append(position..<textEnd)
                position = textEnd + 2
            case .array(count: 0):
                guard values.has([.lineFeed], at: position, below: end) else { return }
                found.append(position..<position)
                position += 1
            case .array:
                matchArray(index, at: position, found)
                return
            }
            index += 1
        }
        if stands(ExtrasItem.closing, at: position), fits.count < 2 { fits.append((found, position)) }
    }

    /// An array's elements end wherever the next entry begins and the rest fits.
    private mutating func matchArray(_ index: Int, at start: Int, _ before: [Range<Int>]) {
        let next = index + 1 < items.count ? items[index + 1].begin : ExtrasItem.closing
        // Its first line, with the line feed if it has one: what is searched for must not be as long as an app likes.
        let line = next[...(next.firstIndex(of: .lineFeed) ?? next.count - 1)]
        var position = start
        while fits.count < 2, steps > 0 {
            guard let found = values.find([.lineFeed] + line, from: position, below: end) else {
                steps -= end - position
                return
            }
            steps -= found - position + line.count + before.count
            match(index + 1, at: found + 1, before + [start..<found])
            position = found + 1
        }
    }

    private mutating func stands(_ bytes: [UInt8], at position: Int) -> Bool {
        steps -= bytes.count
        return steps > 0 && values.has(bytes, at: position, below: end)
    }

    /// Notes an entry that shows a text's length, as the redacted dump does, where the text should be.
    private mutating func noticeRedaction(_ item: ExtrasItem, at position: Int) {
        guard case .text(let units) = item.value else { return }
        let start = position + item.begin.count - 1
        let redacted = item.begin.dropLast() + [UInt8](of: "[length=")
        guard values.has(Array(redacted), at: position, below: end),
            let (shown, after) = values.number(at: start + 8, below: end), shown == units,
            values.has([UInt8(ascii: "]"), .lineFeed], at: after, below: end)
        else { return }
        isRedacted = true
    }
}

/// The elements of one array in the extras.
///
/// Elements have an index and no length, so a text may hold what looks like another element. Law: an element is given only
/// where its own beginning and the next one's occur exactly once; all others are counted as unreadable.
struct ExtrasElements: Sendable, Equatable {
    /// Most elements looked at; an array with more is not read.
    static let elementsMax = 1024
    /// In their order; nil where it cannot be said where one ends.
    let elements: [[UInt8]?]

    /// The elements of the array of `count` whose printed elements stand in `range`. `before` must stand before each
    /// beginning but the first, and `after` behind each: with them, less of a text looks like an element.
    init?(
        _ values: DumpText, _ range: Range<Int>, count: Int, before: [UInt8] = [], after: [UInt8] = []
    ) {
        guard count > 0 else {
            elements = []
            return
        }
        guard count <= Self.elementsMax else { return nil }
        let mark = [UInt8](of: "\n                  [")
        var places: [[(start: Int, text: Int)]] = Array(repeating: [], count: count)
        var position = range.lowerBound
        while let found = values.find(mark, from: position, below: range.upperBound) {
            position = found + 1
            guard let (index, digits) = values.number(at: found + mark.count, below: range.upperBound),
                index < count,
                values.has([UInt8(ascii: "]"), .space] + after, at: digits, below: range.upperBound),
                index == 0
                    || values.has(before, at: found - before.count, below: found),
                found == range.lowerBound || index > 0
            else { continue }
            if places[index].count < 2 { places[index].append((found, digits + 2)) }
        }
        guard places[0].count == 1 else { return nil }
        elements = (0..<count).map { index in
            guard places[index].count == 1 else { return nil }
            let end: Int
            if index + 1 == count {
                end = range.upperBound
            } else if places[index + 1].count == 1 {
                end = places[index + 1][0].start
            } else {
                return nil
            }
            let start = places[index][0].text
            return start <= end ? Array(values.bytes[start..<end]) : nil
        }
    }
}
