import Base
import Events
import Testing

@testable import Phone

/// When to look, and what goes wrong.
@Suite struct NotificationTroubleTests {
    private typealias Phone = NotificationSourceTests.Phone

    private func enrolled(_ posted: [Sample] = [Sample()]) -> Phone {
        var phone = Phone(posted)
        _ = phone.work()
        phone.pass(.milliseconds(1200))
        _ = phone.work()
        (phone.looks, phone.reports) = (0, [])
        return phone
    }

    private func blocked(_ reports: [PhoneReport]) -> [String] {
        reports.compactMap { if case .blocked(let text, locked: false) = $0 { text } else { nil } }
    }

    private func problems(_ reports: [PhoneReport]) -> [String] {
        reports.compactMap { if case .problem(let text, _) = $0 { text } else { nil } }
    }

    // MARK: Hints

    @Test func aBurstOfHintsIsOneLookThatIsNotPutOff() {
        var phone = enrolled()
        let first = phone.now
        for _ in 0..<100 {
            phone.hear()
            phone.pass(.milliseconds(3))
        }
        #expect(phone.work().until == first.advanced(by: .milliseconds(350)))
        phone.now = first.advanced(by: .milliseconds(350))
        _ = phone.work()
        #expect(phone.looks == 1)
    }

    @Test(arguments: [
        ("[10310,1,com.example.bank,4,NULL,0,Notification(channel=a vis=PRIVATE),2]", false),
        (",0,Notification(x),0]", false),
        ("[10310,1,com.example.bank,4,NULL,0,Notification(channel=a vis=PRIVATE),1]", true),
        ("[10310,1,com.whatsapp,1,Qm9n", true),
        ("[1", true),
    ])
    func onlyWhatMayHaveBeenPostedIsLookedFor(message: String, looks: Bool) {
        var phone = enrolled()
        phone.hear(message)
        let soon = phone.now.advanced(by: .milliseconds(350))
        #expect((phone.work().until == soon) == looks)
    }

    @Test func aHintThatFoundNothingBringsASecondLook() {
        var phone = enrolled()
        #expect(phone.hint() == [])
        let until = phone.work().until
        #expect(until == phone.now.advanced(by: .milliseconds(1200)))
        phone.posted[0] = phone.posted[0].again(at: 1_717_171_658_000)
        phone.posted[0].text = "late"
        phone.pass(.milliseconds(1200))
        #expect(phone.work().events.count == 1)
        #expect(phone.looks == 2)
        // And no third.
        #expect(phone.work().until == phone.now.advanced(by: .seconds(600)))
    }

    @Test func hintsAllTheTimeAreLooksWithPauses() {
        var phone = enrolled()
        for _ in 0..<600 {
            phone.hear()
            phone.pass(.milliseconds(100))
            _ = phone.work()
        }
        #expect(20...45 ~= phone.looks)
    }

    @Test func withoutHintsEveryTenMinutesAndAfterAGapAtOnce() {
        var phone = enrolled()
        #expect(phone.work().until == phone.now.advanced(by: .seconds(600)))
        phone.pass(.seconds(600))
        _ = phone.work()
        #expect(phone.looks == 1)
        phone.source.hintsWereLost(now: phone.now)
        _ = phone.work()
        #expect(phone.looks == 2)
        let other = Array("1.500 1 2 I notification_canceled: [0|a|1|null|1,8,0,0,0,0,0,NULL]".utf8)
        if let line = LogLine(other[...]) { phone.source.heard(line, now: phone.now) }
        #expect(phone.work().until == phone.now.advanced(by: .seconds(600)))
    }

    // MARK: Records that change

