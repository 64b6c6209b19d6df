import Base
import Delivery
import Events
import FoundationEssentials
import Testing

/// What a user may say about a webhook is decided here, once.
@Suite struct WebhookSettingsTests {
    /// What a user says.
    struct Said: Sendable {
        var name = "a"
        var url = "http://h/"
        var format = "smsnotif"
        var secret = ""
        var filter = Filter()

        func settings() throws(SettingsRefusal) -> WebhookSettings {
            try WebhookSettings(name: name, url: url, format: format, filter: filter, secret: Secret(secret))
        }
    }

    @Test(
        "settings that cannot work are refused",
        arguments: [
            Said(name: ""), Said(name: "a b"), Said(url: ""), Said(url: "ftp://h/"), Said(url: "http://"),
            Said(url: "http://h/ x"), Said(url: "http://h/\n"), Said(url: "https://me:pw@h/"),
            Said(url: "HTTP://h\u{9F}/"), Said(filter: Filter(kinds: [])),
            Said(filter: Filter(packages: ["com.a,org.b"])), Said(filter: Filter(packages: [""])),
            Said(filter: Filter(packages: Set((1...65).map { "com.a\($0)" }))),
            Said(filter: Filter(kinds: [.sms], packages: ["com.a"])),
            Said(url: "http://h/" + String(repeating: "x", count: 2048)),
            Said(secret: String(repeating: "x", count: 513)), Said(format: "xml"),
        ])
    func refused(said: Said) {
        let refusal = #expect(throws: SettingsRefusal.self) { try said.settings() }
        #expect(refusal?.message(adding: "a").hasPrefix("webhook a was not added") == true)
    }

    @Test func whatComesOverTheSocketIsCheckedAgain() throws {
        let right = Said(secret: "s", filter: Filter(kinds: [.notification], packages: ["com.a"]))
        let bytes = try JSONEncoder().encode(try right.settings())
        #expect(try JSONDecoder().decode(WebhookSettings.self, from: bytes) == right.settings())
        let wrong = #"{"name":"a","url":"ftp://h/","format":"smsnotif","secret":""}"#
        #expect(throws: SettingsRefusal.self) {
            try JSONDecoder().decode(WebhookSettings.self, from: Data(wrong.utf8))
        }
        let plain = #"{"name":"a","url":"http://h/","format":"smsnotif","secret":""}"#
        let read = try JSONDecoder().decode(WebhookSettings.self, from: Data(plain.utf8))
        #expect(read.filter == Filter())
    }

    /// A restriction of a newer command line that an older daemon ignored would let everything through.
    @Test func aSettingOfAnotherVersionIsRefused() throws {
        let newer = #"{"name":"a","url":"http://h/","format":"smsnotif","secret":"","senders":["BANK"]}"#
        let refusal = #expect(throws: SettingsRefusal.self) {
            try JSONDecoder().decode(WebhookSettings.self, from: Data(newer.utf8))
        }
        #expect(refusal?.sentence == "the daemon does not know the setting \"senders\"")
    }

    @Test func noSecretIsEverPrinted() throws {
        let settings = try Said(secret: "hunter2").settings()
        let webhook = Webhook(
            key: WebhookKey(rawValue: 1), settings: settings, createdAt: WallTime(milliseconds: 0))
        var dumped = ""
        dump(webhook, to: &dumped)
        #expect(!"\(webhook) \(String(reflecting: webhook)) \(dumped)".contains("hunter2"))
    }

    @Test func warnings() throws {
        #expect(try Said(url: "https://h/", secret: "s").settings().warnings.isEmpty)
        #expect(try Said(url: "http://127.0.0.1/", secret: "s").settings().warnings.isEmpty)
        #expect(try Said().settings().warnings.count == 2)
    }
}

/// Which events a webhook gets.
@Suite struct FilterTests {
    private let chat = event(1, EventContent(ChatMessage(account: "", sender: "a", group: nil, text: "b")))

    private func posted(by app: String) -> Event {
        event(1, EventContent(PostedNotification(package: app, title: "", content: "")))
    }

    @Test func kindsAndAppsDecide() {
        let filter = Filter(kinds: [.notification, .whatsapp], packages: ["com.a"])
        #expect(filter.verdict(on: posted(by: "com.a")) == .yes)
        #expect(
            filter.verdict(on: posted(by: "com.b")) == .no(because: "does not take notifications of com.b"))
        #expect(filter.verdict(on: chat) == .yes)
        let ussd = event(1, EventContent(USSDAnswer(code: "*1#", response: "")))
        #expect(filter.verdict(on: ussd) == .no(because: "does not take ussd"))
    }

    @Test func aWishForAKindThatNothingProducesIsKept() throws {
        let stored = #"{"events":["mms","sms"],"packages":[]}"#
        let filter = try JSONDecoder().decode(Filter.self, from: Data(stored.utf8))
        #expect(filter.kinds == [.sms, EventKind(rawValue: "mms")])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(filter), as: UTF8.self) == stored)
        #expect(Filter.fields[0].show(filter) == "mms (not yet produced), sms")
        // It cannot be asked for anew.
        var asked = Filter()
        try Filter.fields[0].set("sms,mms", &asked)
        let refusal = #expect(throws: SettingsRefusal.self) { try asked.check() }
        #expect(refusal?.usage == "--events: unknown kind \"mms\"")
        #expect(refusal?.hint == "there are: sms, ussd, notification, whatsapp, call, device, sim")
    }

    @Test func aFilterWithoutAFieldHasItsDefault() throws {
        #expect(try JSONDecoder().decode(Filter.self, from: Data("{}".utf8)) == Filter())
    }

    @Test func theSampleGetsThrough() {
        for kind in EventKind.all {
            let filter = Filter(kinds: [kind])
            let sample = filter.sample(text: "x")
            #expect(sample?.kind == kind)
            #expect(sample.map { filter.verdict(on: event(1, $0)) } == .yes)
        }
        let bank = Filter(packages: ["com.bank"])
        #expect(bank.sample(text: "x").map { bank.verdict(on: event(1, $0)) } == .yes)
        #expect(Filter(kinds: [EventKind(rawValue: "mms")]).sample(text: "x") == nil)
    }
}
