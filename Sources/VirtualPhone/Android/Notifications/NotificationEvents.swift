/// Lines of the events buffer about notifications.
///
/// Field lists: CyanogenMod/android_frameworks_base and aosp-mirror/platform_frameworks_base
/// `services/core/java/com/android/server/EventLogTags.logtags`; Samsung's ninth field:
/// 488315/android_samsung_frameworks_base `EventLogTags.java`. A null string prints `NULL`.
extension VirtualAndroid {
    private func logEvent(_ tag: String, _ fields: [String]) {
        logs.append(
            to: "events", at: nowMilliseconds, process: 1144, thread: 1144, level: "I", tag: tag,
            message: "[" + fields.joined(separator: ",") + "]")
    }

    private func processID(_ notification: VirtualNotification) -> Int { 4000 + notification.uid % 20000 }

    private func head(_ notification: VirtualNotification) -> [String] {
        [
            String(notification.uid), String(processID(notification)), notification.package,
            String(notification.id),
            notification.tag ?? "NULL", String(notification.userID),
        ]
    }

    /// Status 0 for a post, 1 for an update. Unverified: that 16 names an app's own notification with 1.
    func logEnqueued(_ record: ShownNotification, isUpdate: Bool) {
        let layout = NotificationLayout(setup)
        var fields = head(record.notification)
        fields += [layout.summary(record.notification), isUpdate ? "1" : "0"]
        if layout.isSamsung, layout.sdk >= 34 { fields.append("NULL") }
        if layout.sdk >= 36 { fields.append("1") }
        logEvent("notification_enqueue", fields)
    }

    /// An app's cancel: no flag is required, foreground services and, from 7 on, automatic groups are spared;
    /// reason 8. The second line is there only when something was removed.
    func logCancelled(_ notification: VirtualNotification, removed: ShownNotification?) {
        let spared = sdk >= 24 ? "1088" : "64"
        logEvent("notification_cancel", head(notification) + ["0", spared, "8", "NULL"])
        guard let removed else { return }
        let now = nowMilliseconds
        var fields = [
            removed.notification.key, "8", String(now - removed.created), String(now - removed.updated), "0",
        ]
        if sdk >= 26 { fields += ["-1", "-1", "NULL"] }
        logEvent("notification_canceled", fields)
    }
}
