import Base
import FoundationEssentials
import Testing

@testable import Phone

@Suite struct NotificationDumpTests {
    /// The fields of a fixture's expected result.
    struct Expected: Decodable {
        struct Message: Decodable, Equatable {
            let sender: String?
            let text: String
            let time: Int64
            let type: String?
        }
        struct Chat: Decodable, Equatable {
            let jid: String?
            let isGroup: Bool
            let name: String
        }
        let package, key, groupKey: String
        let userId, uid, id: Int
        let tag, title, content, text, bigText, subText, template, conversationTitle: String?
        let textLines: [String]
        let postedAt: Int64
        let createdAt, when: Int64?
        let flags: UInt32
        let category, channel, shortcut, ignoreReason, targetPackage: String?
        let isGroupSummary, isOngoing, ignore: Bool
        let isGroupConversation: Bool?
        let messages: [Message]
        let chat: Chat?
    }

    static let fixtures = [
        "a13-xiaomi-miui14-mixed", "a14-samsung-oneui6-mixed", "a14-aosp-forged-records",
        "a15-samsung-oneui7-telegram-signal", "a16-pixel-messages-whatsapp-business",
    ]

    static func dumps(_ name: String) throws -> (redacted: [UInt8], values: [UInt8]) {
        (
            try Corpus.bytes("notifications/\(name).redacted.txt"),
            try Corpus.bytes("notifications/\(name).txt")
        )
    }

    /// What `--dump-priority CRITICAL` prints: the list alone.
    static func listAlone(_ dump: [UInt8]) throws -> [UInt8] {
        let text = DumpText(dump)
        let start =
            try #require(text.find(Array("\n  Notification List:\n".utf8), from: 0, below: text.count)) + 1
        let end = try #require(text.find(Array("\n  \n".utf8), from: start, below: text.count))
        return Array(dump[start..<end + 4])
    }

    @Test("A fixture gives exactly what it holds", arguments: fixtures)
    func fixture(name: String) throws {
        let data = Data(try Corpus.bytes("notifications/\(name).json"))
        let expected = try JSONDecoder().decode([Expected].self, from: data)
        let (redacted, values) = try Self.dumps(name)
        let dump = try NotificationDump(redacted: redacted, values: values)
        #expect(dump.unreadable == [])
        #expect(dump.leftOut == 0)
        #expect(!dump.hasStrangers)
        #expect(dump.records.count == expected.count)
        for (record, wanted) in zip(dump.records, expected) { expect(record, wanted) }
        // A phone that knows the argument prints the list alone: the same records.
        let alone = try NotificationDump(
            redacted: Self.listAlone(redacted),
            values: name.contains("forged") ? values : Self.listAlone(values))
        #expect(alone.records == dump.records)
    }

    private func expect(_ record: NotificationRecord, _ wanted: Expected) {
        #expect(record.package == wanted.package)
        #expect(record.key == wanted.key)
        #expect(record.userID == wanted.userId)
        #expect(record.uid == wanted.uid)
        #expect(record.id == wanted.id)
        #expect(record.tag == wanted.tag)
        #expect(record.title == wanted.title)
        #expect(record.content == wanted.content)
        #expect(record.text == wanted.text)
        #expect(record.bigText == wanted.bigText)
        #expect(record.textLines == wanted.textLines)
        #expect(record.subText == wanted.subText)
        #expect(record.template == wanted.template)
        #expect(record.conversationTitle == wanted.conversationTitle)
        #expect(record.isGroupConversation == wanted.isGroupConversation)
        #expect(record.postedAt.milliseconds == wanted.postedAt)
        #expect(record.createdAt.milliseconds == wanted.createdAt)
        #expect(record.when == wanted.when)
        #expect(record.flags.rawValue == wanted.flags)
        #expect(record.category == wanted.category)
        #expect(record.groupKey == wanted.groupKey)
        #expect(record.channel == wanted.channel)
        #expect(record.shortcut == wanted.shortcut)
        #expect(record.isGroupSummary == wanted.isGroupSummary)
        #expect(record.isOngoing == wanted.isOngoing)
        #expect(record.ignored?.rawValue == wanted.ignoreReason)
        #expect((record.ignored != nil) == wanted.ignore)
        #expect(record.targetPackage == wanted.targetPackage)
        #expect(record.unreadableMessages == 0)
        let messages = record.messages.map {
            Expected.Message(sender: $0.sender, text: $0.text, time: $0.time ?? -1, type: $0.type)
        }
        #expect(messages == wanted.messages)
        let chat = ChatRecord(record)
        #expect(
            chat.map { Expected.Chat(jid: $0.jid, isGroup: $0.isGroup, name: $0.name) } == wanted.chat)
    }
}
