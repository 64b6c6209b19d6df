/// One record of `dumpsys notification` (`NotificationRecord.dump`).
///
/// Sources: `services/core/java/com/android/server/notification/NotificationRecord.java` of
/// CyanogenMod/android_frameworks_base (7), Ankits-lab/frameworks_base (11),
/// PixelDust-Twelve/android_frameworks_base (12), ArrowOS-T/android_frameworks_base (13),
/// aosp-mirror/platform_frameworks_base (14), Evolution-X-OnePlus-15/frameworks_base (16) and, for Samsung,
/// 488315/android_samsung_frameworks_base.
struct NotificationRecordText {
    let layout: NotificationLayout
    let record: ShownNotification
    /// Place in the list.
    let index: Int
    /// Whether texts are left out.
    let redacts: Bool

    private var sdk: Int { layout.sdk }
    private var notification: VirtualNotification { record.notification }
    private var look: VirtualNotificationLook { record.notification.look }

    /// All lines of the record, each with its newline.
    func text() -> String {
        var lines = [header] + identity
        let block = "            "
        if sdk >= 31 {
            lines.append("      notification=")
            lines += body(prefix: block) + actions(prefix: block)
            lines += extras(ExtrasPrinter(notification, sdk: sdk), prefix: block)
            lines += publicNotification(prefix: block)
        } else {
            lines += sdk >= 26 ? body(prefix: "      ") : oldBody
            lines += actions(prefix: "      ")
            lines += extras(ExtrasPrinter(notification, sdk: sdk), prefix: "      ")
        }
        lines += NotificationTrailer(layout: layout, record: record, index: index).lines.map { "      " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The first line. On 9 and 10 nothing stands between the key and what follows.
    private var header: String {
        let rank = sdk >= 24 ? "importance=\(look.importance)" : "score=\(look.priority * 10)"
        let locked = sdk == 28 || sdk == 29 ? "appImportanceLocked=false" : ""
        return "    NotificationRecord(0x\(NotificationLayout.hex(record.identity, width: 8)):"
            + " pkg=\(notification.package) user=UserHandle{\(notification.userID)} id=\(notification.id)"
            + " tag=\(notification.tag ?? "null") \(rank) key=\(notification.key)\(locked):"
            + " \(layout.summary(notification)))"
    }

    private var identity: [String] {
        var icon = "icon=Icon(typ=RESOURCE pkg=\(notification.package) id=\(layout.color(look.icon)))"
        if sdk < 28 { icon += " / \(notification.package):drawable/ic_stat_notify" }
        var lines = ["uid=\(notification.uid) userId=\(notification.userID)"]
        if sdk >= 28 { lines.append("opPkg=\(notification.package)") }
        lines.append(icon)
        if sdk >= 26 { lines.append("flags=\(layout.flags(notification.flags))") }
        if sdk >= 31 { lines.append("originalFlags=\(layout.flags(notification.flags))") }
        lines.append(sdk >= 24 ? "pri=\(look.priority)" : "pri=\(look.priority) score=\(look.priority * 10)")
        lines += [
            "key=\(notification.key)", "seen=\(look.isSeen)", "groupKey=\(notification.groupKey(sdk: sdk))",
        ]
        return lines.map { "      " + $0 }
    }

    private var ticker: String {
        let ticker = notification.ticker.map { redacts ? layout.redactedTicker($0) : $0 }
        return "tickerText=\(ticker ?? "null")"
    }

    private var contentView: String {
        guard let id = look.contentView else { return "null" }
        return
            "\(notification.package)/0x\(String(id, radix: 16)) (0 bytes): android.widget.RemoteViews@3f8d00e"
    }

    /// From 8 on.
    private func body(prefix: String, isPublic: Bool = false) -> [String] {
        var lines = [
            "fullscreenIntent=null", "contentIntent=\((isPublic ? nil : look.contentIntent) ?? "null")",
            "deleteIntent=\((isPublic ? nil : look.deleteIntent) ?? "null")",
        ]
        if sdk >= 29 {
            lines += [
                "number=\(isPublic ? 0 : look.number)",
                "groupAlertBehavior=\(isPublic ? 0 : look.groupAlertBehavior)",
            ]
        }
        switch sdk {
        case 35...: lines.append("when=\(record.when)/\(record.when == 0 ? record.created : record.when)")
        case 30...: lines.append("when=\(record.when)")
        default: break
        }
        lines.append(isPublic ? "tickerText=null" : ticker)
        if sdk >= 34 { lines.append("vis=\(isPublic ? 0 : look.visibility)") }
        lines += [
            "contentView=\(isPublic ? "null" : contentView)", "bigContentView=null",
            "headsUpContentView=null",
        ]
        let color = "color=\(layout.color(look.color))"
        guard sdk >= 31 else { return (lines + ["\(color)\(prefix)timeout=unknown"]).map { prefix + $0 } }
        // 16 sets a timeout of its own.
        lines += [color, "timeout=" + (sdk >= 36 ? "PT72H" : sdk >= 35 ? "PT0S" : "unknown")]
        if layout.isSamsung, sdk >= 34 {
            lines.append("parcelDataSize=\(isPublic ? 0 : look.parcelBytes)")
            lines.append("mAllowSystemGeneratedContextualActions=true")
        }
        return lines.map { prefix + $0 }
    }

    /// 6 and 7. Unverified beyond one public record of 6.
    private var oldBody: [String] {
        [
            "contentIntent=\(look.contentIntent ?? "null")", "deleteIntent=\(look.deleteIntent ?? "null")",
            ticker,
            "contentView=\(look.contentView == nil ? "null" : "android.widget.RemoteViews@2c8f1aa")",
            "defaults=0x00000000 flags=\(layout.color(notification.flags))", "sound=null",
            "audioStreamType=-1",
            "audioAttributes=AudioAttributes: usage=5 content=4 flags=0x0 tags= bundle=null",
            "color=\(layout.color(look.color))", "vibrate=null", "led=0x00000000 onMs=0 offMs=0",
        ].map { "      " + $0 }
    }

    /// The buttons. From 8 on the closing bracket stands two deeper than the opening line; titles are never left
    /// out.
    private func actions(prefix: String) -> [String] {
        guard !look.actions.isEmpty else { return [] }
        let items = look.actions.enumerated().map { number, action in
            "\(prefix)\(sdk >= 26 ? "    " : "  ")[\(number)] \"\(action.title)\" -> \(action.intent)"
        }
        return [prefix + "actions={"] + items + [prefix + (sdk >= 26 ? "  }" : "}")]
    }

    /// Items stand 4 deeper than the block from 8 on, 2 deeper before; elements of arrays 2 more.
    private func extras(_ extras: ExtrasPrinter, prefix: String) -> [String] {
        let indent = prefix + (sdk >= 26 ? "    " : "  ")
        var lines = [prefix + "extras={"]
        for (key, value) in extras.items {
            switch value {
            case .null: lines.append("\(indent)\(key)=null")
            case .text(let text, let type):
                let shown = !redacts || layout.isExempt(key)
                let value = shown ? "\(type) (\(text))" : layout.redacted(text, type: type)
                lines.append("\(indent)\(key)=\(value)")
            case .value(let type, let text): lines.append("\(indent)\(key)=\(type) (\(text))")
            case .array(let type, let elements):
                lines.append("\(indent)\(key)=\(type) (\(elements.count))")
                guard !redacts else { continue }
                lines += elements.enumerated().map { "\(indent)  [\($0)] \($1)" }
            }
        }
        return lines + [prefix + "}"]
    }

    private func publicNotification(prefix: String) -> [String] {
        guard let version = look.publicVersion else {
            return ["      publicNotification=", prefix + "None"]
        }
        let shown = ExtrasPrinter([
            "android.title": .text(version.title), "android.text": .text(version.text),
            "android.showWhen": .value(type: "Boolean", "true"),
        ])
        return ["      publicNotification="] + body(prefix: prefix, isPublic: true)
            + extras(shown, prefix: prefix)
    }
}
