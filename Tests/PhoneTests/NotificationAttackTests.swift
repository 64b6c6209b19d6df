import Base
import Events
import Testing

@testable import Phone

/// What an app or a sender may try against other apps' notifications, and what time may do to what is known.
@Suite struct NotificationAttackTests {
    private typealias Phone = NotificationSourceTests.Phone

    private func read(_ samples: [Sample]) throws -> NotificationDump {
        try NotificationDump(
            redacted: Sample.dump(samples, redacted: true), values: Sample.dump(samples, redacted: false))
    }

    private func enrolled(_ posted: [Sample] = []) -> Phone {
        var phone = Phone(posted)
        _ = phone.work()
        phone.pass(.milliseconds(1200))
        _ = phone.work()
        (phone.looks, phone.reports) = (0, [])
        return phone
    }

    private func problems(_ phone: Phone) -> [String] {
        phone.reports.compactMap { if case .problem(let text, _) = $0 { text } else { nil } }
    }

    private func blocks(_ phone: Phone) -> [PhoneReport] {
        phone.reports.filter { if case .blocked = $0 { true } else { false } }
    }

    private var bank: Sample {
        var sample = Sample()
        (sample.id, sample.hash, sample.text) = (5, 7, "real")
        return sample
    }

    private func notification(_ sample: Sample) -> EventContent {
        EventContent(
            PostedNotification(package: sample.package, title: sample.title ?? "", content: sample.text ?? "")
        )
    }

    private func message(_ text: String) -> EventContent {
        EventContent(ChatMessage(account: "", sender: "+4917012345", group: nil, text: text))
    }

    private func chat(_ messages: (String, Int64)...) -> Sample {
        Sample.chat(
            "Ana", "4917012345",
            messages.map { Sample.Message(sender: "Ana", text: $0.0, time: 1_717_171_657_000 + $0.1) })
    }

    // MARK: Forged

    @Test("A name that holds the address of a file is nobody else's name")
    func namedLikeAFile() throws {
        let mallory = Sample.Message(sender: "Ana, uri=content://a/1", text: "I sent the money", time: 1)
        let group = Sample.group("Team", [mallory, .init(sender: "Bob", text: "ok", time: 2)])
        let record = try #require(try read([group]).records.first)
        #expect(record.messages.map(\.sender) == ["Bob"])
        #expect(record.unreadableMessages == 1)
        // Alone it is the last one, whose sender the title tells.
        let alone = try #require(try read([Sample.group("Team", [mallory])]).records.first)
        #expect(alone.messages.map(\.sender) == ["Ana, uri=content://a/1"])
    }

    @Test(
        "An app that writes another app's header into an action's title and goes on with its own extras is refused"
    )
    func borrowedContinuation() throws {
        var evil = Sample()
        (evil.package, evil.title, evil.text) = ("com.evil", "Example Bank", "Send 5000 now")
        // Everything that the bank's record has up to its actions; the rest is the app's own record.
        let printed = bank.print(redacted: true)
        let view = try #require(printed.firstRange(of: "            extras={"))
        evil.action = "x\n" + printed[..<view.lowerBound] + "            actions={\n                [0] \"y"
        let dump = try read([evil])
        #expect(dump.records.map(\.package).filter { $0 != "com.evil" } == [])
        #expect(dump.unreadable.map(\.package).contains("com.example.bank"))
        // The bank's own notification is read beside it.
        var other = bank
        (other.hash, other.id) = (8, 6)
        #expect(try read([evil, other]).records.map(\.key) == [other.key])
    }

    @Test("A ticker that holds extras of the same lengths gives no other title, and hides nothing")
    func tickerWithExtras() throws {
        let lines = ["first", "second"]
        var real = Sample()
        (real.title, real.text, real.textLines) = ("Mallory", "hello", lines)
        let printed = real.print(redacted: false)
        let from = try #require(printed.firstRange(of: "            extras={")).lowerBound
        let to = try #require(printed.firstRange(of: "                  [0] first")).lowerBound
        // The forged list of lines would reach to the end of the real one.
        real.ticker = "Mallory: hello\n" + printed[from..<to].replacing("Mallory", with: "AcmeBnk")
        let dump = try read([real])
        #expect(dump.records.map(\.title) == ["Mallory"])
        #expect(dump.unreadable == [])
    }

    @Test("What an app prints into both dumps silences no other app", arguments: [0, 1, 2])
    func silencing(place: Int) throws {
        var forged = bank
        forged.hash = 0x0dea_dbee
        var evil = Sample.chat("Mallory", "4917012345", [])
        evil.messages = nil
        for redacted in [true, false] {
            for hasTexts in [true, false] {
                if !hasTexts { (forged.title, forged.text) = (nil, nil) }
                let text = "x\n" + forged.print(redacted: redacted)
                switch place {
                case 0: evil.list = text
                case 1: evil.action = text
                default: evil.tag = text
                }
                for samples in [[evil, bank], [bank, evil]] {
                    let records = try read(samples).records.filter { $0.text == "real" }
                    #expect(records.map(\.key) == [bank.key])
                }
            }
        }
    }

