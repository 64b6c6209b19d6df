/// What can go wrong on the way to a phone, as far as the protocol knows.
package enum ADBError: Error, Sendable, Equatable {
    /// The phone announced more than we accept, in bytes.
    case payloadTooLong(announced: Int, limit: Int)
    /// Bytes that are not a message in the middle of a session: the framing is lost.
    case framingLost(got: Int, wanted: Int)
    /// More junk than the limit and never a valid message.
    case onlyJunk(bytes: Int)
    /// No valid message, or no end of the handshake, in time.
    case handshakeTimedOut
    /// The phone takes payloads smaller than any adbd does, in bytes.
    case peerPayloadTooSmall(Int)
    /// The phone asked for TLS (wireless debugging): not spoken here.
    case tlsRequired
    /// The phone asks for signatures again and again.
    case tooManyTokens
    /// The phone started its session over and over.
    case tooManySessions
    /// More senseless messages than the limit.
    case tooManyViolations(last: String)
    /// A token that is not 20 bytes long.
    case badToken(bytes: Int)
    /// No sign of life when asked.
    case silent
    /// The phone refused the service.
    case refused(service: String)
    /// The phone did not answer an `OPEN` in time.
    case openTimedOut(service: String)
    /// The stream did not end in its time.
    case streamTimedOut
    /// The phone sent more than flow control allows.
    case flooded(bytes: Int)
    /// The phone does not take what we send: this much waits, more than we keep.
    case notTaking(messages: Int, bytes: Int)
    /// As many streams are open as we allow.
    case tooManyStreams(limit: Int)
    /// The session ended while the stream was open.
    case sessionEnded
    /// The output was longer than the caller's limit, in bytes.
    case outputTooLong(limit: Int)
    /// The shell packets make no sense.
    case badShellPacket(id: UInt8, length: Int)
    /// The command ended without an exit code: it was cut off, its result is unknown.
    case noExitCode
    /// The link below.
    case transport(TransportError)
    /// The command is longer than the phone takes, in bytes.
    case serviceTooLong(bytes: Int, limit: Int)
    /// Our side gave up: the task was cancelled.
    case cancelled
}
