import Base
import Control
import FoundationEssentials
import Glibc
import Platform
import Synchronization
import Testing

@testable import Daemon

/// Answers everything with its word; a webhook test and a USSD code are answered when the gate opens.
private final class EchoHandlers: ControlAnswering {
    let open = Mutex(false)
    /// Calls that have come to the gate.
    let arrived = Mutex(0)
    /// Calls that were cancelled at the gate.
    let cancelled = Mutex(0)

    func answer(_ call: any AnsweredCall) async throws(ControlError) -> [UInt8] {
        switch call {
        case is TestWebhook, is RunUSSD:
            arrived.withLock { $0 += 1 }
            while !open.withLock({ $0 }) {
                do {
                    try await Task.sleep(for: .milliseconds(5))
                } catch {
                    cancelled.withLock { $0 += 1 }
                    break
                }
            }
        case is ListEvents: return [UInt8](repeating: 0x20, count: ControlLimits.replyBytesMax) + [0x0A]
        case is ListDeliveries:
            return [UInt8](repeating: 0x20, count: ControlLimits.replyBytesMax - 1) + [0x0A]
        case let call as ShowWebhook: throw ControlError(.notFound, "no \(call.name)")
        default: break
        }
        return Array("\(type(of: call).word)\n".utf8)
    }

    func answer(_ stream: any AnsweredStream, emit: @Sendable ([UInt8]) async throws -> Void) async throws {
        var number = 0
        while true {
            number += 1
            try await emit(Array("item \(number)\n".utf8))
            if number >= 3 { try await Task.sleep(for: .seconds(3600)) }
        }
    }
}

/// A clock whose monotonic side is moved by the test.
private final class MovedClock: DaemonClock {
    private let offset = Mutex(Duration.zero)
    func move(by duration: Duration) { offset.withLock { $0 += duration } }
    func now() -> Instant { SystemClock().now().advanced(by: offset.withLock { $0 }) }
    func wallNow() -> WallTime { SystemClock().wallNow() }
    func sleep(until deadline: Instant) async throws {
        while now() < deadline { try await Task.sleep(for: .milliseconds(2)) }
    }
}

/// Time stands: on a machine that is busy with other tests nobody is cut off for being slow.
private struct StillClock: DaemonClock {
    func now() -> Instant { Instant(nanoseconds: 0) }
    func wallNow() -> WallTime { SystemClock().wallNow() }
    func sleep(until deadline: Instant) async throws {
        while true { try await Task.sleep(for: .seconds(3600)) }
    }
}

/// A client that blocks: only used on threads of the test's own.
private final class RawClient: Sendable {
    let socket: FileDescriptor

    init(_ path: String) throws {
        let raw = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        socket = FileDescriptor(owning: raw)
        var address = try #require(UnixAddress(path: path))
        let result = address.connect(raw)
        try #require(result == 0)
    }

    func send(_ text: String) throws { try socket.writeAll(Array(text.utf8), path: "client") }

    /// Reads `count` lines, or to the end.
    func lines(_ count: Int) async -> [String] {
        await withCheckedContinuation { continuation in
            let code = startThread(name: "client") { [socket] in
                var bytes: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 65_536)
                var found = 0
                while found < count {
                    let read = unsafe buffer.withUnsafeMutableBytes {
                        unsafe Glibc.read(socket.raw, $0.baseAddress, $0.count)
                    }
                    if read <= 0 { break }
                    bytes += buffer[..<read]
                    found += buffer[..<read].count { $0 == 0x0A }
                }
                let text = String(decoding: bytes, as: UTF8.self)
                continuation.resume(returning: text.split(separator: "\n").map(String.init))
            }
            precondition(code == nil, "no thread")
        }
    }

    func ask(_ message: some ControlMessage) throws {
        try socket.writeAll(try ControlCodec.encode(request: message), path: "client")
    }

    func request(_ message: some ControlMessage) async throws -> [String] {
        try ask(message)
        return await lines(1)
    }
}

