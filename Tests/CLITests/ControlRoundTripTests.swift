import Base
import Control
import Daemon
import Delivery
import Events
import FoundationEssentials
import Store
import Testing

@testable import CLI

@Suite struct ControlRoundTripTests {
    @Test func aWebhookLivesFromAddToRemove() async throws {
        try await ControlFixture.serving { fixture in
            let secret = fixture.folder + "/secret"
            try Data("b7f1d7a2c0e94f3c8a51\n".utf8).write(to: URL(filePath: secret))
            let added = await fixture.run(
                "webhooks", "add", "home", "http://192.0.2.1/hook", "--events", "sms,ussd", "--secret-file",
                secret)
            #expect(added.code == 0)
            #expect(added.out.contains("secret=SECRET&type=sms&data%5Bid%5D=0"))
            #expect(added.err.contains("http is not encrypted"))
            #expect(!(added.out + added.err).contains("b7f1d7a2c0e94f3c8a51"))

            let again = await fixture.run("webhooks", "add", "home", "http://192.0.2.1/")
            #expect(again.code == 6)
            #expect(again.err.contains("there is a webhook named home already"))

            let shown = await fixture.run("webhooks", "show", "home", "--json")
            let report = try JSONDecoder().decode(WebhookReport.self, from: Data(shown.out.utf8))
            #expect(report.secretSet)
            #expect(report.events == ["sms", "ussd"])

            #expect(await fixture.run("webhooks", "disable", "home").out == "webhook home is disabled\n")
            #expect(await fixture.run("webhooks", "enable", "home").out == "webhook home is enabled\n")
            #expect(await fixture.run("webhooks", "remove", "home").code == 0)
            #expect(await fixture.run("webhooks", "show", "home").code == 5)
            #expect(fixture.fake.calls == Array(repeating: "webhooks", count: 4))
        }
    }

    @Test(arguments: ["ftp://h/", "http://user:pw@h/", "http:///x", "http://h/ x", "", "h"])
    func aWrongURLIsRefusedWithASentence(url: String) async throws {
        try await ControlFixture.serving { fixture in
            let ran = await fixture.run("webhooks", "add", "home", url)
            #expect(ran.code == 1)
            #expect(ran.err.contains("webhook home was not added. The URL"))
            #expect(await fixture.run("webhooks", "--json").out.contains("\"webhooks\" : [\n\n  ]"))
        }
    }

    @Test func aTestGoesOutOnceWithTheSecretAndShowsTheReply() async throws {
        try await ControlFixture.serving { fixture in
            let draft = webhookSettings(name: "home", url: "http://127.0.0.1:9/hook", secret: "s&t")
            _ = try await fixture.store.addWebhook(draft, at: StandingClock.wall)
            let ran = await fixture.run("webhooks", "test", "home")
            #expect(ran.code == 0)
            #expect(ran.out.contains("secret=SECRET&type=sms"))
            #expect(ran.out.contains("answered 200"))
            #expect(ran.out.contains("  thanks"))
            #expect(fixture.fake.requests.count == 1)
            let body = String(decoding: fixture.fake.requests.first?.body ?? [], as: UTF8.self)
            #expect(body.hasPrefix("secret=s%26t&type=sms&data%5Bid%5D=0"))
        }
        try await ControlFixture.serving(fake: FakeDaemon(result: nil)) { fixture in
            let draft = webhookSettings(name: "home", url: "http://127.0.0.1:9/hook", secret: "s&t")
            _ = try await fixture.store.addWebhook(draft, at: StandingClock.wall)
            for words in [["webhooks", "test", "home"], ["webhooks", "test", "home", "--json"]] {
                let ran = await fixture.runWords(words)
                #expect(ran.out.contains("secret=***&type=sms"))
                #expect(!ran.out.contains("s%26t"))
            }
        }
        let refusing = FakeDaemon(result: .failed(HTTPFailure(kind: .connect, message: "connection refused")))
        try await ControlFixture.serving(fake: refusing) { fixture in
            let draft = webhookSettings(name: "home", url: "http://127.0.0.1:9/hook")
            _ = try await fixture.store.addWebhook(draft, at: StandingClock.wall)
            let ran = await fixture.run("webhooks", "test", "home")
            #expect(ran.code == 1)
            #expect(ran.out.contains("no answer after"))
            #expect(ran.out.contains("connection refused"))
        }
    }

