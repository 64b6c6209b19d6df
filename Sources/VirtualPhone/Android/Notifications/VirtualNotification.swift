/// A notification as an app hands it to the platform, with what its dump shows of it.
///
/// Only `package` has no default. Texts are printed raw: newlines, brackets and the dump's own words go through.
package struct VirtualNotification: Sendable, Equatable {
    /// Package of the app.
    package var package: String
    /// The app's number for it.
    package var id: Int32
    /// The app's tag for it; may hold anything, WhatsApp's ends with a newline.
    package var tag: String?
    /// Android's user, -1 for all users.
    package var userID: Int
    /// Linux uid of the app, of that user.
    package var uid: Int
    package var title: String?
    package var text: String?
    package var bigText: String?
    package var subText: String?
    package var textLines: [String]
    /// Class of the style; nil for the one that goes with messages, lines or the long text.
    package var template: String?
    package var category: String?
    /// Id of the channel (Android 8 and later).
    package var channel: String?
    package var group: String?
    package var sortKey: String?
    /// Id of the shortcut (Android 11 and later).
    package var shortcut: String?
    package var ticker: String?
    /// `Notification.flags`.
    package var flags: UInt32
    /// The app's time for it, milliseconds since 1970; nil for the phone's time.
    package var when: Int64?
    /// Messages of a conversation, oldest first.
    package var messages: [VirtualMessage]
    package var conversationTitle: String?
    package var isGroupConversation: Bool?
    package var selfDisplayName: String?
    /// Extras beside, or in place of, those that `Notification.Builder` makes of the fields above.
    package var extras: [String: VirtualExtra]
    /// What else the dump shows.
    package var look: VirtualNotificationLook
    /// False for an app that writes its extras itself: no text is cut.
    package var isBuilt = true

    package init(
        package: String, id: Int32 = 0, tag: String? = nil, userID: Int = 0, uid: Int = 10150,
        title: String? = nil, text: String? = nil, bigText: String? = nil, subText: String? = nil,
        textLines: [String] = [], template: String? = nil, category: String? = nil, channel: String? = nil,
        group: String? = nil, sortKey: String? = nil, shortcut: String? = nil, ticker: String? = nil,
        flags: UInt32 = 0x10, when: Int64? = nil, messages: [VirtualMessage] = [],
        conversationTitle: String? = nil, isGroupConversation: Bool? = nil, selfDisplayName: String? = nil,
        extras: [String: VirtualExtra] = [:], look: VirtualNotificationLook = VirtualNotificationLook()
    ) {
        self.package = package
        self.id = id
        self.tag = tag
        self.userID = userID
        self.uid = uid
        self.title = title
        self.text = text
        self.bigText = bigText
        self.subText = subText
        self.textLines = textLines
        self.template = template
        self.category = category
        self.channel = channel
        self.group = group
        self.sortKey = sortKey
        self.shortcut = shortcut
        self.ticker = ticker
        self.flags = flags
        self.when = when
        self.messages = messages
        self.conversationTitle = conversationTitle
        self.isGroupConversation = isGroupConversation
        self.selfDisplayName = selfDisplayName
        self.extras = extras
        self.look = look
    }

    /// GROUP_SUMMARY.
    var isSummary: Bool { flags & 0x200 != 0 }

    /// `StatusBarNotification.getKey`.
    var key: String { "\(userID)|\(package)|\(id)|\(tag ?? "null")|\(uid)" }

    /// `StatusBarNotification.getGroupKey`. A sort key alone makes a group of the channel, before Android 8 of the
    /// priority.
    func groupKey(sdk: Int) -> String {
        if let group { return "\(userID)|\(package)|g:\(group)" }
        guard sortKey != nil else { return key }
        return sdk >= 26
            ? "\(userID)|\(package)|c:\(channel ?? "null")" : "\(userID)|\(package)|p:\(look.priority)"
    }
}

/// One message of a conversation (`Notification.MessagingStyle.Message`).
package struct VirtualMessage: Sendable, Equatable {
    package var text: String
    /// Milliseconds since 1970.
    package var time: Int64
    /// Name of the sender; nil for the phone's owner.
    package var sender: String?
    /// Type of the picture or recording that goes with it.
    package var mimeType: String?
    /// Where that is.
    package var uri: String?
    /// Hash code of the sender's `Person`; nil for one made of the name.
    package var personHash: UInt32?

    package init(
        text: String, time: Int64, sender: String?, mimeType: String? = nil, uri: String? = nil,
        personHash: UInt32? = nil
    ) {
        self.text = text
        self.time = time
        self.sender = sender
        self.mimeType = mimeType
        self.uri = uri
        self.personHash = personHash
    }
}

/// One value of a notification's extras, as the dump prints it.
package enum VirtualExtra: Sendable, Equatable {
    case null
    /// A CharSequence and its class: printed without `--noredact` as its class and length.
    case text(String, type: String = "String")
    /// Any other value: its class and what `toString` says of it.
    case value(type: String, String)
    /// An array: its class and its elements.
    case array(type: String, [String])
}

/// What a dump shows of a notification beside its contents.
package struct VirtualNotificationLook: Sendable, Equatable {
    /// The channel's importance: 1 MIN, 2 LOW, 3 DEFAULT, 4 HIGH.
    package var importance = 3
    /// The channel's name for people.
    package var channelName = "Default"
    /// `Notification.priority`.
    package var priority = 0
    /// 0xAARRGGBB.
    package var color: UInt32 = 0
    /// Resource id of the small icon.
    package var icon: UInt32 = 0x7f08_02a1
    package var number = 0
    package var groupAlertBehavior = 0
    /// 1 public, 0 private, -1 secret.
    package var visibility = 0
    /// Resource id of a layout of the app's own (up to 7: of any notification).
    package var contentView: UInt32?
    /// Whether the shade has shown it.
    package var isSeen = false
    package var contentIntent: String?
    package var deleteIntent: String?
    /// Titles of the buttons and their intents.
    package var actions: [Action] = []
    /// Title and text of the version for the lock screen.
    package var publicVersion: PublicVersion?
    /// Hash code of the app's `ApplicationInfo`.
    package var appInfoHash: UInt32 = 0x1a2_b3c4
    /// Android 14 and later: the assistant took it for a one-time code.
    package var isSensitive = false
    /// Class of the array of messages; nil for `Bundle[]` from 13 on and `Parcelable[]` before.
    package var messagesType: String?
    /// Samsung's `parcelDataSize=`.
    package var parcelBytes = 3660

    package init() {}

    /// A button.
    package struct Action: Sendable, Equatable {
        package var title: String
        package var intent: String

        package init(title: String, intent: String) {
            self.title = title
            self.intent = intent
        }
    }

    /// What the lock screen may show.
    package struct PublicVersion: Sendable, Equatable {
        package var title: String
        package var text: String

        package init(title: String, text: String) {
            self.title = title
            self.text = text
        }
    }
}
