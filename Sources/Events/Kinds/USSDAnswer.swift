extension EventKind {
    package static let ussd = EventKind(rawValue: "ussd")
}

/// The network's answer to a dialled USSD code.
package struct USSDAnswer: EventDetails {
    /// The code that was dialled.
    package let code: String
    /// The network's text.
    package let response: String

    /// The answer `response` to `code`.
    package init(code: String, response: String) {
        self.code = code
        self.response = response
    }

    package static let kind = EventKind.ussd
    package static let summary = "the network's answer to a USSD code"
    package static let isDefault = true
    package static let carriesSlot = true

    package static func sample(text: String) -> USSDAnswer { USSDAnswer(code: "*100#", response: text) }

    package var parts: [EventPart] {
        [
            .slot, .device, .field(EventField("code", smsnotif: "code", .text(code))),
            .field(EventField("text", label: "response", smsnotif: "response", .text(response))),
        ]
    }
    package var origin: String { code }
    package var line: String { response }
}
