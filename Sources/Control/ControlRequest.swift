import FoundationEssentials

/// Finds the type of message for a word; nil where there is none.
package typealias MessageTypes = @Sendable (_ word: String) -> (any ControlMessage.Type)?

/// One line from a client to the daemon: `{"arguments":{"name":"home"},"command":"webhook","version":1}`.
enum ControlRequest {
    private enum Keys: String, CodingKey { case version, command, arguments }

    /// A word that is not one of a message.
    struct UnknownWord: Error { let word: String }
    /// A version that is not ours.
    struct UnknownVersion: Error { let version: Int }

    /// A message on its way out.
    struct Outgoing<Message: ControlMessage>: Encodable {
        let message: Message

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(ControlLimits.version, forKey: .version)
            try container.encode(Message.word, forKey: .command)
            if Message.hasArguments { try container.encode(message, forKey: .arguments) }
        }
    }

    /// A message that came in.
    struct Incoming: DecodableWithConfiguration {
        let message: any ControlMessage

        init(from decoder: any Decoder, configuration types: MessageTypes) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            let version = try container.decode(Int.self, forKey: .version)
            guard version == ControlLimits.version else { throw UnknownVersion(version: version) }
            let word = try container.decode(String.self, forKey: .command)
            guard let type = types(word) else { throw UnknownWord(word: word) }
            message =
                type.hasArguments
                ? try container.decode(type, forKey: .arguments) : try type.init(from: decoder)
        }
    }
}
