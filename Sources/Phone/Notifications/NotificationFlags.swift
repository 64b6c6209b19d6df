/// The flags of a notification (AOSP `core/java/android/app/Notification.java`).
package struct NotificationFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Something is going on (a timer, a download).
    package static let ongoing = NotificationFlags(rawValue: 0x2)
    /// A service in the foreground.
    package static let foregroundService = NotificationFlags(rawValue: 0x40)
    /// Stands for a group.
    package static let groupSummary = NotificationFlags(rawValue: 0x200)
    /// Cannot be dismissed.
    package static let noDismiss = NotificationFlags(rawValue: 0x2000)
    /// A data transfer that the user started.
    package static let userInitiatedJob = NotificationFlags(rawValue: 0x8000)

    /// Names as Android 15 and later print them, in the order of their bits.
    /// Unverified: SILENT and PROMOTED_ONGOING (16).
    private static let names = [
        "SHOW_LIGHTS", "ONGOING_EVENT", "INSISTENT", "ONLY_ALERT_ONCE", "AUTO_CANCEL", "NO_CLEAR",
        "FOREGROUND_SERVICE", "HIGH_PRIORITY", "LOCAL_ONLY", "GROUP_SUMMARY", "AUTOGROUP_SUMMARY",
        "CAN_COLORIZE",
        "BUBBLE", "NO_DISMISS", "FSI_REQUESTED_BUT_DENIED", "USER_INITIATED_JOB",
        "LIFETIME_EXTENDED_BY_DIRECT_REPLY", "SILENT", "PROMOTED_ONGOING",
    ]

    /// Reads `0x10` (up to Android 14), or names joined by `|`, `0` for none and `UNKNOWN(0x…)` for the rest (15 and
    /// later). A name that is not known is not a flag that anything here looks at, and is passed over; nil for anything else.
    init?(_ text: ArraySlice<UInt8>) {
        if text.elementsEqual([UInt8(ascii: "0")]) {
            self = []
            return
        }
        if let value = Self.hexadecimal(text) {
            self.init(rawValue: value)
            return
        }
        var flags: UInt32 = 0
        for name in text.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false) {
            let prefix = [UInt8](of: "UNKNOWN(")
            if name.starts(with: prefix), name.last == UInt8(ascii: ")"),
                let rest = Self.hexadecimal(name.dropFirst(prefix.count).dropLast())
            {
                flags |= rest
            } else if let bit = Self.names.firstIndex(where: { $0.utf8.elementsEqual(name) }) {
                flags |= 1 << UInt32(bit)
            } else if name.isEmpty || !name.allSatisfy({ $0.isUppercaseLetter || $0 == UInt8(ascii: "_") }) {
                return nil
            }
        }
        self.init(rawValue: flags)
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> UInt32? {
        guard text.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]), 3...10 ~= text.count else {
            return nil
        }
        return UInt32(String(decoding: text.dropFirst(2), as: UTF8.self), radix: 16)
    }
}
