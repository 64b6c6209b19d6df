package import Base

/// The ADB session of one phone, from our first `CNXN` to the end of the transport.
///
/// States: idle → connecting → authenticating → (settling) → online → ended. Called by: one driver, which performs the
/// actions in their order. A wrong message from the phone is counted or ends the session; a wrong call from our
/// own code is a trap with a sentence.
package struct ConnectionMachine: Sendable {
    /// What the driver does next.
    package enum Action: Sendable, Equatable {
        /// Send this message, its sum filled in or not.
        case send(Packet, summed: Bool)
        /// Sign the token with the key of this place in the policy, then call `tokenSigned` or `signatureRefused`.
        case sign(token: [UInt8], key: Int)
        /// The public key went out: the phone asks its user.
        case waitingForUser
        /// The session stands; the decoder is strict from now on.
        case online(Banner)
        /// The phone took the `OPEN`.
        case opened(StreamID)
        /// Bytes for the stream's consumer; call `dataRead` once it has them.
        case received(StreamID, [UInt8])
        /// The stream is over; nil: the phone closed it in order.
        case streamEnded(StreamID, ADBError?)
        /// The connection is over: close the transport.
        case end(ADBError)
    }

    /// The version we speak (`A_VERSION`, packages/modules/adb `adb.h`); below it sums are checked.
    static let version: UInt32 = 0x0100_0001

    enum State: Sendable {
        case idle
        case connecting(since: Instant, repeated: Bool)
        case authenticating(AuthMachine, since: Instant)
        /// `CNXN` was answered, but it had been sent twice: a second answer may be under way.
        case settling(Packet, until: Instant)
        case online
        case ended
    }

    let limits: Limits
    let policy: AuthPolicy
    var state = State.idle
    var streams: [StreamID: StreamMachine] = [:]
    var sums = true
    /// Largest payload in force, in bytes: the smaller of ours and the phone's.
    package private(set) var payloadBytes = 4096
    /// Whether the phone asked for AUTH and got a signature or the public key of ours.
    package private(set) var usedKey = false
    private var sessions = 0
    /// Our `CNXN`s beyond the first whose answers may still come.
    private var extraAnswers = 0
    private var violations = 0
    /// `OKAY`s that may still come for streams we closed, at most `streamsMax`.
    private var lateOkays = 0
    private var nextStream: UInt32 = 1
    private var lastHeard = Instant(nanoseconds: 0)

    /// A machine for a new link.
    package init(policy: AuthPolicy, limits: Limits) {
        self.policy = policy
        self.limits = limits
    }

    // MARK: Handshake

    /// The link stands: says who we are.
    package mutating func start(now: Instant) -> [Action] {
        guard case .idle = state else { preconditionFailure("start() is called once, before anything else") }
        state = .connecting(since: now, repeated: false)
        lastHeard = now
        return [hello()]
    }

    /// The driver has the signature that `.sign` asked for.
    package mutating func tokenSigned(_ signature: [UInt8]) -> [Action] {
        guard case .authenticating = state else { return [] }
        usedKey = true
        return [send(Packet(.authenticate, AuthMachine.Kind.signature, 0, signature))]
    }

    /// The driver must not or cannot sign.
    package mutating func signatureRefused() -> [Action] {
        guard case .authenticating(var auth, let since) = state else { return [] }
        let action = auth.signatureRefused()
        state = .authenticating(auth, since: since)
        return perform(action)
    }

    /// A message came.
    package mutating func packetReceived(_ packet: Packet, now: Instant) -> [Action] {
        if case .ended = state { return [] }
        lastHeard = now
        guard let command = packet.command else {
            return violation("unknown command \(packet.word)")
        }
        switch command {
        case .connect: return connectReceived(packet, now: now)
        case .authenticate: return authenticate(packet, now: now)
        case .startTLS: return end(.tlsRequired)
        case .open, .okay, .close, .write:
            guard case .online = state else { return [] }
            return streamMessage(command, packet)
        }
    }

    private mutating func connectReceived(_ packet: Packet, now: Instant) -> [Action] {
        switch state {
        case .connecting where extraAnswers > 0, .authenticating where extraAnswers > 0:
            extraAnswers = 0
            state = .settling(packet, until: now.advanced(by: limits.settleTimeout))
            return []
        case .connecting, .authenticating, .settling, .online, .idle, .ended: return connected(packet)
        }
    }

    private mutating func connected(_ packet: Packet) -> [Action] {
        sessions += 1
        guard sessions <= limits.sessionsMax else { return end(.tooManySessions) }
        guard packet.arg1 >= UInt32(limits.peerPayloadBytesMin) else {
            return end(.peerPayloadTooSmall(Int(packet.arg1)))
        }
        var actions = endAllStreams()
        sums = packet.arg0 < Self.version
        payloadBytes = min(Int(packet.arg1), limits.payloadBytesMax)
        state = .online
        actions.append(.online(Banner(packet.payload)))
        return actions
    }

    private mutating func authenticate(_ packet: Packet, now: Instant) -> [Action] {
        guard packet.arg0 == AuthMachine.Kind.token else { return violation("AUTH of type \(packet.arg0)") }
        var auth: AuthMachine
        let start: Instant
        switch state {
        case .connecting(let since, _): (auth, start) = (AuthMachine(policy: policy), since)
        case .settling: (auth, start) = (AuthMachine(policy: policy), now)
        case .authenticating(_, let since) where extraAnswers > 0:
            // The token for our second CNXN, not a refusal: all keys are tried anew.
            extraAnswers -= 1
            (auth, start) = (AuthMachine(policy: policy), since)
        case .authenticating(let running, let since): (auth, start) = (running, since)
        case .online: return violation("AUTH in a session")
        case .idle, .ended: return []
        }
        let action = auth.tokenReceived(packet.payload)
        state = .authenticating(auth, since: start)
        return perform(action)
    }

    private mutating func perform(_ action: AuthMachine.Action) -> [Action] {
        switch action {
        case .sign(let token, let key): return [.sign(token: token, key: key)]
        case .showKey:
            usedKey = true
            return [
                send(Packet(.authenticate, AuthMachine.Kind.publicKey, 0, policy.publicKey)), .waitingForUser,
            ]
        case .fail(let error): return end(error)
        }
    }

    // MARK: Streams

    /// Opens `service`; the answer comes as `.opened` or `.streamEnded`. `endBy`: the stream is closed then.
    package mutating func open(_ service: String, endBy: Instant? = nil, now: Instant) throws(ADBError)
        -> (StreamID, [Action])
    {
        try open(service, isPing: false, timeout: limits.openTimeout, endBy: endBy, now: now)
    }

    private mutating func open(
        _ service: String, isPing: Bool, timeout: Duration, endBy: Instant?, now: Instant
    ) throws(ADBError) -> (StreamID, [Action]) {
        guard case .online = state else { throw .sessionEnded }
        guard streams.count < limits.streamsMax else { throw .tooManyStreams(limit: limits.streamsMax) }
        let id = StreamID(rawValue: nextStream)
        nextStream += 1
        streams[id] = StreamMachine(
            service: service, isPing: isPing, answerBy: now.advanced(by: timeout), endBy: endBy)
        // The closing NUL is what Android 7's adbd insists on (cocool97/adb_client pull request 211).
        return (id, [send(Packet(.open, id.rawValue, 0, Array(service.utf8) + [0]))])
    }

    /// The consumer of `id` took all it was given: the phone may send on.
    package mutating func dataRead(_ id: StreamID) -> [Action] {
        guard var stream = streams[id], let remote = stream.remote else { return [] }
        let count = stream.dataRead()
        streams[id] = stream
        return (0..<count).map { _ in send(Packet(.okay, id.rawValue, remote)) }
    }

    /// Sends `bytes` on `id`, in pieces, each when the one before was acknowledged.
    package mutating func write(_ bytes: [UInt8], to id: StreamID) -> [Action] {
        streams[id]?.write(bytes)
        return flush(id)
    }

    /// Closes `id` from our side; nothing more is reported of it.
    package mutating func close(_ id: StreamID) -> [Action] {
        guard let stream = streams.removeValue(forKey: id) else { return [] }
        lateOkays = min(lateOkays + 1, limits.streamsMax)
        return [send(Packet(.close, id.rawValue, stream.remote ?? 0))]
    }

    private mutating func flush(_ id: StreamID) -> [Action] {
        guard var stream = streams[id], let remote = stream.remote,
            let piece = stream.nextPiece(limit: payloadBytes)
        else { return [] }
        streams[id] = stream
        return [send(Packet(.write, id.rawValue, remote, piece))]
    }

    private mutating func streamMessage(_ command: Command, _ packet: Packet) -> [Action] {
        let id = StreamID(rawValue: packet.arg1)
        switch command {
        case .open:
            // Nobody asked for a reverse connection: refuse without a look at what it names (CVE-2022-3168).
            return [send(Packet(.close, 0, packet.arg0))] + violation("OPEN from the phone")
        case .okay: return okay(packet, id)
        case .write: return data(packet, id)
        case .close: return closed(packet, id)
        case .connect, .authenticate, .startTLS: return []
        }
    }

    private mutating func okay(_ packet: Packet, _ id: StreamID) -> [Action] {
        guard var stream = streams[id] else {
            // Late for a stream that we closed before: the phone still holds its side. Anything more is senseless.
            let answer = send(Packet(.close, packet.arg1, packet.arg0))
            guard lateOkays == 0 else {
                lateOkays -= 1
                return [answer]
            }
            return [answer] + violation("OKAY for no stream")
        }
        switch stream.state {
        case .opening:
            guard packet.arg0 != 0 else { return violation("OKAY with id 0") }
            stream.accepted(remote: packet.arg0)
            streams[id] = stream
            if stream.isPing { return close(id) }
            return [.opened(id)] + flush(id)
        case .open(let remote):
            guard packet.arg0 == remote else { return violation("OKAY with a wrong id") }
            stream.okayReceived()
            streams[id] = stream
            return flush(id)
        }
    }

    private mutating func data(_ packet: Packet, _ id: StreamID) -> [Action] {
        guard var stream = streams[id] else { return [] }
        guard let remote = stream.remote, remote == packet.arg0 else {
            return violation("WRTE with a wrong id")
        }
        if packet.payload.isEmpty {
            // Nothing for the consumer to take, so nobody would acknowledge it later.
            return [send(Packet(.okay, id.rawValue, remote))] + violation("WRTE without data")
        }
        stream.dataReceived(packet.payload.count)
        streams[id] = stream
        if stream.unreadBytes > limits.unreadPayloadsMax * limits.payloadBytesMax
            || stream.owedOkays > limits.unreadWritesMax
        {
            return close(id) + [.streamEnded(id, .flooded(bytes: stream.unreadBytes))]
        }
        return [.received(id, packet.payload)]
    }

    private mutating func closed(_ packet: Packet, _ id: StreamID) -> [Action] {
        // A second CLSE for a stream that is over is normal; CLSE(0, id) closes a live one too (old adbd).
        guard let stream = streams[id],
            packet.arg0 == 0 || stream.remote == nil || stream.remote == packet.arg0
        else { return [] }
        streams[id] = nil
        if stream.isPing { return [] }
        guard let remote = stream.remote else {
            return [.streamEnded(id, .refused(service: stream.service))]
        }
        return [send(Packet(.close, id.rawValue, remote)), .streamEnded(id, nil)]
    }

    // MARK: Time

    /// When `timerFired` wants to be called next.
    package var nextDeadline: Instant? {
        switch state {
        case .idle, .ended: return nil
        case .connecting(let since, let repeated):
            return since.advanced(by: repeated ? limits.handshakeTimeout : limits.firstMessageTimeout)
        case .authenticating(let auth, let since):
            return auth.hasShownKey ? nil : since.advanced(by: limits.handshakeTimeout)
        case .settling(_, let until): return until
        case .online:
            let isPinging = streams.values.contains { $0.isPing }
            let ping = isPinging ? nil : lastHeard.advanced(by: limits.idlePingAfter)
            return (streams.values.compactMap(\.deadline) + [ping].compactMap { $0 }).min()
        }
    }

    /// A deadline has passed.
    package mutating func timerFired(now: Instant) -> [Action] {
        guard let deadline = nextDeadline, deadline <= now else { return [] }
        switch state {
        case .idle, .ended: return []
        case .connecting(let since, let repeated):
            if repeated { return end(.handshakeTimedOut) }
            state = .connecting(since: since, repeated: true)
            extraAnswers += 1
            return [hello()]
        case .settling(let packet, _): return connected(packet)
        case .authenticating: return end(.handshakeTimedOut)
        case .online: return onlineTimer(now: now)
        }
    }

    private mutating func onlineTimer(now: Instant) -> [Action] {
        var actions: [Action] = []
        for id in streams.keys.sorted() {
            guard let stream = streams[id], let deadline = stream.deadline, deadline <= now else { continue }
            if stream.isPing { return end(.silent) }
            let late: ADBError =
                stream.remote == nil ? .openTimedOut(service: stream.service) : .streamTimedOut
            actions += close(id) + [.streamEnded(id, late)]
        }
        let isPinging = streams.values.contains { $0.isPing }
        if !isPinging, lastHeard.advanced(by: limits.idlePingAfter) <= now {
            // No such service: the phone answers CLSE at once and starts no process for it.
            let ping = try? open(
                "ping:", isPing: true, timeout: limits.pingTimeout, endBy: nil, now: now)
            actions += ping?.1 ?? []
        }
        return actions
    }

    // MARK: Ends

    /// The transport ended, by itself or by us.
    package mutating func transportEnded(_ error: ADBError) -> [Action] { end(error) }

    private mutating func end(_ error: ADBError) -> [Action] {
        if case .ended = state { return [] }
        state = .ended
        return endAllStreams() + [.end(error)]
    }

    private mutating func endAllStreams() -> [Action] {
        let ids = streams.filter { !$0.value.isPing }.keys.sorted()
        streams = [:]
        return ids.map { .streamEnded($0, .sessionEnded) }
    }

    private mutating func violation(_ what: String) -> [Action] {
        violations += 1
        return violations > limits.violationsMax ? end(.tooManyViolations(last: what)) : []
    }

    private func hello() -> Action {
        .send(
            Packet(.connect, Self.version, UInt32(limits.payloadBytesMax), Banner.ours), summed: true)
    }

    private func send(_ packet: Packet) -> Action { .send(packet, summed: sums) }
}
