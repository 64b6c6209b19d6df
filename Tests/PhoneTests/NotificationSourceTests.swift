import Base
import Events
import Testing

@testable import Phone

/// Transcripts: what the phone shows, what becomes of it.
@Suite struct NotificationSourceTests {
    /// A phone whose notifications a test sets, and a source that reads them.
    struct Phone {
        var source: NotificationSource
        var posted: [Sample]
        var now = Instant(nanoseconds: 0)
        var cursor: [UInt8]?
        var reports: [PhoneReport] = []
        /// How often the phone was looked at.
        var looks = 0
        /// What the phone shows in the dump with texts instead, look by look.
        var instead: [[Sample]] = []
        /// What the phone says instead of dumps.
        var refusal: String?
        var known: Set<SourceKey> = []

        init(_ posted: [Sample], cursor: [UInt8]? = nil, apiLevel: Int = 34) {
            source = NotificationSource(cursor: cursor, phone: PhoneContext(apiLevel: apiLevel))
            self.posted = posted
            self.cursor = cursor
        }

        /// Works until the source rests; returns what was recorded that was not known, and until when it rests.
        mutating func work() -> (events: [EventContent], until: Instant?) {
            var events: [EventContent] = []
            while true {
                switch source.next(now: now, phoneTime: WallTime(milliseconds: 0)) {
                case .run(let command): run(command)
                case .record(let observations, let cursor):
                    for observation in observations where known.insert(observation.key).inserted {
                        if let content = observation.content { events.append(content) }
                    }
                    self.cursor = cursor
                    source.recorded(now: now)
                case .report(let report): reports.append(report)
                case .rest(let until): return (events, until)
                case .check, .backfill: Issue.record("a step that this source has no use for")
                }
            }
        }

        private mutating func run(_ command: PhoneCommand) {
            let redacted = command == NotificationQuery.redacted
            if redacted { looks += 1 }
            #expect(redacted || command == NotificationQuery.values)
            let shown = !redacted && !instead.isEmpty ? instead.removeFirst() : posted
            let output = refusal.map { Array($0.utf8) } ?? Sample.dump(shown, redacted: redacted)
            source.answered(.completed(output: output, errorOutput: []), now: now)
        }

        /// A hint in the log, and the look it brings, and the second one.
        mutating func hint() -> [EventContent] {
            hear()
            now = now.advanced(by: .milliseconds(350))
            return work().events
        }

        mutating func hear(_ message: String = "[10310,1,com.example.bank,4,NULL,0,x,0]") {
            let text = "1717171717.900  1427  1427 I notification_enqueue: \(message)"
            if let line = LogLine(Array(text.utf8)[...]) { source.heard(line, now: now) }
        }

        mutating func pass(_ time: Duration) { now = now.advanced(by: time) }
    }

    private func notification(_ sample: Sample) -> EventContent {
        EventContent(
            PostedNotification(package: sample.package, title: sample.title ?? "", content: sample.text ?? "")
        )
    }

    private func message(_ sender: String, _ text: String, group: String? = nil) -> EventContent {
        EventContent(ChatMessage(account: "", sender: sender, group: group, text: text))
    }

    /// A phone that was enrolled with `posted`.
    private func enrolled(_ posted: [Sample] = [Sample()]) -> Phone {
        var phone = Phone(posted)
        #expect(phone.work().events == [])
        #expect(phone.reports == [.reading])
        phone.pass(.milliseconds(1200))
        #expect(phone.work().events == [])
        phone.reports = []
        return phone
    }

    @Test func whatIsPostedAtEnrolmentIsKnown() {
        var phone = Phone([
            Sample(), Sample.chat("Ana", "49170", [.init(sender: "Ana", text: "hi", time: 5)]),
        ])
        let (events, until) = phone.work()
        #expect(events == [])
        #expect(phone.reports == [.reading])
        #expect(phone.looks == 1)
        #expect(until == phone.now.advanced(by: .milliseconds(1200)))
        #expect(phone.cursor?.count == 1 + 2 * 66)
        // Both have keys, so that not even a lost cursor makes events of them.
        #expect(phone.known.count == 2)
        var again = Phone(phone.posted)
        again.known = phone.known
        again.source = NotificationSource(cursor: Array("1".utf8), phone: PhoneContext(apiLevel: 34))
        #expect(again.work().events == [])
    }

    @Test func anEmptyPhoneIsEnrolledToo() {
        var phone = Phone([])
        #expect(phone.work().events == [])
        #expect(phone.cursor == Array("1".utf8))
        phone.posted = [Sample()]
        #expect(phone.hint() == [notification(Sample())])
    }

