/// The word for a part of a phone that observations come from, such as `sms`; it is stored. Each source and each task of the
/// Phone target names its own.
package struct SourceName: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    /// The word.
    package let rawValue: String

    /// The source that `rawValue` names.
    package init(rawValue: String) { self.rawValue = rawValue }

    package static func < (left: SourceName, right: SourceName) -> Bool { left.rawValue < right.rawValue }
}

/// What makes an event the same event when it is read again, within one phone and one source.
///
/// Opaque text made by the source from what the phone gives (for SMS: row id, received milliseconds and
/// sender). Never derived from a message body: two identical texts are two events.
package struct SourceKey: Sendable, Hashable {
    /// Longest key, in bytes; the maker of a key keeps below it (senders are cut to what identifies them).
    package static let bytesMax = 512
    /// The source the key belongs to.
    package let source: SourceName
    /// The key's bytes.
    package let bytes: [UInt8]

    /// A key of `source`.
    package init(source: SourceName, bytes: [UInt8]) {
        precondition(bytes.count <= Self.bytesMax, "a source key longer than bytesMax: its maker must cut it")
        self.source = source
        self.bytes = bytes
    }
}
