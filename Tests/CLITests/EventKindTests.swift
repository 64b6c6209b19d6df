import Control
import Daemon
import Events
import FoundationEssentials
import Phone
import Testing

@testable import CLI

/// One event of each kind that a phone makes, as people and programs see it.
@Suite struct EventKindTests {
    @Test func everyKindReadsWell() async throws {
        try await ControlFixture.serving { fixture in
            let ids = try await fixture.oneOfEach()
            try Snapshot.expect(await fixture.run("events").out, named: "kinds.txt")
            try Snapshot.expect(await fixture.run("events", "--json").out, named: "kinds.json")
            let count = String(ids.count)
            let tail = ["events", "tail", "--last", count, "--count", count]
            try Snapshot.expect(await fixture.runWords(tail).out, named: "kinds-tail.txt")
            let lines = await fixture.runWords(tail + ["--json"]).out
            #expect(lines.split(separator: "\n").count == ids.count)
            var text = ""
            var json = ""
            for id in ids {
                let words = ["events", "show", String(id.rawValue)]
                text += await fixture.runWords(words).out + "\n"
                let shown = await fixture.runWords(words + ["--json"]).out
                _ = try JSONDecoder().decode(EventStoryReport.self, from: Data(shown.utf8))
                json += shown
            }
            try Snapshot.expect(text, named: "kinds-show.txt")
            try Snapshot.expect(json, named: "kinds-show.json")
        }
    }

    @Test func aListCutsLongTitlesToo() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let posted = PostedNotification(
                package: "com.a", title: String(repeating: "t", count: 5000), content: "short")
            let id = try await fixture.record(
                EventContent(posted), source: .notifications, of: phone, key: "1")
            let list = await fixture.run("events", "--json")
            let row = try JSONDecoder().decode(EventList.self, from: Data(list.out.utf8)).events.first
            #expect(row?.data.text("title")?.count == ControlLimits.listTextScalarsMax)
            #expect(row?.data.text("text") == "short" && row?.textCut == true)
            let whole = await fixture.run("events", "show", String(id.rawValue), "--json")
            let story = try JSONDecoder().decode(EventStoryReport.self, from: Data(whole.out.utf8))
            #expect(story.event.data.text("title")?.count == 5000 && !story.event.textCut)
        }
    }
}

extension ControlFixture {
    /// An SMS, an app's notification, a message of a chat and one of a group, and two USSD answers, the second on
    /// an unknown slot.
    func oneOfEach() async throws -> [EventID] {
        let phone = try await enrol()
        let bank = PostedNotification(
            package: "com.example.bank", title: "Payment received", content: "EUR 12.50 from Ann\nBalance 99")
        let ann = ChatMessage(
            account: "", sender: "Ann", group: nil, text: "photo", attachment: "http://example.org/1.jpg")
        let ben = ChatMessage(account: "", sender: "Ben", group: "Family", text: "Dinner at 8?")
        let contents: [(EventContent, SourceName, Int?)] = [
            (EventContent(bank), .notifications, nil), (EventContent(ann), .notifications, nil),
            (EventContent(ben), .notifications, nil),
            (EventContent(USSDAnswer(code: "*143#", response: "Balance: 12.50\nValid: 30 days")), .ussd, 1),
            (EventContent(USSDAnswer(code: "*100#", response: "Try later")), .ussd, nil),
        ]
        var ids = try await receive(10...10, of: phone, body: "Your code is 123456")
        for (number, (content, source, slot)) in contents.enumerated() {
            ids.append(
                try await record(
                    content, source: source, of: phone, key: "key \(number)", slot: slot,
                    iccid: slot.map { "8963\($0)" }))
        }
        return ids
    }
}
