/// All notifications of the phone.
struct NotificationBoard: Sendable {
    /// Notifications one app of one user may have; a further one is refused. Unverified: 50 on all versions.
    static let perAppMax = 50

    /// The list that dumps print, in order. An update keeps its place.
    var posted: [ShownNotification] = []
    /// Between the line in the log and the list.
    private(set) var enqueued: [(dueMilliseconds: Int64, record: ShownNotification)] = []
    /// Time between the two, in milliseconds of the phone's clock.
    var delayMilliseconds: Int64 = 0
    /// WhatsApp's unread messages.
    var chats = WhatsAppInbox()

    /// Whether `key` is posted or about to be.
    func holds(_ key: String) -> Bool {
        posted.contains { $0.notification.key == key }
            || enqueued.contains { $0.record.notification.key == key }
    }

    /// False when the app has too many.
    func accepts(_ notification: VirtualNotification) -> Bool {
        let own = (posted + enqueued.map(\.record)).filter {
            $0.notification.package == notification.package && $0.notification.userID == notification.userID
        }
        return own.count < Self.perAppMax || holds(notification.key)
    }

    /// Takes a record: it is posted now or, with a delay, when its time has come.
    mutating func accept(_ record: ShownNotification, now: Int64) {
        guard delayMilliseconds > 0 else { return place(record) }
        enqueued.append((now + delayMilliseconds, record))
    }

    /// Posts what has waited long enough.
    mutating func settle(now: Int64) {
        for entry in enqueued where entry.dueMilliseconds <= now { place(entry.record) }
        enqueued.removeAll { $0.dueMilliseconds <= now }
    }

    /// After a boot no app has posted anything yet.
    mutating func empty() {
        posted = []
        enqueued = []
        chats.empty()
    }

    /// Removes and returns a record.
    mutating func remove(_ key: String) -> ShownNotification? {
        enqueued.removeAll { $0.record.notification.key == key }
        guard let index = posted.firstIndex(where: { $0.notification.key == key }) else { return nil }
        return posted.remove(at: index)
    }

    private mutating func place(_ record: ShownNotification) {
        guard let index = posted.firstIndex(where: { $0.notification.key == record.notification.key }) else {
            posted.append(record)
            return
        }
        var record = record
        record.replaces(posted[index])
        posted[index] = record
    }
}

extension VirtualAndroid {
    /// An app posts or updates a notification. False when the platform refuses it.
    @discardableResult
    func post(_ notification: VirtualNotification) -> Bool {
        let now = nowMilliseconds
        notifications.settle(now: now)
        let known = notifications.holds(notification.key)
        guard notifications.accepts(notification) else { return false }
        let record = ShownNotification(notification, identity: newIdentity(), now: now)
        logEnqueued(record, isUpdate: known)
        notifications.accept(record, now: now)
        if known { counters.notificationsUpdated += 1 } else { counters.notificationsPosted += 1 }
        return true
    }

    /// An app cancels its own notification. False when there is none; it is logged all the same.
    @discardableResult
    func cancelNotification(_ notification: VirtualNotification) -> Bool {
        notifications.settle(now: nowMilliseconds)
        let removed = notifications.remove(notification.key)
        logCancelled(notification, removed: removed)
        if removed != nil { counters.notificationsCancelled += 1 }
        return removed != nil
    }

    /// 28 bits, as ART's hash codes of objects.
    private func newIdentity() -> UInt32 {
        while true {
            let number = UInt32(truncatingIfNeeded: random.next()) & 0x0FFF_FFFF
            if number != 0, !notifications.posted.contains(where: { $0.identity == number }) { return number }
        }
    }
}
