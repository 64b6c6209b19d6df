/// Why a notification is nothing to forward. The raw values are the names of the rules.
package enum IgnoreReason: String, Sendable, Equatable {
    /// It stands for a group of which a member is posted too.
    case groupSummary
    /// It belongs to a service that runs.
    case foregroundService
    /// A player.
    case media
    /// A call that is going on or coming in; a missed one has a category of its own.
    case call
    /// Progress of something.
    case progress
    /// Something that is going on.
    case ongoing
    /// It says nothing.
    case empty
}

/// The default filter: the first rule that holds.
enum NotificationFilter {
    /// What the filter looks at besides the record itself.
    struct Facts: Sendable {
        /// A notification of the same group that is not a summary is posted.
        var hasGroupMember = false
        /// `android.mediaSession` is there.
        var hasMediaSession = false
        /// `android.progressMax`, 0 where it is not there.
        var progressMax: Int64 = 0
        /// `android.progressIndeterminate`.
        var isProgressIndeterminate = false
    }

    static func reason(_ record: NotificationRecord, _ facts: Facts) -> IgnoreReason? {
        if record.isGroupSummary, facts.hasGroupMember { return .groupSummary }
        let background = background(
            flags: record.flags, category: record.category, template: record.template, facts)
        if let background { return background }
        let hasContent = !(record.content ?? "").isEmpty || record.unreadableMessages > 0
        return (record.title ?? "").isEmpty && !hasContent ? .empty : nil
    }

    /// The rules that look at no text.
    static func background(
        flags: NotificationFlags, category: String?, template: String?, _ facts: Facts
    ) -> IgnoreReason? {
        let template = template ?? ""
        let services: NotificationFlags = [.foregroundService, .userInitiatedJob]
        if !flags.isDisjoint(with: services) { return .foregroundService }
        if template.hasSuffix("MediaStyle") || template.hasSuffix("DecoratedMediaCustomViewStyle")
            || facts.hasMediaSession || category == "transport"
        {
            return .media
        }
        if category == "call" { return .call }
        if facts.progressMax > 0 || facts.isProgressIndeterminate || category == "progress" {
            return .progress
        }
        return flags.isDisjoint(with: [.ongoing, .noDismiss]) ? nil : .ongoing
    }
}
