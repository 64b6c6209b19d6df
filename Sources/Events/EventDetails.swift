/// One kind of event: everything that is particular to it. Bodies, lists, reports, help, completion and webhook tests read
/// it from here; none of them knows a kind by name.
///
/// The values are stored as JSON, by the synthesised `Codable`: a property is never renamed, a new one is optional.
package protocol EventDetails: Sendable, Equatable, Codable {
    /// Its word.
    static var kind: EventKind { get }
    /// What it is, in one line of help.
    static var summary: String { get }
    /// Whether a webhook gets it when its user names nothing.
    static var isDefault: Bool { get }
    /// Whether it comes on a SIM slot: then a slot that is not known is worth saying.
    static var carriesSlot: Bool { get }
    /// An event of this kind for trying a webhook out, with `text` in it.
    static func sample(text: String) -> Self

    /// What it is made of, in the order of SmsNotif's `data`.
    var parts: [EventPart] { get }
    /// Who or what it comes from, in short.
    var origin: String { get }
    /// What it says, for one line of a list.
    var line: String { get }
}

extension EventDetails {
    /// Whether `other` is the same event of the same kind.
    fileprivate func equals(_ other: any EventDetails) -> Bool { (other as? Self) == self }
}

/// A place in an event's data.
package enum EventPart: Sendable, Equatable {
    /// The SIM slot, which every event has beside its details.
    case slot
    /// The phone's id, which every event has beside its details.
    case device
    /// A field of the kind's own.
    case field(EventField)
}

/// One field of an event's details.
package struct EventField: Sendable, Equatable {
    /// What it holds.
    package enum Value: Sendable, Equatable {
        case integer(Int64)
        /// Outside text.
        case text(String)
        /// A link to a file; outside text.
        case link(String)
    }

    /// What a receiver of SmsNotif's bodies gets where there is no value.
    package enum Missing: Sendable, Equatable {
        case emptyText
        /// `false`: older receivers test the field as a flag.
        case no
    }

    /// Its name in `--json`, such as `sender`.
    package let name: String
    /// Its name for people, such as `from`.
    package let label: String
    /// Its key in SmsNotif's `data`, such as `phone`; nil where that has none.
    package let smsnotif: String?
    /// The value; nil where there is none.
    package let value: Value?
    /// What stands in SmsNotif's bodies in place of no value.
    package let missing: Missing
    /// Whether only newer SmsNotif receivers know it.
    package let isExtended: Bool

    /// A field. Without `label` its name is for people too.
    package init(
        _ name: String, label: String? = nil, smsnotif: String?, _ value: Value?,
        missing: Missing = .emptyText,
        isExtended: Bool = false
    ) {
        self.name = name
        self.label = label ?? name
        self.smsnotif = smsnotif
        self.value = value
        self.missing = missing
        self.isExtended = isExtended
    }
}

/// What happened: the details of one event, whatever its kind.
///
/// Stored as `{"sms":{"_0":{…}}}`: the kind's word, then the details.
package struct EventContent: Sendable, Equatable, Codable {
    /// The details.
    package let details: any EventDetails

    /// The content with these details.
    package init(_ details: any EventDetails) { self.details = details }

    /// Its kind.
    package var kind: EventKind { type(of: details).kind }
    /// The kind's own fields, in their order.
    package var fields: [EventField] {
        details.parts.compactMap { if case .field(let field) = $0 { field } else { nil } }
    }

    /// The details where they are of the kind `type`.
    package func of<Details: EventDetails>(_ type: Details.Type) -> Details? { details as? Details }

    package static func == (left: EventContent, right: EventContent) -> Bool {
        left.details.equals(right.details)
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
        static let details = Key(stringValue: "_0")
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        guard let key = container.allKeys.first, container.allKeys.count == 1,
            let type = EventKind(rawValue: key.stringValue).details
        else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "not exactly one known kind of event"))
        }
        func read(_ type: (some EventDetails).Type) throws -> any EventDetails {
            try container.nestedContainer(keyedBy: Key.self, forKey: key).decode(type, forKey: .details)
        }
        details = try read(type)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        var nested = container.nestedContainer(
            keyedBy: Key.self, forKey: Key(stringValue: kind.rawValue))
        try nested.encode(details, forKey: .details)
    }
}
