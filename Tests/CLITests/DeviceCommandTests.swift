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
