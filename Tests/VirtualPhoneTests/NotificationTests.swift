import Testing

@testable import VirtualPhone

/// What apps do with notifications, and what the shell sees of it.
@Suite struct NotificationTests {
    private let clock = TestClock(1_760_000_000_000)
    private let critical = "dumpsys notification --dump-priority CRITICAL"

    private func host(_ release: Int = 14, maker: String = "Google") throws -> TestHost {
        var setup = VirtualPhoneSetup()
        let clock = clock
        setup.clock = { clock.now }
        setup.androidRelease = release
        setup.manufacturer = maker
        let host = TestHost(VirtualPhone(setup: setup))
        try host.connect()
        return host
    }

    /// Values of all lines that start with `name=` behind six spaces.
    private func values(_ dump: String, _ name: String) -> [String] {
        dump.split(separator: "\n").filter { $0.hasPrefix("      \(name)=") }
            .map { String($0.dropFirst(name.count + 7)) }
    }

    /// The text of each line of a log, without time and process.
    private func events(_ log: String) -> [String] {
        log.split(separator: "\n").compactMap { line in
            line.firstRange(of: " I ").map { String(line[$0.upperBound...]) }
        }
    }

    @Test func nothingPosted() throws {
        let host = try host()
        #expect(try host.run(critical, id: 1) == TestHost.Result(exit: 0))
        let full = try host.run("dumpsys notification --noredact", id: 2).out
        #expect(full.hasPrefix("Current Notification Manager state:\n  mUseAttentionLight=false\n"))
        #expect(!full.contains("Notification List"))
        #expect(full.hasSuffix("      key='__global',\n    }\n"))
    }

