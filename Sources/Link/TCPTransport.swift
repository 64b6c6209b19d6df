package import ADB
package import Base
import CLinux
import Glibc
package import Platform

/// ADB over TCP: a phone in `adb tcpip` mode, or a virtual phone on loopback. Clear text: for loopback and trusted
/// wires only.
package actor TCPTransport: Transport {
    /// Time for the TCP connection.
    package static let connectTimeout = Duration.seconds(10)
    /// Time in which a peer must take something of what we send.
    package static let sendTimeout = Duration.seconds(5)
    /// Most bytes taken by one read.
    private static let readBytesMax = 64 * 1024
    /// Room for a read however little is wanted.
    private static let readBytesMin = 4 * 1024

    package nonisolated let framing = TransportFraming.stream
    private let socket: FileDescriptor
    private let poller: Poller
    private let clock: any DaemonClock
    private var isClosed = false

    private init(socket: FileDescriptor, poller: Poller, clock: any DaemonClock) {
        self.socket = socket
        self.poller = poller
        self.clock = clock
    }

    /// Connects to `address`: a numeric host and a port (`192.168.1.20:5555`, `[fe80::1]:5555`), or `localhost`.
    package static func connect(_ address: SocketAddress, poller: Poller, clock: any DaemonClock)
        async throws(TransportError) -> TCPTransport
    {
        let socket = try open(address)
        let connected = await withTimeLimit(connectTimeout, clock: clock) {
            (try? await poller.wait(socket.raw, for: .writable)) != nil
        }
        guard connected == true else { throw .timedOut(operation: "connect") }
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(socket.raw, SOL_SOCKET, SO_ERROR, &code, &length)
        guard code == 0 else {
            throw .failed(
                operation: "connect", detail: SystemError("connect", code: code, detail: "").description)
        }
        return TCPTransport(socket: socket, poller: poller, clock: clock)
    }

    private static func open(_ address: SocketAddress) throws(TransportError) -> FileDescriptor {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let raw = Glibc.socket(
            family,
            Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard raw >= 0 else {
            throw .failed(operation: "socket", detail: SystemError("socket", detail: "").description)
        }
        let socket = FileDescriptor(owning: raw)
        for (level, option, value) in [
            (Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1)), (SOL_SOCKET, SO_KEEPALIVE, 1),
            (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 1), (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 1),
            (Int32(IPPROTO_TCP), TCP_KEEPCNT, 10),
        ] {
            var value = value
            unsafe setsockopt(raw, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
        }
        let result = address.connect(raw)
        if result != 0, errno != EINPROGRESS {
            throw .failed(operation: "connect", detail: SystemError("connect", detail: "").description)
        }
        return socket
    }

    package func receive(wanted: Int) async throws(TransportError) -> [UInt8] {
        let size = min(max(wanted, Self.readBytesMin), Self.readBytesMax)
        while true {
            guard !isClosed else { throw .closed }
            var buffer = [UInt8](repeating: 0, count: size)
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe recv(socket.raw, $0.baseAddress, $0.count, 0)
            }
            if count > 0 {
                buffer.removeLast(size - count)
                return buffer
            }
            if count == 0 { throw .ended }
            guard errno == EAGAIN || errno == EINTR else { throw .ended }
            do throws(CancellationError) {
                try await poller.wait(socket.raw, for: .readable)
            } catch {
                throw .closed
            }
        }
    }

    package func send(header: [UInt8], payload: [UInt8]) async throws(TransportError) {
        var rest = (header + payload)[...]
        while !rest.isEmpty {
            guard !isClosed else { throw .closed }
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            guard errno == EAGAIN || errno == EINTR else { throw .ended }
            let poller = poller
            let raw = socket.raw
            let ready = await withTimeLimit(Self.sendTimeout, clock: clock) {
                (try? await poller.wait(raw, for: .writable)) != nil
            }
            guard ready != nil else { throw .timedOut(operation: "send") }
        }
    }

    package func close() {
        guard !isClosed else { return }
        isClosed = true
        // The descriptor itself goes with the last reference; a reader that is about to wait again sees isClosed.
        shutdown(socket.raw, Int32(SHUT_RDWR))
        poller.abandon(socket.raw)
    }
}
