/// A notification as a phone with Android 14 prints it, with and without its texts.
struct Sample {
    struct Message {
        var sender: String?
        var text: String
        var time: Int64
    }

    var package = "com.example.bank"
    var id = 4
    var tag = "null"
    var uid = 10310
    /// Of the record object: changes whenever the notification is posted again.
    var hash = 0x0a90_be31
    var title: String? = "Example Bank"
    var text: String? = "Card ending 1234: 12.50 EUR at Bakery"
    var bigText: String?
    var textLines: [String]?
    var template: String?
    var conversation: String?
    var isGroup: Bool?
    var selfName: String?
    var messages: [Message]?
    var flags = 0x10
    var group: String?
    var shortcut = "null"
    var category: String?
    var ticker: String?
    var progressMax = 0
    /// Of an `ArrayList`, which is printed the same in both dumps.
    var list: String?
    /// The title of an action, printed the same in both dumps.
    var action: String?
    var created: Int64 = 1_717_171_657_000
    var updated: Int64 = 1_717_171_657_000

    var key: String { "0|\(package)|\(id)|\(tag)|\(uid)" }

    /// Posted again at `time`, as a new record.
    func again(at time: Int64) -> Sample {
        var sample = self
        sample.hash &+= 0x1001
        sample.updated = time
        return sample
    }

    func print(redacted: Bool) -> String {
        let number = String(hash, radix: 16)
        let name = String(repeating: "0", count: 8 - number.count) + number
        let color = "color=0x00000000" + (category.map { " category=\($0)" } ?? "")
        let bits = String(flags, radix: 16)
        let shown = ticker.map { redacted ? $0.prefix(8) + "..." : $0 } ?? "null"
        let actions = action.map {
            "            actions={\n                [0] \"\($0)\" -> PendingIntent{71aa: PendingIntentRecord{be11 x}}\n"
                + "              }\n"
        }
        return
            "    NotificationRecord(0x\(name): pkg=\(package) user=UserHandle{0} id=\(id) tag=\(tag) importance=4 "
            + "key=\(key): Notification(channel=c shortcut=\(shortcut) contentView=null vibrate=null sound=null "
            + "defaults=0x0 flags=0x\(bits) \(color) vis=PRIVATE))\n      uid=\(uid) userId=0\n"
            + "      opPkg=\(package)\n      flags=0x\(bits)\n      originalFlags=0x\(bits)\n      pri=0\n"
            + "      key=\(key)\n      seen=false\n      groupKey=\(group.map { "0|\(package)|g:\($0)" } ?? key)\n"
            + "      notification=\n            when=\(updated)\n            tickerText=\(shown)\n            vis=0\n            contentView=null\n"
            + "            timeout=unknown\n" + (actions ?? "") + "            extras={\n" + extras(redacted)
            + "            }\n      publicNotification=\n            None\n"
            + "      stats=SingleNotificationStats{posttimeElapsedMs=1}\n      mCreationTimeMs=\(created)\n"
            + "      mUpdateTimeMs=\(updated)\n      effectiveNotificationChannel=NotificationChannel{mId='c'}\n"
            + "      mAdjustments=[]\n      shortcut=\(shortcut) found valid? false\n"
    }

    private func extras(_ redacted: Bool) -> String {
        func item(_ key: String, _ value: String) -> String { "                \(key)=\(value)\n" }
        func string(_ key: String, _ value: String?) -> String {
            guard let value else { return item(key, "null") }
            return item(key, redacted ? "String [length=\(value.utf16.count)]" : "String (\(value))")
        }
        func array(_ key: String, _ name: String, _ values: [String]?) -> String {
            guard let values else { return "" }
            let lines = values.enumerated().map { "\n                  [\($0)] \($1)" }.joined()
            return item(key, "\(name)[] (\(values.count))" + (redacted ? "" : lines))
        }
        let bundles = messages?.map { message in
            "Bundle[{extras=Bundle[{}], sender_person=android.app.Person@3f1c2a9b, "
                + (message.sender.map { "sender=\($0), " } ?? "")
                + "text=\(message.text), time=\(message.time)}]"
        }
        return string("android.title", title) + array("android.textLines", "CharSequence", textLines)
            + (conversation == nil ? "" : string("android.conversationTitle", conversation))
            + (template.map { item("android.template", "String (android.app.Notification$\($0))") } ?? "")
            + string("android.text", text) + item("android.progressMax", "Integer (\(progressMax))")
            + (selfName == nil ? "" : string("android.selfDisplayName", selfName))
            + item("android.appInfo", "ApplicationInfo (ApplicationInfo{1a2b3c4 \(package)})")
            + array("android.messages", "Bundle", bundles) + item("android.showWhen", "Boolean (true)")
            + (bigText == nil ? "" : string("android.bigText", bigText))
            + (list.map { item("zz.list", "ArrayList ([\($0)])") } ?? "")
            + (isGroup.map { item("android.isGroupConversation", "Boolean (\($0))") } ?? "")
    }

    /// What `dumpsys notification --dump-priority CRITICAL` prints while `samples` are posted.
    static func dump(_ samples: [Sample], redacted: Bool) -> [UInt8] {
        guard !samples.isEmpty else { return [] }
        let records = samples.map { $0.print(redacted: redacted) }.joined()
        return Array("  Notification List:\n\(records)  \n".utf8)
    }

    /// A WhatsApp chat of two.
    static func chat(_ name: String, _ number: String, _ messages: [Message], id: Int = 1) -> Sample {
        var sample = Sample()
        sample.package = "com.whatsapp"
        sample.uid = 10342
        sample.id = id
        sample.tag = "iVxC2Q6kcctuoC7dWnHcmaCX47/AtYLCow0Lj8u+BW8=\n"
        sample.hash = 0x0e11_aa04
        sample.title = name
        sample.text = messages.last?.text
        sample.template = "MessagingStyle"
        sample.isGroup = false
        sample.selfName = "You"
        sample.messages = messages
        sample.flags = 8
        sample.group = "group_key_messages"
        sample.shortcut = "\(number)@s.whatsapp.net"
        return sample
    }

    /// A WhatsApp group.
    static func group(_ name: String, _ messages: [Message]) -> Sample {
        var sample = chat("\(name): \(messages.last?.sender ?? "")", "1", messages)
        sample.shortcut = "821055550177-1586700000@g.us"
        sample.tag = "zKdAqtCz35bygf0pAxPBI1zfjBZF5KSSH7cc6b6lbNM=\n"
        sample.hash = 0x0e11_aa05
        sample.conversation = name
        sample.isGroup = true
        return sample
    }
}
