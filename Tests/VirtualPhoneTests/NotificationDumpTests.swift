import Testing

@testable import VirtualPhone

/// Records of `dumpsys notification` beside those of the corpus, byte for byte: Android 13 to 16.
@Suite struct NotificationDumpTests {
    private typealias Look = NotificationFixture.Look

    @Test func android13() throws {
        try NotificationFixture.compare(
            "a13-xiaomi-miui14-mixed", release: 13, maker: "Xiaomi",
            [
                (0, .whatsApp(0x01AA_10F3, 3, own: "你")), (1, .whatsApp(0x01AA_10F4, 4, own: "你")),
                (2, Look(identity: 0x01AA_10F5, rank: 5, change: message)),
                (3, Look(identity: 0x01AA_10F1, rank: 1, change: push)),
                (4, Look(identity: 0x01AA_10F6, rank: 6) { $0.look.number = 1 }),
                (5, Look(identity: 0x01AA_10F2, rank: 2) { $0.look.importance = 2 }),
            ])
    }

    private func message(_ notification: inout VirtualNotification) {
        notification.ticker = "10658888: 【Example】验证码 482913，5分钟内有效。"
        notification.look.channelName = "Mms"
        notification.extras = [
            "miui.showAction": .boolean(true), "miui.messageCount": .integer(1),
            "android.bigText": .text(notification.bigText ?? "", type: "SpannableString"),
        ]
    }

    private func push(_ notification: inout VirtualNotification) {
        notification.extras = [
            "xmsf_target_package": .text("com.example.shop"), "miui.isGrayscaleIcon": .boolean(true),
            "android.substName": .text("Example Shop"), "miui.enableFloat": .boolean(false),
            "miui.targetPkg": .text("com.example.shop"),
        ]
    }

    /// Texts made of the dump's own grammar, one of them longer than the Builder lets through.
    @Test func android14WithForgedTexts() throws {
        func look(_ number: Int) -> Look {
            Look(identity: 0x0A90_BE30 + UInt32(number), rank: number) { notification in
                notification.look.importance = 4
                notification.isBuilt = false
                guard number == 3 else { return }
                notification.extras["android.messagingUser"] = .person("86c2e107")
            }
        }
        try NotificationFixture.compare(
            "a14-aosp-forged-records", release: 14, (0..<4).map { ($0, look($0 + 1)) })
    }

    @Test func android14Samsung() throws {
        func kakao(_ notification: inout VirtualNotification) {
            notification.look.color = 0xFF4D_3E36
            if notification.isSummary {
                notification.look.parcelBytes = 3602
            } else {
                notification.ticker = "나: Good Morning"
                notification.sortKey = "9223370371544309401"
            }
        }
        try NotificationFixture.compare(
            "a14-samsung-oneui6-mixed", release: 14, maker: "samsung", zoneMinutes: 540,
            [
                (1, Look(identity: 0x0E11_AA00, rank: 0, change: kakao)),
                (2, Look(identity: 0x0E11_AA01, rank: 1, change: kakao)),
                (
                    3,
                    .whatsApp(
                        0x0E11_AA04, 4, channel: "Group notifications", own: "나", unread: "2 new messages"
                    ) { notification in
                        notification.look.parcelBytes = 5214
                        notification.look.messagesType = "Parcelable[]"
                        notification.messages[0].uri = "content://com.whatsapp.provider.media/item/8a1c"
                    }
                ),
                (4, Look(identity: 0x0E11_AA03, rank: 3)),
            ])
    }

    private func telegram(_ number: Int, bytes: Int, channel: String, sortKey: String?, reply: String?)
        -> (inout VirtualNotification) -> Void
    {
        { notification in
            notification.look.color = 0xFF11_ACFA
            notification.look.number = number
            notification.look.groupAlertBehavior = 1
            notification.look.parcelBytes = bytes
            notification.look.channelName = channel
            notification.sortKey = sortKey
            notification.selfDisplayName = ""
            guard let reply else {
                notification.extras = [
                    "android.summaryText": .text("3 new messages from 2 chats"),
                    "android.title.big": .text("Telegram"),
                ]
                return
            }
            notification.look.importance = 4
            notification.look.actions = [reply, "Mark as read"].enumerated().map { number, title in
                .init(
                    title: title,
                    intent: "PendingIntent{aa\(number + 1): PendingIntentRecord{bb\(number + 1) "
                        + "org.telegram.messenger broadcastIntent}}")
            }
            notification.extras = [
                "androidx.core.app.extra.COMPAT_TEMPLATE": .text(
                    "androidx.core.app.NotificationCompat$MessagingStyle"),
                "android.messagingStyleUser": .value(
                    type: "Bundle", "Bundle[mParcelledData.dataSize=392]"),
                "android.messagingUser": .person("77be01"),
            ]
        }
    }

