/// One client of the receiver: its parser, what it still gets, and what happens next. A machine without I/O: the
/// server hands it bytes and the time, and does what it says.
///
/// Phases: reading → (waiting | hanging | endless) → reading or closing → draining → gone.
struct ReceiverConnection {
    /// Bytes read ahead, while a reply is pending, before the server stops reading.
    static let aheadBytesMax = 64 << 10
    /// How long a closed connection still swallows what the client sends, so that the answer is not lost to a reset.
    static let drainTime = Duration.seconds(2)
    /// Bytes of an endless body made at a time.
    static let endlessBytes = 16 << 10

    /// What the server shall do with the socket.
    enum Verdict: Equatable {
        case keep
        /// Send a FIN and read on.
        case finishWriting
        case close
        case reset
    }

    private enum Phase {
        case reading
        case waiting(until: Duration, ReceiverReply)
        case hanging
        case endless(chunked: Bool)
        case closing
        case draining(until: Duration)
        case gone(reset: Bool)
    }

    let number: Int
    private let limits: ReceiverLimits
    private var parser: RequestParser
    private var phase = Phase.reading
    private var current = ReceivedRequest(method: "", target: "", minorVersion: 1, fields: [], body: [])
    private(set) var out: [UInt8] = []
    private var outStart = 0
    private var peerFinished = false
    private var lastActivity: Duration

    init(number: Int, limits: ReceiverLimits, now: Duration) {
        self.number = number
        self.limits = limits
        parser = RequestParser(limits: limits)
        lastActivity = now
    }

    /// Whether the server should read from the client.
    var wantsRead: Bool {
        if peerFinished { return false }
        switch phase {
        case .reading, .draining: return true
        case .waiting, .hanging, .endless, .closing: return parser.waiting < Self.aheadBytesMax
        case .gone: return false
        }
    }

    /// Whether the server should wait until it can write.
    var wantsWrite: Bool { !output.isEmpty || isEndless }

    /// The bytes the client still gets.
    var output: ArraySlice<UInt8> { out[outStart...] }

    /// Whether its body has no end: the server writes one piece a turn, so that other clients get theirs.
    var isEndless: Bool {
        if case .endless = phase { true } else { false }
    }

    /// When something happens by itself; nil for never.
    var wakeTime: Duration? {
        switch phase {
        case .waiting(let until, _), .draining(let until): until
        case .reading: lastActivity + limits.idleTimeout
        case .closing, .endless: lastActivity + limits.idleTimeout
        case .hanging, .gone: nil
        }
    }

    /// Bytes of the client.
    mutating func received(_ bytes: some Collection<UInt8>, now: Duration) {
        lastActivity = now
        if case .draining = phase { return }
        parser.received(bytes)
    }

    /// The client sends nothing more.
    mutating func peerEnded() { peerFinished = true }

    /// The server has written `count` bytes of `output`.
    mutating func wrote(_ count: Int, now: Duration) {
        lastActivity = now
        outStart += count
        if outStart == out.count {
            out.removeAll(keepingCapacity: true)
            outStart = 0
        }
    }

    /// Goes on as far as possible; `handler` answers whole requests.
    mutating func advance(now: Duration, handler: (inout ReceivedRequest) -> ReceiverReply) -> Verdict {
        while true {
            switch phase {
            case .reading:
                guard let event = nextEvent() else {
                    if case .reading = phase { return idleVerdict(now) }
                    continue
                }
                switch event {
                case .continueWanted: out += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
                case .request(var request):
                    request.connection = number
                    let reply = handler(&request)
                    current = request
                    start(reply, now: now)
                }
            case .waiting(let until, let reply):
                guard now >= until else { return .keep }
                start(reply, now: now)
            case .hanging: return peerFinished ? .close : .keep
            case .endless(let chunked):
                if peerFinished || now >= lastActivity + limits.idleTimeout { return .close }
                if output.isEmpty { out += Self.endlessPiece(chunked: chunked) }
                return .keep
            case .closing:
                guard output.isEmpty else { return now >= lastActivity + limits.idleTimeout ? .close : .keep }
                phase = .draining(until: now + Self.drainTime)
                return .finishWriting
            case .draining(let until): return peerFinished || now >= until ? .close : .keep
            case .gone(let reset): return reset ? .reset : .close
            }
        }
    }

    private mutating func nextEvent() -> RequestParser.Event? {
        do throws(RequestError) {
            return try parser.next()
        } catch {
            out += ResponseWriter.answer(
                status: error.status, fields: [ReceivedField("Content-Type", "text/plain; charset=utf-8")],
                body: Array((error.reason + "\n").utf8), closes: true, isHead: false)
            phase = .closing
            return nil
        }
    }

    private func idleVerdict(_ now: Duration) -> Verdict {
        if peerFinished && output.isEmpty { return .close }
        return now >= lastActivity + limits.idleTimeout ? .close : .keep
    }

    private mutating func start(_ reply: ReceiverReply, now: Duration) {
        let keeps = current.keepsAlive
        let isHead = current.method == "HEAD"
        switch reply {
        case .answer(let status, let fields, let body):
            out += ResponseWriter.answer(
                status: status, fields: fields, body: body, closes: !keeps, isHead: isHead)
            phase = keeps ? .reading : .closing
        case .after(let delay, let later): phase = .waiting(until: now + delay, later)
        case .hang: phase = .hanging
        case .close: phase = .gone(reset: false)
        case .reset: phase = .gone(reset: true)
        case .endless(let status):
            let chunked = current.minorVersion >= 1
            let fields = chunked ? [ReceivedField("Transfer-Encoding", "chunked")] : []
            out += ResponseWriter.head(status: status, fields: fields, closes: !chunked)
            phase = .endless(chunked: chunked)
        case .cutOff(let status, let body):
            out += ResponseWriter.answer(
                status: status, fields: [], body: body, announced: body.count * 2 + 1, closes: true,
                isHead: false)
            phase = .closing
        case .raw(let bytes):
            out += bytes
            phase = .closing
        }
    }

    private static func endlessPiece(chunked: Bool) -> [UInt8] {
        let data = [UInt8](repeating: 0x2E, count: endlessBytes)
        return chunked
            ? Array("\(String(endlessBytes, radix: 16))\r\n".utf8) + data + [
                UInt8(ascii: "\r"), UInt8(ascii: "\n"),
            ] : data
    }
}
