import FoundationEssentials
import Testing

@testable import VirtualPhone

/// A dump of the corpus, which is constructed after the platform's source and public records: its texts with and
/// without `--noredact`, and what is in its records.
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

    /// What the phone of the fixture made up: hash, rank, and what apps set that is not content.
    struct Look {
        var identity: UInt32
        var rank: Int
        /// Where the file beside the dump does not say it, milliseconds since 1970.
        var created: Int64?
        var change: (inout VirtualNotification) -> Void = { _ in }
    }

    let values: [Substring]
    let redacted: [Substring]
    let contents: [Contents]

    init(_ name: String) throws {
        let folder = "PhoneTests/Corpus/notifications/"
        func lines(_ file: String) throws -> [Substring] {
            Self.lines(try Fixtures.bytes(folder + file))
        }
        values = try lines("\(name).txt")
        redacted = try lines("\(name).redacted.txt")
        contents = try JSONDecoder().decode(
            [Contents].self, from: Data(Fixtures.bytes(folder + "\(name).json")))
    }

    /// Posts record `index` as its app did, when it did, on `phone`, whose time is `clock`.
    func post(_ index: Int, _ look: Look, on phone: VirtualPhone, _ clock: TestClock) {
        let contents = contents[index]
        let created = look.created ?? contents.createdAt ?? contents.postedAt
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
        if contents.postedAt > created {
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

    /// Posts records, prints them, and compares each with that of the corpus, redacted and not.
    static func compare(
        _ name: String, release: Int, maker: String = "Google", zoneMinutes: Int64 = 0,
        _ looks: [(index: Int, look: Look)]
    ) throws {
        let fixture = try NotificationFixture(name)
        let clock = TestClock(0)
        var setup = VirtualPhoneSetup()
        setup.androidRelease = release
        setup.manufacturer = maker
        setup.clock = { clock.now }
        let phone = VirtualPhone(setup: setup)
        for (index, look) in looks { fixture.post(index, look, on: phone, clock) }
        let records = phone.change { $0.core.android.notifications.posted }
        #expect(records.count == looks.count)
        var layout = NotificationLayout(setup)
        layout.zoneMinutes = zoneMinutes
        for (record, redacts) in records.flatMap({ [($0, true), ($0, false)] }) {
            let text = NotificationRecordText(layout: layout, record: record, index: 0, redacts: redacts)
                .text()
            let lines = Array(Self.lines(Array(text.utf8)).dropLast())
            let corpus = redacts ? fixture.redacted : fixture.values
            let expected = Self.record(record.identity, in: corpus, count: lines.count)
            #expect(expected.count == lines.count + 1, "\(name) \(record.notification.key)")
            // Not ==, for which an accent may be one character or two. The first difference says enough.
            let different = zip(lines, expected).first { !$0.utf8.elementsEqual($1.utf8) }
            let same = different == nil
            #expect(same, "redacted: \(redacts)\n\(different?.0 ?? "")\n\(different?.1 ?? "")")
            let next = expected.last ?? ""
            let ends = next == "  " || next.hasPrefix("    NotificationRecord(")
            #expect(ends, "the record ends there")
        }
    }

    /// Split at line feeds only: CR LF is one Character, and other line ends are part of texts.
    static func lines(_ bytes: [UInt8]) -> [Substring] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { Substring(String(decoding: $0, as: UTF8.self)) }
    }

    /// `count` lines of the record with this hash, and the one behind them.
    private static func record(_ identity: UInt32, in lines: [Substring], count: Int) -> [Substring] {
        let head = "    NotificationRecord(0x" + NotificationLayout.hex(identity, width: 8) + ":"
        guard let start = lines.firstIndex(where: { $0.hasPrefix(head) }) else { return [] }
        return Array(lines[start...].prefix(count + 1))
    }
}

extension NotificationFixture.Look {
    /// A chat of WhatsApp.
    static func whatsApp(
        _ identity: UInt32, _ rank: Int, app: String = "com.whatsapp", place: Int = 1,
        channel: String = "Message notifications", own: String, unread: String? = "1 new message",
        sdk: Int = 33,
        change: @escaping (inout VirtualNotification) -> Void = { _ in }
    ) -> Self {
        Self(identity: identity, rank: rank) { notification in
            let chat = WhatsAppInbox.Chat(
                shortcut: "", tag: "", name: "", group: false, messages: notification.messages)
            let made = WhatsAppPosts(app: app, chats: [chat], sdk: sdk).notifications[1]
            let name = made.look.publicVersion?.title ?? ""
            notification.look = made.look
            notification.look.channelName = channel
            notification.look.publicVersion = unread.map { .init(title: name, text: $0) }
            notification.extras = made.extras
            if sdk >= 28 { notification.extras["android.messagingUser"] = .person("86c2e107") }
            notification.sortKey = String(place)
            notification.selfDisplayName = own
            change(&notification)
        }
    }

    /// WhatsApp's summary.
    static func whatsAppSummary(
        _ identity: UInt32, _ rank: Int, app: String = "com.whatsapp", ticker: String? = nil, sdk: Int = 33
    ) -> Self {
        Self(identity: identity, rank: rank) { notification in
            let chat = WhatsAppInbox.Chat(
                shortcut: "", tag: "", name: "", group: false,
                messages: [VirtualMessage(text: "", time: 0, sender: "")])
            notification.look = WhatsAppPosts(app: app, chats: [chat], sdk: sdk).notifications[0].look
            notification.ticker = ticker
            notification.extras["android.summaryText"] = .text(notification.text ?? "")
            if sdk >= 28 { notification.extras["android.title.big"] = .text(notification.title ?? "") }
        }
    }
}

extension VirtualExtra {
    static func person(_ hash: String) -> Self { .value(type: "Person", "android.app.Person@\(hash)") }
    static func boolean(_ value: Bool) -> Self { .value(type: "Boolean", value ? "true" : "false") }
    static func integer(_ value: Int) -> Self { .value(type: "Integer", String(value)) }
}
