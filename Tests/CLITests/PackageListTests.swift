import Control
import Daemon
import Delivery
import Events
import FoundationEssentials
import Store
import Testing

@testable import CLI

@Suite struct PackageListTests {
    @Test func aWebhookWithPackagesSaysSoEverywhere() async throws {
        try await ControlFixture.serving { fixture in
            let added = await fixture.run(
                "webhooks", "add", "bank", "http://127.0.0.1:9/hook", "--events", "sms,notification",
                "--packages", "org.other,com.bank.app,org.other")
            #expect(added.code == 0)
            #expect(added.out.contains("type=notification&data%5Bid%5D=0"))
            #expect(added.out.contains("data%5Bpackage%5D=com.bank.app&"))
            #expect(
                added.out.contains("\nit takes notifications of these apps only: com.bank.app, org.other\n"))

            let shown = await fixture.run("webhooks", "show", "bank")
            #expect(shown.out.contains("\npackages   com.bank.app, org.other\n"))
            let json = await fixture.run("webhooks", "show", "bank", "--json")
            let report = try JSONDecoder().decode(WebhookReport.self, from: Data(json.out.utf8))
            #expect(report.packages == ["com.bank.app", "org.other"])
            let listed = await fixture.run("webhooks", "list", "--json")
            let list = try JSONDecoder().decode(WebhookList.self, from: Data(listed.out.utf8))
            #expect(list.webhooks == [report])
            #expect(await fixture.run("webhooks").out.contains("2 apps"))

            let tested = await fixture.run("webhooks", "test", "bank")
            #expect(tested.code == 0)
            let body = String(decoding: fixture.fake.requests.first?.body ?? [], as: UTF8.self)
            #expect(body.contains("data%5Bpackage%5D=com.bank.app&"))
        }
    }

    @Test func withoutAListAllAppsAreTaken() async throws {
        try await ControlFixture.serving { fixture in
            let added = await fixture.run("webhooks", "add", "home", "http://127.0.0.1:9/hook")
            #expect(added.code == 0)
            #expect(!added.out.contains("apps only"))
            #expect(await fixture.run("webhooks", "show", "home").out.contains("\npackages   all apps\n"))
            #expect(
                await fixture.run("webhooks", "show", "home", "--json").out.contains(
                    "\"packages\" : [\n\n  ]"))
            _ = await fixture.run("webhooks", "add", "sms", "http://127.0.0.1:9/hook", "--events", "sms")
            #expect(await !fixture.run("webhooks", "show", "sms").out.contains("packages"))
        }
    }

    @Test(arguments: [
        ("", 2, "--packages needs at least one name"), (",", 2, "--packages needs at least one name"),
        ("com", 1, "\"com\" is not the name of an Android package: those look like com.example.app"),
        ("com.bank.app, org.other", 1, "\" org.other\" is not the name of an Android package"),
        ("com.a;b", 1, "is not the name of an Android package"), ("com.a\u{1B}[31m", 1, "com.a\\u{1b}[31m"),
        (
            (1...65).map { "com.a\($0)" }.joined(separator: ","), 1,
            "65 packages are too many: a webhook takes at most 64"
        ),
        ("com." + String(repeating: "a", count: 252), 1, "of 256 bytes is too long: it has at most 255"),
    ])
    func aWrongListIsRefusedWithASentence(list: String, code: Int32, words: String) async throws {
        try await ControlFixture.serving { fixture in
            let ran = await fixture.run("webhooks", "add", "home", "http://127.0.0.1:9/", "--packages", list)
            #expect(ran.code == code)
            #expect(ran.err.contains(words))
            let known = try await fixture.store.webhooks()
            #expect(known.isEmpty)
        }
    }

    @Test func aListWithoutNotificationsIsRefusedWithAHint() async throws {
        try await ControlFixture.serving { fixture in
            let ran = await fixture.run(
                "webhooks", "add", "home", "http://127.0.0.1:9/", "--events", "sms,ussd", "--packages",
                "com.a")
            #expect(ran.code == 2)
            #expect(
                ran.err
                    == """
                    phonewire: --packages is about notifications, and --events leaves those out
                      say --events sms,ussd,notification, or no --packages

                    """)
            let paths = Paths(
                global: GlobalOptions(socket: fixture.socketPath), uid: 1000, systemd: false,
                environment: { _ in nil })
            let sent = webhookSettings(
                name: "home", url: "http://127.0.0.1:9/", kinds: [.sms], packages: ["com.a"])
            let failure = await onThread {
                do throws(CommandFailure) {
                    _ = try ControlClient(paths: paths).call(AddWebhook(sent))
                    return nil as CommandFailure?
                } catch {
                    return error
                }
            }
            guard case .failed(.failed, let message, _) = failure else {
                Issue.record("taken")
                return
            }
            #expect(
                message == "webhook home was not added: packages are named but it takes no notification")
            let known = try await fixture.store.webhooks()
            #expect(known.isEmpty)
        }
    }

    @Test func theHelpNamesTheLimitsThatHold() throws {
        let help = HelpText.lines(["webhooks", "add"], Captured().output()).joined(separator: "\n")
        #expect(
            help.contains("at most \(PackageList.namesMax) of them, \(PackageList.nameBytesMax) bytes each"))
    }

    @Test func anEventTellsThatItsAppIsNotTaken() async throws {
        try await ControlFixture.serving { fixture in
            let phone = try await fixture.enrol()
            let draft = webhookSettings(name: "bank", url: "http://127.0.0.1:9/", packages: ["com.bank.app"])
            _ = try await fixture.store.addWebhook(draft, at: StandingClock.wall)
            let id = try await fixture.post("com.evil\u{1B}[31m", of: phone)
            let shown = await fixture.run("events", "show", String(id.rawValue))
            #expect(
                shown.out.hasSuffix(
                    """

                    no webhook took it

                    nothing to bank: does not take notifications of com.evil\\u{1b}[31m

                    """))
            let taken = try await fixture.post("com.bank.app", of: phone)
            let story = await fixture.run("events", "show", String(taken.rawValue), "--json")
            let report = try JSONDecoder().decode(EventStoryReport.self, from: Data(story.out.utf8))
            #expect(report.deliveries.map(\.webhook) == ["bank"])
            #expect(report.skipped.isEmpty)
        }
    }
}