    @Test func argumentsOfTheDump() throws {
        let host = try host()
        host.phone.post(VirtualNotification(package: "com.whatsapp", title: "secret"))
        host.phone.post(VirtualNotification(package: "com.whatsapp.w4b", title: "hidden"))
        host.phone.post(VirtualNotification(package: "org.example", title: "other"))
        let list = try host.run(critical, id: 1).out
        #expect(list.hasPrefix("  Notification List:\n    NotificationRecord(0x"))
        #expect(list.hasSuffix("      mUserVisOverride=-1000\n  \n"))
        #expect(list.contains("android.title=String [length=6]\n") && !list.contains("secret"))
        for word in ["--noredact", "--reveal", "--nonsense --noredact"] {
            let shown = try host.run("\(critical) \(word)", id: 2).out
            #expect(shown.contains("android.title=String (secret)\n"))
            #expect(values(shown, "key") == values(list, "key"))
        }
        for word in ["p", "pkg", "--package"] {
            let filtered = try host.run("\(critical) \(word) com.WhatsApp", id: 3).out
            #expect(
                values(filtered, "key") == ["0|com.whatsapp|0|null|10150", "0|com.whatsapp.w4b|0|null|10150"])
        }
        #expect(values(try host.run("\(critical) -p org.example", id: 4).out, "key").count == 3)
        let filtered = try host.run("dumpsys notification p org.example", id: 5).out
        #expect(
            filtered.hasPrefix("Current Notification Manager state (filtered to 'org.example'):\n  Notifi"))
        let rest = try host.run("dumpsys notification --dump-priority NORMAL", id: 6).out
        #expect(rest.hasPrefix("Current Notification Manager state:\n  mUse") && !rest.contains("(0x"))
    }

    @Test func anOldPhoneIgnoresThePriority() throws {
        let host = try host(7)
        host.phone.post(VirtualNotification(package: "org.example", title: "hidden"))
        let dump = try host.run(critical).out
        #expect(dump.hasPrefix("Current Notification Manager state:\n  Notification List:\n"))
        #expect(dump.contains("\n        android.title=String\n") && dump.contains("\n  Ranking Config:\n"))
    }

    @Test(arguments: [(6, "6 8 10"), (7, "6 8 10"), (9, "6 10 12"), (11, "6 10 12"), (12, "12 16 18")])
    func indentation(_ release: Int, _ expected: String) throws {
        let host = try host(release)
        host.phone.post(VirtualNotification(package: "org.example", title: "t", textLines: ["line"]))
        let lines = try host.run("\(critical) --noredact").out.split(separator: "\n")
        let widths = ["extras={", "android.title=String (t)", "[0] line"].map { text in
            lines.first { $0.hasSuffix(text) }.map { String($0.count - text.count) } ?? "missing"
        }
        #expect(widths.joined(separator: " ") == expected)
    }

    @Test(arguments: [
        (6, "String", "a ticker of 21 units"), (9, "String", "a ticker..."), (12, "String", "a ticker..."),
        (13, "String [length=8]", "a ticker..."), (16, "String [length=8]", "a ticker..."),
    ])
    func redaction(_ release: Int, _ title: String, _ ticker: String) throws {
        let host = try host(release)
        host.phone.post(
            VirtualNotification(
                package: "org.example", title: "🎤 units", bigText: "long", ticker: "a ticker of 21 units"))
        let dump = try host.run(critical).out
        #expect(dump.contains("android.title=\(title)\n"))
        #expect(dump.contains("tickerText=\(ticker)\n"))
        let style = "android.app.Notification$BigTextStyle"
        #expect(dump.contains("android.template=String\(release < 13 ? "\n" : " (\(style))\n")"))
        let shown = try host.run("\(critical) --noredact", id: 2).out
        #expect(shown.contains("tickerText=a ticker of 21 units\n"))
    }

    @Test func extrasStandInOrderOfTheirHashes() {
        // Hashes that Java gives.
        #expect(ExtrasPrinter.javaHash("android.title") == -2_079_427_047)
        #expect(ExtrasPrinter.javaHash("android.template") == -1_349_298_919)
        #expect(ExtrasPrinter.javaHash("android.isGroupConversation") == 2_081_454_745)
        #expect(ExtrasPrinter.javaHash("") == 0)
        let extras = ExtrasPrinter(
            VirtualNotification(
                package: "a", bigText: "b", textLines: ["c"],
                messages: [VirtualMessage(text: "d", time: 1, sender: nil)]), sdk: 36)
        let hashes = extras.items.map { ExtrasPrinter.javaHash($0.key) }
        #expect(hashes == hashes.sorted() && hashes.count > 20)
    }

    @Test func anUpdateKeepsItsCreationAndChangesItsHash() throws {
        let host = try host()
        var notification = VirtualNotification(package: "org.example", id: 5, tag: "t", title: "one", when: 7)
        host.phone.post(notification)
        host.phone.post(VirtualNotification(package: "org.example", id: 6))
        let before = try host.run(critical, id: 1).out
        clock.advance(5000)
        notification.title = "two"
        host.phone.post(notification)
        let after = try host.run(critical, id: 2).out
        #expect(values(after, "key") == values(before, "key"), "the place stays")
        #expect(values(after, "mCreationTimeMs") == ["1760000000000", "1760000000000"])
        #expect(values(after, "mUpdateTimeMs") == ["1760000005000", "1760000000000"])
        #expect(values(after, "mRankingTimeMs") == ["7", "1760000000000"])
        let hashes = [before, after].map { dump in
            dump.split(separator: "NotificationRecord(").dropFirst().map { $0.prefix { $0 != ":" } }
        }
        #expect(hashes[0][0] != hashes[1][0] && hashes[0][1] == hashes[1][1])
        let counters = host.phone.counters
        #expect((counters.notificationsPosted, counters.notificationsUpdated) == (2, 1))
    }

    @Test func theBuilderCutsTexts() throws {
        let host = try host()
        let long = String(repeating: "x", count: 1023) + "🎤" + "y"
        let messages = (0..<30).map { VirtualMessage(text: "m\($0)", time: Int64($0), sender: "s") }
        var notification = VirtualNotification(package: "org.example", title: long, messages: messages)
        host.phone.post(notification)
        let dump = try host.run("\(critical) --noredact", id: 1).out
        #expect(dump.contains("android.title=String (\(String(repeating: "x", count: 1023))?)\n"))
        #expect(
            dump.contains("android.messages=Bundle[] (25)\n                  [0] Bundle[{extras=Bundle[{}]"))
        #expect(!dump.contains("text=m4,") && dump.contains("text=m5,"))
        #expect(try host.run(critical, id: 2).out.contains("android.title=String [length=1024]\n"))
        notification.isBuilt = false
        host.phone.post(notification)
        #expect(try host.run(critical, id: 3).out.contains("android.title=String [length=1026]\n"))
    }

    @Test func anAppMayHaveFifty() throws {
        let host = try host()
        for id in Int32(0)..<50 {
            #expect(host.phone.post(VirtualNotification(package: "org.example", id: id)))
        }
        #expect(!host.phone.post(VirtualNotification(package: "org.example", id: 50)))
        #expect(host.phone.post(VirtualNotification(package: "org.example", id: 49, title: "update")))
        #expect(host.phone.post(VirtualNotification(package: "org.other")))
    }

    // MARK: the log

    /// The lines of the corpus for Android 11, but for the app's process id.
    @Test func eventsOfAndroid11() throws {
        let corpus = String(
            decoding: try Fixtures.bytes("PhoneTests/Corpus/notifications/events-a11.txt"), as: UTF8.self)
        let host = try host(11)
        var summary = VirtualNotification(
            package: "com.whatsapp", id: 1, uid: 10342, category: "msg",
            channel: "individual_chat_defaults_1", group: "group_key_messages", flags: 0x201)
        summary.look.color = 0xFF07_5E54
        var chat = summary
        chat.tag = "Qm9ndXNUYWdPbmx5Rm9yRml4dHVyZXMtMDAwMDAwMDE=\n"
        chat.channel = "silent_notifications_3"
        chat.shortcut = "972555550199@s.whatsapp.net"
        chat.category = nil
        chat.flags = 8
        chat.sortKey = "1"
        chat.look.actions = [.init(title: "a", intent: "b"), .init(title: "c", intent: "d")]
        host.phone.post(summary)
        host.phone.post(chat)
        clock.advance(5000)
        host.phone.post(chat)
        host.phone.post(summary)
        clock.advance(1003)
        host.phone.cancelNotification(package: "com.whatsapp", id: 1, tag: nil)
        let log = try host.run("logcat -b events -v epoch -d").out.replacing(",14342,", with: ",22011,")
        let mine = events(log)
        let theirs = events(corpus).filter { $0.hasPrefix("notification_enqueue") || $0.contains("cancel") }
        #expect(mine.count == 8)
        #expect(mine.prefix(5) == theirs.prefix(5))
        #expect(mine[6] == theirs[5])
        #expect(mine[7] == theirs[6])
        #expect(
            log.split(separator: "\n")[3]
                == "         1760000000.000  1144  1144 I notification_enqueue: ,0,Notification(channel=silent_notifications_3 shortcut=972555550199@s.whatsapp.net contentView=null vibrate=null sound=null defaults=0x0 flags=0x8 color=0xff075e54 groupKey=group_key_messages sortKey=1 actions=2 vis=PRIVATE),0]",
            "a newline in the tag begins a new line with the same head")
    }

    @Test(arguments: [(14, "Google", ",0]"), (14, "samsung", ",0,NULL]"), (16, "Google", ",0,1]")])
    func fieldsOfTheEnqueueEvent(_ release: Int, _ maker: String, _ end: String) throws {
        let host = try host(release, maker: maker)
        host.phone.post(VirtualNotification(package: "org.example", tag: "a,b"))
        let line = try #require(events(try host.run("logcat -b events -d").out).first)
        #expect(
            line.hasPrefix("notification_enqueue: [10150,14150,org.example,0,a,b,0,Notification(channel=null")
        )
        #expect(
            line.hasSuffix(
                "vis=PRIVATE" + (maker == "samsung" ? " semFlags=0x0 semPriority=0 semMissedCount=0" : "")
                    + ")" + end))
    }

    @Test func aCancelOfNothingIsLoggedAllTheSame() throws {
        let host = try host()
        #expect(!host.phone.cancelNotification(package: "org.example", id: 3, tag: "x"))
        let lines = events(try host.run("logcat -b events -d").out)
        #expect(lines == ["notification_cancel: [10150,14150,org.example,3,x,0,0,1088,8,NULL]"])
    }

    @Test func theLineComesBeforeThePost() throws {
        let host = try host()
        host.phone.setNotificationDelay(milliseconds: 200)
        host.phone.post(VirtualNotification(package: "org.example"))
        #expect(try host.run("logcat -b events -d", id: 1).out.contains("org.example"))
        #expect(try host.run(critical, id: 2).out.isEmpty)
        let full = try host.run("dumpsys notification", id: 3).out
        #expect(full.contains("\n  Enqueued Notification List:\n    NotificationRecord(0x"))
        clock.advance(200)
        let dump = try host.run(critical, id: 4).out
        #expect(values(dump, "mCreationTimeMs") == ["1760000000000"], "the time of the line")
    }

    // MARK: WhatsApp

    private func chat(_ sender: String?, _ text: String, group: Bool, time: Int64) -> VirtualChatMessage {
        VirtualChatMessage(
            chat: group ? "120363041234567890@g.us" : "447700900123@s.whatsapp.net",
            name: group ? "Family" : "Anna", group: group, sender: sender, text: text, time: time)
    }

    @Test func whatsAppPostsAllItsChatsAgain() throws {
        let host = try host()
        host.phone.receiveWhatsApp(chat("Anna", "hello", group: false, time: 1000))
        let first = host.phone.postedNotifications
        #expect(first.map { $0.tag == nil } == [true, false])
        #expect(first[0].title == "Anna" && first[0].text == "hello" && first[0].flags == 0x201)
        clock.advance(1000)
        host.phone.receiveWhatsApp(chat("Ben", "who brings bread?", group: true, time: 2000))
        clock.advance(1000)
        host.phone.receiveWhatsApp(chat("Carl", "I do", group: true, time: 3000))
        let posted = host.phone.postedNotifications
        #expect(posted.map(\.title) == ["WhatsApp", "Anna", "Family (2 messages): Carl"])
        #expect(posted.map(\.sortKey) == [nil, "2", "1"])
        #expect(
            posted[0].textLines == [
                "Ben @ Family (2 messages): who brings bread?", "Carl @ Family (2 messages): I do",
                "Anna: hello",
            ])
        #expect(posted[1].tag == first[1].tag, "a chat keeps its tag")
        for tag in posted.compactMap(\.tag) {
            #expect(tag.utf8.count == 45 && tag.hasSuffix("=\n"))
        }
        let dump = try host.run("\(critical) --noredact").out
        #expect(values(dump, "mUpdateTimeMs") == Array(repeating: "1760000002000", count: 3))
        #expect(
            dump.contains(
                ", sender=Carl, text=I do, time=3000}]\n                android.showWhen=Boolean (true)\n"))
        #expect(dump.contains("      key=0|com.whatsapp|1|\(posted[1].tag ?? "")|10244\n"))
        #expect(dump.contains("android.isGroupConversation=Boolean (true)\n"))
    }

    @Test func anOwnReplyHasNoSender() throws {
        let host = try host()
        host.phone.receiveWhatsApp(chat("Anna", "hello", group: false, time: 1000))
        host.phone.receiveWhatsApp(chat(nil, "hi", group: false, time: 2000))
        let dump = try host.run("\(critical) --noredact").out
        #expect(dump.contains("                  [1] Bundle[{extras=Bundle[{}], text=hi, time=2000}]\n"))
        #expect(dump.contains("android.selfDisplayName=String (You)\n"))
    }

    @Test func readingEmptiesWhatsApp() throws {
        let host = try host()
        host.phone.receiveWhatsApp(chat("Anna", "hello", group: false, time: 1000))
        host.phone.post(VirtualNotification(package: "org.example"))
        host.phone.readWhatsApp()
        #expect(host.phone.postedNotifications.map(\.package) == ["org.example"])
        let log = try host.run("logcat -b events -d").out
        #expect(log.split(separator: "\n").filter { $0.contains("notification_canceled: [") }.count == 2)
        host.phone.receiveWhatsApp(chat("Anna", "again", group: false, time: 2000))
        #expect(host.phone.postedNotifications.last?.messages.map(\.text) == ["again"])
        host.phone.reboot()
        #expect(host.phone.postedNotifications.isEmpty)
    }

    @Test func aChatMayBeAnyWord() throws {
        let host = try host()
        for group in [false, true] {
            host.phone.receiveWhatsApp(
                VirtualChatMessage(chat: "club", name: "Club", group: group, sender: "Anna", text: "t"))
        }
        let shortcuts = host.phone.postedNotifications.compactMap(\.shortcut)
        #expect(shortcuts[0].hasPrefix("447700900") && shortcuts[0].hasSuffix("@s.whatsapp.net"))
        #expect(shortcuts[1].count == 23 && shortcuts[1].hasSuffix("@g.us"))
    }

    @Test func theSameSeedGivesTheSameDump() throws {
        let dumps = try (0..<2).map { _ in
            let host = try host()
            host.phone.receiveWhatsApp(chat("Anna", "hello", group: false, time: 1000))
            return try host.run("\(critical) --noredact").out
        }
        #expect(dumps[0] == dumps[1])
    }
}
