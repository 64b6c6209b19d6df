import FoundationEssentials

/// Lines to bytes and back. Keys are sorted, so that a reply's bytes are the same every time.
package enum ControlCodec {
    /// The line of a request for `message`, with its end.
    package static func encode(request message: some ControlMessage) throws(ControlError) -> [UInt8] {
        try line(ControlRequest.Outgoing(message: message))
    }

    /// The message in `line`, of one of `types`; throws the error to answer with when the line is not a request. An error that
    /// a message's own `init(from:)` throws as a `ControlError` is answered as it is.
    package static func decodeRequest(
        _ line: [UInt8], types: @escaping MessageTypes
    ) throws(ControlError) -> any ControlMessage {
        do {
            return try JSONDecoder().decode(
                ControlRequest.Incoming.self, from: Data(line), configuration: types
            ).message
        } catch let error as ControlRequest.UnknownWord {
            throw ControlError(
                .badRequest, "unknown command \(error.word)",
                hint: "the daemon and the phonewire program are of different versions: restart the daemon")
        } catch let error as ControlRequest.UnknownVersion {
            throw ControlError(
                .versionMismatch,
                "message version \(error.version), this daemon speaks \(ControlLimits.version)",
                hint: "restart the daemon after an update")
        } catch let error as ControlError {
            throw error
        } catch {
            throw ControlError(
                .badRequest, "not a control request: " + words(for: error),
                hint: "one JSON object a line: version, command, arguments")
        }
    }

    /// The line of a successful answer, with its end: `{"result":…,"version":1}`.
    package static func encode(result: some Encodable & Sendable) throws(ControlError) -> [UInt8] {
        try line(Result(result: result))
    }

    /// The line of an error, with its end: `{"error":{…},"version":1}`.
    package static func encode(error: ControlError) -> [UInt8] {
        let fallback =
            #"{"error":{"code":"failed","hint":"","message":"unprintable error"},"version":1}"# + "\n"
        return (try? line(Failure(error: error))) ?? Array(fallback.utf8)
    }

    /// The answer in `line`; throws the daemon's error, or one of our own when the line is not an answer.
    package static func decodeReply<Value: Decodable & Sendable>(
        _ line: [UInt8], as type: Value.Type
    ) throws(ControlError) -> Value {
        let reply: Reply<Value>
        do {
            reply = try JSONDecoder().decode(Reply<Value>.self, from: Data(line))
        } catch {
            throw ControlError(
                .failed, "the daemon's answer cannot be read: " + words(for: error),
                hint: "the daemon and the phonewire program are of different versions: restart the daemon")
        }
        if let error = reply.error { throw error }
        guard let result = reply.result else {
            throw ControlError(.failed, "the daemon's answer holds neither a result nor an error")
        }
        return result
    }

    /// `value` as JSON with sorted keys, for `--json`: readable when `pretty`, else one line; without a line end.
    package static func json(_ value: some Encodable, pretty: Bool) throws(ControlError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty
            ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value))
        } catch {
            throw ControlError(.failed, "cannot be written as JSON: " + words(for: error))
        }
    }

    private struct Result<Value: Encodable>: Encodable {
        let result: Value
        let version = ControlLimits.version
        enum CodingKeys: CodingKey { case result, version }
    }

    private struct Failure: Encodable {
        let error: ControlError
        let version = ControlLimits.version
        enum CodingKeys: CodingKey { case error, version }
    }

    private struct Reply<Value: Decodable>: Decodable {
        let result: Value?
        let error: ControlError?
        enum CodingKeys: CodingKey { case result, error }
    }

    private static let lineEnd = UInt8(ascii: "\n")

    private static func line(_ value: some Encodable) throws(ControlError) -> [UInt8] {
        try json(value, pretty: false) + [lineEnd]
    }

    private static func words(for error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, _): "\(key.stringValue) is missing"
        case DecodingError.typeMismatch(_, let context): path(context.codingPath) + " has the wrong type"
        case DecodingError.valueNotFound(_, let context): path(context.codingPath) + " is null"
        case DecodingError.dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "no JSON" : path(context.codingPath) + ": " + context.debugDescription
        default: "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty ? "the line" : keys.map(\.stringValue).joined(separator: ".")
    }
}
