/// What a line of the events log says about notifications
/// (AOSP `services/core/java/com/android/server/EventLogTags.logtags`, `NotificationManagerService.java`).
///
/// Hints: the tag of a notification and all behind it is free text of an app, which may hold commas and line feeds. Law: a field
/// that cannot be told for sure is nil. Nothing of it gets into an event, a command or a name.
package enum NotificationHint: Sendable, Equatable {
    /// An app posted or changed one: `[uid,pid,package,id,tag,user,Notification(…),status…]`. Samsung and Android 16 add a field.
    case enqueue(Enqueue)
    /// It made itself heard or seen.
    case alert(key: [UInt8], buzz: Int64, beep: Int64, blink: Int64)
    /// An app took one back.
    case cancel(Cancel)
    /// An app took all of its own back.
    case cancelAll(uid: Int64, package: [UInt8], userID: Int64, reason: Int64)
    /// One is gone.
    case canceled(key: [UInt8], reason: Int64)

    /// What an app posted.
    package struct Enqueue: Sendable, Equatable {
        /// What the system did with it.
        package enum Status: Int64, Sendable {
            case post = 0
            case update = 1
            case ignored = 2
        }

        /// The app's Linux user and process.
        package let uid, pid: Int64
        /// The app; comes before any free text.
        package let package: [UInt8]
        /// The app's number for it.
        package let id: Int64
        /// Its tag; nil for none (`NULL`) and where it cannot be told.
        package let tag: [UInt8]?
        /// The Android user, where it can be told.
        package let userID: Int64?
        /// Nil where the line was cut.
        package let status: Status?

        /// `user|package|id|tag|uid`, where all of it could be told.
        package var key: [UInt8]? {
            guard let userID else { return nil }
            let begin = Array("\(userID)|".utf8) + package + Array("|\(id)|".utf8)
            return begin + (tag ?? Array("null".utf8)) + Array("|\(uid)".utf8)
        }
    }

    /// What an app took back.
    package struct Cancel: Sendable, Equatable {
        /// The app's Linux user.
        package let uid: Int64
        /// The app.
        package let package: [UInt8]
        /// The app's number for it.
        package let id: Int64
        /// Its tag; nil for none.
        package let tag: [UInt8]?
        /// The Android user.
        package let userID: Int64
        /// Why: 8 by the app.
        package let reason: Int64
    }

    /// The tags that are read.
    package static let tags = [
        "notification_enqueue", "notification_alert", "notification_cancel", "notification_cancel_all",
        "notification_canceled",
    ]

    /// The events in `lines`, each with its first line. A line feed inside an event repeats the line's whole prefix (liblog
    /// `logprint.cpp`): a line that does not begin with `[` goes on with the one before it.
    package static func read(_ lines: [LogLine]) -> [(line: LogLine, hint: NotificationHint)] {
        var hints: [(line: LogLine, hint: NotificationHint)] = []
        var first: LogLine?
        var message: [UInt8] = []
        func finish() {
            guard let line = first, let hint = NotificationHint(tag: line.tag, message: message) else {
                return
            }
            hints.append((line, hint))
        }
        for line in lines where tags.contains(where: { $0.utf8.elementsEqual(line.tag) }) {
            if line.message.first == UInt8(ascii: "[") {
                finish()
                first = line
                message = line.message
            } else if line.tag == first?.tag, line.process == first?.process {
                message += [.lineFeed] + line.message
            }
        }
        finish()
        return hints
    }

    /// The event that a whole message is; nil for anything else.
    package init?(tag: [UInt8], message: [UInt8]) {
        guard message.first == UInt8(ascii: "["), message.last == UInt8(ascii: "]"), message.count >= 2 else {
            return nil
        }
        let fields = message[1..<message.count - 1]
        switch String(decoding: tag, as: UTF8.self) {
        case "notification_enqueue": self.init(enqueue: fields)
        case "notification_alert": self.init(alert: fields)
        case "notification_cancel": self.init(cancel: fields)
        case "notification_cancel_all": self.init(cancelAll: fields)
        case "notification_canceled": self.init(canceled: fields)
        default: return nil
        }
    }

    private init?(enqueue fields: ArraySlice<UInt8>) {
        var scanner = ByteScanner(fields)
        guard let uid = scanner.integer(), scanner.accept(","), let pid = scanner.integer(),
            scanner.accept(","), let package = Self.package(&scanner), let id = scanner.integer(),
            scanner.accept(",")
        else { return nil }
        let (tag, userID) = Self.tagAndUser(scanner.rest)
        self = .enqueue(
            Enqueue(
                uid: uid, pid: pid, package: package, id: id, tag: tag, userID: userID,
                status: Self.status(scanner.rest)))
    }

    private static func package(_ scanner: inout ByteScanner) -> [UInt8]? {
        let package = scanner.prefix { $0 != UInt8(ascii: ",") && $0 > .space }
        return !package.isEmpty && scanner.accept(",") ? Array(package) : nil
    }

    /// What stands before the only `,USER,Notification(`.
    private static func tagAndUser(_ rest: ArraySlice<UInt8>) -> (tag: [UInt8]?, userID: Int64?) {
        let mark = [UInt8](of: ",Notification(")
        let text = DumpText(Array(rest))
        guard let end = text.find(mark, from: 0, below: text.count),
            text.find(mark, from: end + 1, below: text.count) == nil,
            let comma = text.bytes[..<end].lastIndex(of: UInt8(ascii: ","))
        else { return (nil, nil) }
        var scanner = ByteScanner(text.bytes[(comma + 1)..<end])
        guard let user = scanner.integer(), scanner.isAtEnd else { return (nil, nil) }
        let tag = Array(text.bytes[..<comma])
        return (tag == [UInt8](of: "NULL") ? nil : tag, user)
    }

    /// Behind the last `),`: a number, then nothing or one field more.
    private static func status(_ rest: ArraySlice<UInt8>) -> Enqueue.Status? {
        let mark = [UInt8](of: "),")
        let text = DumpText(Array(rest))
        var position = text.count - mark.count
        while position >= 0, !text.has(mark, at: position, below: text.count) { position -= 1 }
        guard position >= 0 else { return nil }
        var scanner = ByteScanner(text.bytes[(position + mark.count)...])
        guard let number = scanner.integer(), scanner.isAtEnd || scanner.accept(",") else { return nil }
        return Enqueue.Status(rawValue: number)
    }

    /// The fields from the end on: `count` of them, in their order, and what stands before them.
    private static func last(
        _ count: Int, of fields: ArraySlice<UInt8>
    ) -> (before: ArraySlice<UInt8>, fields: [ArraySlice<UInt8>])? {
        var rest = fields
        var found: [ArraySlice<UInt8>] = []
        for _ in 0..<count {
            guard let comma = rest.lastIndex(of: UInt8(ascii: ",")) else { return nil }
            found.append(rest[(comma + 1)...])
            rest = rest[..<comma]
        }
        return (rest, found.reversed())
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        var scanner = ByteScanner(field)
        let number = scanner.integer()
        return scanner.isAtEnd ? number : nil
    }

    private init?(cancel fields: ArraySlice<UInt8>) {
        var scanner = ByteScanner(fields)
        guard let uid = scanner.integer(), scanner.accept(","), scanner.integer() != nil,
            scanner.accept(","), let package = Self.package(&scanner), let id = scanner.integer(),
            scanner.accept(","), let (tag, last) = Self.last(5, of: scanner.rest),
            let user = Self.number(last[0]), let reason = Self.number(last[3])
        else { return nil }
        self = .cancel(
            Cancel(
                uid: uid, package: package, id: id,
                tag: tag.elementsEqual([UInt8](of: "NULL")) ? nil : Array(tag),
                userID: user, reason: reason))
    }

    private init?(cancelAll fields: ArraySlice<UInt8>) {
        var scanner = ByteScanner(fields)
        guard let uid = scanner.integer(), scanner.accept(","), scanner.integer() != nil,
            scanner.accept(","), let package = Self.package(&scanner), let user = scanner.integer(),
            let (_, last) = Self.last(4, of: scanner.rest), let reason = Self.number(last[2])
        else { return nil }
        self = .cancelAll(uid: uid, package: package, userID: user, reason: reason)
    }

    private init?(alert fields: ArraySlice<UInt8>) {
        // Three numbers; Android 16 adds two. A key ends with `|` and a number, so it is not a number.
        for count in [5, 3] {
            guard let (key, last) = Self.last(count, of: fields) else { continue }
            let numbers = last.compactMap { Self.number($0) }
            guard numbers.count == count else { continue }
            self = .alert(key: Array(key), buzz: numbers[0], beep: numbers[1], blink: numbers[2])
            return
        }
        return nil
    }

    private init?(canceled fields: ArraySlice<UInt8>) {
        // Six numbers and the listener; four numbers in Android 6 and 7.
        guard let end = fields.lastIndex(of: UInt8(ascii: ",")) else { return nil }
        let isOld = Self.number(fields[(end + 1)...]) != nil
        guard let (key, last) = Self.last(isOld ? 4 : 7, of: fields), let reason = Self.number(last[0]) else {
            return nil
        }
        self = .canceled(key: Array(key), reason: reason)
    }
}
