extension EventKind {
    package static let whatsapp = EventKind(rawValue: "whatsapp")
}

/// A message in a WhatsApp chat, read from its notification.
package struct ChatMessage: EventDetails {
    /// The receiving account, `+` and digits; empty when unknown.
    package let account: String
    /// The sender: a number, or the name shown when no number is known.
    package let sender: String
    /// The group's title; nil for a chat of two.
    package let group: String?
    /// The text.
    package let text: String
    /// A link to the file that came with it; nil when there is none, or none that a receiver could fetch.
    package let attachment: String?

    /// One message of a chat.
    package init(account: String, sender: String, group: String?, text: String, attachment: String? = nil) {
        self.account = account
        self.sender = sender
        self.group = group
        self.text = text
        self.attachment = attachment
    }

    package static let kind = EventKind.whatsapp
    package static let summary = "a message in a WhatsApp chat"
    package static let isDefault = true
    package static let carriesSlot = false

    package static func sample(text: String) -> ChatMessage {
        ChatMessage(account: "", sender: "phonewire", group: nil, text: text)
    }

    package var parts: [EventPart] {
        [
            .field(EventField("account", smsnotif: "wid", account.isEmpty ? nil : .text(account))),
            .field(EventField("sender", label: "from", smsnotif: "phone", .text(sender))),
            .field(EventField("group", smsnotif: nil, group.map { .text($0) })),
            .field(EventField("text", smsnotif: "message", .text(text))),
            .field(
                EventField(
                    "attachment", label: "file", smsnotif: "attachment", attachment.map { .link($0) },
                    missing: .no, isExtended: true)),
        ]
    }
    package var origin: String { group.map { sender + " in " + $0 } ?? sender }
    package var line: String { text }
}
