import Base

/// One record of the redacted dump: everything that no sender of a message can write into.
///
/// The record's own header is used for the parts that an app sets and that stand nowhere else (category, channel, shortcut); its
/// key, flags, group and times have lines of their own. Android 13 to 16, with Samsung's additions (lines that are not known
/// are passed over).
struct NotificationSkeleton: Sendable {
    /// Begins a record, with the line feed before it.
    static let opening = [UInt8](of: "\n    NotificationRecord(0x")

    /// Begins the line of the ticker text.
    static let ticker = [UInt8](of: "\n            tickerText=")

    /// Longest key, in bytes; a longer one is not read.
    static let keyBytesMax = 4096

    /// Texts that must not stand in the redacted dump: a phone that prints them there hides nothing, and proves nothing.
    private static let texts: Set<[UInt8]> = [
        [UInt8](of: "android.title"), [UInt8](of: "android.text"), [UInt8](of: "android.bigText"),
    ]

    /// Of the record object on the phone: the same in both dumps, new whenever the record is replaced. No sender sees it.
    let hash: [UInt8]
    let package: [UInt8]
    /// In the redacted dump, from the record's first byte up to the end of its key: must be the same in the other dump.
    let head: Range<Int>
    let key: [UInt8]
    let keyParts: NotificationKey
    let flags: NotificationFlags
    let groupKey: [UInt8]
    let category: [UInt8]?
    let channel: [UInt8]?
    let shortcut: [UInt8]?
    let when: Int64?
    let items: [ExtrasItem]
    /// What stands right before the extras, from the last line that no app fills in: the same bytes in the other dump. Among
    /// them are the numbers of the actions' objects, which no sender sees.
    let beforeExtras: [UInt8]
    let createdAt: Int64
    let updatedAt: Int64

    /// Whether it has a text that the redacted dump hides. What an app prints into both dumps alike has a length in both, or
    /// a text in both: a record of which such a text was read is one that the phone printed.
    var hasText: Bool {
        items.contains { item in
            if case .text(let units) = item.value { units > 0 } else { false }
        }
    }

    /// Why it is nothing to forward whatever its texts are; nil when they decide.
    var background: IgnoreReason? {
        let extras = NotificationExtras(items, [], DumpText([]))
        return NotificationFilter.background(
            flags: flags, category: category.map { LossyText.decode($0) },
            template: extras.literal("android.template").map { LossyText.decode($0) }, extras.facts)
    }

    /// The hash and package in a record's first line at `start` (the line feed before it); nil when no record begins there.
    static func header(_ dump: DumpText, at start: Int, below end: Int) -> (
        hash: [UInt8], package: [UInt8], user: Int64
    )? {
        guard dump.has(opening, at: start, below: end) else { return nil }
        var scanner = ByteScanner(
            dump.bytes[start + opening.count..<dump.lineEnd(from: start + 1, below: end)])
        let hash = scanner.prefix { $0.isLowercaseHexDigit }
        guard hash.count == 8, scanner.accept(": pkg=") else { return nil }
        let package = scanner.prefix { $0 != .space }
        guard !package.isEmpty, scanner.accept(" user=UserHandle{"), let user = scanner.integer(),
            scanner.accept("} id=")
        else { return nil }
        return (Array(hash), Array(package), user)
    }

    /// Reads the record between `range`, whose first byte is the line feed before it; nil when it is not whole.
    init?(_ dump: DumpText, _ range: Range<Int>) {
        guard let (hash, package, user) = Self.header(dump, at: range.lowerBound, below: range.upperBound)
        else {
            return nil
        }
        var lines = Lines(dump, range)
        guard let uid = lines.uid(), let flagText = lines.next("\n      flags="),
            let flags = NotificationFlags(flagText),
            let key = lines.next("\n      key=", upTo: "\n      seen=")
        else { return nil }
        head = range.lowerBound + 1..<key.endIndex
        guard key.count <= Self.keyBytesMax, let parts = NotificationKey(key), parts.userID == user,
            parts.uid == uid,
            parts.package.elementsEqual(package),
            let group = lines.next("\n      groupKey=", upTo: "\n      notification=\n")
        else { return nil }
        let body = lines.position
        guard let ticker = lines.find("\n            tickerText=") else { return nil }
        var fields = Lines(dump, body..<ticker)
        when = fields.next("\n            when=").flatMap { Self.number($0) }
        lines.position = ticker
        guard Self.isOf(package, dump, range) else { return nil }
        guard let (items, beforeExtras) = lines.extras(),
            items.allSatisfy({ !Self.texts.contains($0.key) || $0.hidesItsText }),
            lines.find("\n      stats=SingleNotificationStats{") != nil,
            let created = lines.next("\n      mCreationTimeMs=").flatMap({ Self.number($0) }),
            let updated = lines.next("\n      mUpdateTimeMs=").flatMap({ Self.number($0) })
        else { return nil }
        self.hash = hash
        self.package = package
        self.key = Array(key)
        keyParts = parts
        self.flags = flags
        groupKey = Array(group)
        self.items = items
        self.beforeExtras = beforeExtras
        createdAt = created
        updatedAt = updated
        let text = HeaderText(dump, head, key: self.key)
        category = text?.category
        channel = text?.channel
        shortcut = text?.shortcut
    }