    @Test("A made-up member of a group does not hide the group's summary")
    func madeUpMember() throws {
        var summary = Sample.chat("Ana", "1", [])
        (summary.tag, summary.hash, summary.flags, summary.messages) = ("null", 3, 0x201, nil)
        (summary.template, summary.text) = ("InboxStyle", "hi")
        var member = Sample.chat("Ana", "1", [])
        (member.hash, member.messages, member.title, member.text) = (0x0dea_dbee, nil, nil, nil)
        (member.selfName, member.tag) = (nil, "z")
        for redacted in [true, false] {
            var evil = Sample()
            evil.list = "x\n" + member.print(redacted: redacted)
            let record = try read([evil, summary]).records.first { $0.isGroupSummary }
            #expect(record?.text == "hi")
            #expect(record?.ignored == nil)
            // A real one hides it.
            var real = Sample.chat("Ana", "1", [.init(sender: "Ana", text: "hi", time: 1)])
            real.hash = 9
            let both = try read([real, summary]).records.first { $0.isGroupSummary }
            #expect(both?.ignored == .groupSummary)
        }
    }

    @Test("A ticker that looks like a dump without texts does not stop the reading of a phone")
    func tickerWithoutTexts() throws {
        var sample = Sample()
        sample.ticker = "x\n            extras={\n                android.title=String [length=12]\n"
        #expect(try read([sample]).records.map(\.text) == [sample.text])
        sample.ticker =
            "x\n            contentView=null\n            timeout=unknown\n            extras={\n"
            + "                android.title=String [length=12]\n"
        #expect(try read([sample]).unreadable.map(\.trouble) == [.ambiguous])
        var phone = enrolled()
        phone.posted = [sample]
        _ = phone.hint()
        for _ in 0..<5 {
            phone.pass(.milliseconds(150))
            _ = phone.work()
        }
        #expect(blocks(phone) == [])
        #expect(problems(phone).count == 1)
    }

    // MARK: Too much

    @Test("A text that begins like a long entry again and again costs no more than its length")
    func longEntries() throws {
        var sample = Sample()
        sample.textLines = [
            String(repeating: "\n                android.text=String (", count: 1000)
        ]
        sample.text = String(repeating: "a", count: 300_000)
        let dump = try read([sample, bank])
        #expect(dump.unreadable.map(\.trouble) == [.tooLong])
        #expect(dump.records.map(\.text) == ["real"])
    }

    @Test("The last record that is looked at ends where the first one that is not begins")
    func beyondTheLimit() throws {
        let all = (0...NotificationDump.recordsMax).map { index in
            var sample = Sample()
            (sample.id, sample.hash) = (index, index + 1)
            return sample
        }
        let dump = try read(all)
        #expect(dump.records.count == NotificationDump.recordsMax)
        #expect(dump.unreadable == [])
        #expect(dump.leftOut == 1)
    }

    @Test("A text that the store could never take is passed over, and said so; the others go on")
    func hugeTexts() throws {
        var phone = enrolled()
        var sample = Sample()
        sample.bigText = String(repeating: "ä", count: 700_000)
        phone.posted = [sample, bank]
        let events = phone.hint()
        #expect(events.count == 1)
        #expect(events.first == notification(bank))
        #expect(problems(phone).count == 1)
        #expect(problems(phone).first?.contains("com.example.bank") == true)
        phone.pass(.seconds(600))
        #expect(phone.work().events == [])
        #expect(problems(phone).count == 1)
    }

    @Test("What is posted all the time and nothing to forward is not a trouble")
    func restlessPlayer() throws {
        var phone = enrolled()
        var player = Sample()
        (player.id, player.hash, player.flags) = (9, 11, 0x62)
        phone.posted = [player, bank]
        phone.instead = [[player.again(at: 2), bank]]
        #expect(phone.hint() == [notification(bank)])
        phone.instead = Array(repeating: [player.again(at: 2), bank], count: 9)
        for _ in 0..<9 {
            phone.pass(.milliseconds(150))
            _ = phone.work()
        }
        #expect(phone.reports == [])
    }

    // MARK: Lost and double

