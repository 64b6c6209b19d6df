import Base
import Events

/// What a user decides about a webhook: name, URL, format, filter, secret. A value that was made from a user's words is right:
/// the command line makes it, the control socket carries it (and checks it again, because anybody could have written it),
/// the store trusts it.
package struct WebhookSettings: Sendable, Equatable {
    /// Longest secret, in bytes.
    package static let secretBytesMax = 512

    /// 1 to 64 of `A–Z a–z 0–9 . _ -`; unique among the webhooks, which the store sees to.
    package let name: String
    /// Absolute `http` or `https` URL, without user information.
    package let url: String
    /// How bodies are laid out.
    package let format: BodyFormat
    /// What it gets.
    package let filter: Filter
    /// What proves to the receiver that a request is ours; may be none.
    package let secret: Secret

    /// Checks what a user has said. `format` is a word.
    package init(
        name: String, url: String, format: String, filter: Filter = Filter(), secret: Secret = .none
    ) throws(SettingsRefusal) {
        guard NameRule.allows(name) else {
            throw SettingsRefusal("the name must be " + NameRule.words, isName: true)
        }
        do throws(URLRefusal) { try URLRule.check(url) } catch { throw SettingsRefusal(error.sentence) }
        guard let found = BodyFormat.named(format) else {
            throw SettingsRefusal(
                "there is no format \"\(format)\"",
                hint: "there are: " + BodyFormat.all.map(\.name).joined(separator: ", "))
        }
        try filter.check()
        try secret.check()
        guard secret.isEmpty || found.carriesSecret else {
            throw SettingsRefusal("its format \(found.name) has no place for a secret", hint: "leave it out")
        }
        self.init(stored: name, url: url, format: found, filter: filter, secret: secret)
    }

    /// Settings that were checked when they were stored. Limits may have been others then.
    package init(stored name: String, url: String, format: BodyFormat, filter: Filter, secret: Secret) {
        self.name = name
        self.url = url
        self.format = format
        self.filter = filter
        self.secret = secret
    }

    /// Things that are allowed but often wrong, each one sentence.
    package var warnings: [String] {
        var warnings: [String] = []
        if secret.isEmpty, format.carriesSecret {
            warnings.append("it has no secret: its receiver cannot tell these requests from a stranger's")
        }
        let url = url.lowercased()
        let local = ["http://127.", "http://localhost", "http://[::1]"].contains { url.hasPrefix($0) }
        if url.hasPrefix("http:"), !local {
            warnings.append(
                "http is not encrypted: everybody on the way can read the messages and the secret")
        }
        return warnings
    }
}

extension WebhookSettings: Codable {
    private enum Keys: String, CodingKey, CaseIterable { case name, url, format, secret }

    /// Any key of an object.
    private struct AnyKey: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// The filter's keys stand beside the others.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(name, forKey: .name)
        try container.encode(url, forKey: .url)
        try container.encode(format.name, forKey: .format)
        try container.encode(secret.revealed, forKey: .secret)
        try filter.encode(to: encoder)
    }

    /// Throws a `SettingsRefusal` for settings that are wrong, and for a setting that this version does not know: left out,
    /// a restriction of a newer command line would let more through than its user allowed.
    package init(from decoder: any Decoder) throws {
        let known = Filter.keys.union(Keys.allCases.map(\.rawValue))
        let keys = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
        if let unknown = keys.sorted().first(where: { !known.contains($0) }) {
            throw SettingsRefusal(
                "the daemon does not know the setting \"\(unknown)\"",
                hint: "it is of another version than this command: restart it")
        }
        let container = try decoder.container(keyedBy: Keys.self)
        let name = try container.decode(String.self, forKey: .name)
        let url = try container.decode(String.self, forKey: .url)
        let format = try container.decode(String.self, forKey: .format)
        let secret = Secret(try container.decode(String.self, forKey: .secret))
        try self.init(name: name, url: url, format: format, filter: Filter(from: decoder), secret: secret)
    }
}

/// A webhook's secret. Nothing shows it by accident: printing, dumping or interpolating one gives a mask.
package struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// No secret.
    package static let none = Secret("")

    /// The secret itself, for the one who sends requests or stores it. Never show or log it.
    package let revealed: String

    /// The secret `text`; empty for none.
    package init(_ text: String) { revealed = text }

    /// Whether there is none.
    package var isEmpty: Bool { revealed.isEmpty }
    /// A mask.
    package var description: String { isEmpty ? "none" : SecretMask.mask }
    /// A mask.
    package var debugDescription: String { description }
    /// A mask.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Refuses what is too long.
    package func check() throws(SettingsRefusal) {
        guard revealed.utf8.count <= WebhookSettings.secretBytesMax else {
            throw SettingsRefusal("a secret has at most \(WebhookSettings.secretBytesMax) bytes")
        }
    }
}

/// Why settings are not accepted.
package struct SettingsRefusal: Error, Sendable, Equatable {
    /// What is wrong, one sentence or the rest of one. May hold what a user typed.
    package let sentence: String
    /// What to do; may be empty.
    package let hint: String
    /// The same in the words of the command line's options, where there is such a way to say it: then the command line was
    /// wrong, not what it means. Nil elsewhere.
    package let usage: String?
    /// Whether the name is what is wrong.
    package let isName: Bool
    /// The word that is none of `choices`, for a guess at what was meant.
    package let typed: String
    /// The words there are; empty where the refusal is about something else.
    package let choices: [String]

    /// A refusal that says `sentence`.
    package init(
        _ sentence: String, hint: String = "", usage: String? = nil, isName: Bool = false, typed: String = "",
        choices: [String] = []
    ) {
        self.sentence = sentence
        self.hint = hint
        self.usage = usage
        self.isName = isName
        self.typed = typed
        self.choices = choices
    }
}

extension SettingsRefusal {
    /// All of it, for the webhook `name` that was not added.
    package func message(adding name: String) -> String {
        // A whole sentence begins with a capital letter and stands for itself.
        let isWhole = sentence.first?.isUppercase == true
        return "webhook \(name) was not added" + (isWhole ? ". " : ": ") + sentence
    }
}
