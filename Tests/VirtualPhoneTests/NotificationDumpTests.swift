import Testing

@testable import VirtualPhone

/// `dumpsys notification` beside recorded dumps, byte for byte.
@Suite struct NotificationDumpTests {
    private typealias Look = NotificationFixture.Look

    private func whatsApp(
        _ identity: UInt32, _ rank: Int, app: String = "com.whatsapp", name: String = "WhatsApp",
        place: Int = 1,
        channel: String = "Message notifications", own: String, unread: String = "1 new message"
    ) -> Look {
        Look(identity: identity, rank: rank) { notification in
            let chat = WhatsAppInbox.Chat(
                shortcut: notification.shortcut ?? "", tag: notification.tag ?? "", name: "", group: false,
                messages: notification.messages)
            let made = WhatsAppPosts(app: app, chats: [chat], sdk: 33).notifications[1]
            notification.look = made.look
            notification.look.channelName = channel
            notification.look.publicVersion = .init(title: name, text: unread)
            notification.extras = made.extras
            notification.extras["android.messagingUser"] = .value(
                type: "Person", "android.app.Person@86c2e107")
            notification.sortKey = String(place)
            notification.selfDisplayName = own
        }
    }

    /// Posts the records, takes both dumps, and compares each record's lines with the recorded ones.
    /// `except` names lines (by their number within the record, from 0) that the fixture does not have.
    private func compare(
        _ name: String, release: Int, maker: String = "Google", _ looks: [(index: Int, look: Look)],
        except: (Substring) -> Bool = { _ in false }, inserted: [UInt32: Set<Int>] = [:],
        zoneMinutes: Int64 = 0
    ) throws {
        let fixture = try NotificationFixture(name)
        let clock = TestClock(0)
        var setup = VirtualPhoneSetup()
        setup.androidRelease = release
        setup.manufacturer = maker
        setup.clock = { clock.now }
        let phone = VirtualPhone(setup: setup)
        for (index, look) in looks { fixture.post(index, look, on: phone, clock) }
        for redacts in [true, false] {
            let recorded = redacts ? fixture.redacted : fixture.values
            var layout = NotificationLayout(setup)
            layout.zoneMinutes = zoneMinutes
            let records = phone.change { $0.core.android.notifications.posted }
            for record in records {
                let text = NotificationRecordText(layout: layout, record: record, index: 0, redacts: redacts)
                    .text()
                var lines = Array(text.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
                    .map { Substring(String(decoding: $0, as: UTF8.self)) }.dropLast().map { $0 }
                for number in (inserted[record.identity] ?? []).sorted(by: >) where lines.count > number {
                    lines.remove(at: number)
                }
                let expected = NotificationFixture.record(record.identity, in: recorded, count: lines.count)
                #expect(expected.count == lines.count + 1, "\(name) \(record.identity)")
                for (mine, theirs) in zip(lines, expected) where !except(theirs) {
                    #expect(mine.utf8.elementsEqual(theirs.utf8), "\(mine) / \(theirs)")
                }
                let next = expected.last ?? ""
                #expect(next == "  " || next.hasPrefix("    NotificationRecord("), "the record ends there")
            }
            #expect(records.count == looks.count)
        }
    }

    @Test func android13() throws {
        try compare(
            "a13-xiaomi-miui14-mixed", release: 13, maker: "Xiaomi",
            [
                (0, whatsApp(0x01AA_10F3, 3, own: "你")), (1, whatsApp(0x01AA_10F4, 4, own: "你")),
                (
                    2,
                    Look(identity: 0x01AA_10F5, rank: 5) { notification in
                        notification.ticker = "10658888: 【Example】验证码 482913，5分钟内有效。"
                        notification.look.channelName = "Mms"
                        notification.extras = [
                            "miui.showAction": .value(type: "Boolean", "true"),
                            "miui.messageCount": .value(type: "Integer", "1"),
                            "android.bigText": .text(notification.bigText ?? "", type: "SpannableString"),
                        ]
                    }
                ),
                (
                    3,
                    Look(identity: 0x01AA_10F1, rank: 1) { notification in
                        notification.extras = [
                            "xmsf_target_package": .text("com.example.shop"),
                            "miui.isGrayscaleIcon": .value(type: "Boolean", "true"),
                            "android.substName": .text("Example Shop"),
                            "miui.enableFloat": .value(type: "Boolean", "false"),
                            "miui.targetPkg": .text("com.example.shop"),
                        ]
                    }
                ),
                (4, Look(identity: 0x01AA_10F6, rank: 6) { $0.look.number = 1 }),
                (5, Look(identity: 0x01AA_10F2, rank: 2) { $0.look.importance = 2 }),
            ])
    }

    @Test func android14WithForgedTexts() throws {
        func look(_ number: Int) -> Look {
            Look(identity: 0x0A90_BE30 + UInt32(number), rank: number) { notification in
                notification.look.importance = 4
                notification.isBuilt = false
                notification.selfDisplayName = "You"
                if number == 3 {
                    notification.extras["android.messagingUser"] = .value(
                        type: "Person", "android.app.Person@86c2e107")
                }
            }
        }
        try compare("a14-aosp-forged-records", release: 14, (0..<4).map { ($0, look($0 + 1)) })
    }
}