    @Test("A hint just before a look brings another look, whatever the look found")
    func hintsBeforeALook() {
        var phone = enrolled()
        phone.hear()
        phone.pass(.milliseconds(340))
        phone.hear()
        phone.pass(.milliseconds(10))
        phone.posted = [Sample()]
        #expect(phone.work().events == [notification(Sample())])
        // The log says it 200 ms before it is posted.
        phone.pass(.milliseconds(190))
        phone.posted.append(bank)
        phone.pass(.milliseconds(150))
        #expect(phone.work().events == [notification(bank)])
    }

    @Test("A look that found something is followed by a second one: another app may be slow")
    func slowAfterQuick() {
        var phone = enrolled()
        phone.hear()
        phone.hear()
        phone.pass(.milliseconds(350))
        phone.posted = [Sample()]
        #expect(phone.work().events == [notification(Sample())])
        phone.posted.append(bank)
        phone.pass(.milliseconds(1200))
        #expect(phone.work().events == [notification(bank)])
        #expect(phone.work().until == phone.now.advanced(by: .seconds(600)))
    }

    @Test("What is posted before the log is listened to is found soon after the first look")
    func beforeTheLog() {
        var phone = Phone([])
        _ = phone.work()
        phone.posted = [bank]
        phone.pass(.milliseconds(1200))
        #expect(phone.work().events == [notification(bank)])
        #expect(phone.work().until == phone.now.advanced(by: .seconds(600)))
    }

    @Test("An enrolment that was cut off between its parts makes no old message an event")
    func cutEnrolment() {
        var phone = Phone(
            (0..<60).map { index in
                var sample = Sample.chat(
                    "Ana", "49170\(10000 + index)",
                    (0..<20).map { Sample.Message(sender: "Ana", text: "\($0)", time: Int64($0) + 1) })
                (sample.tag, sample.hash) = ("\(index)", index + 1)
                return sample
            })
        while phone.cursor == nil {
            switch phone.source.next(now: phone.now, phoneTime: .init(milliseconds: 0)) {
            case .run(let command):
                let output = Sample.dump(phone.posted, redacted: command == NotificationQuery.redacted)
                phone.source.answered(.completed(output: output, errorOutput: []), now: phone.now)
            case .record(let observations, let cursor):
                phone.known.formUnion(observations.map(\.key))
                phone.cursor = cursor
            default: break
            }
        }
        #expect(phone.known.count == 500)
        phone.source = NotificationSource(cursor: phone.cursor, phone: PhoneContext(apiLevel: 34))
        #expect(phone.work().events == [])
        #expect(problems(phone) == [])
        phone.posted[59] = phone.posted[59].again(at: 1_717_171_658_000)
        phone.posted[59].messages?.append(.init(sender: "Ana", text: "new", time: 99))
        #expect(
            phone.hint() == [
                EventContent(ChatMessage(account: "", sender: "+4917010059", group: nil, text: "new"))
            ])
    }

    @Test("A message that came after an enrolment that could not read its chat is an event, the old are not")
    func unreadAtEnrolment() {
        var phone = Phone([chat(("old", -5))])
        phone.instead = Array(repeating: [phone.posted[0].again(at: 2)], count: 3)
        for _ in 0..<3 {
            _ = phone.work()
            phone.pass(.milliseconds(150))
        }
        #expect(phone.cursor != nil)
        phone.posted = [chat(("old", -5), ("new", 2000)).again(at: 1_717_171_659_000)]
        #expect(phone.hint() == [message("new")])
        phone.posted = [chat(("old", -5), ("new", 2000), ("third", 3000)).again(at: 1_717_171_660_000)]
        #expect(phone.hint() == [message("third")])
    }

    private var summary: Sample {
        var summary = Sample.chat("WhatsApp", "1", [])
        (summary.tag, summary.hash, summary.flags, summary.messages) = ("null", 3, 0x201, nil)
        (summary.template, summary.text) = ("InboxStyle", "1 new message")
        return summary
    }

    @Test("A summary waits for its members however soon the next look is")
    func earlySecondLook() {
        var phone = enrolled()
        phone.posted = [summary, bank]
        phone.instead = [[summary, bank.again(at: 2)]]
        #expect(phone.hint() == [])
        phone.pass(.milliseconds(150))
        #expect(phone.work().events == [notification(bank)])
        phone.posted.append(chat(("hi", 0)))
        phone.pass(.milliseconds(1200))
        #expect(phone.work().events == [message("hi")])
    }

    @Test("A summary that stays alone is told however often it changes")
    func restlessSummary() {
        var phone = enrolled()
        var events: [EventContent] = []
        for number in 1...10 {
            var next = summary.again(at: 1_717_171_657_000 + Int64(number))
            next.text = "\(number) new messages"
            phone.posted = [next]
            phone.hear()
            phone.pass(.milliseconds(500))
            events += phone.work().events
        }
        #expect(events.count > 1)
    }
}