    @Test func aNewOneIsAnEventWithItsTime() throws {
        var phone = enrolled([])
        phone.posted = [Sample()]
        phone.hear()
        #expect(phone.work().until == phone.now.advanced(by: .milliseconds(350)))
        phone.pass(.milliseconds(350))
        guard case .run = phone.source.next(now: phone.now, phoneTime: WallTime(milliseconds: 0)) else {
            Issue.record("no look after the hint")
            return
        }
        phone.source.answered(
            .completed(output: Sample.dump(phone.posted, redacted: true), errorOutput: []), now: phone.now)
        _ = phone.source.next(now: phone.now, phoneTime: WallTime(milliseconds: 0))
        phone.source.answered(
            .completed(output: Sample.dump(phone.posted, redacted: false), errorOutput: []), now: phone.now)
        guard
            case .record(let observations, _) = phone.source.next(
                now: phone.now, phoneTime: WallTime(milliseconds: 0))
        else {
            Issue.record("nothing is recorded")
            return
        }
        let seen = try #require(observations.first)
        #expect(observations.count == 1)
        #expect(seen.content == notification(Sample()))
        #expect(seen.receivedAt == WallTime(milliseconds: 1_717_171_657_000))
        #expect(seen.key.source == .notifications)
        #expect(seen.key.bytes.count == 4 + 32 + 1 + 13)
    }

    @Test func theSameTextAgainIsNoEventAndAnotherIs() {
        var phone = enrolled()
        phone.posted = [Sample().again(at: 1_717_171_658_000)]
        #expect(phone.hint() == [])
        phone.posted[0].text = "Card ending 1234: 80.00 EUR at Garage"
        phone.posted[0] = phone.posted[0].again(at: 1_717_171_659_000)
        #expect(phone.hint() == [notification(phone.posted[0])])
    }

    @Test func aTextThatComesBackIsAnEventAgain() {
        var phone = enrolled()
        var other = Sample().again(at: 1_717_171_658_000)
        other.text = "B"
        phone.posted = [other]
        #expect(phone.hint() == [notification(other)])
        phone.posted = [Sample().again(at: 1_717_171_659_000)]
        #expect(phone.hint() == [notification(Sample())])
    }

    @Test func removedAndPostedAgainIsNew() {
        var phone = enrolled()
        phone.posted = [Sample.chat("Ana", "49170", [])]
        _ = phone.hint()
        #expect(phone.cursor?.count == 1 + 66)
        var sample = Sample().again(at: 1_717_171_700_000)
        sample.created = 1_717_171_700_000
        phone.posted.append(sample)
        #expect(phone.hint() == [notification(sample)])
    }

    @Test func whatCameWhileTheDaemonWasAwayIsFoundAtTheNextContact() {
        let phone = enrolled()
        var other = Sample()
        other.id = 9
        other.hash = 7
        other.text = "Your code is 112233"
        var after = Phone([Sample(), other], cursor: phone.cursor)
        #expect(after.work().events == [notification(other)])
        #expect(after.reports == [.reading])
        // Nothing came: nothing is recorded.
        var quiet = Phone([Sample()], cursor: phone.cursor)
        #expect(quiet.work().events == [])
        #expect(quiet.cursor == phone.cursor)
    }

    @Test func aCursorOfUnknownBytesIsSaidToBeUnreadable() {
        for text in ["", "2", "1 ", "1 00:00", "1 x", "11"] {
            var phone = Phone([Sample()], cursor: Array(text.utf8))
            #expect(phone.work().events == [])
            guard case .problem = phone.reports.first else {
                Issue.record("\(text) was believed")
                continue
            }
        }
    }

    @Test func whatTheDefaultFilterIgnoresIsNoEvent() {
        var phone = enrolled([])
        var ongoing = Sample()
        ongoing.flags = 2
        var download = Sample()
        (download.id, download.hash, download.progressMax) = (5, 8, 100)
        var call = Sample()
        (call.id, call.hash, call.category) = (6, 9, "call")
        var missed = Sample()
        (missed.id, missed.hash, missed.category) = (7, 10, "missed_call")
        phone.posted = [ongoing, download, call, missed]
        #expect(phone.hint() == [notification(missed)])
    }

    @Test func anAppThatPushesForAnotherIsCalledByTheOthersName() throws {
        let (redacted, values) = try NotificationDumpTests.dumps("a13-xiaomi-miui14-mixed")
        let dump = try NotificationDump(redacted: redacted, values: values)
        let changes = NotificationChanges(
            dump, since: NotificationCursor(), held: [:], now: Instant(nanoseconds: 0))
        let packages = changes.observations.compactMap { observation in
            observation.content?.of(PostedNotification.self)?.package
        }
        #expect(packages == ["com.android.mms", "com.example.shop", "com.android.server.telecom"])
        let messages = changes.observations.compactMap { observation in
            observation.content?.of(ChatMessage.self)
        }
        #expect(messages.map(\.sender) == ["+886955550123", "+886955550123"])
        #expect(messages.map(\.text) == ["明天 10:00 (早上) 可以嗎？", "這是工作帳號"])
    }

