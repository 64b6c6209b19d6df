/// One line from the command line to the daemon:
/// `{"arguments":{"name":"home"},"command":"webhook","version":1}`.
package struct ControlRequest: Sendable, Equatable, Codable {
    /// Version of the messages that the sender speaks.
    package let version: Int
    /// What it wants.
    package let command: ControlCommand

    /// A request in our own version.
    package init(_ command: ControlCommand) {
        version = ControlLimits.version
        self.command = command
    }

    enum Keys: String, CodingKey { case version, command, arguments }

    /// A word that is no command.
    struct UnknownCommand: Error { let name: String }
    /// A version that is not ours.
    struct UnknownVersion: Error { let version: Int }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        version = try container.decode(Int.self, forKey: .version)
        guard version == ControlLimits.version else { throw UnknownVersion(version: version) }
        let name = try container.decode(String.self, forKey: .command)
        guard let command = try ControlCommand(name: name, arguments: container) else {
            throw UnknownCommand(name: name)
        }
        self.command = command
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(version, forKey: .version)
        try container.encode(command.name, forKey: .command)
        if let arguments = command.arguments {
            try arguments.encode(to: container.superEncoder(forKey: .arguments))
        }
    }
}
