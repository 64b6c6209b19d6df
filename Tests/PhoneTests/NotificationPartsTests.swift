import Base
import Events
import Testing

@testable import Phone

/// The small parts: digests, keys, flags, cursors, names.
@Suite struct NotificationPartsTests {
    @Test func digestsOfListsAreOfLists() {
        func digest(_ texts: [String?]) -> [UInt8] {
            var digest = ContentDigest()
            for text in texts { digest.add(text) }
            return digest.bytes
        }
        let lists: [[String?]] = [
            [], [""], [nil], ["a"], ["a", "b"], ["ab"], ["ab", ""], ["", "ab"], ["ab", nil],
        ]
        #expect(Set(lists.map(digest)).count == lists.count)
    }

    @Test func keys() throws {
        func parts(_ text: String) -> NotificationKey? { NotificationKey(Array(text.utf8)[...]) }
        #expect(parts("0|com.x|1|null|10342")?.tag == nil)
        #expect(try #require(parts("-1|com.x|-7|a|b\n|99910244")?.tag).elementsEqual("a|b\n".utf8))
        #expect(parts("0|com.x|1|t|10342|g:x|y")?.uid == 10342)
        for text in ["", "0", "0|com.x|1|t", "0|com.x|1|t|x", "0||1|t|5", "x|com.x|1|t|5"] {
            #expect(parts(text) == nil, "\(text)")
        }
    }

    @Test func flags() {
        func flags(_ text: String) -> UInt32? { NotificationFlags(Array(text.utf8)[...])?.rawValue }
        #expect(flags("0x62") == 0x62)
        #expect(flags("0") == 0)
        #expect(flags("ONLY_ALERT_ONCE|AUTO_CANCEL|GROUP_SUMMARY") == 0x218)
        #expect(flags("NO_CLEAR|UNKNOWN(0x00100000)") == 0x10_0020)
        #expect(flags("ONGOING_EVENT|SOMETHING_NEW") == 2)
        for text in ["", "0x", "x", "NO_CLEAR|", "0x1ffffffff", "12"] { #expect(flags(text) == nil) }
    }

    @Test(arguments: [
        ("extras=Bundle[{}], sender_person=android.app.Person@1, sender=A, text=x, time=5", "A", "x"),
        ("extras=Bundle[EMPTY_PARCEL], sender=A, text=, time=5, type=image/png", "A", ""),
        (
            "extras=Bundle[{k=v, l=[1]}], sender_person=android.app.Person@1, sender=A, text=x, time=5", "A",
            "x"
        ),
        (
            "extras=Bundle[mParcelledData.dataSize=8], sender=A, uri=content://x/1, text=x, time=5, type=a/b",
            "A", "x"
        ),
        ("sender=A, uri=content://x/1, text=x, time=5", nil, nil),
        ("sender=A, text=b, time=1, time=5, type=a/b, remote_input_history=true", "A", "b, time=1"),
        ("text=own, sender=x, time=5", nil, "own, sender=x"),
        ("extras=Bundle[{k=v}], text=x, time=5", nil, nil), ("sender=A, text=x", nil, nil),
        ("sender=A, text=x, text=y, time=5", nil, nil), ("sender=A, text=x, time=5, more=1", nil, nil),
        ("sender=A, uri=u, uri=v, text=x, time=5, type=a/b", nil, nil), ("time=5", nil, nil), ("", nil, nil),
    ])
    func messages(inside: String, sender: String?, text: String?) {
        let message = MessageBundle(Array("Bundle[{\(inside)}]".utf8), names: [])
        #expect(message?.text == text.map { Array($0.utf8) })
        #expect(message?.sender == sender.map { Array($0.utf8) })
        #expect(message == nil || message?.time == 5)
    }

    @Test func cursorsComeBack() {
        var cursor = NotificationCursor()
        for byte in UInt8(0)..<200 {
            cursor.posted[[UInt8](repeating: byte, count: 16)] = [UInt8](repeating: 1, count: 16)
        }
        #expect(NotificationCursor(cursor.bytes) == cursor)
        #expect(cursor.bytes.count == 1 + 200 * 66)
        #expect(NotificationCursor(cursor.bytes + [0x20]) == nil)
        #expect(NotificationCursor(Array(cursor.bytes.dropLast())) == nil)
    }

    @Test(arguments: [
        ("Team (2 messages)", "Team"), ("Team (12 neue Nachrichten)", "Team"), ("등산 (서울 🤴🏼)", "등산 (서울 🤴🏼)"),
        ("Team (2)", "Team (2)"), ("(2 messages)", "(2 messages)"), ("Team (a) (٣ رسائل)", "Team (a)"),
        ("", ""),
        ("Team(2 messages)", "Team(2 messages)"), ("Team (2 (x))", "Team (2 (x))"),
    ])
    func groupNames(shown: String, name: String) throws {
        let sample = Sample.group(shown, [.init(sender: "Ana", text: "x", time: 1)])
        let dump = try NotificationDump(
            redacted: Sample.dump([sample], redacted: true), values: Sample.dump([sample], redacted: false))
        #expect(dump.records.first.flatMap { ChatRecord($0) }?.name == name)
    }

    @Test(arguments: [
        ("+49 170 000-0001", "+491700000001"), ("\u{202A}+63\u{A0}976 555 0142\u{202C}", "+639765550142"),
        ("0170 0000001", "0170 0000001"), ("+49 170", "+49 170"), ("~Ana", "~Ana"),
        ("+49 170 000 0001 x", "+49 170 000 0001 x"),
        ("+1 (650) 555.0103", "+16505550103"),
    ])
    func senders(shown: String, sender: String) throws {
        var sample = Sample.chat(shown, "x", [.init(sender: shown, text: "x", time: 1)])
        for shortcut in ["123456789@lid", "null"] {
            sample.shortcut = shortcut
            let dump = try NotificationDump(
                redacted: Sample.dump([sample], redacted: true),
                values: Sample.dump([sample], redacted: false))
            let chat = dump.records.first.flatMap { ChatRecord($0) }
            #expect(chat?.messages.map(\.content.sender) == [sender])
        }
    }
}
