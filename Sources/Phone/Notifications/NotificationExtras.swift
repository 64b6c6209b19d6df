import Base

/// The extras of one record with their values.
struct NotificationExtras {
    private let items: [[UInt8]: ExtrasItem.Value]
    private let ranges: [[UInt8]: Range<Int>]
    private let values: DumpText

    /// `found` holds, in order, where the value of each text and array stands.
    init(_ items: [ExtrasItem], _ found: [Range<Int>], _ values: DumpText) {
        self.values = values
        self.items = Dictionary(items.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        let shown = items.filter { item in
            switch item.value {
            case .text, .array: true
            case .null, .literal: false
            }
        }
        ranges = Dictionary(
            zip(shown.map(\.key), found).map { ($0, $1) }, uniquingKeysWith: { first, _ in first })
    }

    /// A text; nil where there is none.
    func bytes(_ key: StaticString) -> [UInt8]? {
        let key = [UInt8](of: key)
        guard case .text? = items[key], let range = ranges[key] else { return nil }
        return Array(values.bytes[range])
    }

    /// A text, repaired; nil where there is none.
    func text(_ key: StaticString) -> String? { bytes(key).map { LossyText.decode($0) } }

    /// What is printed between the parentheses in both dumps.
    func literal(_ key: StaticString) -> [UInt8]? {
        guard case .literal(let value)? = items[[UInt8](of: key)] else { return nil }
        return value
    }

    /// Whether there is something, other than null, under `key`.
    func has(_ key: StaticString) -> Bool {
        let value = items[[UInt8](of: key)]
        return value != nil && value != .null
    }

    /// The elements of an array of texts. Where they cannot be told apart it is one element: all that is printed.
    func lines(_ key: StaticString) -> [String] {
        let key = [UInt8](of: key)
        guard case .array(let count)? = items[key], let range = ranges[key], count > 0 else { return [] }
        let elements = ExtrasElements(values, range, count: count)?.elements ?? []
        let sure = elements.compactMap { $0 }
        guard sure.count == count else { return [LossyText.decode(values.bytes[range].dropFirst())] }
        return sure.map { LossyText.decode($0) }
    }

    /// The elements of `android.messages`, nil where one cannot be read; no elements where they are still parcelled.
    func messages(title: [UInt8]?, conversation: [UInt8]?) -> [MessageBundle?] {
        let key = [UInt8](of: "android.messages")
        guard case .array(let count)? = items[key], let range = ranges[key], count > 0 else { return [] }
        let elements = ExtrasElements(
            values, range, count: count, before: [UInt8(ascii: "]")], after: [UInt8](of: "Bundle["))
        guard let elements else { return Array(repeating: nil, count: count) }
        if let first = elements.elements.first, let first, MessageBundle.isParcelled(first) { return [] }
        return elements.elements.enumerated().map { index, element in
            guard let element else { return nil }
            return MessageBundle(
                element, names: names(title, conversation, isLast: index + 1 == count))
        }
    }

    /// What the sender of a message is called for sure: in a chat of two the title; in a group only the last one's, behind
    /// the group's name.
    private func names(_ title: [UInt8]?, _ conversation: [UInt8]?, isLast: Bool) -> [[UInt8]] {
        guard let title else { return [] }
        guard let conversation else {
            return literal("android.isGroupConversation") == [UInt8](of: "true") ? [] : [title]
        }
        let prefix = conversation + [UInt8(ascii: ":"), .space]
        return isLast && title.starts(with: prefix) ? [Array(title.dropFirst(prefix.count))] : []
    }

    /// What the default filter needs to know.
    var facts: NotificationFilter.Facts {
        var facts = NotificationFilter.Facts()
        facts.hasMediaSession = has("android.mediaSession")
        facts.isProgressIndeterminate = literal("android.progressIndeterminate") == [UInt8](of: "true")
        if let max = literal("android.progressMax") {
            var scanner = ByteScanner(max[...])
            facts.progressMax = scanner.integer() ?? 0
        }
        return facts
    }
}

extension NotificationRecord {
    init(_ skeleton: NotificationSkeleton, _ extras: NotificationExtras) {
        let parts = skeleton.keyParts
        package = LossyText.decode(skeleton.package)
        key = LossyText.decode(skeleton.key)
        userID = Int(parts.userID)
        uid = Int(parts.uid)
        id = Int(parts.id)
        tag = parts.tag.map { LossyText.decode($0) }
        title = extras.text("android.title")
        text = extras.text("android.text")
        bigText = extras.text("android.bigText")
        textLines = extras.lines("android.textLines")
        subText = extras.text("android.subText")
        template = extras.literal("android.template").map { LossyText.decode($0) }
        conversationTitle = extras.text("android.conversationTitle")
        isGroupConversation = extras.literal("android.isGroupConversation").map { $0 == [UInt8](of: "true") }
        selfName = extras.text("android.selfDisplayName")
        let messages = extras.messages(
            title: extras.bytes("android.title"), conversation: extras.bytes("android.conversationTitle"))
        self.messages = messages.compactMap { bundle in
            bundle.map {
                Message(
                    sender: $0.sender.map { LossyText.decode($0) }, text: LossyText.decode($0.text),
                    time: $0.time,
                    type: $0.type.map { LossyText.decode($0) })
            }
        }
        unreadableMessages = messages.count { $0 == nil }
        postedAt = WallTime(milliseconds: skeleton.updatedAt)
        createdAt = WallTime(milliseconds: skeleton.createdAt)
        when = skeleton.when
        flags = skeleton.flags
        category = skeleton.category.map { LossyText.decode($0) }
        groupKey = LossyText.decode(skeleton.groupKey)
        channel = skeleton.channel.map { LossyText.decode($0) }
        shortcut = skeleton.shortcut.map { LossyText.decode($0) }
        targetPackage = Self.target(extras, keys: PhoneTraits.pushTargetKeys(package))
    }

    /// The app a push service posted for: what it names, where that can be a package name.
    private static func target(_ extras: NotificationExtras, keys: [StaticString]) -> String? {
        guard let name = keys.lazy.compactMap({ extras.bytes($0) }).first else { return nil }
        let isName =
            name.contains(UInt8(ascii: ".")) && name.count <= packageBytesMax
            && name.allSatisfy { byte in
                byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: ".")
            }
        return isName ? String(decoding: name, as: UTF8.self) : nil
    }

    /// Longest package name believed, in bytes.
    private static let packageBytesMax = 255
}
