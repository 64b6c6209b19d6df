import Base

/// What is posted on a phone now: the state that new and changed notifications are told by.
///
/// Stored as text: `1`, then for each notification a blank, the digest of its identity (key and first post), a colon and the digest
/// of its content, in hexadecimal digits. At most `NotificationDump.recordsMax` of them: about 130 KB.
struct NotificationCursor: Sendable, Equatable {
    /// What is stored while the enrolment is recorded in parts: whoever finds it enrols the phone again.
    static let unfinished: [UInt8] = [UInt8(ascii: "0")]

    private static let unreadMark = [UInt8](repeating: 0, count: 8)

    /// Content of a notification that was posted when the phone was enrolled and could not be read, and last changed at
    /// `updatedAt` (milliseconds since 1970): what it said then is not an event. Eight zero bytes and the time, lowest byte last.
    static func unread(_ updatedAt: Int64) -> [UInt8] {
        unreadMark + (0..<8).map { UInt8(truncatingIfNeeded: updatedAt >> (56 - 8 * Int64($0))) }
    }

    /// The time in a content made by `unread`; nil for all others.
    static func unreadTime(_ content: [UInt8]) -> Int64? {
        guard content.count == 16, content.starts(with: unreadMark) else { return nil }
        return content.suffix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// The digest of each notification's content, by the digest of its identity.
    var posted: [[UInt8]: [UInt8]] = [:]

    /// A cursor of a phone with nothing posted.
    init() {}

    /// The cursor as stored.
    var bytes: [UInt8] {
        let entries = posted.map { Hex.encode($0) + ":" + Hex.encode($1) }.sorted()
        return Array(("1" + entries.map { " " + $0 }.joined()).utf8)
    }

    /// The cursor that `bytes` hold; nil for bytes that no version of phonewire wrote.
    init?(_ bytes: [UInt8]) {
        let parts = bytes.split(separator: .space, omittingEmptySubsequences: false)
        guard let version = parts.first, version.elementsEqual([UInt8(ascii: "1")]),
            parts.count - 1 <= NotificationDump.recordsMax
        else { return nil }
        let digits = ContentDigest.bytesKept * 2
        for part in parts.dropFirst() {
            guard part.count == digits * 2 + 1, part[part.startIndex + digits] == UInt8(ascii: ":"),
                let identity = Hex.decode(part.prefix(digits)), let content = Hex.decode(part.suffix(digits))
            else { return nil }
            posted[identity] = content
        }
        guard self.bytes == bytes else { return nil }
    }
}
