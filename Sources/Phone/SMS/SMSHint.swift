/// What a line of the radio log means for the SMS store
/// (LineageOS/android_frameworks_opt_telephony `InboundSmsHandler.java`, cm-13.0 to lineage-22.0).
package enum SMSHint: Sendable, Equatable {
    /// A whole message is being handed to the SMS app: its row comes soon.
    case delivering
    /// The SMS app is done with one: its row is there, or very soon.
    case delivered

    /// The lines that say so.
    package static let log = LogFilter(
        buffers: ["radio"], tags: ["GsmInboundSmsHandler", "CdmaInboundSmsHandler"])

    /// The hint in `line`; nil for all other lines.
    package init?(_ line: LogLine) {
        guard Self.log.matches(line) else { return nil }
        if line.message.starts(with: Array("Delivering SMS to: ".utf8)) {
            self = .delivering
        } else if line.message.starts(with: Array("successful broadcast".utf8)) {
            self = .delivered
        } else {
            return nil
        }
    }
}
