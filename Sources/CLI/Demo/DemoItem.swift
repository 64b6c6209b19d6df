import Receiver

/// Something that arrived on a phone of the demo, and so has to arrive at the receiver: everything that a body says of
/// it but its number and its time.
struct DemoItem: Sendable, Hashable {
    /// The kinds, in the order of the summary.
    static let kinds = ["sms", "notification", "whatsapp", "ussd"]

    let type: String
    private let fields: [String]

    private init(_ type: String, _ fields: [String]) {
        self.type = type
        self.fields = fields
    }

    static func sms(device: String, row: Int64, slot: Int, sender: String, body: String) -> DemoItem {
        DemoItem("sms", [device, String(row), String(slot), sender, body])
    }

    static func notification(device: String, package: String, title: String, content: String) -> DemoItem {
        DemoItem("notification", [device, package, title, content])
    }

    static func whatsapp(sender: String, text: String) -> DemoItem { DemoItem("whatsapp", [sender, text]) }

    static func ussd(device: String, slot: Int, code: String, response: String) -> DemoItem {
        DemoItem("ussd", [device, String(slot), code, response])
    }

    /// The item that a request tells of; nil when a field of its kind is missing.
    init?(_ message: SmsNotifMessage) {
        let names: [String: [String]] = [
            "sms": ["device", "rid", "sim", "phone", "message"],
            "notification": ["device", "package", "title", "content"],
            "whatsapp": ["phone", "message"],
            "ussd": ["device", "sim", "code", "response"],
        ]
        guard let wanted = names[message.type] else { return nil }
        let fields = wanted.compactMap { message.text($0) }
        guard fields.count == wanted.count else { return nil }
        self.init(message.type, fields)
    }
}
