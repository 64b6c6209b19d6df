package import Base
package import Events

/// A notification that WhatsApp posts for one chat, and the messages in it.
///
/// Facts, from public listener logs and dumps: one notification a chat, posted again with all unread messages whenever one
/// arrives; the shortcut is the chat's identity, `<digits>@s.whatsapp.net` (with the number), `…@g.us` (a group) or `…@lid` (no
/// number); a group's title is `name: sender`, the name sometimes with a counter in parentheses.
package struct ChatRecord: Sendable {
    /// Packages whose notifications are chats.
    package static let packages: Set<String> = ["com.whatsapp", "com.whatsapp.w4b"]

    /// One message of the chat that somebody else wrote.
    package struct Message: Sendable, Equatable {
        /// What makes it the same message when it is posted again.
        package let identity: [UInt8]
        /// The message.
        package let content: ChatMessage
        /// When it was sent, by the app; nil where it gave none.
        package let time: WallTime?
    }

    /// The chat's identity; nil where the phone does not say it.
    package let jid: String?
    /// Whether it is a group.
    package let isGroup: Bool
    /// The group's or the other person's name, without a counter.
    package let name: String
    /// The messages, oldest first; none where the app gives only a count.
    package let messages: [Message]

    /// Reads the chat; nil for every other notification: other apps', summaries, calls, notices.
    package init?(_ record: NotificationRecord) {
        guard Self.packages.contains(record.package), !record.isGroupSummary,
            record.template?.hasSuffix("$MessagingStyle") == true
        else { return nil }
        let jid = record.shortcut.flatMap { $0.contains("@") ? $0 : nil }
        self.jid = jid
        isGroup = record.isGroupConversation ?? (jid?.hasSuffix("@g.us") ?? (record.conversationTitle != nil))
        let shown = isGroup ? record.conversationTitle ?? record.title : record.title
        name = Self.withoutCounter(shown ?? "")
        let number = isGroup ? nil : jid.flatMap(Self.number(ofChat:))
        var seen: [[UInt8]: Int] = [:]
        var messages: [Message] = []
        for message in record.messages {
            guard let sender = message.sender, Self.isOther(sender, in: record, isGroup: isGroup) else {
                continue
            }
            // The chat and not the name: a renamed contact's messages stay the same.
            var digest = ContentDigest()
            digest.add(String(record.userID))
            digest.add(record.package)
            digest.add(jid ?? record.tag ?? "")
            digest.add(message.time.map { String($0) } ?? "")
            digest.add(isGroup ? sender : "")
            digest.add(message.text)
            let plain = digest.bytes
            let count = seen[plain, default: 0]
            seen[plain] = count + 1
            digest.add(String(count))
            messages.append(
                Message(
                    identity: digest.bytes,
                    content: ChatMessage(
                        account: "", sender: number ?? Self.number(sender) ?? sender,
                        group: isGroup ? name : nil,
                        text: message.text),
                    time: message.time.flatMap { $0 > 0 ? WallTime(milliseconds: $0) : nil }))
        }
        self.messages = messages
    }

    /// Not the owner's own reply. In a chat of two the other person may have the owner's name.
    private static func isOther(_ sender: String, in record: NotificationRecord, isGroup: Bool) -> Bool {
        sender != record.selfName || (!isGroup && sender == record.title)
    }

    /// `Name (3 messages)` without the counter.
    private static func withoutCounter(_ name: String) -> String {
        guard name.hasSuffix(")"), let open = name.utf8.lastIndex(of: UInt8(ascii: "(")),
            open != name.startIndex
        else { return name }
        let inside = name[open...].dropFirst().dropLast()
        let digits = inside.unicodeScalars.prefix { $0.properties.numericType == .decimal }
        let rest = inside.unicodeScalars.dropFirst(digits.count)
        let before = name[..<open]
        guard !digits.isEmpty, rest.first == " ", !rest.contains(")"), before.utf8.last == .space,
            before.utf8.count > 1
        else { return name }
        return String(before.dropLast())
    }

    /// The number of a chat of two.
    private static func number(ofChat jid: String) -> String? {
        let parts = jid.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1] == "s.whatsapp.net", 5...15 ~= parts[0].utf8.count,
            parts[0].utf8.allSatisfy(\.isDigit)
        else { return nil }
        return "+" + parts[0]
    }

    /// The number that a name is: `+` and digits with the signs people write between them, at least seven of all. Without the
    /// `+` it is somebody's local number, which stays a name.
    private static func number(_ name: String) -> String? {
        var digits = "+"
        var isFirst = true
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0x30...0x39: digits.unicodeScalars.append(scalar)
            // Marks of direction, which WhatsApp puts around numbers.
            case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
            case 0x2B where isFirst: break
            case 0x20, 0xA0, 0x202F, 0x28, 0x29, 0x2E, 0x2F, 0x2D, 0x2010, 0x2011: break
            default: return nil
            }
            if isFirst, scalar != "+" { return nil }
            isFirst = false
        }
        return 8...16 ~= digits.utf8.count ? digits : nil
    }
}
