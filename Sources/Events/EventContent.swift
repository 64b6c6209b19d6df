/// The typed fields of an event, one case a kind. Stored as JSON (synthesised `Codable`): a case or field is
/// never renamed, new fields are optional.
package enum EventContent: Sendable, Equatable, Codable {
    case sms(SMSMessage)
    case ussd(USSDAnswer)
    case notification(PostedNotification)
    case whatsapp(ChatMessage)
    case device(DeviceNotice)
    case ping(Ping)

    /// The kind of event that carries this content.
    package var kind: EventKind {
        switch self {
        case .sms: .sms
        case .ussd: .ussd
        case .notification: .notification
        case .whatsapp: .whatsapp
        case .device: .device
        case .ping: .ping
        }
    }
}

/// A received SMS, all parts joined by the phone.
package struct SMSMessage: Sendable, Equatable, Codable {
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
}

/// The network's answer to a dialled USSD code.
package struct USSDAnswer: Sendable, Equatable, Codable {
    /// The code that was dialled.
    package let code: String
    /// The network's text.
    package let response: String

    /// The answer `response` to `code`.
    package init(code: String, response: String) {
        self.code = code
        self.response = response
    }
}

/// A notification that an app posted.
package struct PostedNotification: Sendable, Equatable, Codable {
    /// The app's package name.
    package let package: String
    /// The title; may be empty.
    package let title: String
    /// The text; may be empty.
    package let content: String

    /// A notification of the app `package`.
    package init(package: String, title: String, content: String) {
        self.package = package
        self.title = title
        self.content = content
    }
}

/// A message in a chat app, read from its notification.
package struct ChatMessage: Sendable, Equatable, Codable {
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
}

/// Something that happened to a phone itself.
package struct DeviceNotice: Sendable, Equatable, Codable {
    /// The word for it: `online`, `offline`, `unauthorized`, `gap`, ….
    package let event: String
    /// One sentence of detail; may be empty.
    package let detail: String

    /// The notice `event`.
    package init(event: String, detail: String) {
        self.event = event
        self.detail = detail
    }
}

/// A heartbeat or a webhook test.
package struct Ping: Sendable, Equatable, Codable {
    /// Who asked for it, in a word: `test`, `heartbeat`.
    package let reason: String

    /// A ping for `reason`.
    package init(reason: String) { self.reason = reason }
}
