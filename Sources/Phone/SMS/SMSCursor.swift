import Base

/// How far a phone's SMS store has been read. Stored as text: `1` and the fields in their order.
struct SMSCursor: Sendable, Equatable {
    /// Highest id of the last read.
    var lastID: Int64 = 0
    /// Date of the last event, milliseconds since 1970 by the phone's clock, never later than that clock was.
    var lastDate: Int64 = 0
    /// Rows up to this id were there before enrolment: they are taken note of and are not events.
    var baselineThrough: Int64 = 0
    /// How far the note-taking has come; equal to `baselineThrough` when it is done.
    var baselineRead: Int64 = 0
    /// `lastID` when the last sweep that came to its end began: the next one looks at everything above it, less
    /// an overlap, however far the reading has come since.
    var sweptID: Int64 = 0
    /// `lastDate` at the same moment.
    var sweptDate: Int64 = 0

    /// Whether what was there at enrolment has been taken note of.
    var isBaselineRead: Bool { baselineRead >= baselineThrough }

    /// The cursor as stored.
    var bytes: [UInt8] {
        Array(
            "1 \(lastID) \(lastDate) \(baselineThrough) \(baselineRead) \(sweptID) \(sweptDate)"
                .utf8)
    }

    /// The cursor that `bytes` hold; nil for bytes that no version of phonewire wrote.
    init?(_ bytes: [UInt8]) {
        let numbers = bytes.split(separator: .space, omittingEmptySubsequences: false)
            .compactMap { Int64(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 7, numbers[0] == 1, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        lastID = numbers[1]
        lastDate = numbers[2]
        baselineThrough = numbers[3]
        baselineRead = numbers[4]
        sweptID = numbers[5]
        sweptDate = numbers[6]
        guard self.bytes == bytes else { return nil }
    }

    /// The cursor of a store that stood at `maxID` when the phone was enrolled; `date` is its newest row's.
    init(enrolledAt maxID: Int64, date: Int64) {
        lastID = maxID
        lastDate = date
        baselineThrough = maxID
        sweptID = maxID
        sweptDate = date
    }

    /// Everything is looked at again by the next sweep.
    mutating func sweepAgain() {
        sweptID = 0
        sweptDate = 0
    }
}
