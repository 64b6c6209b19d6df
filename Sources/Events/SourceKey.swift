/// Where observations come from; the raw value is stored.
package enum Source: String, Sendable, Codable, CaseIterable {
    case sms
    case notifications
    case ussd
    case device
}

/// What makes an event the same event when it is read again, within one phone and one source.
///
/// Opaque text made by the collector from what the phone gives (for SMS: row id, received milliseconds and
/// sender). Never derived from a message body: two identical texts are two events.
package struct SourceKey: Sendable, Hashable {
    /// Longest key, in bytes; the maker of a key keeps below it (senders are cut to what identifies them).
    package static let bytesMax = 512
    /// The source the key belongs to.
    package let source: Source
    /// The key's bytes.
    package let bytes: [UInt8]

    /// A key of `source`.
    package init(source: Source, bytes: [UInt8]) {
        precondition(bytes.count <= Self.bytesMax, "a source key longer than bytesMax: its maker must cut it")
        self.source = source
        self.bytes = bytes
    }
}
