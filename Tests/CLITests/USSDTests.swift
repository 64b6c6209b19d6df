import Base
import Control
import Events
import FoundationEssentials
import Phone
import Platform
import Store
import Testing

@testable import CLI
@testable import Daemon

@Suite struct USSDTests {
    private static let answered = answered(by: [])

    private static func answered(by events: [EventID]) -> TaskAnswer<USSDOutcome> {
        .replied(
            .answered(text: "Balance: \u{1B}[31m12.50\nevent 99", isMenu: false, slot: 2), events: events)
    }

    @Test func aRunDialsOnceAndTellsAnswerAndEvent() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            _ = try await fixture.answer("*143#", "an older one", of: phone, number: 1)
            fixture.fake.reply { _ in
                let event = try await fixture.answer("*143#", "Balance", of: phone, number: 2)
                _ = try await fixture.answer("*100#", "another's", of: phone, number: 3)
                return Self.answered(by: [event])
            }
            let ran = await fixture.run(
                "ussd", "run", "*143#", "--device", "pixel-7", "--sim", "2", "--answer", "1", "--answer",
                "4711", "--yes")
            #expect(ran.code == 0)
            #expect(ran.err == "")
            #expect(
                ran.out
                    == """
                    SIM 2 (Smart) of pixel-7 answered *143#:
                      Balance: \\u{1b}[31m12.50
                      event 99
                    event 2

                    """)
            let asked = try #require(fixture.fake.asked.first)
            #expect(fixture.fake.asked.count == 1)
            #expect(asked.device == phone.key && asked.source == .ussd)
            let request = asked.request
            #expect(request.code == "*143#" && request.slot == 2 && request.answers == ["1", "4711"])
            #expect(request.token.utf8.count == 16)
            #expect(request.token.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) })
        }
    }

    @Test func tokensDiffer() async throws {
        try await ControlFixture.serving { fixture in
            _ = try await fixture.enrol()
            for _ in 1...3 { _ = await fixture.run("ussd", "run", "*1#", "--sim", "1", "--yes") }
            let tokens = fixture.fake.asked.map(\.request.token)
            #expect(Set(tokens).count == 3)
        }
    }

    @Test func asJSONTheReportIsWhole() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            fixture.fake.reply { _ in
                let event = try await fixture.answer("*143#", "1 Balance\n2 Data", of: phone, number: 1)
                return .replied(
                    .answered(text: "1 Balance\n2 Data", isMenu: true, slot: 1), events: [event])
            }
            let words = ["ussd", "run", "*143#", "--sim", "1", "--yes"]
            let ran = await fixture.runWords(words + ["--json"])
            #expect(ran.code == 0)
            #expect(
                try JSONDecoder().decode(USSDReport.self, from: Data(ran.out.utf8))
                    == USSDReport(
                        device: "pixel-7", slot: 1, code: "*143#", response: "1 Balance\n2 Data",
                        isMenu: true,
                        event: 1))
            try Snapshot.expect(ran.out, named: "ussd-run.json")
        }
    }

    @Test func aMenuSaysThatItsDialogStays() async throws {
        try await ControlFixture.serving { fixture in
            _ = try await fixture.enrol()
            fixture.fake.reply { _ in
                .replied(.answered(text: "1 Balance\n2 Data", isMenu: true, slot: 1), events: [])
            }
            let ran = await fixture.run("ussd", "run", "*143#", "--sim", "1", "--yes")
            try Snapshot.expect(ran.out, named: "ussd-run.txt")
        }
    }

    @Test func onATerminalItAsksFirst() async throws {
        try await ControlFixture.serving { fixture in
            _ = try await fixture.enrol()
            fixture.fake.reply { _ in Self.answered }
            let words = ["ussd", "run", "*143#", "--sim", "1"]
            for answer in ["", "n", "no", "yep", "j"] {
                let ran = await fixture.runWords(words, typing: answer)
                #expect(ran.code == 6)
                #expect(
                    ran.err == "This dials *143# on SIM 1 (Globe) of pixel-7; it may cost money. Dial? [y/N] "
                        + "phonewire: nothing was dialled\n")
                #expect(ran.out == "")
            }
            #expect(fixture.fake.asked.isEmpty)
            for answer in ["y", "Y", "yes"] {
                #expect(await fixture.runWords(words, typing: answer).code == 0)
            }
            #expect(fixture.fake.asked.count == 3)
            let typed = await fixture.runWords(words + ["--answer", "4711"], typing: "n")
            #expect(typed.err.contains(" of pixel-7 and types 1 menu answer; it may cost money"))
            #expect(!typed.err.contains("4711"))
            // --yes does not ask.
            #expect(await fixture.runWords(words + ["--yes"], typing: "n").err == "")
        }
    }

    @Test func withoutATerminalItNeedsYes() async throws {
        try await ControlFixture.serving { fixture in
            _ = try await fixture.enrol()
            let ran = await fixture.run("ussd", "run", "*143#", "--sim", "2")
            #expect(ran.code == 6)
            #expect(
                ran.err
                    == """
                    phonewire: this would dial *143# on SIM 2 (Smart) of pixel-7, which may cost money: nothing was dialled
                      there is no terminal to ask on: say --yes

                    """)
            #expect(fixture.fake.asked.isEmpty)
        }
    }

    @Test func phoneAndCardMayBeLeftOutWhereThereIsOne() async throws {
        try await ControlFixture.serving { fixture in
            #expect(await fixture.run("ussd", "run", "*1#", "--yes").code == 5)
            let phone = try await fixture.enrol()
            let two = await fixture.run("ussd", "run", "*1#", "--yes")
            #expect(two.code == 2)
            #expect(
                two.err.contains(
                    "which SIM card of pixel-7?\n  say --sim with a slot: SIM 1 (Globe), SIM 2 (Smart)"))
            let wrong = await fixture.run("ussd", "run", "*1#", "--sim", "3", "--yes")
            #expect(wrong.code == 5)
            #expect(wrong.err.contains("pixel-7 has no SIM card in slot 3\n  it has SIM 1 (Globe)"))
            for slot in ["0", "-1", "x", "9", ""] {
                #expect(await fixture.run("ussd", "run", "*1#", "--sim", slot, "--yes").code == 2)
            }
            #expect(await fixture.run("ussd", "run", "*1#", "--device", "nobody", "--yes").code == 5)
            #expect(fixture.fake.asked.isEmpty)

            let card = SIMCard(slot: 2, subscription: 4, iccid: "89632", network: "51503", carrier: "")
            try await fixture.store.recordSIMs(phone.key, [card], at: StandingClock.wall)
            fixture.fake.reply { _ in Self.answered }
            let one = await fixture.run("ussd", "run", "*1#", "--yes")
            #expect(one.code == 0)
            #expect(one.out.hasPrefix("SIM 2 of pixel-7 answered *1#:\n"))

            let other = PhoneIdentity(
                serial: "OTHER", androidID: "0000000000000001", manufacturer: "G", model: "B",
                androidVersion: "9", apiLevel: 28, fingerprint: "f")
            _ = try await fixture.store.enrol(other, at: StandingClock.wall)
            let which = await fixture.run("ussd", "run", "*1#", "--yes")
            #expect(which.code == 2)
            #expect(which.err.contains("which phone? There are 2\n  say --device, one of: "))
            let bare = await fixture.run("ussd", "run", "*1#", "--device", "OTHER", "--yes")
            #expect(bare.code == 5)
            #expect(fixture.fake.asked.count == 1)
        }
    }

    @Test(arguments: [
        (
            TaskAnswer<USSDOutcome>.replied(.refused("the keyguard is up: unlock it"), events: []), 6,
            "*143# on pixel-7 was refused: the keyguard is up: unlock it\n"
        ),
        (
            .replied(.failed("no answer came within 45 s"), events: []), 1,
            "*143# on pixel-7: no answer came within 45 s\n"
        ),
        (
            .left, 1,
            "pixel-7 left while *143# was under way; it may have been dialled\n  an answer that still comes becomes "
                + "an event when it is back: \"phonewire events --type ussd\"\n"
        ),
        (.busy, 75, "pixel-7 is still at work on another USSD code\n  nothing was dialled: try again"),
        (.notOnline, 75, "pixel-7 is not online: nothing was dialled\n  \"phonewire devices show pixel-7\""),
    ])
    func everyEndHasItsSentenceAndCode(answer: TaskAnswer<USSDOutcome>, code: Int32, words: String)
        async throws
    {
        try await ControlFixture.serving { fixture in
            _ = try await fixture.enrol()
            fixture.fake.reply { _ in answer }
            let ran = await fixture.run("ussd", "run", "*143#", "--sim", "1", "--answer", "4711", "--yes")
            #expect(ran.code == code)
            #expect(ran.out == "")
            #expect(ran.err.contains("phonewire: " + words))
            #expect(!ran.err.contains("4711"))
        }
    }

    @Test func menuAnswersMayComeFromAFile() async throws {
        try await ControlFixture.serving { fixture in
            _ = try await fixture.enrol()
            fixture.fake.reply { _ in Self.answered }
            let file = fixture.folder + "/answers"
            let words = ["ussd", "run", "*1#", "--sim", "1", "--yes", "--answers-file", file]
            try Data("2\n4711\n".utf8).write(to: URL(filePath: file))
            #expect(await fixture.runWords(words + ["--answer", "1"]).code == 0)
            let request = try #require(fixture.fake.asked.first?.request)
            #expect(request.answers == ["1", "2", "4711"])
            for wrong in [
                "1\n\n2\n", String(repeating: "1\n", count: 11), String(repeating: "1", count: 5000),
            ] {
                try Data(wrong.utf8).write(to: URL(filePath: file))
                #expect(await fixture.runWords(words).code == 2)
            }
            try Data([0x31, 0xFF]).write(to: URL(filePath: file))
            #expect(await fixture.runWords(words).code == 2)
            #expect(await fixture.runWords(words.dropLast() + ["/nonexistent"]).code == 5)
            #expect(fixture.fake.asked.count == 1)
        }
    }

    @Test func asManyAnswersAreTakenAsAreTyped() {
        #expect(AnswerInput.countMax == USSDMenuAnswers.countMax)
    }

    @Test func theClientWaitsLongerThanARunTakes() {
        #expect(RunUSSD.replyTimeout >= .seconds(60 + 180 + 15))
        #expect(ControlLimits.replyTimeout < RunUSSD.replyTimeout)
    }
}

extension ControlFixture {
    /// Records the answer `response` to `code`, as the phone's task does.
    func answer(
        _ code: String, _ response: String, of device: DeviceRecord, number: Int
    ) async throws -> EventID {
        try await record(
            EventContent(USSDAnswer(code: code, response: response)), source: .ussd, of: device,
            key: "\(number)",
            slot: 1, iccid: "89631")
    }
}
