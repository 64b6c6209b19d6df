import Bytes

/// How far a phone's SMS store has been read. Stored as text: `1 generation lastID baseline through newestDate`.
struct SMSCursor: Sendable, Equatable {
    /// Changes when the phone's store was seen empty after it had held messages: ids start again then.
    var generation: Int64 = 1
    /// Highest id of the last read.
    var lastID: Int64 = 0
    /// Rows up to this id were there before enrolment: they are taken note of and are no events.
    var baselineThrough: Int64 = 0
    /// How far the note-taking has come; equal to `baselineThrough` when it is done.
    var baselineRead: Int64 = 0
    /// Date of the newest event, milliseconds since 1970 by the phone's clock.
    var newestDate: Int64 = 0

    /// The cursor as stored.
    var bytes: [UInt8] {
        Array("1 \(generation) \(lastID) \(baselineThrough) \(baselineRead) \(newestDate)".utf8)
    }

    /// The cursor that `bytes` hold; nil for bytes that no version of phonewire wrote.
    init?(_ bytes: [UInt8]) {
        let fields = bytes.split(separator: 0x20).map { Int64(String(decoding: $0, as: UTF8.self)) }
        guard fields.count == 6, fields[0] == 1 else { return nil }
        let numbers = fields.compactMap { $0 }
        guard numbers.count == 6 else { return nil }
        generation = numbers[1]
        lastID = numbers[2]
        baselineThrough = numbers[3]
        baselineRead = numbers[4]
        newestDate = numbers[5]
    }

    /// The cursor of a store that stood at `maxID` when the phone was enrolled.
    init(enrolledAt maxID: Int64) {
        lastID = maxID
        baselineThrough = maxID
    }
}
