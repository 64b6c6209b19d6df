/// What WhatsApp posts: for each message all unread chats again, and a summary.
///
/// Taken from logged notifications and dumps that people have published: interamaster/AMBIENTNOTIFS
/// `app/src/main/java/com/mio/jrdv/ambientnotifs/NOTIFSService.java` (Android 8), a notification listener of
/// 2021 (Android 11, package com.example.regain), the README of a program that reads such dumps on Android 16
/// (com.sla.briefpopup), home-assistant/android#1206 (summaries). Unverified: the layout of the summary's lines.
extension VirtualAndroid {
    func receiveWhatsApp(_ message: VirtualChatMessage) {
        notifications.chats.add(message, now: nowMilliseconds, seed: setup.seed)
        let app = WhatsAppPosts(
            app: message.app, chats: notifications.chats.chats[message.app] ?? [], sdk: sdk)
        for notification in app.notifications { post(notification) }
    }

    func readWhatsApp() {
        notifications.settle(now: nowMilliseconds)
        let inbox = notifications.chats.chats
        notifications.chats.empty()
        for (app, chats) in inbox.sorted(by: { $0.key < $1.key }) {
            for notification in WhatsAppPosts(app: app, chats: chats, sdk: sdk).notifications {
                cancelNotification(notification)
            }
        }
    }
}

/// The notifications of one WhatsApp app for its unread chats.
struct WhatsAppPosts {
    let app: String
    /// Newest first.
    let chats: [WhatsAppInbox.Chat]
    let sdk: Int

    /// The summary first, then the chats.
    var notifications: [VirtualNotification] {
        chats.isEmpty ? [] : [summary] + chats.enumerated().map { child($1, place: $0 + 1) }
    }

    private var appName: String { app == "com.whatsapp.w4b" ? "WhatsApp Business" : "WhatsApp" }

    private func base(_ chat: WhatsAppInbox.Chat) -> VirtualNotification {
        var base = VirtualNotification(package: app, id: 1, uid: app == "com.whatsapp.w4b" ? 10214 : 10244)
        base.channel = chat.group ? "group_chat_defaults_1" : "individual_chat_defaults_1"
        base.group = "group_key_messages"
        base.when = chat.newest
        base.look.importance = 4
        base.look.color = 0xFF07_5E54
        base.look.icon = 0x7F08_0A5C
        base.look.appInfoHash = 0x4E6_47F1
        base.look.channelName = "Message notifications"
        return base
    }

    private var summary: VirtualNotification {
        let count = chats.reduce(0) { $0 + $1.messages.count }
        var summary = base(chats[0])
        summary.flags = 0x201
        summary.category = "msg"
        summary.look.groupAlertBehavior = 1
        summary.look.contentIntent = intent("61f02aa", "1f7be20", "startActivity")
        summary.textLines = chats.flatMap { chat in chat.messages.map { line($0, of: chat) } }
        if chats.count > 1 {
            summary.title = appName
            summary.text = "\(count) messages from \(chats.count) chats"
        } else {
            summary.title = chats[0].name
            summary.text = count == 1 ? chats[0].messages[0].text : "\(count) new messages"
        }
        summary.extras["android.summaryText"] = .text(summary.text ?? "")
        if sdk >= 28 { summary.extras["android.title.big"] = .text(summary.title ?? "") }
        return summary
    }

    /// `Marta @ Family: text` in groups.
    private func line(_ message: VirtualMessage, of chat: WhatsAppInbox.Chat) -> String {
        let sender = message.sender ?? "You"
        return chat.group ? "\(sender) @ \(title(of: chat)): \(message.text)" : "\(sender): \(message.text)"
    }

    /// A group's subject; with several unread messages the number stands behind it.
    private func title(of chat: WhatsAppInbox.Chat) -> String {
        chat.messages.count > 1 ? "\(chat.name) (\(chat.messages.count) messages)" : chat.name
    }

    private func child(_ chat: WhatsAppInbox.Chat, place: Int) -> VirtualNotification {
        let sender = chat.messages.last?.sender ?? "You"
        let count = chat.messages.count
        var child = base(chat)
        child.tag = chat.tag
        child.flags = 0x8
        child.sortKey = String(place)
        child.shortcut = chat.shortcut
        child.text = chat.messages.last?.text
        child.messages = chat.messages
        child.isGroupConversation = chat.group
        child.selfDisplayName = "You"
        child.look.channelName = chat.group ? "Group notifications" : "Message notifications"
        child.look.contentIntent = intent("4c1b2aa", "be77310", "startActivity")
        child.look.deleteIntent = intent("2f9e0b1", "90ab1f7", "broadcastIntent")
        child.look.actions = [
            .init(title: "Reply", intent: intent("5a1c0de", "77be21f", "broadcastIntent")),
            .init(title: "Mark as read", intent: intent("19f3b02", "a20c4d1", "broadcastIntent")),
        ]
        if sdk >= 28 {
            child.look.publicVersion = .init(
                title: appName, text: count == 1 ? "1 new message" : "\(count) new messages")
            child.title = chat.group ? "\(title(of: chat)): \(sender)" : chat.name
            child.conversationTitle = chat.group ? title(of: chat) : nil
            child.extras = Self.newExtras
        } else {
            child.title = chat.group ? "\(sender) @ \(chat.name): " : "\(chat.name): "
            child.conversationTitle = chat.group ? title(of: chat) : chat.name
            child.selfDisplayName = chat.name
            child.extras = [
                "android.icon": .value(type: "Integer", "2131231581"),
                "android.largeIcon": .value(type: "Bitmap", "144x144"),
                "android.wearable.EXTENSIONS": .value(type: "Bundle", "Bundle[mParcelledData.dataSize=1076]"),
            ]
        }
        return child
    }

    private func intent(_ number: String, _ record: String, _ kind: String) -> String {
        "PendingIntent{\(number): PendingIntentRecord{\(record) \(app) \(kind)}}"
    }

    private static let newExtras: [String: VirtualExtra] = [
        "android.people.list": .value(type: "ArrayList", "[android.app.Person@95640872]"),
        "android.conversationUnreadMessageCount": .value(type: "Integer", "0"),
        "android.largeIcon": .value(type: "Icon", "Icon(typ=BITMAP size=95x95)"),
        "android.messagingStyleUser": .value(type: "Bundle", "Bundle[mParcelledData.dataSize=432]"),
        "android.wearable.EXTENSIONS": .value(type: "Bundle", "Bundle[mParcelledData.dataSize=1076]"),
        "last_row_id": .value(type: "Long", "1000913"),
    ]
}
