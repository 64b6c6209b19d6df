package import Control

/// A call with what answers it. Declare both in one file of `Calls/`, and name the type in its noun's list there.
package protocol AnsweredCall: ControlCall {
    /// The reply. What is wrong with the arguments, or with what they name, is thrown. When the client leaves, the task is
    /// cancelled: what has not begun for real need not begin.
    func answer(_ daemon: DaemonServices) async throws(ControlError) -> Reply
}

/// A stream with what answers it.
package protocol AnsweredStream: ControlStream {
    /// Calls `emit` with every reply until that throws, because the client left, or the task is cancelled.
    func answer(
        _ daemon: DaemonServices, emit: @Sendable (Item) async throws -> Void
    ) async throws
}

/// The calls about one noun.
package protocol NounCalls: Sendable {
    /// Its calls. A new call is one line in one of these lists.
    static var calls: [any AnsweredCall.Type] { get }
    /// Its streams.
    static var streams: [any AnsweredStream.Type] { get }
}

extension NounCalls {
    package static var streams: [any AnsweredStream.Type] { [] }
}

/// Every call that the daemon answers. The command line and, one day, a web page use the same.
package enum AllCalls {
    /// The nouns. A new noun is one line here.
    static let nouns: [any NounCalls.Type] = [
        StatusCalls.self, DeviceCalls.self, SIMCalls.self, WebhookCalls.self, EventCalls.self,
        DeliveryCalls.self, USSDCalls.self,
    ]

    /// The calls and streams of all nouns.
    package static let types: [any ControlMessage.Type] =
        nouns.flatMap { $0.calls as [any ControlMessage.Type] + $0.streams as [any ControlMessage.Type] }

    private static let byWord = Dictionary(
        types.map { ($0.word, $0) },
        uniquingKeysWith: { first, second in
            preconditionFailure("two calls with one word: \(first) and \(second)")
        })

    /// The call or stream with the word `word`; nil where there is none.
    package static func type(_ word: String) -> (any ControlMessage.Type)? { byWord[word] }
}