    /// Whether all extras of the record say that it is of `package`. The system itself puts the posting app there, into
    /// every notification (AOSP `NotificationManagerService.java`, `Notification.addFieldsFromContext`): an app that writes
    /// another app's header into a text of its own which both dumps show (an action's title) cannot go on with its own
    /// extras, and no others have texts that the redacted dump hides.
    private static func isOf(_ package: [UInt8], _ dump: DumpText, _ range: Range<Int>) -> Bool {
        let begin = [UInt8](of: "\n                android.appInfo=")
        let end = [.space] + package + [UInt8](of: "})")
        var position = range.lowerBound
        while let found = dump.find(begin, from: position, below: range.upperBound) {
            position = dump.lineEnd(from: found + 1, below: range.upperBound)
            guard dump.has(end, at: position - end.count, below: range.upperBound) else { return false }
        }
        return true
    }

    /// The digits at the beginning of `text`: Samsung adds a date in parentheses, Android 15 `/` and a second number.
    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        var scanner = ByteScanner(text)
        return scanner.integer()
    }

    /// Looks for lines, each behind the last one found.
    private struct Lines {
        let dump: DumpText
        var position: Int
        let end: Int

        init(_ dump: DumpText, _ range: Range<Int>) {
            self.dump = dump
            position = range.lowerBound
            end = range.upperBound
        }

        /// The first line that begins with six blanks and a letter must be `uid=… userId=…`: what comes before it belongs to a
        /// tag or key with line feeds.
        mutating func uid() -> Int64? {
            let six = [UInt8](of: "\n      ")
            while let found = dump.find(six, from: position, below: end) {
                position = found + 1
                let first = found + six.count
                guard first < end, dump.bytes[first].isLetter else { continue }
                position = dump.lineEnd(from: first, below: end)
                var scanner = ByteScanner(dump.bytes[first..<position])
                guard scanner.accept("uid="), let uid = scanner.integer(), scanner.accept(" userId="),
                    scanner.integer() != nil, scanner.isAtEnd
                else { return nil }
                return uid
            }
            return nil
        }

        /// Behind the next `begin`; nil when there is none.
        mutating func find(_ begin: StaticString) -> Int? {
            let begin = [UInt8](of: begin)
            guard let found = dump.find(begin, from: position, below: end) else { return nil }
            position = found + begin.count
            return position
        }

        /// The rest of the next line that begins with `begin`.
        mutating func next(_ begin: StaticString) -> ArraySlice<UInt8>? {
            guard let start = find(begin) else { return nil }
            position = dump.lineEnd(from: start, below: end)
            return dump.bytes[start..<position]
        }

        /// What stands between the next `begin` and the `stop` behind it.
        mutating func next(_ begin: StaticString, upTo stop: StaticString) -> ArraySlice<UInt8>? {
            guard let start = find(begin), let found = dump.find([UInt8](of: stop), from: start, below: end)
            else {
                return nil
            }
            position = found
            return dump.bytes[start..<found]
        }

        /// The extras, which are missing where an app gave none, and what stands before them.
        mutating func extras() -> (items: [ExtrasItem], before: [UInt8])? {
            let publicPart = dump.find(
                [UInt8](of: "\n      publicNotification=\n"), from: position, below: end)
            guard let publicPart else { return nil }
            guard let found = dump.find(ExtrasAlignment.opening, from: position, below: publicPart) else {
                position = publicPart
                return ([], [])
            }
            let view = [UInt8](of: "\n            contentView=")
            var last = found
            var next = position
            while let place = dump.find(view, from: next, below: found) {
                last = place
                next = place + 1
            }
            guard
                let (items, after) = ExtrasItem.readAll(
                    dump, from: found + ExtrasAlignment.opening.count, below: end)
            else { return nil }
            position = after
            return (items, Array(dump.bytes[last..<found]))
        }
    }
}

/// The parts of a header that have no line of their own. An app writes them, a sender of messages does not.
private struct HeaderText {
    let channel: [UInt8]?
    let shortcut: [UInt8]?
    let category: [UInt8]?

    init?(_ dump: DumpText, _ head: Range<Int>, key: [UInt8]) {
        let begin = [UInt8](of: "key=") + key + [UInt8](of: ": Notification(channel=")
        let end = head.upperBound
        guard let found = dump.find(begin, from: head.lowerBound, below: end) else { return nil }
        let channelStart = found + begin.count
        let mark = [UInt8](of: " shortcut=")
        guard let channelEnd = dump.find(mark, from: channelStart, below: end) else { return nil }
        let shortcutStart = channelEnd + mark.count
        let view = [UInt8](of: " contentView=")
        guard let shortcutEnd = dump.find(view, from: shortcutStart, below: end) else { return nil }
        channel = Self.value(dump.bytes[channelStart..<channelEnd])
        shortcut = Self.value(dump.bytes[shortcutStart..<shortcutEnd])
        category = Self.category(dump, from: shortcutEnd, below: end)
    }

    private static func value(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        bytes.elementsEqual([UInt8](of: "null")) ? nil : Array(bytes)
    }

    /// Behind ` color=0x` and eight digits stands ` category=…`, if there is one.
    private static func category(_ dump: DumpText, from start: Int, below end: Int) -> [UInt8]? {
        let color = [UInt8](of: " color=0x")
        guard let found = dump.find(color, from: start, below: end) else { return nil }
        var scanner = ByteScanner(dump.bytes[found + color.count..<end])
        _ = scanner.prefix { $0.isLowercaseHexDigit }
        guard scanner.accept(" category=") else { return nil }
        return Array(scanner.prefix { $0 != .space && $0 != .lineFeed })
    }
}