    // MARK: WhatsApp

    @Test func eachMessageOfAChatIsOneEventHoweverOftenItIsPosted() {
        var phone = enrolled([])
        let first = Sample.Message(sender: "Ana", text: "hi", time: 1_717_171_000_000)
        phone.posted = [Sample.chat("Ana", "4917012345", [first])]
        #expect(phone.hint() == [message("+4917012345", "hi")])
        // Posted again with nothing new, and again with one more, twice the same text.
        phone.posted = [phone.posted[0].again(at: 1_717_171_658_000)]
        #expect(phone.hint() == [])
        let same = Sample.Message(sender: "Ana", text: "hi", time: 1_717_171_005_000)
        phone.posted = [Sample.chat("Ana", "4917012345", [first, same]).again(at: 1_717_171_659_000)]
        #expect(phone.hint() == [message("+4917012345", "hi")])
        // Two equal messages of one millisecond are two messages.
        phone.posted = [Sample.chat("Ana", "4917012345", [first, same, same]).again(at: 1_717_171_660_000)]
        #expect(phone.hint() == [message("+4917012345", "hi")])
        // Read on the phone, then another one.
        phone.posted = []
        _ = phone.hint()
        phone.pass(.seconds(1))
        _ = phone.work()
        let last = Sample.Message(sender: "Ana", text: "there?", time: 1_717_171_009_000)
        phone.posted = [Sample.chat("Ana", "4917012345", [same, last]).again(at: 1_717_171_661_000)]
        #expect(phone.hint() == [message("+4917012345", "there?")])
    }

    @Test func whatAChatHeldAtEnrolmentStaysKnownWhenItIsPostedAgain() {
        let old = Sample.Message(sender: "Ana", text: "old", time: 1)
        var phone = enrolled([Sample.chat("Ana", "4917012345", [old])])
        let new = Sample.Message(sender: "Ana", text: "new", time: 2)
        phone.posted = [Sample.chat("Ana", "4917012345", [old, new]).again(at: 1_717_171_658_000)]
        #expect(phone.hint() == [message("+4917012345", "new")])
    }

    @Test func aGroupGivesItsNameAndTheSenders() {
        var phone = enrolled([])
        phone.posted = [
            Sample.group(
                "Team (2 messages)",
                [
                    .init(sender: "+49 170 000 0001", text: "one", time: 1),
                    .init(sender: "Ana", text: "two, text=x", time: 2),
                ])
        ]
        #expect(
            phone.hint() == [
                message("+491700000001", "one", group: "Team"), message("Ana", "two, text=x", group: "Team"),
            ])
    }

    @Test func ownRepliesAreNoEvents() {
        var phone = enrolled([])
        let asked = Sample.Message(sender: "Ana", text: "coming?", time: 1)
        let own = Sample.Message(sender: "You", text: "yes", time: 2)
        let mine = Sample.Message(sender: nil, text: "soon", time: 3)
        phone.posted = [Sample.chat("Ana", "4917012345", [asked, own, mine])]
        #expect(phone.hint() == [message("+4917012345", "coming?")])
    }

    @Test func aMissedCallIsANotification() {
        var phone = enrolled([])
        var call = Sample.chat("Ana", "4917012345", [])
        call.template = nil
        call.messages = nil
        call.text = "Missed voice call"
        phone.posted = [call]
        #expect(phone.hint() == [notification(call)])
    }

    @Test func aSummaryWaitsForItsMembers() {
        var phone = enrolled([])
        var summary = Sample.chat("WhatsApp", "1", [])
        (summary.tag, summary.hash, summary.flags, summary.messages) = ("null", 3, 0x201, nil)
        (summary.template, summary.text) = ("InboxStyle", "1 new message")
        phone.posted = [summary]
        #expect(phone.hint() == [])
        phone.posted.append(Sample.chat("Ana", "4917012345", [.init(sender: "Ana", text: "hi", time: 1)]))
        phone.pass(.milliseconds(1200))
        #expect(phone.work().events == [message("+4917012345", "hi")])
        // One that stays alone is all there is.
        phone = enrolled([])
        phone.posted = [summary]
        #expect(phone.hint() == [])
        phone.pass(.milliseconds(1200))
        #expect(phone.work().events == [notification(summary)])
    }
}
