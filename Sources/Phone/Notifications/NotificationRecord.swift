package import Base

/// A notification as it is posted now. Every text in it is exactly what the app gave.
package struct NotificationRecord: Sendable, Equatable {
    /// One message of a `MessagingStyle`.
    package struct Message: Sendable, Equatable {
        /// The sender as shown; nil for the phone's owner.
        package let sender: String?
        /// The text; empty when the app gave none.
        package let text: String
        /// The app's time for it, milliseconds since 1970; nil where it gave none.
        package let time: Int64?
        /// Media type of a file that came with it.
        package let type: String?
    }

    /// The app's package name.
    package let package: String
    /// What identifies it while it is posted: `user|package|id|tag|uid`. May hold line feeds (WhatsApp's do).
    package let key: String
    /// The Android user: 0 the owner, others for clones and work profiles.
    package let userID: Int
    /// The app's Linux user.
    package let uid: Int
    /// The app's number for it.
    package let id: Int
    /// The app's second name for it; nil when it has none.
    package let tag: String?
    /// `android.title`.
    package let title: String?
    /// `android.text`.
    package let text: String?
    /// `android.bigText`: the text of the unfolded notification.
    package let bigText: String?
    /// `android.textLines`, one for each line of an inbox.
    package let textLines: [String]
    /// `android.subText`.
    package let subText: String?
    /// The class of its style, such as `android.app.Notification$MessagingStyle`.
    package let template: String?
    /// `android.conversationTitle`: the group's name, sometimes with a counter.
    package let conversationTitle: String?
    /// `android.isGroupConversation`.
    package let isGroupConversation: Bool?
    /// The owner's own name in a conversation.
    package let selfName: String?
    /// `android.messages`, as far as they could be read.
    package let messages: [Message]
    /// How many messages there were that could not be told from each other (a text made of the dump's own grammar).
    package let unreadableMessages: Int
    /// When this content was posted, by the phone's clock.
    package let postedAt: WallTime
    /// When its key was first posted.
    package let createdAt: WallTime
    /// The time the app gave it; may be 0.
    package let when: Int64?
    /// Its flags.
    package let flags: NotificationFlags
    /// `msg`, `call`, `progress`, …
    package let category: String?
    /// What it is grouped by.
    package let groupKey: String
    /// The channel's id.
    package let channel: String?
    /// The shortcut's id: for WhatsApp the chat's identity.
    package let shortcut: String?
    /// The app a push service posted it for; only of a push service (`PhoneTraits`).
    package let targetPackage: String?
    /// Why it is nothing to forward; nil when it is.
    package var ignored: IgnoreReason?

    /// Whether it stands for a group.
    package var isGroupSummary: Bool { flags.contains(.groupSummary) }
    /// Whether something is going on.
    package var isOngoing: Bool { flags.contains(.ongoing) }

    /// The text to forward: of the last message, else the unfolded one, else the inbox lines, else the plain one.
    package var content: String? {
        if let last = messages.last, unreadableMessages == 0 { return last.text }
        if let bigText { return bigText }
        return textLines.isEmpty ? text : textLines.joined(separator: "\n")
    }
}
