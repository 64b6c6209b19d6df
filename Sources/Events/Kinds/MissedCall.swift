extension EventKind {
    package static let call = EventKind(rawValue: "call")
}

/// A call that nobody took.
package struct MissedCall: EventDetails {
    /// `_id` in the phone's call log.
    package let rowID: Int64
    /// The caller's number; empty where it was withheld.
    package let number: String

    /// The call of row `rowID`.
    package init(rowID: Int64, number: String) {
        self.rowID = rowID
        self.number = number
    }

    package static let kind = EventKind.call
    package static let summary = "a missed call"
    package static let isDefault = false
    package static let carriesSlot = true

    package static func sample(text: String) -> MissedCall { MissedCall(rowID: 0, number: "+447700900123") }

    package var parts: [EventPart] {
        [
            .field(EventField("row", smsnotif: nil, .integer(rowID))), .slot, .device,
            .field(EventField("number", label: "from", smsnotif: "phone", .text(number))),
        ]
    }
    package var origin: String { number }
    package var line: String { "missed call" }
}
