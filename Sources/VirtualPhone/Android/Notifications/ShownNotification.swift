/// A notification the platform holds (`NotificationRecord`).
struct ShownNotification: Sendable {
    /// What the app handed over, cut as its Builder cuts.
    var notification: VirtualNotification
    /// `System.identityHashCode`: another one for each record, also when it replaces one with the same key.
    var identity: UInt32
    /// `Notification.when`, milliseconds since 1970.
    var when: Int64
    /// `mCreationTimeMs`: of the first post under this key.
    var created: Int64
    /// `mUpdateTimeMs`: of this post.
    var updated: Int64
    /// `mRankingTimeMs`.
    var ranked: Int64
    /// Place in the ranking that the sort key tells; nil for its place in the list.
    var rank: Int?

    /// - Parameter now: milliseconds since 1970.
    init(_ notification: VirtualNotification, identity: UInt32, now: Int64) {
        self.notification = notification.cut
        self.identity = identity
        when = notification.when ?? now
        created = now
        updated = now
        ranked = when != 0 && when <= now ? when : now
    }

    /// Takes over what an update keeps.
    mutating func replaces(_ old: ShownNotification) {
        created = old.created
        if when == 0 || when > updated { ranked = old.ranked }
    }

    /// Since boot: the phone has been up for a day at most.
    var createdSinceBoot: Int64 { created % 100_000_000 }
}

extension VirtualNotification {
    /// Longest text the Builder lets through, in UTF-16 units (`MAX_CHARSEQUENCE_LENGTH`).
    static let textUnitsMax = 1024
    /// Messages of a conversation that are kept (`MessagingStyle.MAXIMUM_RETAINED_MESSAGES`).
    static let messagesMax = 25

    /// As it leaves the Builder. Source: 488315/android_samsung_frameworks_base
    /// `core/java/android/app/Notification.java` (`safeCharSequence`).
    var cut: VirtualNotification {
        guard isBuilt else { return self }
        var copy = self
        copy.title = title.map(Self.cut)
        copy.text = text.map(Self.cut)
        copy.bigText = bigText.map(Self.cut)
        copy.subText = subText.map(Self.cut)
        copy.ticker = ticker.map(Self.cut)
        copy.textLines = textLines.map(Self.cut)
        copy.messages = messages.suffix(Self.messagesMax).map { message in
            var message = message
            message.text = Self.cut(message.text)
            message.sender = message.sender.map(Self.cut)
            return message
        }
        return copy
    }

    /// Unverified: that half of a character at the cut is printed as `?`.
    static func cut(_ text: String) -> String {
        guard text.utf16.count > textUnitsMax else { return text }
        let units = text.utf16.prefix(textUnitsMax)
        if let last = units.last, UTF16.isLeadSurrogate(last) {
            return String(decoding: units.dropLast(), as: UTF16.self) + "?"
        }
        return String(decoding: units, as: UTF16.self)
    }
}
