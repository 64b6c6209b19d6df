extension EventKind {
    package static let sms = EventKind(rawValue: "sms")
}

/// A received SMS, all parts joined by the phone.
package struct SMSMessage: EventDetails {
    /// `_id` in the phone's SMS store.
    package let rowID: Int64
    /// The sender as the phone has it: a number or a name; empty when the phone has none.
    package let sender: String
    /// The text; empty when the phone has none.
    package let body: String

    /// The message of row `rowID`.
    package init(rowID: Int64, sender: String, body: String) {
        self.rowID = rowID
        self.sender = sender
        self.body = body
    }

    package static let kind = EventKind.sms
    package static let summary = "a received SMS"
    package static let isDefault = true
    package static let carriesSlot = true

    package static func sample(text: String) -> SMSMessage {
        SMSMessage(rowID: 0, sender: "phonewire", body: text)
    }

    package var parts: [EventPart] {
        [
            .field(EventField("row", smsnotif: "rid", .integer(rowID))), .slot, .device,
            .field(EventField("sender", label: "from", smsnotif: "phone", .text(sender))),
            .field(EventField("text", smsnotif: "message", .text(body))),
        ]
    }
    package var origin: String { sender }
    package var line: String { body }
}
