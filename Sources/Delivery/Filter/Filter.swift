import Base
package import Events

/// Which events a webhook gets. The only code that decides it: recording asks `verdict`, and so does whoever explains why a
/// webhook got nothing.
///
/// Stored as one JSON value, so a new field needs no migration: give it a default here, a line in each of the two `Codable`
/// functions, a question in `verdict`, its limits in `check`, a sample that gets through in `sample`, and a row in `fields`.
package struct Filter: Sendable, Equatable, Codable {
    /// The kinds it takes; may name kinds that nothing produces yet.
    package var kinds = EventKind.defaults
    /// The apps whose notifications it takes, by exact package name; empty: every app's. Says nothing about other kinds of
    /// events, `whatsapp` included.
    package var packages: Set<String> = []

    /// The filter of a new webhook whose user names nothing, or one with these kinds and packages.
    package init(kinds: Set<EventKind> = EventKind.defaults, packages: Set<String> = []) {
        self.kinds = kinds
        self.packages = packages
    }

    /// Whether an event goes to the webhook.
    package enum Verdict: Sendable, Equatable {
        case yes
        /// With the rest of a sentence that begins with the webhook's name: `does not take sms`. May hold outside text.
        case no(because: String)
    }

    /// Whether the webhook takes this event.
    package func verdict(on event: Event) -> Verdict {
        let content = event.content
        guard kinds.contains(content.kind) else {
            return .no(because: "does not take \(content.kind.rawValue)")
        }
        if let posted = content.of(PostedNotification.self), !packages.isEmpty,
            !packages.contains(posted.package)
        {
            return .no(because: "does not take notifications of \(posted.package)")
        }
        return .yes
    }

    /// Refuses a new filter that can never let anything through, that names a kind of event that does not exist, or that
    /// holds what cannot be meant.
    package func check() throws(SettingsRefusal) {
        guard !kinds.isEmpty else { throw SettingsRefusal("it would get no kind of event") }
        if let word = kinds.sorted().first(where: { !$0.isProduced })?.rawValue {
            throw SettingsRefusal(
                "there is no kind of event \"\(word)\"",
                hint: "there are: " + EventKind.all.map(\.rawValue).joined(separator: ", "),
                usage: "--events: unknown kind \"\(word)\"",
                typed: word, choices: EventKind.all.map(\.rawValue))
        }
        try PackageList.check(packages)
        guard packages.isEmpty || kinds.contains(.notification) else {
            let events = (kinds.sorted() + [.notification]).map(\.rawValue).joined(separator: ",")
            throw SettingsRefusal(
                "packages are named but it takes no notification",
                hint: "say --events \(events), or no --packages",
                usage: "--packages is about notifications, and --events leaves those out")
        }
    }

    /// A sample of an event that gets through: of the first of its kinds in the order of help, or of a notification where
    /// apps are named.
    /// Nil when it takes only kinds that nothing produces.
    package func sample(text: String) -> EventContent? {
        if let app = packages.min(), kinds.contains(.notification) {
            return EventContent(PostedNotification(package: app, title: "phonewire", content: text))
        }
        return EventKind.all.first { kinds.contains($0) }?.details.map { EventContent($0.sample(text: text)) }
    }

    private enum Keys: String, CodingKey, CaseIterable { case events, packages }

    /// The keys of its JSON object.
    static let keys: Set<String> = Set(Keys.allCases.map(\.rawValue))

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        kinds = Set(
            try container.decodeIfPresent([EventKind].self, forKey: .events) ?? Array(EventKind.defaults))
        packages = Set(try container.decodeIfPresent([String].self, forKey: .packages) ?? [])
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(kinds.sorted(), forKey: .events)
        try container.encode(packages.sorted(), forKey: .packages)
    }
}

/// One field of a filter as people meet it: an option of `webhooks add`, a row of `webhooks show`.
package struct FilterField: Sendable {
    /// The option's name, and the row's.
    package let name: String
    /// The word for its value in help: `KIND,…`.
    package let placeholder: String
    /// What it does, in one line of help.
    package let summary: String
    /// Sets the field from what a user typed.
    package let set: @Sendable (_ text: String, _ filter: inout Filter) throws(SettingsRefusal) -> Void
    /// The value for people; empty where it says nothing.
    package let show: @Sendable (Filter) -> String
    /// Paragraphs for the help of `webhooks add`.
    package let details: [String]
    /// A sentence for who has just added a webhook; empty where nothing need be said.
    package var remark: @Sendable (Filter) -> String = { _ in "" }
    /// Its column in `webhooks list`; nil for a field without.
    package var column: FilterColumn?
}

/// A column of the list of webhooks.
package struct FilterColumn: Sendable {
    /// What stands above it.
    package let title: String
    /// The value in a few words; empty where it says nothing.
    package let show: @Sendable (Filter) -> String
}

extension Filter {
    /// Every field, in the order in which help lists them.
    package static let fields: [FilterField] = [
        FilterField(
            name: "events", placeholder: "KIND,…",
            summary: "what it gets, with commas between: "
                + EventKind.all.map(\.rawValue).joined(separator: " "),
            set: { (text, filter) throws(SettingsRefusal) in
                filter.kinds = Set(text.split(separator: ",").map { EventKind(rawValue: String($0)) })
                guard !filter.kinds.isEmpty else {
                    throw SettingsRefusal(
                        "no kind of event is named", usage: "--events needs at least one kind")
                }
            },
            show: { filter in
                filter.kinds.sorted().map { $0.rawValue + ($0.isProduced ? "" : " (not yet produced)") }
                    .joined(separator: ", ")
            },
            details: [
                "Without --events it gets "
                    + EventKind.described.filter { $0.isDefault }.map { $0.kind.rawValue }
                    .joined(separator: ", ")
                    + ". Events from now on are forwarded, older ones are not.",
                "Kinds of events: "
                    + EventKind.described.map { "\($0.kind.rawValue), \($0.summary)" }
                    .joined(separator: "; ")
                    + ".",
            ]),
        FilterField(
            name: "packages", placeholder: "APP,…",
            summary: "take notifications of these apps only, by package name",
            set: { (text, filter) throws(SettingsRefusal) in
                let names = text.split(separator: ",").map(String.init)
                guard !names.isEmpty else {
                    throw SettingsRefusal(
                        "no package is named", hint: "leave it out to take every app's notifications",
                        usage: "--packages needs at least one name")
                }
                filter.packages = Set(names)
            },
            show: { filter in
                guard filter.kinds.contains(.notification) else { return "" }
                return filter.packages.isEmpty ? "all apps" : filter.packages.sorted().joined(separator: ", ")
            },
            details: [
                "With --packages it gets app notifications of the apps named alone, such as com.example.bank; at "
                    + "most \(PackageList.namesMax) of them, \(PackageList.nameBytesMax) bytes each. What else it "
                    + "gets is not touched by it."
            ],
            remark: { filter in
                filter.packages.isEmpty
                    ? ""
                    : "it takes notifications of these apps only: "
                        + filter.packages.sorted().joined(separator: ", ")
            },
            column: FilterColumn(title: "APPS") { filter in
                if !filter.kinds.contains(.notification) { return "" }
                switch filter.packages.count {
                case 0: return "all"
                case 1: return filter.packages.first ?? ""
                default: return "\(filter.packages.count) apps"
                }
            }),
    ]
}
