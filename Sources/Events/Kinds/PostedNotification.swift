extension EventKind {
    package static let notification = EventKind(rawValue: "notification")
}

/// A notification that an app posted.
package struct PostedNotification: EventDetails {
    /// The app's package name.
    package let package: String
    /// The title; may be empty.
    package let title: String
    /// The text; may be empty.
    package let content: String

    /// A notification of the app `package`.
    package init(package: String, title: String, content: String) {
        self.package = package
        self.title = title
        self.content = content
    }

    package static let kind = EventKind.notification
    package static let summary = "a notification that an app posted"
    package static let isDefault = true
    package static let carriesSlot = false

    package static func sample(text: String) -> PostedNotification {
        PostedNotification(package: "org.example.test", title: "phonewire", content: text)
    }

    package var parts: [EventPart] {
        [
            .device, .field(EventField("package", label: "app", smsnotif: "package", .text(package))),
            .field(EventField("title", smsnotif: "title", .text(title))),
            .field(EventField("text", smsnotif: "content", .text(content))),
        ]
    }
    package var origin: String { package }
    package var line: String { [title, content].filter { !$0.isEmpty }.joined(separator: ": ") }
}
