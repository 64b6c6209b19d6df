package import Base
package import Control
import Glibc
package import Platform
import Synchronization

/// What answers control calls; the server only moves lines.
package protocol ControlAnswering: Sendable {
    /// The reply line to `call`, its end included. The task is cancelled when the client leaves.
    func answer(_ call: any AnsweredCall) async throws(ControlError) -> [UInt8]
    /// Calls `emit` with a reply line for every item of `stream`, until it throws or the task is cancelled.
    func answer(
        _ stream: any AnsweredStream, emit: @Sendable ([UInt8]) async throws -> Void
    ) async throws
}

/// Serves the control socket: each client is a child task, one slow client holds nobody up, and no thread of the
/// pool ever blocks (sockets are non-blocking, waiting is the poller's).
package final class ControlServer: Sendable {
    /// How often stuck clients are looked for.
    static let reapInterval = Duration.seconds(5)

    private let socket: ControlSocket
    private let forGroup: Bool
    private let handlers: any ControlAnswering
    private let poller: Poller
    private let clock: any DaemonClock
    private let log: Logger
    private let connections = Mutex<[ObjectIdentifier: ControlConnection]>([:])

    /// A server on `socket` (`forGroup` as it was made with) that answers by `handlers`.
    package init(
        socket: ControlSocket, forGroup: Bool, handlers: any ControlAnswering, poller: Poller,
        clock: any DaemonClock, log: Logger
    ) {
        self.socket = socket
        self.forGroup = forGroup
        self.handlers = handlers
        self.poller = poller
        self.clock = clock
        self.log = log
    }

    /// Serves until the task is cancelled; the socket file is gone afterwards.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.reap() }
            while !Task.isCancelled {
                guard (try? await self.poller.wait(self.socket.listener.raw, for: .readable)) != nil else {
                    break
                }
                do throws(SystemError) {
                    while let client = try self.socket.accept() { self.admit(client, &group) }
                } catch {
                    // No descriptors left, for example: the client keeps waiting in the backlog.
                    self.log.log(.error, "control: no client can be accepted", ("error", "\(error)"))
                    try? await self.clock.sleep(for: .seconds(1))
                }
            }
            group.cancelAll()
        }
        socket.remove()
    }

    private func admit(_ client: FileDescriptor, _ group: inout DiscardingTaskGroup) {
        guard let peer = ControlPeer(client), peer.mayControl(owner: geteuid(), forGroup: forGroup) else {
            log.log(.warning, "control: a user who may not was refused")
            refuse(client, ControlError(.notPermitted, "this daemon belongs to another user"))
            return
        }
        let connection = ControlConnection(client, poller: poller, clock: clock)
        let admitted = connections.withLock { connections in
            guard connections.count < ControlLimits.clientsMax else { return false }
            connections[ObjectIdentifier(connection)] = connection
            return true
        }
        guard admitted else {
            let error = ControlError(
                .temporary, "the daemon already serves \(ControlLimits.clientsMax) clients",
                hint: "end a \"status --watch\" or \"events tail\", or try again")
            refuse(client, error)
            return
        }
        group.addTask {
            await self.serve(connection)
            _ = self.connections.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
        }
    }

    /// One short line into an empty socket buffer: it fits, or the client does without.
    private func refuse(_ client: FileDescriptor, _ error: ControlError) {
        let bytes = ControlCodec.encode(error: error)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe send(client.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    private func serve(_ connection: ControlConnection) async {
        do throws(ControlConnection.End) {
            while true { try await answer(try await connection.line(), on: connection) }
        } catch {
            guard error == .lineTooLong else { return }
            let answer = ControlError(
                .badRequest, "a request line has at most \(ControlLimits.requestBytesMax) bytes")
            try? await connection.write(ControlCodec.encode(error: answer))
        }
    }

    private func answer(
        _ line: [UInt8], on connection: ControlConnection
    ) async throws(ControlConnection.End) {
        let message: any ControlMessage
        do throws(ControlError) {
            message = try ControlCodec.decodeRequest(line, types: AllCalls.type)
        } catch {
            return try await connection.write(ControlCodec.encode(error: error))
        }
        switch message {
        case let call as any AnsweredCall:
            guard let reply = await reply(to: call, of: connection) else { throw .closed }
            try await connection.write(reply)
        case let stream as any AnsweredStream:
            await answer(stream, to: connection)
            throw .closed
        default: preconditionFailure("nothing answers \(type(of: message)), which is in the list of calls")
        }
    }

    /// The reply to `call`; nil when the client has left before: then the call's task has been cancelled.
    private func reply(to call: any AnsweredCall, of connection: ControlConnection) async -> [UInt8]? {
        await withTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { await self.reply(to: call) }
            group.addTask {
                await connection.untilLeft()
                return nil
            }
            var reply = await group.next() ?? nil
            // Not the client has left, the daemon stops: the call ends by itself, and what came of it still goes out.
            if reply == nil, Task.isCancelled { reply = await group.next() ?? nil }
            group.cancelAll()
            return reply
        }
    }

    private func reply(to call: any AnsweredCall) async -> [UInt8] {
        do throws(ControlError) {
            let reply = try await handlers.answer(call)
            guard reply.count <= ControlLimits.replyBytesMax else {
                throw ControlError(
                    .refused,
                    "the answer has \(reply.count) bytes, at most \(ControlLimits.replyBytesMax) are sent",
                    hint: "ask for fewer rows: --limit")
            }
            return reply
        } catch {
            return ControlCodec.encode(error: error)
        }
    }

    /// Streams until the client leaves or says something, the stream fails, or the daemon stops.
    private func answer(_ stream: any AnsweredStream, to connection: ControlConnection) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await self.handlers.answer(stream) { line in try await connection.write(line) }
                } catch let error as ControlError {
                    try? await connection.write(ControlCodec.encode(error: error))
                } catch {
                    return
                }
            }
            group.addTask { await connection.untilDisturbed() }
            await group.next()
            group.cancelAll()
        }
    }

    private func reap() async {
        while (try? await clock.sleep(for: Self.reapInterval)) != nil {
            let now = clock.now()
            for connection in connections.withLock({ Array($0.values) }) {
                connection.cutOffIfStuck(now: now)
            }
        }
    }
}
