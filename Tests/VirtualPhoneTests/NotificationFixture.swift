import FoundationEssentials

@testable import VirtualPhone

/// A recorded dump: the texts with and without `--noredact`, and what is in its records.
struct NotificationFixture {
    /// What a record holds, from the file beside the dump; what this does not say is in `looks`.
    struct Contents: Decodable {
        struct Message: Decodable {
            var sender: String?
            var text: String
            var time: Int64
            var type: String?
        }
        var package: String
        var userId: Int
        var uid: Int
        var id: Int32
        var tag: String?
        var title: String?
        var text: String?
        var bigText: String?
        var textLines: [String]
        var subText: String?
        var template: String?
        var conversationTitle: String?
        var isGroupConversation: Bool?
        var messages: [Message]
        var postedAt: Int64
        var createdAt: Int64?
        var when: Int64?
        var flags: UInt32
        var category: String?
        var groupKey: String
        var channel: String?
        var shortcut: String?
    }

    /// What the phone of the fixture made up: hash, rank, and what apps set that is no content.
    struct Look {
        var identity: UInt32
        var rank: Int
        var change: (inout VirtualNotification) -> Void = { _ in }
    }

    let values: [Substring]
    let redacted: [Substring]
    let contents: [Contents]

    init(_ name: String) throws {
        let folder = "PhoneTests/Corpus/notifications/"
        func lines(_ file: String) throws -> [Substring] {
            // Split at line feeds only: CR LF is one Character, and other line ends are part of texts.
            try Fixtures.bytes(folder + file).split(separator: 0x0A, omittingEmptySubsequences: false)
                .map { Substring(String(decoding: $0, as: UTF8.self)) }
        }
        values = try lines("\(name).txt")
        redacted = try lines("\(name).redacted.txt")
        contents = try JSONDecoder().decode(
            [Contents].self, from: Data(Fixtures.bytes(folder + "\(name).json")))
    }

    /// Posts record `index` as its app did, when it did, on `phone`, whose time is `clock`.
    func post(_ index: Int, _ look: Look, on phone: VirtualPhone, _ clock: TestClock) {
        let contents = contents[index]
        let created = contents.createdAt ?? contents.postedAt
        var notification = VirtualNotification(
            package: contents.package, id: contents.id, tag: contents.tag, userID: contents.userId,
            uid: contents.uid, title: contents.title, text: contents.text, bigText: contents.bigText,
            subText: contents.subText, textLines: contents.textLines, template: contents.template,
            category: contents.category, channel: contents.channel, shortcut: contents.shortcut,
            flags: contents.flags, when: contents.when ?? contents.postedAt,
            conversationTitle: contents.conversationTitle,
            isGroupConversation: contents.isGroupConversation)
        // The fixture's persons have hashes that grow by 977.
        notification.messages = contents.messages.enumerated().map { number, message in
            VirtualMessage(
                text: message.text, time: message.time, sender: message.sender, mimeType: message.type,
                personHash: 0x3F1C_2A9B + UInt32(number) * 977)
        }
        if let mark = contents.groupKey.firstRange(of: "|g:") {
            notification.group = String(contents.groupKey[mark.upperBound...])
        }
        look.change(&notification)
        clock.advance(created - clock.now)
        phone.post(notification)
        if contents.postedAt != created {
            clock.advance(contents.postedAt - created)
            phone.post(notification)
        }
        phone.change { state in
            let last = state.core.android.notifications.posted.indices.last
            guard let last else { return }
            state.core.android.notifications.posted[last].identity = look.identity
            state.core.android.notifications.posted[last].rank = look.rank
        }
    }

    /// Lines of the record with this hash in `lines`, up to `count`, and the one behind them.
    static func record(_ identity: UInt32, in lines: [Substring], count: Int) -> [Substring] {
        let head = "    NotificationRecord(0x" + NotificationLayout.hex(identity, width: 8) + ":"
        guard let start = lines.firstIndex(where: { $0.hasPrefix(head) }) else { return [] }
        return Array(lines[start...].prefix(count + 1))
    }
}
