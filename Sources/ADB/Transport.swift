/// One link to one phone: USB, TCP, or a virtual phone in the same process. Owned by one connection.
///
/// Implementations suspend; they never block a thread of the default pool. `receive` is called by one task at a
/// time, `send` by one (another) task at a time.
package protocol Transport: Sendable {
    /// How reads end. USB keeps the sender's transfers apart, TCP does not.
    var framing: TransportFraming { get }
    /// The next bytes from the phone.
    ///
    /// `wanted` (1 or more) is what the decoder lacks: the rest of a header or of a payload. A `.transfers`
    /// transport posts one IN transfer of `wanted` rounded up to its packet size and returns what that transfer
    /// brought, at most the rounded size; a `.stream` transport returns 1 byte or more. Never an empty array from a
    /// stream; an empty array from `.transfers` is an empty transfer. Throws `.ended` when the phone left.
    func receive(wanted: Int) async throws(TransportError) -> [UInt8]
    /// Sends one message: a header and its payload (which may be empty), nothing between the two.
    func send(header: [UInt8], payload: [UInt8]) async throws(TransportError)
    /// Ends the link and frees everything; a pending `receive` or `send` throws. Safe to call twice.
    func close() async
}

/// How a transport's reads end.
package enum TransportFraming: Sendable {
    /// Each read is one transfer of the sender: a header never shares a read with a payload.
    case transfers
    /// Reads may hold any part of the byte stream.
    case stream
}

/// Why a transport stopped.
package enum TransportError: Error, Sendable, Equatable {
    /// The phone left: unplugged, re-enumerated, or the TCP peer closed.
    case ended
    /// We closed it.
    case closed
    /// An operation did not finish in its time.
    case timedOut(operation: String)
    /// Anything else, in the words of the layer below.
    case failed(operation: String, detail: String)
}

extension TransportError {
    /// The reason, in words.
    package var sentence: String {
        switch self {
        case .ended: "the phone left"
        case .closed: "we closed the link"
        case .timedOut(let operation): "\(operation) took too long"
        case .failed(let operation, let detail): "\(operation) failed: \(detail)"
        }
    }
}