    @Test func anyDateOfAPhoneIsShown() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let draft = webhookSettings(name: "home", url: "http://127.0.0.1:9/hook")
            _ = try await fixture.store.addWebhook(draft, at: StandingClock.wall)
            let ids =
                try await fixture.receive(1...1, of: phone, body: "a", sentAt: .min, receivedAt: .max)
                + fixture.receive(2...2, of: phone, body: "b", sentAt: .max, receivedAt: .min)
            let list = await fixture.run("events")
            #expect(list.code == 0)
            #expect(list.out.split(separator: "\n").count == 3)
            for (id, seconds) in zip(ids, ["9223372036854775", "-9223372036854776"]) {
                let shown = await fixture.run("events", "show", String(id.rawValue))
                #expect(shown.code == 0)
                #expect(shown.out.contains("data%5Btimestamp%5D=\(seconds)"))
                let json = await fixture.run("events", "show", String(id.rawValue), "--json")
                _ = try JSONDecoder().decode(EventStoryReport.self, from: Data(json.out.utf8))
            }
        }
    }

    @Test func aStoreThatIsFullIsSeen() async throws {
        var options = StoreOptions()
        options.pagesMax = 60
        try await ControlFixture.serving(options: options) { fixture in
            let phone = try await fixture.enrol()
            #expect(await fixture.run("status").out.contains("able to write") == false)
            let long = String(repeating: "x", count: 10_000)
            await #expect(throws: StoreError.self) {
                _ = try await fixture.receive(1...60, of: phone, body: long)
            }
            let status = await fixture.run("status", "--check")
            #expect(status.code == 7)
            #expect(
                status.out.contains("the store has not been able to write since 2022-02-24T06:30:31.000Z: /"))
            #expect(status.out.contains("Make room on the disk"))
            let json = await fixture.run("status", "--json")
            let report = try JSONDecoder().decode(StatusReport.self, from: Data(json.out.utf8))
            #expect(report.store.writeErrorSince == Timestamp(milliseconds: 1_645_684_231_000))
            _ = try await fixture.receive(1...1, of: phone, body: "short")
            #expect(await fixture.run("status").out.contains("able to write") == false)
        }
    }

    @Test func anEventTellsWhyAWebhookGotNothing() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let later = StandingClock.wall.advanced(by: .seconds(1))
            let drafts: [(String, Set<EventKind>, WallTime)] = [
                ("off", [.sms], StandingClock.wall), ("ussd", [.ussd], StandingClock.wall),
                ("new", [.sms], later), ("on-again", [.sms], StandingClock.wall),
            ]
            for (name, kinds, date) in drafts {
                let draft = webhookSettings(name: name, url: "http://127.0.0.1:9/", kinds: kinds)
                let key = try await fixture.store.addWebhook(draft, at: date).key
                try await fixture.store.setEnabled(key, to: false)
            }
            let ids = try await fixture.receive(1...1, of: phone, body: "a")
            for name in ["ussd", "new", "on-again"] {
                #expect(await fixture.run("webhooks", "enable", name).code == 0)
            }
            let shown = await fixture.run("events", "show", String(try #require(ids.first).rawValue))
            #expect(
                shown.out.hasSuffix(
                    """

                    no webhook took it

                    nothing to new: was added later
                    nothing to off: disabled
                    nothing to on-again: was disabled, or wanted other events, when it came
                    nothing to ussd: does not take sms

                    """))
        }
    }

    @Test func atNightAStatusSaysWhatFailsAndWhenItIsTriedAgain() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            for name in ["bad", "shut"] {
                let draft = webhookSettings(name: name, url: "http://127.0.0.1:9/\(name)")
                _ = try await fixture.store.addWebhook(draft, at: StandingClock.wall)
            }
            _ = try await fixture.receive(1...1, of: phone, body: "a")
            for name in ["bad", "shut"] {
                try await fixture.settle(
                    name, status: 500, error: "500: receiver's fault",
                    next: .retry(at: WallTime(milliseconds: 1_645_684_236_000)))
            }
            // Many that were never tried must not hide the one that was.
            _ = try await fixture.receive(2...60, of: phone, body: "b")
            let shut = try #require(try await fixture.store.webhook(named: "shut")).key
            try await fixture.store.pauseWebhook(shut, reason: "401 Unauthorized")
            let status = await fixture.run("status")
            let lines = status.out.split(separator: "\n")
            let bad = try #require(lines.first { $0.hasPrefix("bad") })
            #expect(bad.contains("failing"))
            #expect(bad.contains("2022-02-24 06:30:36"))
            #expect(bad.contains("500: receiver's fault"))
            let paused = try #require(lines.first { $0.hasPrefix("shut") })
            #expect(paused.contains("401 Unauthorized"))
            #expect(!paused.contains("06:30:36"))
            #expect(
                lines.contains(
                    "webhook shut is paused: 401 Unauthorized; its events wait: set its receiver right, then "
                        + "\"phonewire webhooks enable shut\""))
            let shown = await fixture.run("webhooks", "show", "bad")
            #expect(shown.out.contains("next attempt    2022-02-24 06:30:36"))
            #expect(shown.out.contains("\"phonewire webhooks test bad\" shows what its receiver answers"))
        }
    }

    @Test func anEventTellsItsWholeStory() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            for name in ["good", "bad"] {
                let draft = webhookSettings(name: name, url: "http://127.0.0.1/\(name)", secret: "hush")
                _ = try await fixture.store.addWebhook(draft, at: StandingClock.wall)
            }
            let ids = try await fixture.receive(10...10, of: phone, body: "Hello\n\u{1B}[31mRow: 1 _id=2")
            try await fixture.settle("good", status: 200, error: nil, next: .delivered)
            try await fixture.settle(
                "bad", status: 500, error: "500: receiver's fault",
                next: .retry(at: WallTime(milliseconds: 1_645_684_236_000)))

            let id = String(try #require(ids.first).rawValue)
            let text = await fixture.run("events", "show", id)
            try Snapshot.expect(text.out, named: "events-show.txt")
            #expect(!text.out.contains("hush"))
            let json = await fixture.run("events", "show", id, "--json")
            try Snapshot.expect(json.out, named: "events-show.json")
            _ = try JSONDecoder().decode(EventStoryReport.self, from: Data(json.out.utf8))

            for (words, name) in [
                (["events"], "events"), (["deliveries"], "deliveries"), (["webhooks"], "webhooks"),
                (["devices"], "devices"), (["sims"], "sims"),
                (["devices", "show", phone.name], "devices-show"),
                (["webhooks", "show", "bad"], "webhooks-show"),
                (["deliveries", "show", "1"], "deliveries-show"),
            ] {
                let plain = await fixture.runWords(words)
                #expect(plain.code == 0)
                try Snapshot.expect(plain.out, named: name + ".txt")
                try Snapshot.expect(await fixture.runWords(words + ["--json"]).out, named: name + ".json")
            }
            fixture.fake.attach(
                LiveDevice(
                    transportSerial: "8A1X0ABCD", address: "1-1.2", state: .online, detail: "",
                    device: phone.key))
            fixture.fake.attach(
                LiveDevice(transportSerial: "NEW\u{7}1", address: "1-1.3", state: .waitingForUser))
            for (words, name) in [(["status"], "status.txt"), (["status", "--json"], "status.json")] {
                let ran = await fixture.runWords(words)
                try Snapshot.expect(fixture.normalised(ran.out), named: name)
            }
            #expect(await fixture.run("status", "--check").code == 7)
        }
    }

    /// A known phone that is being greeted again has not told who it is: it is still one line.
    @Test func aKnownPhoneThatFailsIsListedOnce() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            fixture.fake.attach(
                LiveDevice(
                    transportSerial: phone.identity.serial, address: "1-1.2", state: .failing,
                    detail: "send took too long"))
            let ran = await fixture.run("devices", "--json")
            let list = try JSONDecoder().decode(DeviceList.self, from: Data(ran.out.utf8))
            #expect(list.devices.map(\.name) == [phone.name])
            #expect(list.devices.first?.state == .failing)
            #expect(list.devices.first?.address == "1-1.2")
        }
    }

    @Test func listsAreBoundedAndSayThatThereIsMore() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let ids = try await fixture.receive(1...30, of: phone, body: String(repeating: "x", count: 5000))
            let page = await fixture.run("events", "--limit", "10", "--json")
            let list = try JSONDecoder().decode(EventList.self, from: Data(page.out.utf8))
            #expect(list.events.map(\.id) == ids.suffix(10).reversed().map(\.rawValue))
            #expect(list.more)
            #expect(
                list.events.allSatisfy {
                    $0.textCut && $0.data.text("text")?.count == ControlLimits.listTextScalarsMax
                })
            let last = String(list.events.last?.id ?? 0)
            let rest = await fixture.run("events", "--before", last, "--limit", "20", "--json")
            let older = try JSONDecoder().decode(EventList.self, from: Data(rest.out.utf8))
            #expect(older.events.map(\.id) == ids.prefix(20).reversed().map(\.rawValue))
            #expect(!older.more)
            let plain = await fixture.run("events", "--limit", "1")
            #expect(plain.err == "there is more: --before \(ids.last?.rawValue ?? 0)\n")
            #expect(await fixture.run("events", "--type", "ussd").err == "no events\n")
            #expect(await fixture.run("events", "--limit", "501").code == 2)
            let whole = await fixture.run("events", "show", last, "--json")
            let story = try JSONDecoder().decode(EventStoryReport.self, from: Data(whole.out.utf8))
            #expect(story.event.data.text("text")?.count == 5000)
        }
    }

    @Test func tailGivesTheNewestThenWhatComes() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            _ = try await fixture.receive(1...3, of: phone, body: "old")
            let captured = Captured()
            let words = [
                "events", "tail", "--last", "2", "--count", "4", "--json", "--socket", fixture.socketPath,
            ]
            async let code = onThread { captured.run(words) }
            // New events come only once the old ones have been shown: tail then follows.
            while captured.out.count(where: { $0 == "\n" }) < 2 {
                try await Task.sleep(for: .milliseconds(5))
            }
            _ = try await fixture.receive(4...5, of: phone, body: "new")
            #expect(await code == 0)
            let rows = try captured.out.split(separator: "\n").map {
                try JSONDecoder().decode(EventReport.self, from: Data($0.utf8)).data.text("row")
            }
            #expect(rows == ["2", "3", "4", "5"])
        }
    }

    @Test func phonesAreNamedConnectedAndDisconnected() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            #expect(await fixture.run("devices", "name", phone.name, "desk").code == 0)
            #expect(await fixture.run("devices", "show", "8A1X0ABCD").out.contains("desk"))
            #expect(await fixture.run("devices", "name", "desk", "no spaces").code == 6)
            #expect(await fixture.run("devices", "show", "nobody").code == 5)
            #expect(await fixture.run("devices", "connect", "192.0.2.7").code == 0)
            #expect(await fixture.run("devices", "connect", "[fe80::1]:5556").code == 0)
            #expect(await fixture.run("devices", "disconnect", "192.0.2.7:5555").code == 0)
            #expect(await fixture.run("devices", "disconnect", "192.0.2.7:5555").code == 5)
            for wrong in ["", "a:b", "h:0", "h:65536", "h h:1", "[]:1", ":5555", "a:1:2", "$(x):1"] {
                #expect(await fixture.run("devices", "connect", wrong).code == 1, "\(wrong)")
            }
            #expect(
                fixture.fake.calls == [
                    "connect 192.0.2.7:5555", "connect [fe80::1]:5556", "disconnect 192.0.2.7:5555",
                ])
        }
    }

    @Test func withoutADaemonTheExitCodeSaysSo() async throws {
        let ran = await onThread {
            let captured = Captured()
            let code = captured.run(["status", "--socket", "/nonexistent/control.sock"])
            return (code, captured.out, captured.err)
        }
        #expect(ran.0 == 3)
        #expect(ran.1 == "")
        #expect(
            ran.2.contains("no daemon answers at /nonexistent/control.sock\n  start it: \"phonewire run\""))
        let long = "/" + String(repeating: "x", count: 200)
        #expect(await onThread { Captured().run(["status", "--socket", long]) } == 2)
    }
}

extension ControlFixture {
    /// Runs a command line; with `typing` somebody sits at a terminal and types that to any question.
    func runWords(_ words: [String], typing: String? = nil) async -> Ran {
        let socket = socketPath
        return await onThread {
            let captured = Captured()
            let code = captured.run(
                words + ["--socket", socket],
                ask: { question in
                    if typing != nil { captured.output().prompt(question) }
                    return typing
                })
            return Ran(code: code, out: captured.out, err: captured.err)
        }
    }

    /// `text` without what differs from run to run.
    func normalised(_ text: String) -> String {
        text.replacing(folder, with: "/state").split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                if line.contains("\"pid\" :") { return "    \"pid\" : 0," }
                if line.contains("\"databaseBytes\" :") { return "    \"databaseBytes\" : 0," }
                if line.hasPrefix("phonewire 0.") { return "phonewire, pid, running" }
                if line.hasPrefix("store /state") { return "store /state" }
                return String(line)
            }.joined(separator: "\n")
    }
}
