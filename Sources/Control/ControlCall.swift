/// What a client can ask a daemon for: a word, and the arguments as the type's own `Codable` properties. Words and JSON
/// keys are a contract: a client of one version works with a daemon of another.
package protocol ControlMessage: Sendable, Codable {
    /// The word for it on the wire, such as `device.rename`. Unique, never changed once released.
    static var word: String { get }
    /// False for a message without arguments: then the line has no object for them.
    static var hasArguments: Bool { get }
}

extension ControlMessage {
    package static var hasArguments: Bool { true }
}

/// A question that has one reply, which the compiler pairs with it. Declare one as a structure in the daemon, beside what
/// answers it.
package protocol ControlCall: ControlMessage {
    /// The reply: what `--json` prints too.
    associatedtype Reply: Codable & Sendable
    /// Longest wait of a client for the reply.
    static var replyTimeout: Duration { get }
}

extension ControlCall {
    package static var replyTimeout: Duration { ControlLimits.replyTimeout }
}

/// A question that has many replies, one after the other, until the client leaves.
package protocol ControlStream: ControlMessage {
    /// One of the replies.
    associatedtype Item: Codable & Sendable
}
