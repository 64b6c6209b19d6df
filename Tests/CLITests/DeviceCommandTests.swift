import Base
import Control
import Delivery
import Events
import FoundationEssentials
import Phone
import Store
import Testing

@testable import CLI
@testable import Daemon

/// Commands that change what phonewire does with a phone, and the history of its cards.
@Suite struct DeviceCommandTests {
    @Test func whatATaskIsDoingAndWhatHasToBeSetIsShown() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let rest = await fixture.run("devices", "show", phone.name, "--json")
            #expect(!rest.out.contains("tasks") && !rest.out.contains("setup"))
            fixture.fake.tasks([
                TaskState(name: .ussd, progress: "dialling *143#", toPutBack: "the SIM for calls"),
                TaskState(name: SourceName(rawValue: "idle"), progress: nil, toPutBack: nil),
            ])
            fixture.fake.attach(
                LiveDevice(
                    transportSerial: "8A1X0ABCD", address: "1-1", state: .limited, detail: "sms: denied",
                    device: phone.key))
            let json = await fixture.run("devices", "show", phone.name, "--json")
            let report = try JSONDecoder().decode(DeviceReport.self, from: Data(json.out.utf8))
            #expect(
                report.tasks == [
                    TaskReport(name: "ussd", progress: "dialling *143#", toPutBack: "the SIM for calls")
                ])
            #expect(report.setup?.count == 1)
            let text = await fixture.run("devices", "show", phone.name)
            #expect(text.out.contains("dialling *143#") && text.out.contains("the SIM for calls"))
            #expect(text.out.contains("to set on it"))
        }
    }

    /// One message of each fate: what became of them adds up to all of them.
    @Test func theLedgerOfAPhoneAddsUp() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let reconcile = ["devices", "reconcile", phone.name]
            let away = await fixture.runWords(reconcile)
            #expect(away.code == 75 && away.err.contains("plug it in"))
            fixture.fake.checks(true)
            // As the first version wrote it: enrolled with an empty store, and nothing counted since.
            let cursor = Array("1 0 0 0 0 0 0".utf8)
            for name in ["good", "bad"] {
                let settings = webhookSettings(name: name, url: "http://127.0.0.1:9/\(name)")
                _ = try await fixture.store.addWebhook(settings, at: StandingClock.wall)
            }
            func receive(_ row: Int64) async throws {
                _ = try await fixture.receive(row...row, of: phone, body: "\(row)", cursor: cursor)
            }
            try await receive(1)
            // One webhook has it, the other one gave it up: that is forwarded.
            try await fixture.settle("good", status: 200, error: nil, next: .delivered)
            try await fixture.settle("bad", status: 400, error: "400", next: .dead(reason: "refused"))
            #expect(await fixture.runWords(reconcile + ["--check"]).code == 0)
            try await receive(2)
            for name in ["good", "bad"] {
                try await fixture.settle(name, status: 400, error: "400", next: .dead(reason: "refused"))
            }
            try await receive(3)
            try await fixture.settle("bad", status: 400, error: "400", next: .dead(reason: "refused"))
            for name in ["good", "bad"] { _ = await fixture.run("webhooks", "disable", name) }
            try await receive(4)

            let json = await fixture.runWords(reconcile + ["--check", "--json"])
            #expect(json.code == 7)
            let card = try #require(
                try JSONDecoder().decode(LedgerReport.self, from: Data(json.out.utf8)).cards.first)
            #expect(card.events == 4)
            #expect([card.forwarded, card.waiting, card.dead, card.unwanted] == [1, 1, 1, 1])
            #expect(await fixture.runWords(reconcile).code == 0)
            fixture.fake.checks(false)
            #expect(await fixture.runWords(reconcile).code == 1)
        }
    }

    @Test func aBackfillThatWouldForwardNothingIsRefused() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            _ = await fixture.run(
                "webhooks", "add", "alarms", "http://127.0.0.1:9/", "--events", "device")
            let begin = ["devices", "backfill", phone.name, "--since", "7d"]
            let refused = await fixture.runWords(begin + ["--to", "alarms"])
            #expect(refused.code == 6 && refused.err.contains("does not take events of type sms"))
            #expect(await fixture.runWords(begin + ["--stop"]).code == 2)

            // One that is under way is shown with its phone.
            var progress = BackfillProgress(
                since: WallTime(milliseconds: 1_645_000_000_000), target: Backfill(webhook: nil), rows: 120,
                total: 500, isDone: false)
            fixture.fake.reads(progress)
            let shown = await fixture.run("devices", "show", phone.name)
            #expect(shown.out.contains("120 of 500 messages since "))
            progress.isDone = true
            fixture.fake.reads(progress)
            #expect(!(await fixture.run("devices", "show", phone.name)).out.contains("120 of 500"))
        }
    }

    @Test func aPhoneIsSwitchedOffAndOnAgain() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let off = await fixture.run("devices", "disable", "pixel-7")
            #expect(off.code == 0)
            #expect(off.out == "phone pixel-7 is disabled\n")
            #expect(try await fixture.store.device(named: "pixel-7")?.enabled == false)
            let shown = await fixture.run("devices", "show", "8A1X0ABCD", "--json")
            let report = try JSONDecoder().decode(DeviceReport.self, from: Data(shown.out.utf8))
            #expect(!report.enabled && report.state == .disabled)
            // A phone that is off on purpose is not a reason to be degraded.
            #expect(await fixture.run("status", "--check").code == 0)

            let on = await fixture.run("devices", "enable", "8A1X0ABCD", "--json")
            let again = try JSONDecoder().decode(DeviceReport.self, from: Data(on.out.utf8))
            #expect(again.enabled && again.state == .offline)
            #expect(try await fixture.store.device(named: "pixel-7")?.enabled == true)
            let note = "device \(phone.key.rawValue)"
            #expect(fixture.fake.calls == [note, note])
            #expect(await fixture.run("devices", "disable", "nobody").code == 5)
            #expect(fixture.fake.calls.count == 2)
        }
    }

    @Test func theIDForReceiversIsPrintedSetAndSetBack() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            #expect(await fixture.run("devices", "id", "pixel-7").out == phone.wireID + "\n")
            #expect(await fixture.run("devices", "id", "pixel-7", "front-desk").out == "front-desk\n")
            #expect(try await fixture.store.device(named: "front-desk")?.key == phone.key)
            let ids = try await fixture.receive(1...1, of: phone, body: "a")
            let event = await fixture.run(
                "events", "show", String(try #require(ids.first).rawValue), "--json")
            let story = try JSONDecoder().decode(EventStoryReport.self, from: Data(event.out.utf8))
            #expect(story.event.deviceID == "front-desk")

            let json = await fixture.run("devices", "id", "front-desk", "--default", "--json")
            let report = try JSONDecoder().decode(DeviceReport.self, from: Data(json.out.utf8))
            #expect(report.id == phone.wireID)
            #expect(await fixture.run("devices", "id", "pixel-7", "x", "--default").code == 2)
            let long = String(repeating: "x", count: SetDeviceID.idBytesMax + 1)
            for wrong in ["no spaces", "é", "", long] {
                #expect(await fixture.run("devices", "id", "pixel-7", wrong).code == 6, "\(wrong)")
            }
            #expect(await fixture.run("devices", "id", "nobody", "x").code == 5)
            #expect(try await fixture.store.device(named: "pixel-7")?.wireID == phone.wireID)
        }
    }

    @Test func theHistoryOfSIMCardsHasThoseThatLeft() async throws {
        try await ControlFixture.serving { fixture in
            #expect(await fixture.run("sims", "--history").err == "no SIM card is known\n")
            let phone = try await fixture.enrol()
            let later = StandingClock.wall.advanced(by: .seconds(3600))
            let card = SIMCard(
                slot: 1, subscription: 5, iccid: "89639", network: "26201", carrier: "New\u{7}")
            try await fixture.store.recordSIMs(phone.key, [card], at: later)
            let now = await fixture.run("sims", "--json")
            let cards = try JSONDecoder().decode(SIMList.self, from: Data(now.out.utf8)).sims
            #expect(cards.map(\.iccid) == ["89639"])
            #expect(!now.out.contains("until"))

            let text = await fixture.run("sims", "list", "--history")
            try Snapshot.expect(text.out, named: "sims-history.txt")
            let json = await fixture.run("sims", "--history", "--device", "pixel-7", "--json")
            try Snapshot.expect(json.out, named: "sims-history.json")
            let history = try JSONDecoder().decode(SIMList.self, from: Data(json.out.utf8)).sims
            #expect(Set(history.map(\.iccid)) == ["89639", "89631", "89632"])
            #expect(history.filter { $0.until == nil }.map(\.iccid) == ["89639"])
            #expect(history.compactMap(\.until) == [Timestamp(later), Timestamp(later)])
            #expect(await fixture.run("sims", "--history", "--device", "nobody").code == 5)
        }
    }

    @Test func theHelpOfWebhooksAddTellsWhatEachFormatIs() {
        let help = HelpText.lines(["webhooks", "add"], Captured().output()).joined(separator: "\n")
        for format in BodyFormat.all { #expect(help.contains("\(format.name), \(format.summary)")) }
    }
}