@Suite struct ControlServerTests {
    /// Calls `body` with the path of a running server.
    private func serving(
        handlers: EchoHandlers = EchoHandlers(), clock: any DaemonClock = StillClock(),
        forGroup: Bool = false,
        _ body: @Sendable (String) async throws -> Void
    ) async throws {
        // The flooding client writes to a socket that the server closes.
        signal(SIGPIPE, SIG_IGN)
        let folder =
            FileManager.default.temporaryDirectory.path + "/pw-"
            + String(UInt64.random(in: 0 ... .max), radix: 36)
        let path = folder + "/control.sock"
        let poller = try Poller()
        let server = ControlServer(
            socket: try ControlSocket(path: path, forGroup: forGroup), forGroup: forGroup, handlers: handlers,
            poller: poller, clock: clock, log: .none)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await server.run() }
            try await body(path)
            group.cancelAll()
        }
        #expect(!FileManager.default.fileExists(atPath: path))
        poller.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    @Test func oneConnectionCarriesManyRequests() async throws {
        try await serving { path in
            let client = try RawClient(path)
            #expect(try await client.request(GetStatus()) == ["status"])
            #expect(try await client.request(ListDevices()) == ["devices"])
            #expect(
                try await client.request(ShowWebhook(name: "x")) == [
                    #"{"error":{"code":"not-found","hint":"","message":"no x"},"version":1}"#
                ])
            #expect(try await client.request(ListSIMs()) == ["sims"])
        }
    }

    @Test func requestsInOneWriteAreAnsweredInOrder() async throws {
        try await serving { path in
            let client = try RawClient(path)
            let lines =
                try ControlCodec.encode(request: GetStatus()) + ControlCodec.encode(request: ListDevices())
                + ControlCodec.encode(request: ListWebhooks())
            try client.send(String(decoding: lines, as: UTF8.self))
            #expect(await client.lines(3) == ["status", "devices", "webhooks"])
        }
    }

    @Test func aGarbageLineIsAnsweredAndTheConnectionGoesOn() async throws {
        try await serving { path in
            let client = try RawClient(path)
            for garbage in ["GET / HTTP/1.1\r\n", "\n", "{\"version\":1}\n", "\u{0}\u{FFFD}\n"] {
                try client.send(garbage)
                let answer = await client.lines(1)
                #expect(answer.first?.hasPrefix(#"{"error":{"code":"bad-request""#) == true)
            }
            #expect(try await client.request(GetStatus()) == ["status"])
        }
    }

    @Test func anOversizedLineEndsTheConnection() async throws {
        try await serving { path in
            let client = try RawClient(path)
            let socket = client.socket
            let code = startThread(name: "flood") {
                try? socket.writeAll(
                    [UInt8](repeating: 0x78, count: ControlLimits.requestBytesMax + 100_000), path: "flood")
            }
            #expect(code == nil)
            let answer = await client.lines(2)
            #expect(answer.count == 1)
            #expect(answer.first?.contains("a request line has at most 1048576 bytes") == true)
            let other = try RawClient(path)
            #expect(try await other.request(GetStatus()) == ["status"])
        }
    }

    @Test func anAnswerBeyondTheLimitIsRefusedAndOneOfTheLimitPasses() async throws {
        try await serving { path in
            let client = try RawClient(path)
            #expect(
                try await client.request(ListEvents(limit: 1)).first?.contains("ask for fewer rows")
                    == true)
            let whole = try await client.request(ListDeliveries(limit: 1))
            #expect(whole.first?.utf8.count == ControlLimits.replyBytesMax - 1)
        }
    }

    @Test func stalledClientsHoldNobodyUp() async throws {
        let handlers = EchoHandlers()
        try await serving(handlers: handlers) { path in
            // Half a request, nothing at all, an answer that nobody reads, a command that takes long.
            let half = try RawClient(path)
            try half.send("{\"version\":")
            let silent = try RawClient(path)
            let greedy = try RawClient(path)
            try greedy.ask(ListDeliveries(limit: 1))
            let slow = try RawClient(path)
            try slow.ask(TestWebhook(name: "w"))
            for _ in 0..<20 {
                let client = try RawClient(path)
                #expect(try await client.request(GetStatus()) == ["status"])
            }
            handlers.open.withLock { $0 = true }
            #expect(await slow.lines(1) == ["webhook.test"])
            try half.send("1,\"command\":\"status\"}\n")
            #expect(await half.lines(1) == ["status"])
            #expect(try await silent.request(ListDevices()) == ["devices"])
        }
    }

    @Test func silentAndGreedyClientsAreCutOffInTheEnd() async throws {
        let clock = MovedClock()
        try await serving(clock: clock) { path in
            let silent = try RawClient(path)
            let greedy = try RawClient(path)
            try greedy.ask(ListDeliveries(limit: 1))
            #expect(try await silent.request(GetStatus()) == ["status"])
            clock.move(by: ControlLimits.idleTimeout + .seconds(60))
            #expect(await silent.lines(1) == [])
            // What was sent before the cut can still be read: less than the whole answer.
            let rest = await greedy.lines(1)
            #expect((rest.first?.utf8.count ?? 0) < ControlLimits.replyBytesMax - 1)
        }
    }

    @Test func aClientThatWaitsForAPhoneIsNotCutOff() async throws {
        let clock = MovedClock()
        let handlers = EchoHandlers()
        try await serving(handlers: handlers, clock: clock) { path in
            let waiting = try RawClient(path)
            try waiting.ask(RunUSSD(device: "a", slot: 1, code: "*1#"))
            while handlers.arrived.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(2)) }
            let silent = try RawClient(path)
            #expect(try await silent.request(GetStatus()) == ["status"])
            clock.move(by: RunUSSD.replyTimeout)
            // Who only sits there is cut off: clients have been looked at.
            #expect(await silent.lines(1) == [])
            handlers.open.withLock { $0 = true }
            #expect(await waiting.lines(1) == ["ussd.run"])
        }
    }

    /// Waits until `count` calls are at the gate.
    private func arrival(of count: Int, at handlers: EchoHandlers) async throws {
        while handlers.arrived.withLock({ $0 }) < count { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test func aCallIsCancelledWhenItsClientLeaves() async throws {
        let handlers = EchoHandlers()
        try await serving(handlers: handlers) { path in
            let client = try RawClient(path)
            // A request that waits behind the first must not hide that the client has left.
            for _ in 1...2 { try client.ask(RunUSSD(device: "a", slot: 1, code: "*1#")) }
            try await arrival(of: 1, at: handlers)
            shutdown(client.socket.raw, Int32(SHUT_RDWR))
            while handlers.cancelled.withLock({ $0 }) == 0 { try await Task.sleep(for: .milliseconds(2)) }
            let other = try RawClient(path)
            #expect(try await other.request(GetStatus()) == ["status"])
            #expect(handlers.arrived.withLock { $0 } == 1)
            #expect(handlers.cancelled.withLock { $0 } == 1)
        }
    }

    /// It may have been dialled: the client must hear what came of it, not only that the connection ended.
    @Test func aCallStillHasItsReplyWhenTheDaemonStops() async throws {
        let handlers = EchoHandlers()
        let client = Mutex<RawClient?>(nil)
        try await serving(handlers: handlers) { path in
            let asking = try RawClient(path)
            client.withLock { $0 = asking }
            try asking.ask(RunUSSD(device: "a", slot: 1, code: "*1#"))
            try await arrival(of: 1, at: handlers)
        }
        #expect(handlers.cancelled.withLock { $0 } == 1)
        #expect(await client.withLock { $0 }?.lines(1) == ["ussd.run"])
    }

    /// A client that asks the next thing meanwhile, or that says that it asks nothing more, waits for its answers.
    @Test func aClientThatSaysSomethingOrEndsItsSideHasNotLeft() async throws {
        let handlers = EchoHandlers()
        try await serving(handlers: handlers) { path in
            let client = try RawClient(path)
            try client.ask(RunUSSD(device: "a", slot: 1, code: "*1#"))
            try await arrival(of: 1, at: handlers)
            try client.ask(GetStatus())
            shutdown(client.socket.raw, Int32(SHUT_WR))
            // The server has looked at sockets since then: it answers others.
            for _ in 1...3 {
                let other = try RawClient(path)
                #expect(try await other.request(GetStatus()) == ["status"])
            }
            #expect(handlers.cancelled.withLock { $0 } == 0)
            handlers.open.withLock { $0 = true }
            #expect(await client.lines(2) == ["ussd.run", "status"])
        }
    }

    @Test func oneClientTooManyIsToldSo() async throws {
        try await serving { path in
            var clients: [RawClient] = []
            for _ in 0..<ControlLimits.clientsMax {
                let client = try RawClient(path)
                #expect(try await client.request(GetStatus()) == ["status"])
                clients.append(client)
            }
            let answer = await (try RawClient(path)).lines(1)
            #expect(answer.first?.hasPrefix(#"{"error":{"code":"temporary""#) == true)
            clients.removeLast()
            // The server hears of the end a moment later.
            for _ in 0..<500 {
                let client = try RawClient(path)
                if try await client.request(GetStatus()) == ["status"] { return }
            }
            Issue.record("a place that became free is not given again")
        }
    }

    @Test func aStreamEndsWithItsClient() async throws {
        try await serving { path in
            do {
                let client = try RawClient(path)
                try client.ask(TailEvents(last: 0))
                #expect(await client.lines(3) == ["item 1", "item 2", "item 3"])
                // Saying something ends a stream as well.
                try client.send("\n")
                #expect(await client.lines(1) == [])
            }
            let other = try RawClient(path)
            #expect(try await other.request(GetStatus()) == ["status"])
        }
    }

    @Test func theSocketFileIsForItsUserOrItsGroup() async throws {
        for (forGroup, mode) in [(false, UInt32(0o600)), (true, 0o660)] {
            try await serving(forGroup: forGroup) { path in
                var status = stat()
                let result = unsafe stat(path, &status)
                #expect(result == 0)
                #expect(status.st_mode & 0o777 == mode)
            }
        }
    }

    @Test func whoMayControl() {
        #expect(ControlPeer(pid: 1, uid: 1000).mayControl(owner: 1000, forGroup: false))
        #expect(ControlPeer(pid: 1, uid: 0).mayControl(owner: 1000, forGroup: false))
        #expect(!ControlPeer(pid: 1, uid: 1001).mayControl(owner: 1000, forGroup: false))
        #expect(ControlPeer(pid: 1, uid: 1001).mayControl(owner: 1000, forGroup: true))
    }

    @Test func aSecondDaemonIsToldWhoIsThere() async throws {
        try await serving { path in
            #expect(throws: ControlSocket.Refusal.inUse(path: path)) {
                _ = try ControlSocket(path: path, forGroup: false)
            }
            let client = try RawClient(path)
            #expect(try await client.request(GetStatus()) == ["status"])
        }
    }

    @Test func whatAKilledDaemonLeftIsReplacedAndOtherFilesAreNot() throws {
        let folder =
            FileManager.default.temporaryDirectory.path + "/pw-"
            + String(UInt64.random(in: 0 ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/control.sock"
        do {
            _ = try ControlSocket(path: path, forGroup: false)  // closed without remove(), as by kill -9
        }
        #expect(FileManager.default.fileExists(atPath: path))
        _ = try ControlSocket(path: path, forGroup: false)

        let file = folder + "/precious"
        try Data("x".utf8).write(to: URL(filePath: file))
        #expect(throws: ControlSocket.Refusal.self) { _ = try ControlSocket(path: file, forGroup: false) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "x")
        let long = folder + "/" + String(repeating: "x", count: 120)
        #expect(throws: ControlSocket.Refusal.path(long, bytesMax: 107)) {
            _ = try ControlSocket(path: long, forGroup: false)
        }
    }
}
