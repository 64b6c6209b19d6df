package import ADB
package import Base
import Platform

/// What became of a handshake; told to the owner of a connection as it happens.
package enum LinkState: Sendable, Equatable {
    /// Keys are being exchanged.
    case authorizing
    /// The phone asks its user whether to trust us.
    case waitingForUser
    /// The session stands.
    case online(Banner)
}

/// Drives a `ConnectionMachine` over a `Transport`: performs its actions, nothing clever.
///
/// `run()` owns everything; the other calls work between `.online` and its end and throw after it.
package actor ADBConnection {
    /// Signs a token with the key of that place in the policy; nil when it must not or cannot.
    package typealias Signer = @Sendable (_ token: [UInt8], _ key: Int) async -> [UInt8]?

    private struct Channel {
        var buffer: [UInt8] = []
        var opened = false
        var ended: ADBError?
        var isOver = false
        /// Raised when one of the others has changed.
        let changed = Signal()
    }

    private let transport: any Transport
    private let clock: any DaemonClock
    private let signer: Signer
    private let report: @Sendable (LinkState) async -> Void
    private let alarm: Alarm
    private let limits: Limits
    private let finished = OneShot<ADBError>()
    private var machine: ConnectionMachine
    private var decoder: PacketDecoder
    private var channels: [StreamID: Channel] = [:]
    private var outgoing: [(header: [UInt8], payload: [UInt8])] = []
    private var outgoingBytes = 0
    /// Raised when there is something to send, or nothing more will be.
    private let hasOutgoing = Signal()
    private var signatures: [(token: [UInt8], key: Int)] = []
    private var reports: [LinkState] = []
    /// What the phone said of itself; nil before the session stands.
    package private(set) var banner: Banner?

    /// Whether the phone asked for a key and got ours.
    package var usedKey: Bool { machine.usedKey }

    /// A connection over `transport`, which it closes at its end.
    package init(
        transport: any Transport, policy: AuthPolicy, limits: Limits = Limits(), clock: any DaemonClock,
        signer: @escaping Signer, report: @escaping @Sendable (LinkState) async -> Void
    ) {
        self.transport = transport
        self.clock = clock
        self.signer = signer
        self.report = report
        self.limits = limits
        alarm = Alarm(clock: clock)
        machine = ConnectionMachine(policy: policy, limits: limits)
        decoder = PacketDecoder(framing: transport.framing, limits: limits)
    }

    // MARK: Life

    /// Shakes hands and serves streams until the link ends or the task is cancelled; returns why it ended.
    package func run() async -> ADBError {
        perform(machine.start(now: clock.now()))
        let reason = await withTaskGroup(of: ADBError?.self) { group in
            group.addTask { await self.read() }
            group.addTask { await self.write() }
            group.addTask {
                await self.alarm.run { await self.timerFired() }
                return nil
            }
            group.addTask { await self.finished.value() }
            let first = await group.next() ?? nil
            let reason = first ?? .cancelled
            self.end(reason)
            await self.transport.close()
            group.cancelAll()
            return reason
        }
        return reason
    }

    private func end(_ reason: ADBError) {
        perform(machine.transportEnded(reason))
        hasOutgoing.raise()
    }

    private func read() async -> ADBError? {
        do throws(TransportError) {
            while !Task.isCancelled {
                let bytes = try await transport.receive(wanted: decoder.bytesWanted)
                do throws(ADBError) {
                    for packet in try decoder.bytesReceived(bytes) {
                        perform(machine.packetReceived(packet, now: clock.now()))
                    }
                } catch {
                    return error
                }
                await finishHandshakeSteps()
            }
            return .cancelled
        } catch {
            return .transport(error)
        }
    }

    /// The steps that need other parties: signing, and telling the owner. Only `read` calls it.
    private func finishHandshakeSteps() async {
        while !signatures.isEmpty {
            let request = signatures.removeFirst()
            await report(.authorizing)
            if let signature = await signer(request.token, request.key) {
                perform(machine.tokenSigned(signature))
            } else {
                perform(machine.signatureRefused())
            }
        }
        await tellReports()
    }

    private func write() async -> ADBError? {
        do throws(TransportError) {
            while !Task.isCancelled {
                if outgoing.isEmpty {
                    await hasOutgoing.wait()
                } else {
                    let next = outgoing.removeFirst()
                    outgoingBytes -= next.header.count + next.payload.count
                    try await transport.send(header: next.header, payload: next.payload)
                }
            }
            return .cancelled
        } catch {
            return .transport(error)
        }
    }

    /// Each report is taken before it is told, so that two tellers tell it once.
    private func tellReports() async {
        while !reports.isEmpty { await report(reports.removeFirst()) }
    }

    private func timerFired() async -> Instant? {
        perform(machine.timerFired(now: clock.now()))
        await tellReports()
        return machine.nextDeadline
    }

    private func perform(_ actions: [ConnectionMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let packet, let summed):
                enqueue(packet.header(summed: summed), packet.payload)
            case .sign(let token, let key): signatures.append((token, key))
            case .waitingForUser: reports.append(.waitingForUser)
            case .online(let banner):
                decoder.sessionStarted()
                self.banner = banner
                reports.append(.online(banner))
            case .opened(let id):
                channels[id]?.opened = true
                channels[id]?.changed.raise()
            case .received(let id, let bytes):
                channels[id]?.buffer.append(contentsOf: bytes)
                channels[id]?.changed.raise()
            case .streamEnded(let id, let error):
                channels[id]?.isOver = true
                channels[id]?.ended = error
                channels[id]?.changed.raise()
            case .end(let error): finished.give(error)
            }
        }
        alarm.set(machine.nextDeadline)
    }

    /// Hands a message to `write`; a phone that leaves too many lying ends the session.
    private func enqueue(_ header: [UInt8], _ payload: [UInt8]) {
        let bytes = outgoingBytes + header.count + payload.count
        guard outgoing.count < limits.unsentMessagesMax, bytes <= limits.unsentBytesMax else {
            finished.give(.notTaking(messages: outgoing.count, bytes: outgoingBytes))
            return
        }
        outgoing.append((header, payload))
        outgoingBytes = bytes
        hasOutgoing.raise()
    }

    // MARK: Streams

    /// Opens `service` and waits for the phone's answer. Every stream is closed by `close`.
    func open(_ service: String, timeout: Duration?) async throws(ADBError) -> StreamID {
        let now = clock.now()
        guard service.utf8.count < machine.payloadBytes else {
            throw .serviceTooLong(bytes: service.utf8.count, limit: machine.payloadBytes - 1)
        }
        let (id, actions) = try machine.open(
            service, endBy: timeout.map { now.advanced(by: $0) }, now: now)
        channels[id] = Channel()
        perform(actions)
        while let channel = channels[id], !channel.opened {
            if channel.isOver {
                channels[id] = nil
                throw channel.ended ?? .refused(service: service)
            }
            try await wait(for: id)
        }
        return id
    }

    /// The next bytes of the stream; nil at its end in order. Taking them lets the phone send on.
    func read(_ id: StreamID) async throws(ADBError) -> [UInt8]? {
        while let channel = channels[id] {
            if !channel.buffer.isEmpty {
                channels[id]?.buffer = []
                perform(machine.dataRead(id))
                return channel.buffer
            }
            if channel.isOver {
                if let error = channel.ended { throw error }
                return nil
            }
            try await wait(for: id)
        }
        throw .sessionEnded
    }

    /// Sends `bytes` on the stream, as flow control allows; returns at once.
    func write(_ bytes: [UInt8], to id: StreamID) { perform(machine.write(bytes, to: id)) }

    /// Forgets the stream and closes it when it is open.
    func close(_ id: StreamID) {
        channels[id] = nil
        perform(machine.close(id))
    }

    private func wait(for id: StreamID) async throws(ADBError) {
        await channels[id]?.changed.wait()
        if Task.isCancelled {
            close(id)
            throw .cancelled
        }
    }
}
