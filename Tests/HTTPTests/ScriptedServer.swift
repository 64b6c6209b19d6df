import Glibc
import Platform
import Synchronization

/// A server on loopback that misbehaves as told: for what no well-made receiver does.
final class ScriptedServer: Sendable {
    /// What it does with a request once it has read it whole.
    enum Step: Sendable {
        case send([UInt8])
        /// Sends the bytes again and again until the peer is gone.
        case sendForever([UInt8])
        case close
        /// Waits for the peer to go.
        case hang

        static func send(_ text: String) -> Step { .send(Array(text.utf8)) }
    }

    struct Seen: Sendable {
        var connections = 0
        var requests: [String] = []
    }

    let port: UInt16
    private let listener: FileDescriptor
    private let seen = Mutex(Seen())
    private let greeting: [UInt8]
    private let script: @Sendable (_ request: Int) -> [Step]

    /// Listens on a free port; `script` says what to do with the n-th request, counted from 1. A script that does not
    /// end in `close` or `hang` keeps the connection for another request.
    /// The `greeting` is sent at once, before any request.
    init(greeting: String = "", _ script: @escaping @Sendable (_ request: Int) -> [Step]) throws {
        self.greeting = Array(greeting.utf8)
        self.script = script
        let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        listener = FileDescriptor(owning: raw)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(raw, $0, size) == 0 && listen(raw, 16) == 0 && getsockname(raw, $0, &size) == 0
            }
        }
        guard bound else { throw SystemError("bind", detail: "loopback") }
        port = UInt16(bigEndian: address.sin_port)
        if let code = startThread(name: "scripted", { [self] in acceptAll() }) {
            throw SystemError("pthread_create", code: code, detail: "scripted")
        }
    }

    /// Counts so far.
    var counts: Seen { seen.withLock { $0 } }

    /// Ends `accept` and with it the listening thread.
    func stop() { shutdown(listener.raw, Int32(SHUT_RDWR)) }

    private func acceptAll() {
        while true {
            let raw = accept(listener.raw, nil, nil)
            if raw < 0 { return }
            let connection = FileDescriptor(owning: raw)
            seen.withLock { $0.connections += 1 }
            _ = startThread(name: "scripted") { [self] in serve(connection) }
        }
    }

    private func serve(_ connection: FileDescriptor) {
        guard transmit(greeting, on: connection) else { return }
        while let request = readRequest(connection) {
            let number = seen.withLock { seen in
                seen.requests.append(request)
                return seen.requests.count
            }
            for step in script(number) where !perform(step, on: connection) { return }
        }
    }

    /// False when the connection is at its end.
    private func perform(_ step: Step, on connection: FileDescriptor) -> Bool {
        switch step {
        case .send(let bytes): return transmit(bytes, on: connection)
        case .sendForever(let bytes):
            while transmit(bytes, on: connection) {}
            return false
        case .close: return false
        case .hang:
            var byte: UInt8 = 0
            while unsafe recv(connection.raw, &byte, 1, 0) > 0 {}
            return false
        }
    }

    private func transmit(_ bytes: [UInt8], on connection: FileDescriptor) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(connection.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Head and body as text; nil when the peer has closed.
    private func readRequest(_ connection: FileDescriptor) -> String? {
        var bytes: [UInt8] = []
        var total: Int?
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            if total == nil, let head = Self.headEnd(bytes) {
                total = head + Self.contentLength(String(decoding: bytes[..<head], as: UTF8.self))
            }
            if let total, bytes.count >= total { return String(decoding: bytes, as: UTF8.self) }
            let count = unsafe recv(connection.raw, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            bytes += buffer[..<count]
        }
    }

    /// Where the body begins.
    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for start in 0...(bytes.count - 4) where bytes[start..<(start + 4)].elementsEqual([13, 10, 13, 10]) {
            return start + 4
        }
        return nil
    }

    private static func contentLength(_ head: String) -> Int {
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        return line.flatMap { Int($0.dropFirst(15).filter { $0 != " " }) } ?? 0
    }
}
