/// What differs between Android versions and makers in the texts about notifications.
struct NotificationLayout: Sendable {
    /// API level.
    let sdk: Int
    /// Samsung prints dates behind times and fields of its own.
    let isSamsung: Bool
    /// Minutes east of Greenwich, for Samsung's dates.
    var zoneMinutes: Int64 = 0

    init(_ setup: VirtualPhoneSetup) {
        sdk = setup.sdk
        isSamsung = setup.manufacturer.lowercased() == "samsung"
    }

    // MARK: Notification.toString

    /// `Notification.toString()`, as it stands in a record's first line and in the events buffer.
    func summary(_ notification: VirtualNotification) -> String {
        let look = notification.look
        var text = "Notification("
        if sdk >= 26 { text += "channel=\(notification.channel ?? "null") " }
        text += sdk >= 30 ? "shortcut=\(notification.shortcut ?? "null") " : "pri=\(look.priority) "
        let view = look.contentView.map { "\(notification.package)/0x" + String($0, radix: 16) } ?? "null"
        text += "contentView=\(view) vibrate=null sound=null"
        if notification.ticker != nil { text += " tick" }
        text += " defaults=\(flags(0)) flags=\(flags(notification.flags)) color=\(color(look.color))"
        if let category = notification.category { text += " category=\(category)" }
        if let group = notification.group { text += " groupKey=\(group)" }
        if let sortKey = notification.sortKey { text += " sortKey=\(sortKey)" }
        if !look.actions.isEmpty { text += " actions=\(look.actions.count)" }
        if isSamsung, 26...27 ~= sdk, look.number > 0 { text += " number=\(look.number)" }
        text += " vis=" + (look.visibility == 1 ? "PUBLIC" : look.visibility == -1 ? "SECRET" : "PRIVATE")
        if look.publicVersion != nil {
            var version = VirtualNotification(package: notification.package, flags: 0)
            version.look.color = look.color
            text += " publicVersion=" + summary(version)
        }
        if isSamsung, sdk >= 26 { text += " semFlags=0x0 semPriority=0 semMissedCount=0" }
        return text + ")"
    }

    func color(_ color: UInt32) -> String { "0x" + Self.hex(color, width: 8) }

    static func hex(_ number: UInt32, width: Int) -> String {
        LogFollower.padLeft(String(number, radix: 16), width, with: "0")
    }

    // MARK: flags

    /// Names of the bits from 35 on. Source: 488315/android_samsung_frameworks_base (oneui-7.0)
    /// `core/java/android/app/Notification.java`; the last two are unverified.
    static let flagNames = [
        "SHOW_LIGHTS", "ONGOING_EVENT", "INSISTENT", "ONLY_ALERT_ONCE", "AUTO_CANCEL", "NO_CLEAR",
        "FOREGROUND_SERVICE", "HIGH_PRIORITY", "LOCAL_ONLY", "GROUP_SUMMARY", "AUTOGROUP_SUMMARY",
        "CAN_COLORIZE",
        "BUBBLE", "NO_DISMISS", "FSI_REQUESTED_BUT_DENIED", "USER_INITIATED_JOB",
        "LIFETIME_EXTENDED_BY_DIRECT_REPLY", "SILENT", "PROMOTED_ONGOING",
    ]

    /// `0x11`, from 35 on the names.
    func flags(_ flags: UInt32) -> String {
        guard sdk >= 35 else { return "0x" + String(flags, radix: 16) }
        guard flags != 0 else { return "0" }
        var names: [String] = []
        var rest = flags
        for (bit, name) in Self.flagNames.enumerated() where flags & (1 << UInt32(bit)) != 0 {
            names.append(name)
            rest &= ~(1 << UInt32(bit))
        }
        if rest != 0 { names.append("UNKNOWN(0x\(Self.hex(rest, width: 8)))") }
        return names.joined(separator: "|")
    }

    // MARK: times

    /// Milliseconds since 1970; Samsung adds the date, from Android 14 on with the zone.
    func time(_ milliseconds: Int64) -> String {
        guard isSamsung, sdk >= 28 else { return String(milliseconds) }
        let date = CivilTime.fullText(milliseconds + zoneMinutes * 60000).replacing("T", with: " ")
        guard sdk >= 34 else { return "\(milliseconds)(\(date.dropLast(4)))" }
        let minutes = UInt32(zoneMinutes.magnitude)
        let zone = LogFollower.padLeft(String(minutes / 60 * 100 + minutes % 60), 4, with: "0")
        return "\(milliseconds)(\(date)\(zoneMinutes < 0 ? "-" : "+")\(zone))"
    }

    // MARK: importance

    static func importanceName(_ importance: Int) -> String {
        switch importance {
        case 0: "NONE"
        case 1: "MIN"
        case 2: "LOW"
        case 3: "DEFAULT"
        case 4: "HIGH"
        case 5: "MAX"
        default: "UNSPECIFIED"
        }
    }

    // MARK: redaction

    /// What stands for a text that is not shown: from 12L on its length in UTF-16 units.
    func redacted(_ text: String, type: String) -> String {
        sdk >= 32 ? "\(type) [length=\(text.utf16.count)]" : type
    }

    /// Keys whose texts are shown always (12L and later).
    func isExempt(_ key: String) -> Bool {
        sdk >= 32
            && [
                "android.template", "android.substName", "android.support.v4.app.extra.COMPAT_TEMPLATE",
            ].contains(key)
    }

    /// A ticker that is not shown; up to 7 it is shown.
    func redactedTicker(_ ticker: String) -> String {
        guard sdk >= 26 else { return ticker }
        guard ticker.utf16.count > 16 else { return "..." }
        return String(decoding: ticker.utf16.prefix(8), as: UTF16.self) + "..."
    }
}
