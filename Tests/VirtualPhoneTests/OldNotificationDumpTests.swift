import Testing

@testable import VirtualPhone

/// Records of `dumpsys notification` beside those of the corpus, byte for byte: Android 6 to 12.
@Suite struct OldNotificationDumpTests {
    private typealias Look = NotificationFixture.Look

    @Test func android6() throws {
        func look(_ identity: UInt32, _ rank: Int, created: Int64, view: UInt32, ticker: String) -> Look {
            Look(identity: identity, rank: rank, created: created) { notification in
                notification.look.contentView = view
                notification.ticker = ticker
                switch notification.package {
                case "com.google.android.gm":
                    notification.look.isSeen = true
                    notification.extras = [
                        "android.summaryText": .text(notification.text ?? ""),
                        "android.title.big": .text(notification.title ?? ""),
                    ]
                case "com.whatsapp":
                    notification.look.color = 0xFF07_5E54
                    notification.look.actions = [
                        .init(
                            title: "Reply",
                            intent:
                                "PendingIntent{4b1f0aa: PendingIntentRecord{a83c1be com.whatsapp broadcastIntent}}"
                        )
                    ]
                    notification.extras = [
                        "android.people": .array(type: "String[]", ["tel:+639175550134"]),
                        "android.largeIcon": .value(type: "Bitmap", "96x96"),
                        "android.wearable.EXTENSIONS": .value(
                            type: "Bundle", "Bundle[mParcelledData.dataSize=2356]"),
                        "android.summaryText": .text("1 new message"),
                    ]
                default:
                    notification.extras = [
                        "android.bigText": .text(notification.bigText ?? "", type: "SpannableString")
                    ]
                }
            }
        }
        try NotificationFixture.compare(
            "a06-aosp-nexus5-mixed", release: 6,
            [
                (
                    2,
                    look(
                        0x0BE3_F7D1, 1, created: 1_478_507_200_000, view: 0x109_0085,
                        ticker: "Ana Lim  Lunch on Friday?")
                ),
                (
                    4,
                    look(
                        0x0D2E_88C4, 4, created: 1_478_507_350_000, view: 0x109_0083,
                        ticker: "Message from Ana Lim")
                ),
                (
                    5,
                    look(
                        0x0A77_BE12, 2, created: 1_478_507_380_000, view: 0x109_0083,
                        ticker: "+639175550188: Your code is 339 201. Do not share it.")
                ),
            ])
    }

    @Test func android8Samsung() throws {
        func chat(_ identity: UInt32, _ rank: Int, place: Int, group: Bool, name: String, sizes: [Int])
            -> Look
        {
            let channel = group ? "Group notifications" : "Message notifications"
            return .whatsApp(
                identity, rank, place: place, channel: channel, own: name, unread: nil, sdk: 27
            ) { notification in
                notification.look.number = 1
                // Nobody has read the messages: their texts are not in the dump.
                notification.messages = [VirtualMessage(text: "", time: 0, sender: name)]
                notification.extras["android.messages"] = .array(
                    type: "Parcelable[]", sizes.map { "Bundle[mParcelledData.dataSize=\($0)]" })
            }
        }
        try NotificationFixture.compare(
            "a08-samsung-whatsapp-group", release: 8, maker: "samsung",
            [
                (0, .whatsAppSummary(0x0F3B_2C11, 1, ticker: "Message from Luis", sdk: 27)),
                (
                    1,
                    chat(
                        0x0F3B_2C13, 3, place: 1, group: true, name: "Familia García", sizes: [404, 428, 452])
                ), (2, chat(0x0F3B_2C12, 2, place: 2, group: false, name: "Gustavo", sizes: [404])),
            ])
    }

    @Test func android10() throws {
        try NotificationFixture.compare(
            "a10-pixel-whatsapp-single", release: 10,
            [
                (0, .whatsAppSummary(0x0C01_D201, 1, ticker: "Message from +63 976 555 0142", sdk: 29)),
                (1, .whatsApp(0x0C01_D202, 2, own: "You", sdk: 29)),
                (
                    2,
                    Look(identity: 0x0B7A_33F0, rank: 0) { notification in
                        notification.look.channelName = "Incoming messages"
                        notification.look.number = 1
                        notification.ticker =
                            "(02) 8555 0110: Advisory: your data promo expires today at 11:59 PM."
                        for key in ["android.text", "android.bigText"] {
                            notification.extras[key] = .text(notification.text ?? "", type: "SpannableString")
                        }
                    }
                ), (3, Look(identity: 0x0A00_BE55, rank: 5) { $0.look.channelName = "Reminders" }),
            ])
    }

    /// Texts with the dump's own brackets, other line ends, accents behind brackets, and bytes.
    @Test func android12() throws {
        func look(_ number: Int) -> Look {
            Look(identity: 0x0D9F_00A0 + UInt32(number), rank: number) { notification in
                switch number {
                case 1:
                    notification.extras = [
                        "android.bigText": .text(notification.bigText ?? "", type: "SpannableString"),
                        "android.summaryText": .text("account@example.com"),
                    ]
                case 2:
                    notification.extras["android.largeIcon"] = .value(
                        type: "Icon", "Icon(typ=BITMAP size=192x192)")
                case 7:
                    notification.extras["expo.notification_request"] = .array(
                        type: "byte[]", ["36", "1", "0", "-44", "10", "13"])
                default: break
                }
            }
        }
        try NotificationFixture.compare(
            "a12-pixel-multiline-emoji-rtl", release: 12, (0..<8).map { ($0, look($0 + 1)) })
    }
}
