import Base
import FoundationEssentials
import Testing

@testable import Phone

@Suite struct NotificationHintTests {
    private struct Expected: Decodable {
        let event: String
        let time: Double
        let uid, pid, id, userId, reason, buzz, beep, blink: Int64?
        let package, tag, key, status: String?
    }

    private func hints(_ text: [UInt8]) -> [(line: LogLine, hint: NotificationHint)] {
        var splitter = LineSplitter()
        return NotificationHint.read(splitter.bytesReceived(text).compactMap { LogLine($0[...]) })
    }

    @Test(arguments: ["events-a11", "events-a14-samsung"])
    func fixture(name: String) throws {
        let data = Data(try Corpus.bytes("notifications/\(name).json"))
        let expected = try JSONDecoder().decode([Expected].self, from: data)
        let found = hints(try Corpus.bytes("notifications/\(name).txt"))
        #expect(found.count == expected.count)
        for ((line, hint), wanted) in zip(found, expected) {
            #expect(line.milliseconds == Int64((wanted.time * 1000).rounded()))
            expect(hint, wanted)
        }
    }

    private func expect(_ hint: NotificationHint, _ wanted: Expected) {
        let text = { (bytes: [UInt8]?) in bytes.map { LossyText.decode($0) } }
        switch hint {
        case .enqueue(let posted):
            #expect(wanted.event == "enqueue")
            #expect(posted.uid == wanted.uid)
            #expect(posted.pid == wanted.pid)
            #expect(text(posted.package) == wanted.package)
            #expect(posted.id == wanted.id)
            #expect(text(posted.tag) == wanted.tag)
            #expect(posted.userID == wanted.userId)
            #expect(posted.status.map { "\($0)" } == wanted.status)
            #expect(text(posted.key) == wanted.key)
        case .alert(let key, let buzz, let beep, let blink):
            #expect(wanted.event == "alert")
            #expect(text(key) == wanted.key)
            #expect([buzz, beep, blink] == [wanted.buzz, wanted.beep, wanted.blink])
        case .cancel(let taken):
            #expect(wanted.event == "cancel")
            #expect(taken.uid == wanted.uid)
            #expect(text(taken.package) == wanted.package)
            #expect(taken.id == wanted.id)
            #expect(text(taken.tag) == wanted.tag)
            #expect(taken.userID == wanted.userId)
            #expect(taken.reason == wanted.reason)
        case .cancelAll(let uid, let package, let user, let reason):
            #expect(wanted.event == "cancel_all")
            #expect([uid, user, reason] == [wanted.uid, wanted.userId, wanted.reason])
            #expect(text(package) == wanted.package)
        case .canceled(let key, let reason):
            #expect(wanted.event == "canceled")
            #expect(text(key) == wanted.key)
            #expect(reason == wanted.reason)
        }
    }

    private func enqueue(_ fields: String) throws -> NotificationHint.Enqueue {
        let hint = NotificationHint(
            tag: Array("notification_enqueue".utf8), message: Array("[\(fields)]".utf8))
        guard case .enqueue(let posted)? = hint else { throw PhoneParseError("hint", row: 0, offset: 0) }
        return posted
    }

    @Test func whatStandsBehindATagOfTheLogsGrammarIsNotGuessed() throws {
        let plain = try enqueue("1,2,com.x,3,a,b|c,10,Notification(x),1,7")
        #expect(plain.tag == Array("a,b|c".utf8))
        #expect(plain.userID == 10)
        #expect(plain.status == .update)
        let forged = try enqueue("1,2,com.x,3,t,0,Notification(y),0,9,Notification(x),1")
        #expect(forged.package == Array("com.x".utf8))
        #expect(forged.tag == nil)
        #expect(forged.key == nil)
        let cut = try enqueue("1,2,com.x,3,t,0,Notification(chan")
        #expect(cut.status == nil)
        #expect(cut.key == Array("0|com.x|3|t|1".utf8))
        for text in ["", "1", "1,2,,3,t", "x,2,com.x,3,t", "1,2,com x,3,t", "1,2,com.x,x,t"] {
            #expect(throws: PhoneParseError.self) { try enqueue(text) }
        }
    }

    @Test func theAlertOfAndroid16HasTwoNumbersMore() {
        let tag = Array("notification_alert".utf8)
        let key = Array("0|com.x|1|a,b|10342".utf8)
        for rest in [",1,0,1]", ",1,0,1,2,0]"] {
            #expect(
                NotificationHint(tag: tag, message: [0x5B] + key + Array(rest.utf8))
                    == .alert(key: key, buzz: 1, beep: 0, blink: 1))
        }
        #expect(NotificationHint(tag: tag, message: Array("[k,1,x,1]".utf8)) == nil)
    }
}
