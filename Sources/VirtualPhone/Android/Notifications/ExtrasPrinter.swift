/// A notification's extras in the order in which Android keeps and prints them.
///
/// Source for the keys and their order (an ArrayMap, ascending by `String.hashCode`):
/// 488315/android_samsung_frameworks_base `core/java/android/app/Notification.java` and `BaseBundle`.
struct ExtrasPrinter {
    /// Key and value, sorted.
    let items: [(key: String, value: VirtualExtra)]

    init(_ extras: [String: VirtualExtra]) {
        items = extras.map { (key: $0.key, value: $0.value) }
            .sorted { (Self.javaHash($0.key), $0.key) < (Self.javaHash($1.key), $1.key) }
    }

    /// The extras that `Notification.Builder` and the platform make of a notification.
    init(_ notification: VirtualNotification, sdk: Int) {
        var extras = Self.plain(notification, sdk: sdk)
        Self.addStyle(notification, sdk: sdk, to: &extras)
        extras.merge(notification.extras) { _, own in own }
        self.init(extras)
    }

    /// Java's `String.hashCode`.
    static func javaHash(_ text: String) -> Int32 {
        text.utf16.reduce(0) { $0 &* 31 &+ Int32($1) }
    }

    private static func optional(_ text: String?) -> VirtualExtra { text.map { .text($0) } ?? .null }

    /// Those of every notification.
    private static func plain(_ notification: VirtualNotification, sdk: Int) -> [String: VirtualExtra] {
        let hash = String(notification.look.appInfoHash, radix: 16)
        let info = VirtualExtra.value(
            type: "ApplicationInfo", "ApplicationInfo{\(hash) \(notification.package)}")
        var extras: [String: VirtualExtra] = [
            "android.title": optional(notification.title), "android.text": optional(notification.text),
            "android.subText": optional(notification.subText), "android.infoText": .null,
            "android.largeIcon": .null,
            "android.progress": .value(type: "Integer", "0"),
            "android.progressMax": .value(type: "Integer", "0"),
            "android.progressIndeterminate": .value(type: "Boolean", "false"),
            "android.showChronometer": .value(type: "Boolean", "false"),
            "android.showWhen": .value(type: "Boolean", "true"),
        ]
        if sdk >= 24 {
            extras["android.appInfo"] = info
            extras["android.remoteInputHistory"] = .null
        } else {
            extras["android.rebuild.applicationInfo"] = info
            extras["android.icon"] = .value(type: "Integer", "2130837693")
            extras["android.originatingUserId"] = .value(type: "Integer", String(notification.userID))
        }
        if sdk >= 28 { extras["android.reduced.images"] = .value(type: "Boolean", "true") }
        if sdk >= 36 { extras["android.shortCriticalText"] = .null }
        return extras
    }

    /// Those of the style.
    private static func addStyle(
        _ notification: VirtualNotification, sdk: Int, to extras: inout [String: VirtualExtra]
    ) {
        var style: String?
        if let bigText = notification.bigText {
            style = "BigTextStyle"
            extras["android.bigText"] = .text(bigText)
        }
        if !notification.textLines.isEmpty {
            style = "InboxStyle"
            extras["android.textLines"] = .array(type: "CharSequence[]", notification.textLines)
        }
        // Before Android 7 there are no conversations: an app would have made lines of them.
        if !notification.messages.isEmpty, sdk >= 24 {
            style = "MessagingStyle"
            addConversation(notification, sdk: sdk, to: &extras)
        }
        let template = notification.template ?? style.map { "android.app.Notification$\($0)" }
        if let template { extras["android.template"] = .text(template) }
    }

    private static func addConversation(
        _ notification: VirtualNotification, sdk: Int, to extras: inout [String: VirtualExtra]
    ) {
        let name = notification.selfDisplayName ?? "You"
        extras["android.selfDisplayName"] = .text(name)
        let elements = notification.messages.enumerated().map { bundleText($1, number: $0, sdk: sdk) }
        let type = notification.look.messagesType ?? (sdk >= 33 ? "Bundle[]" : "Parcelable[]")
        extras["android.messages"] = .array(type: type, elements)
        guard sdk >= 28 else {
            if let title = notification.conversationTitle {
                extras["android.conversationTitle"] = .text(title)
            }
            return
        }
        let group = notification.isGroupConversation ?? (notification.conversationTitle != nil)
        extras["android.hiddenConversationTitle"] = optional(notification.conversationTitle)
        if group, let title = notification.conversationTitle {
            extras["android.conversationTitle"] = .text(title)
        }
        extras["android.isGroupConversation"] = .value(type: "Boolean", group ? "true" : "false")
        extras["android.messagingUser"] = .value(
            type: "Person", "android.app.Person@" + personHash(name))
    }

    /// One message's bundle, its keys in the order of their hashes. Up to Android 8 nobody has read it, so that it
    /// is still parcelled.
    private static func bundleText(_ message: VirtualMessage, number: Int, sdk: Int) -> String {
        guard sdk >= 28 else {
            let bytes = (380 + 4 * message.text.utf16.count) / 4 * 4
            return "Bundle[mParcelledData.dataSize=\(bytes)]"
        }
        var pairs = ["extras=Bundle[{}]"]
        if let sender = message.sender {
            let hash = message.personHash.map { String($0, radix: 16) } ?? personHash(sender)
            pairs += ["sender_person=android.app.Person@\(hash)", "sender=\(sender)"]
        }
        if let uri = message.uri { pairs.append("uri=\(uri)") }
        pairs += ["text=\(message.text)", "time=\(message.time)"]
        if let type = message.mimeType { pairs.append("type=\(type)") }
        return "Bundle[{" + pairs.joined(separator: ", ") + "}]"
    }

    /// A `Person` prints its hash code, which is one of its values: the same person, the same digits.
    private static func personHash(_ name: String) -> String {
        String(UInt32(bitPattern: javaHash(name) &* 31 &+ 0x1d4c_0b6f), radix: 16)
    }
}
