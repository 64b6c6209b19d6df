/// A message that arrives in WhatsApp.
package struct VirtualChatMessage: Sendable, Equatable {
    /// The chat: `<digits>@s.whatsapp.net`, `<digits>@g.us`, `<digits>@lid`, or any word, for which the phone makes
    /// up one of the first two.
    package var chat: String
    /// Name of the contact, or subject of the group.
    package var name: String
    package var group: Bool
    /// Name of who wrote it; nil for the phone's owner, who answered from the notification.
    package var sender: String?
    package var text: String
    /// Milliseconds since 1970; nil for the phone's clock.
    package var time: Int64?
    /// `com.whatsapp` or `com.whatsapp.w4b`.
    package var app: String

    package init(
        chat: String, name: String, group: Bool, sender: String?, text: String, time: Int64? = nil,
        app: String = "com.whatsapp"
    ) {
        self.chat = chat
        self.name = name
        self.group = group
        self.sender = sender
        self.text = text
        self.time = time
        self.app = app
    }
}

/// WhatsApp's unread chats, of which it makes its notifications.
struct WhatsAppInbox: Sendable {
    struct Chat: Sendable {
        var shortcut: String
        /// 44 base64 characters and a newline, the same for every notification of the chat.
        var tag: String
        var name: String
        var group: Bool
        var messages: [VirtualMessage]

        var newest: Int64 { messages.last?.time ?? 0 }
    }

    /// Unread chats by app, newest message first.
    private(set) var chats: [String: [Chat]] = [:]

    mutating func add(_ message: VirtualChatMessage, now: Int64, seed: UInt64) {
        let new = VirtualMessage(text: message.text, time: message.time ?? now, sender: message.sender)
        let shortcut = Self.shortcut(message)
        var own = chats[message.app] ?? []
        let old = own.firstIndex { $0.shortcut == shortcut }.map { own.remove(at: $0) }
        var chat =
            old
            ?? Chat(
                shortcut: shortcut, tag: Self.tag(shortcut, seed: seed), name: message.name,
                group: message.group, messages: [])
        chat.name = message.name
        chat.messages = (chat.messages + [new]).suffix(VirtualNotification.messagesMax)
        chats[message.app] = [chat] + own
    }

    mutating func empty() { chats = [:] }

    private static func number(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The chat's id. Made-up numbers are of the range kept for fiction (Ofcom, 07700 900000 to 900999).
    private static func shortcut(_ message: VirtualChatMessage) -> String {
        guard !message.chat.contains("@") else { return message.chat }
        let number = number(message.chat)
        if message.group { return "12036304\(1_000_000_000 + number % 9_000_000_000)@g.us" }
        return "447700900\(100 + number % 900)@s.whatsapp.net"
    }

    private static func tag(_ shortcut: String, seed: UInt64) -> String {
        var random = SeededRandom(seed: number(shortcut) ^ seed)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = random.bytes(32) + [0]
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let word = bytes[start..<start + 3].reduce(0) { $0 << 8 | Int($1) }
            for shift in [18, 12, 6, 0] { text.append(letters[word >> shift & 63]) }
        }
        return String(decoding: text.dropLast(), as: UTF8.self) + "=\n"
    }
}