    @Test func android15Samsung() throws {
        try NotificationFixture.compare(
            "a15-samsung-oneui7-telegram-signal", release: 15, maker: "samsung", zoneMinutes: 120,
            [
                (
                    0,
                    Look(
                        identity: 0x0577_AA00, rank: 0,
                        change: telegram(3, bytes: 4110, channel: "Default", sortKey: nil, reply: nil))
                ),
                (
                    1,
                    Look(
                        identity: 0x0577_AA02, rank: 2,
                        change: telegram(
                            1, bytes: 4810, channel: "Groups", sortKey: "9223370291854775807",
                            reply: "Reply to Dev chat"))
                ),
                (
                    2,
                    Look(
                        identity: 0x0577_AA01, rank: 1,
                        change: telegram(
                            2, bytes: 4624, channel: "Private chats", sortKey: "9223370291854780807",
                            reply: "Reply to Olena"))
                ),
                (
                    3,
                    Look(identity: 0x0577_AA03, rank: 3) { notification in
                        notification.look.importance = 4
                        notification.look.visibility = -1
                    }
                ),
                (
                    4,
                    Look(identity: 0x0577_AA05, rank: 5) { notification in
                        notification.look.importance = 4
                        notification.look.isSensitive = true
                    }
                ),
                (5, Look(identity: 0x0577_AA04, rank: 4) { $0.look.importance = 1 }),
            ])
    }

    private func stopwatch(_ notification: inout VirtualNotification) {
        notification.look.contentView = 0x7F0E_004E
        notification.look.color = 0xFFBA_C5EE
        notification.look.channelName = "Stopwatch"
        notification.look.actions = [
            .init(
                title: "Start",
                intent:
                    "PendingIntent{9290a2f: PendingIntentRecord{29f1044 com.google.android.deskclock broadcastIntent}}"
            ),
            .init(
                title: "Reset",
                intent:
                    "PendingIntent{6edd83c: PendingIntentRecord{9eaaa62 com.google.android.deskclock broadcastIntent}}"
            ),
        ]
        notification.extras = [
            "androidx.core.app.extra.COMPAT_TEMPLATE": .text(
                "androidx.core.app.NotificationCompat$DecoratedCustomViewStyle"),
            "android.contains.customView": .boolean(true),
        ]
    }

    private func googleMessage(_ number: String, id: Int, time: Int, ticker: String)
        -> (inout VirtualNotification) -> Void
    {
        { notification in
            let app = "com.google.android.apps.messaging"
            notification.ticker = ticker
            notification.look.importance = 4
            notification.look.channelName = "Incoming messages"
            notification.look.color = 0xFF1A_73E8
            notification.look.number = 1
            notification.look.groupAlertBehavior = 1
            notification.look.appInfoHash = 0x3E8_B5F4
            notification.look.actions = [
                .init(
                    title: "Mark as read",
                    intent: "PendingIntent{14ad906: PendingIntentRecord{3fc69e0 \(app) broadcastIntent}}"),
                .init(
                    title: "Reply",
                    intent: "PendingIntent{ba26bc7: PendingIntentRecord{71e0be3 \(app) broadcastIntent}}"),
            ]
            notification.extras = [
                "extra_im_notification_message_ids": .value(type: "ArrayList", "[\(id)]"),
                "extra_im_notification_earliest_timestamp": .value(type: "Long", String(time)),
                "extra_im_notification_latest_timestamp": .value(type: "Long", String(time)),
                "extra_im_notification_channel_importance": .integer(4),
                "extra_im_notification_participant_normalized_destination": .text(number),
                "extra_im_notification_conversation_id": .text(notification.shortcut ?? ""),
                "extra_im_is_notification_from_rbm": .boolean(false),
                "androidx.core.app.extra.COMPAT_TEMPLATE": .text(
                    "androidx.core.app.NotificationCompat$MessagingStyle"),
                "android.conversationUnreadMessageCount": .integer(0),
                "android.messagingStyleUser": .value(type: "Bundle", "Bundle[mParcelledData.dataSize=492]"),
                "android.messagingUser": .person("ca984bdf"),
                "android.wearable.EXTENSIONS": .value(
                    type: "Bundle",
                    "Bundle[{actions=[android.app.Notification$Action@82b7f92, android.app.Notification$Action@84ffd63]}]"
                ),
            ]
        }
    }

    @Test func android16() throws {
        try NotificationFixture.compare(
            "a16-pixel-messages-whatsapp-business", release: 16,
            [
                (0, Look(identity: 0x092C_03D3, rank: 3, change: stopwatch)),
                (
                    1,
                    Look(identity: 0x00CC_11CF, rank: 15) { notification in
                        notification.look.importance = 4
                        notification.look.channelName = "Incoming messages"
                        notification.look.color = 0xFF1A_73E8
                        notification.look.priority = 2
                        notification.look.groupAlertBehavior = 2
                        notification.look.appInfoHash = 0x673_C33A
                    }
                ),
                (
                    2,
                    Look(
                        identity: 0x0DA1_FBEB, rank: 11,
                        change: googleMessage(
                            "+16505550103", id: 6, time: 1_779_198_318_544, ticker: "(650) 555-0103: Later"))
                ),
                (
                    3,
                    Look(
                        identity: 0x0EFE_02DE, rank: 14,
                        change: googleMessage(
                            "+16505550102", id: 4, time: 1_779_198_313_253,
                            ticker: "65055501002: Hello, is this still available?)"))
                ), (4, .whatsAppSummary(0x0F00_BA01, 1, app: "com.whatsapp.w4b")),
                (
                    5,
                    .whatsApp(
                        0x0F00_BA02, 2, app: "com.whatsapp.w4b", channel: "Group notifications", own: "Tú",
                        unread: "2 new messages")
                ), (6, .whatsApp(0x0F00_BA03, 3, app: "com.whatsapp.w4b", place: 2, own: "Tú")),
                (7, Look(identity: 0x0F00_BA04, rank: 4) { $0.look.isSensitive = true }),
            ])
    }
}
