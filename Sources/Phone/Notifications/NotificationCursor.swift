import Bytes

/// What is posted on a phone now: the state that new and changed notifications are told by.
///
/// Stored as text: `1`, then for each notification a blank, the digest of its identity (key and first post), a colon and the digest
/// of its content, in hexadecimal digits. At most `NotificationDump.recordsMax` of them: about 130 KB.
struct NotificationCursor: Sendable, Equatable {
    /// Content of a notification that was posted when the phone was enrolled and could not be read: whatever it says when it
    /// first can be read is no event.
    static let unread = [UInt8](repeating: 0, count: ContentDigest.bytesKept)

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
        let parts = bytes.split(separator: 0x20, omittingEmptySubsequences: false)
        guard let version = parts.first, version.elementsEqual([0x31]),
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
