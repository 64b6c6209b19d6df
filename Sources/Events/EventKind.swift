/// The word for a kind of event: in webhooks, on the command line and in the store.
///
/// Any word can stand here, because a webhook may wish for a kind that no version of phonewire produces yet. The kinds that
/// exist are those of `EventKind.described`; each has a file here that describes it (`EventDetails`).
package struct EventKind: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    /// The word, such as `sms`.
    package let rawValue: String

    /// The kind that `rawValue` names.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// Every kind that exists, in the order in which help lists them. A new kind is one line here.
    package static let described: [any EventDetails.Type] = [
        SMSMessage.self, USSDAnswer.self, PostedNotification.self, ChatMessage.self, MissedCall.self,
        DeviceNotice.self, SIMNotice.self,
    ]

    /// The words of the kinds that exist.
    package static let all: [EventKind] = described.map { $0.kind }

    /// What a webhook gets when its user names nothing.
    package static let defaults: Set<EventKind> = Set(described.filter { $0.isDefault }.map { $0.kind })

    /// What describes this kind; nil where no version of phonewire that we know produces it.
    package var details: (any EventDetails.Type)? { Self.described.first { $0.kind == self } }

    /// Whether events of this kind exist.
    package var isProduced: Bool { details != nil }

    package static func < (left: EventKind, right: EventKind) -> Bool { left.rawValue < right.rawValue }
}