    @Test func aRecordThatIsReplacedBetweenTheDumpsIsReadAgain() {
        var phone = enrolled([])
        let old = Sample()
        var new = Sample().again(at: 1_717_171_658_000)
        new.text = "after"
        phone.posted = [old]
        phone.instead = [[new]]
        #expect(phone.hint() == [])
        phone.posted = [new]
        phone.instead = []
        #expect(phone.work().until == phone.now.advanced(by: .milliseconds(150)))
        phone.pass(.milliseconds(150))
        #expect(
            phone.work().events
                == [
                    EventContent(
                        PostedNotification(package: new.package, title: "Example Bank", content: "after"))
                ])
        #expect(phone.reports == [])
    }

    @Test func aRecordThatAlwaysChangesIsReportedOnceAndStopsNoOther() {
        var phone = enrolled([])
        var restless = Sample()
        (restless.id, restless.hash) = (9, 7)
        phone.posted = [restless, Sample()]
        func turn(_ phone: inout Phone) { phone.instead = [[restless.again(at: 2), Sample()]] }
        turn(&phone)
        #expect(phone.hint().count == 1)
        for _ in 0..<20 {
            turn(&phone)
            phone.pass(.milliseconds(150))
            #expect(phone.work().events == [])
        }
        #expect(problems(phone.reports).count == 1)
        #expect(problems(phone.reports).first?.contains("com.example.bank changed") == true)
        // Three after the hint, three 1.2 s later.
        #expect(phone.looks == 6)
        // It rests at last.
        phone.instead = []
        phone.pass(.seconds(2))
        phone.posted[0] = restless.again(at: 1_717_171_658_000)
        #expect(phone.hint().count == 1)
    }

    @Test func whatCouldNotBeReadStaysWhatItWas() {
        var phone = enrolled()
        phone.instead = [[Sample().again(at: 2)], [Sample().again(at: 2)], [Sample().again(at: 2)]]
        for _ in 0..<3 {
            phone.source.hintsWereLost(now: phone.now)
            #expect(phone.work().events == [])
        }
        phone.source.hintsWereLost(now: phone.now)
        #expect(phone.work().events == [], "it is the one of before")
        #expect(phone.looks == 4)
    }

    @Test func whatCannotBeReadAtEnrolmentIsNoEventEither() {
        var phone = Phone([Sample()])
        phone.instead = Array(repeating: [Sample().again(at: 2)], count: 3)
        for _ in 0..<3 {
            _ = phone.work()
            phone.pass(.milliseconds(150))
        }
        #expect(problems(phone.reports).count == 1)
        #expect(phone.hint() == [])
        phone.posted[0] = Sample().again(at: 1_717_171_658_000)
        phone.posted[0].text = "new"
        #expect(phone.hint().count == 1)
    }

    @Test func anEmptyListIsBelievedTheSecondTime() {
        var phone = enrolled()
        let before = phone.cursor
        phone.posted = []
        #expect(phone.hint() == [])
        #expect(phone.cursor == before)
        phone.pass(.milliseconds(150))
        _ = phone.work()
        #expect(phone.cursor == Array("1".utf8))
    }

    @Test func moreMessagesThanOneRecordTakesAreRecordedInParts() {
        var phone = enrolled([])
        let before = phone.cursor
        phone.posted = (0..<60).map { index in
            let messages = (0..<20).map { Sample.Message(sender: "Ana", text: "\($0)", time: Int64($0) + 1) }
            var chat = Sample.chat("Ana", "49170\(10000 + index)", messages)
            (chat.tag, chat.hash) = ("\(index)", index + 1)
            return chat
        }
        phone.hear()
        phone.pass(.milliseconds(350))
        var cursors: [[UInt8]] = []
        var count = 0
        while true {
            let step = phone.source.next(now: phone.now, phoneTime: WallTime(milliseconds: 0))
            if case .run(let command) = step {
                let redacted = command == NotificationQuery.redacted
                let output = Sample.dump(phone.posted, redacted: redacted)
                phone.source.answered(.completed(output: output, errorOutput: []), now: phone.now)
            } else if case .record(let observations, let cursor) = step {
                cursors.append(cursor)
                count += observations.count
                phone.source.recorded(now: phone.now)
            } else {
                break
            }
        }
        #expect(count == 1200)
        #expect(cursors.dropLast() == [before, before].compactMap { $0 }[...])
        #expect(cursors.last != before)
    }

    // MARK: Phones that refuse

    @Test(arguments: [
        ("Can't find service: notification\n", "no notification service"),
        ("Permission Denial: can't dump NotificationManager\n", "does not let the shell"),
        (
            "  Notification List:\n*** SERVICE 'notification' DUMP TIMEOUT (10000ms) EXPIRED ***\n",
            "longer than 10 s"
        ),
        ("nonsense\n", "no list of notifications"), ("  Notification List:\n", "whole list of notifications"),
    ])
    func aPhoneThatGivesNoListIsBlockedAndReadAgain(refusal: String, sentence: String) {
        var phone = enrolled()
        phone.refusal = refusal
        phone.source.hintsWereLost(now: phone.now)
        for pause in [150, 150, 5000, 15000, 60000, 60000] {
            #expect(phone.work().until == phone.now.advanced(by: .milliseconds(pause)))
            phone.pass(.milliseconds(pause))
        }
        #expect(blocked(phone.reports).count == 1)
        #expect(blocked(phone.reports).first?.contains(sentence) == true)
        phone.refusal = nil
        phone.reports = []
        #expect(phone.work().events == [])
        #expect(phone.reports == [.reading])
    }

    @Test func aPhoneThatHidesAllTextsIsBlocked() {
        var phone = Phone([Sample()])
        phone.refusal = String(decoding: Sample.dump([Sample()], redacted: true), as: UTF8.self)
        for _ in 0..<3 {
            _ = phone.work()
            phone.pass(.milliseconds(150))
        }
        #expect(blocked(phone.reports).first?.contains("without their texts") == true)
        #expect(phone.cursor == nil)
    }

    @Test func aPhoneThatHidesNothingOrPrintsAnotherFormIsBlocked() {
        var posted = [Sample(), Sample(), Sample()]
        for index in posted.indices { (posted[index].id, posted[index].hash) = (index, index + 1) }
        for redacted in [true, false] {
            var phone = Phone(posted)
            let text = String(decoding: Sample.dump(posted, redacted: redacted), as: UTF8.self)
            phone.refusal = redacted ? text.replacing(" [length=12]", with: "") : text
            for _ in 0..<3 {
                _ = phone.work()
                phone.pass(.milliseconds(150))
            }
            #expect(blocked(phone.reports).first?.contains("a form that is not known") == true)
            #expect(phone.cursor == nil)
        }
    }

    @Test func commandsThatDoNotEndAreAskedAgain() {
        var phone = enrolled()
        phone.source.hintsWereLost(now: phone.now)
        for outcome in [CommandOutcome.unfinished("cut off"), .outputTooLong, .unfinished("cut off")] {
            guard case .run = phone.source.next(now: phone.now, phoneTime: WallTime(milliseconds: 0))
            else {
                Issue.record("it is not asked again")
                return
            }
            phone.source.answered(outcome, now: phone.now)
            phone.pass(.milliseconds(150))
        }
        phone.pass(.seconds(5))
        _ = phone.work()
        #expect(blocked(phone.reports).count == 1)
        #expect(phone.reports.last == .reading)
    }

    @Test(arguments: [0, 26, 32])
    func olderPhonesAreSaidSoOnceAndNeverAsked(level: Int) {
        var phone = Phone([Sample()], apiLevel: level)
        #expect(phone.source.log == .nothing)
        #expect(phone.work().until == nil)
        #expect(
            phone.reports == [
                .blocked(
                    "app notifications are read on Android 13 and later; this phone has API level \(level)",
                    locked: false)
            ])
        phone.hear()
        phone.source.hintsWereLost(now: phone.now)
        #expect(phone.work().until == nil)
        #expect(phone.looks == 0)
    }
}
