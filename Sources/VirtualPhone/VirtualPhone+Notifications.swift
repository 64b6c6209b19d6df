/// Notifications of the phone's apps.
extension VirtualPhone {
    /// An app posts a notification, or updates the one with the same user, package, id, tag and uid: a line in the
    /// events buffer, then the record. False when the platform refuses it (`NotificationBoard.perAppMax`).
    @discardableResult
    package func post(_ notification: VirtualNotification) -> Bool {
        change { $0.core.android.post(notification) }
    }

    /// An app takes its notification back. False when there was none.
    @discardableResult
    package func cancelNotification(package: String, id: Int32, tag: String?, userID: Int = 0) -> Bool {
        change { state in
            let android = state.core.android
            android.notifications.settle(now: android.nowMilliseconds)
            let posted = android.notifications.posted.map(\.notification).first {
                $0.package == package && $0.id == id && $0.tag == tag && $0.userID == userID
            }
            return android.cancelNotification(
                posted ?? VirtualNotification(package: package, id: id, tag: tag, userID: userID))
        }
    }

    /// Time between the line in the events buffer and the post, in milliseconds of the phone's clock. Real phones
    /// with a notification assistant take 200.
    package func setNotificationDelay(milliseconds: Int64) {
        change { $0.core.android.notifications.delayMilliseconds = milliseconds }
    }

    /// Notifications posted now.
    package var postedNotifications: [VirtualNotification] {
        change { state in
            let android = state.core.android
            android.notifications.settle(now: android.nowMilliseconds)
            return android.notifications.posted.map(\.notification)
        }
    }

    /// A message arrives in WhatsApp, which posts all its chats again and their summary.
    package func receiveWhatsApp(_ message: VirtualChatMessage) {
        change { $0.core.android.receiveWhatsApp(message) }
    }

    /// The user opens WhatsApp and reads everything.
    package func readWhatsApp() { change { $0.core.android.readWhatsApp() } }
}
