import Base

/// Finds the one text on which its copies agree; the law is `USSDLog`'s.
struct USSDTextReading {
    /// The copy in the message of `GsmMmiCode`.
    enum Answer: Equatable {
        /// The network sent no text; the phone shows words of its own.
        case empty
        /// Lines of the text.
        case text([ArraySlice<UInt8>])
    }

    enum Outcome {
        /// The text, and how many lines from the opening on hold its copies.
        case text(String, lines: Int)
        /// Why there is not exactly one text.
        case refused(String)
    }

    private static let menuOpening: StaticString =
        "displayMMIComplete: using text from PENDING MMI message: '"
    private static let finalOpening: StaticString =
        "displayMMIComplete (failed): using text from MMI message: '"
    private static let repetition: StaticString = "displayMMIComplete: Extended NW displayMMIInitiate ("
    private static let menuShown =
        "displayMMIComplete: USSD code has requested user input. Constructing input dialog."

    /// Where the quoted copy begins, in `lines`; nil when there is none.
    let opening: Int?
    /// What came of it.
    let outcome: Outcome

    /// Reads the copies in `lines`: the dialogs' lines behind a state line, up to the radio's next.
    init(lines: [USSDLogLine], isMenu: Bool, answer: Answer?) {
        let form = isMenu ? Self.menuOpening : Self.finalOpening
        let start = lines.firstIndex {
            var scanner = ByteScanner($0.message)
            return scanner.accept(form) || USSDLogForm.state($0.message) != nil
        }
        guard let start, USSDLogForm.state(lines[start].message) == nil else {
            opening = nil
            outcome = .refused("there is none")
            return
        }
        opening = start
        var first = ByteScanner(lines[start].message)
        _ = first.accept(form)
        let copies = Copies(lines: lines, opening: start, first: first.rest)
        outcome =
            switch answer {
            case .empty: .text("", lines: 1)
            case .text(let answer): Self.agreeing(copies, with: answer, isMenu: isMenu)
            case nil: Self.alone(copies, isMenu: isMenu)
            }
    }

    /// The quoted copy must be `answer`, or `answer` and one line feed.
    private static func agreeing(_ copies: Copies, with answer: [ArraySlice<UInt8>], isMenu: Bool) -> Outcome
    {
        for count in [answer.count, answer.count + 1] {
            let wanted = count == answer.count ? answer : answer + [[]]
            guard let text = copies.quoted(count: count), equal(text, wanted) else { continue }
            let repeated = isMenu ? nil : copies.repetition(behind: count)
            guard let repeated else { return .text(joined(text), lines: count) }
            guard copies.isRepeated(text, at: repeated) else { break }
            return .text(joined(text), lines: repeated + count - copies.opening)
        }
        return .refused("its copies contradict each other")
    }

    /// All readings of what has no copy under another tag.
    private static func alone(_ copies: Copies, isMenu: Bool) -> Outcome {
        var readings: [Outcome] = []
        for count in 1...copies.countMax {
            guard let text = copies.quoted(count: count) else { continue }
            if isMenu {
                guard copies.line(behind: count)?.elementsEqual(menuShown.utf8) == true else { continue }
                readings.append(.text(joined(text), lines: count))
            } else if let repeated = copies.repetition(behind: count), copies.isRepeated(text, at: repeated) {
                readings.append(.text(joined(text), lines: repeated + count - copies.opening))
            }
            if readings.count > 1 { return .refused("it can be read in several ways") }
        }
        return readings.first ?? .refused("its copies contradict each other, or one is missing")
    }

    private static func equal(_ left: [ArraySlice<UInt8>], _ right: [ArraySlice<UInt8>]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.elementsEqual($1) }
    }

    private static func joined(_ lines: [ArraySlice<UInt8>]) -> String {
        LossyText.decode(Array(lines.joined(separator: [.lineFeed])))
    }

    /// The lines that hold the copies.
    private struct Copies {
        let lines: [USSDLogLine]
        /// The quoted copy's first line in `lines`, and what stands on it behind the quote.
        let opening: Int
        let first: ArraySlice<UInt8>
        /// Most lines that the quoted copy can have: its run, and what one message can hold.
        let countMax: Int
        /// For each line the next one, itself included, that begins a repetition.
        private let nextRepetition: [Int?]

        init(lines: [USSDLogLine], opening: Int, first: ArraySlice<UInt8>) {
            self.lines = lines
            self.opening = opening
            self.first = first
            var bytes = first.count
            var count = 1
            while opening + count < lines.count, lines[opening + count].run == lines[opening].run {
                bytes += lines[opening + count].message.count + 1
                if bytes > USSDLog.textBytesMax + 1 { break }
                count += 1
            }
            countMax = count
            var next: [Int?] = Array(repeating: nil, count: lines.count + 1)
            for index in lines.indices.reversed() {
                var scanner = ByteScanner(lines[index].message)
                next[index] = scanner.accept(USSDTextReading.repetition) ? index : next[index + 1]
            }
            nextRepetition = next
        }

        /// The text when the quoted copy has `count` lines; nil when the last one does not end with the quote.
        func quoted(count: Int) -> [ArraySlice<UInt8>]? {
            guard 1...countMax ~= count else { return nil }
            let last = count == 1 ? first : lines[opening + count - 1].message
            guard last.last == UInt8(ascii: "'") else { return nil }
            if count == 1 { return [first.dropLast()] }
            return [first] + lines[(opening + 1)..<(opening + count - 1)].map(\.message) + [last.dropLast()]
        }

        /// The message behind a quoted copy of `count` lines.
        func line(behind count: Int) -> ArraySlice<UInt8>? {
            opening + count < lines.count ? lines[opening + count].message : nil
        }

        /// Where the first repetition behind a quoted copy of `count` lines begins.
        func repetition(behind count: Int) -> Int? { nextRepetition[opening + count] }

        /// Whether the repetition at `start` is `text`, in brackets, in one run.
        func isRepeated(_ text: [ArraySlice<UInt8>], at start: Int) -> Bool {
            let end = start + text.count
            guard end <= lines.count, lines[end - 1].run == lines[start].run else { return false }
            for (offset, part) in text.enumerated() {
                var scanner = ByteScanner(lines[start + offset].message)
                if offset == 0 { guard scanner.accept(USSDTextReading.repetition) else { return false } }
                let isLast = offset == text.count - 1
                guard !isLast || scanner.rest.last == UInt8(ascii: ")") else { return false }
                guard (isLast ? scanner.rest.dropLast() : scanner.rest).elementsEqual(part) else {
                    return false
                }
            }
            return true
        }
    }
}
