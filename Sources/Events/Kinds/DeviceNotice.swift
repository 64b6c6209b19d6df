extension EventKind {
    package static let device = EventKind(rawValue: "device")
}

/// Something about a phone itself that people should know.
package struct DeviceNotice: EventDetails {
    /// What happened, a word: `sms-not-stored`, `sms-waits`.
    package let event: String
    /// A sentence about it; may hold outside text.
    package let detail: String

    /// The notice `event`.
    package init(event: String, detail: String) {
        self.event = event
        self.detail = detail
    }

    package static let kind = EventKind.device
    package static let summary = "an alarm about a phone, such as a message that was received and not stored"
    package static let isDefault = false
    package static let carriesSlot = false

    package static func sample(text: String) -> DeviceNotice { DeviceNotice(event: "test", detail: text) }

    package var parts: [EventPart] { [.device] + Self.notice(event, detail) }
    package var origin: String { event }
    package var line: String { detail }

    /// The fields of a notice, of a phone or of a SIM card.
    static func notice(_ event: String, _ detail: String) -> [EventPart] {
        [
            .field(EventField("event", smsnotif: "event", .text(event))),
            .field(EventField("detail", smsnotif: "detail", .text(detail))),
        ]
    }
}
