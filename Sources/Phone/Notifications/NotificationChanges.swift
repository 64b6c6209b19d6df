import Base
import Events

/// What is new or changed in a look at the notifications, compared with the cursor.
struct NotificationChanges {
    /// Longest title and text of one event together, in bytes: a form body is up to three times as long, and must fit the
    /// store. The platform lets an app post about 1 MB in all.
    static let textBytesMax = 1024 * 1024

    /// The events, in the order of the dump; at enrolment what is known from now on.
    private(set) var observations: [Observation] = []
    /// What is posted now.
    private(set) var cursor = NotificationCursor()
    /// Summaries without a member that are kept for a later look, by identity, with when they were first seen so.
    private(set) var held: [[UInt8]: Instant] = [:]
    /// What could not be read of records that were.
    private(set) var problems: [String] = []

    private let before: NotificationCursor?
    private let now: Instant

    /// Compares `dump`, read at `now`, with `before`, nil at enrolment; `held` are the summaries kept at the last look.
    init(_ dump: NotificationDump, since before: NotificationCursor?, held: [[UInt8]: Instant], now: Instant)
    {
        self.before = before
        self.now = now
        for record in dump.unreadable { keep(record) }
        for record in dump.records { compare(record, held: held) }
        if dump.leftOut > 0 {
            problems.append(
                "more than \(NotificationDump.recordsMax) notifications are posted: the rest is not read")
        }
    }

    /// What cannot be read now stays what it was.
    private mutating func keep(_ record: NotificationDump.Unreadable) {
        guard let key = record.key, let createdAt = record.createdAt else { return }
        let identity = Self.identity(key, createdAt)
        if let content = before?.posted[identity] {
            cursor.posted[identity] = content
        } else if before == nil {
            cursor.posted[identity] = NotificationCursor.unread(record.updatedAt ?? createdAt)
        }
    }

    private mutating func compare(_ record: NotificationRecord, held: [[UInt8]: Instant]) {
        let identity = Self.identity(record.key, record.createdAt.milliseconds)
        let chat = ChatRecord(record).flatMap { record.messages.isEmpty ? nil : $0 }
        let content = Self.content(record, chat)
        let app = PrintableText.escape(record.package)
        if record.unreadableMessages > 0, ChatRecord.packages.contains(record.package) {
            problems.append(
                "\(record.unreadableMessages) messages in a notification of \(app) "
                    + "cannot be told apart: passed over rather than guessed at")
        }
        let old = before?.posted[identity]
        cursor.posted[identity] = content
        let events = events(record, chat, identity)
        let tooLong = events.count { Self.textBytes($0.content) > Self.textBytesMax }
        if tooLong > 0, record.ignored == nil {
            problems.append("\(tooLong) texts of \(app) are longer than 1 MB: passed over")
        }
        guard old != content, record.ignored == nil else { return }
        if record.isGroupSummary, before != nil {
            let since = held[identity] ?? now
            guard now < since.advanced(by: NotificationSource.secondLookDelay) else {
                return add(events, since: old)
            }
            self.held[identity] = since
            cursor.posted[identity] = old
            return
        }
        add(events, since: old)
    }

    /// Adds `events` of a notification that the cursor knows as `old`: what was there at enrolment is known, all else is news.
    private mutating func add(_ events: [Observation], since old: [UInt8]?) {
        let unreadTime = old.flatMap { NotificationCursor.unreadTime($0) }
        for event in events where Self.textBytes(event.content) <= Self.textBytesMax {
            let wasThere = unreadTime.map { (event.receivedAt?.milliseconds ?? 0) <= $0 } ?? false
            let isKnown = before == nil || wasThere
            observations.append(isKnown ? Observation(key: event.key, content: nil) : event)
        }
    }

    private static func textBytes(_ content: EventContent?) -> Int {
        switch content?.details {
        case let posted as PostedNotification: posted.title.utf8.count + posted.content.utf8.count
        case let message as ChatMessage:
            message.sender.utf8.count + (message.group?.utf8.count ?? 0) + message.text.utf8.count
        default: 0
        }
    }

    private func events(_ record: NotificationRecord, _ chat: ChatRecord?, _ identity: [UInt8])
        -> [Observation]
    {
        if let chat {
            return chat.messages.map { message in
                Observation(
                    key: SourceKey(
                        source: .notifications, bytes: Array("1/w/\(Hex.encode(message.identity))".utf8)),
                    content: EventContent(message.content), receivedAt: message.time ?? record.postedAt)
            }
        }
        // The owner's own reply, which the app shows as the newest message.
        if record.unreadableMessages == 0, let last = record.messages.last,
            last.sender == nil || last.sender == record.selfName && last.sender != record.title
        {
            return []
        }
        let key = "1/n/\(Hex.encode(Self.identity(record.key, 0)))/\(record.postedAt.milliseconds)"
        return [
            Observation(
                key: SourceKey(source: .notifications, bytes: Array(key.utf8)),
                content: EventContent(
                    PostedNotification(
                        package: record.targetPackage ?? record.package, title: record.title ?? "",
                        content: record.content ?? "")), receivedAt: record.postedAt)
        ]
    }

    /// Which notification it is, from its first post to its removal.
    private static func identity(_ key: String, _ createdAt: Int64) -> [UInt8] {
        var digest = ContentDigest()
        digest.add(key)
        digest.add(String(createdAt))
        return digest.bytes
    }

    /// What it says: of a chat its messages; of others the title and text, and which message that is.
    private static func content(_ record: NotificationRecord, _ chat: ChatRecord?) -> [UInt8] {
        var digest = ContentDigest()
        if let chat {
            digest.add("chat")
            for message in chat.messages { digest.add(message.identity) }
        } else {
            digest.add("")
            digest.add(record.title)
            digest.add(record.content)
            digest.add(record.messages.last?.time.map { String($0) })
            digest.add(record.messages.last?.sender)
        }
        return digest.bytes
    }
}
