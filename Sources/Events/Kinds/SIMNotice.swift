extension EventKind {
    package static let sim = EventKind(rawValue: "sim")
}

/// Something about a SIM card that people should know.
package struct SIMNotice: EventDetails {
    /// What happened, a word: `disagreement`.
    package let event: String
    /// A sentence about it; may hold outside text.
    package let detail: String

    /// The notice `event`.
    package init(event: String, detail: String) {
        self.event = event
        self.detail = detail
    }

    package static let kind = EventKind.sim
    package static let summary =
        "an alarm about a SIM card: what a phone tells of its slots does not fit together"
    package static let isDefault = false
    package static let carriesSlot = false

    package static func sample(text: String) -> SIMNotice { SIMNotice(event: "test", detail: text) }

    package var parts: [EventPart] { [.device] + DeviceNotice.notice(event, detail) }
    package var origin: String { event }
    package var line: String { detail }
}
