import CLinux
import Glibc
import Platform

/// The receiver's thread: sockets, poll(2), the clock. Decides nothing: `ReceiverConnection` does.
struct ReceiverLoop {
    /// How long the listener rests when there are no descriptors, in milliseconds.
    static let restMilliseconds: Int32 = 100

    private let listener: LoopbackListener
    private let limits: ReceiverLimits
    private let handler: ReceiverServer.Handler
    private var connections: [Int32: ReceiverConnection] = [:]
    private var sockets: [Int32: FileDescriptor] = [:]
    private var connectionCount = 0
    /// The process is out of descriptors: the listener rests for a turn of `restMilliseconds`.
    private var rests = false
    private var requestCount = 0
    private var readBuffer = [UInt8](repeating: 0, count: 64 << 10)

    init(listener: LoopbackListener, limits: ReceiverLimits, handler: @escaping ReceiverServer.Handler) {
        self.listener = listener
        self.limits = limits
        self.handler = handler
    }

    /// Waits once and does what there is to do.
    mutating func turn(wake: EventWake) {
        var entries = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
        let accepts = connections.count < limits.connectionsMax && !rests
        entries.append(pollfd(fd: listener.descriptor.raw, events: accepts ? Int16(POLLIN) : 0, revents: 0))
        for (descriptor, connection) in connections {
            var events: Int16 = 0
            if connection.wantsRead { events |= Int16(POLLIN) }
            if connection.wantsWrite { events |= Int16(POLLOUT) }
            entries.append(pollfd(fd: descriptor, events: events, revents: 0))
        }
        _ = unsafe poll(&entries, nfds_t(entries.count), timeout())
        if entries[0].revents != 0 { wake.drain() }
        if entries[1].revents != 0 || rests { accept() }
        for entry in entries.dropFirst(2) { service(entry) }
    }

    /// Closes all connections and refuses new ones; the listener itself goes with its owner.
    mutating func closeAll() {
        shutdown(listener.descriptor.raw, Int32(SHUT_RDWR))
        connections = [:]
        sockets = [:]
    }

    /// Milliseconds until the next connection wants the time, rounded up; -1 for ever.
    private func timeout() -> Int32 {
        if rests { return Self.restMilliseconds }
        guard let first = connections.values.compactMap(\.wakeTime).min() else { return -1 }
        let left = first - Self.now()
        guard left > .zero else { return 0 }
        let milliseconds =
            left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
        return Int32(min(milliseconds + 1, 60_000))
    }

    private mutating func accept() {
        rests = false
        while connections.count < limits.connectionsMax {
            let raw = Glibc.accept(listener.descriptor.raw, nil, nil)
            guard raw >= 0 else {
                rests = [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno)
                return
            }
            let socket = FileDescriptor(owning: raw)
            do { try socket.setNonblocking() } catch { continue }
            var on: Int32 = 1
            unsafe setsockopt(raw, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            connectionCount += 1
            sockets[raw] = socket
            connections[raw] = ReceiverConnection(number: connectionCount, limits: limits, now: Self.now())
        }
    }

    private mutating func service(_ entry: pollfd) {
        // The connection is taken out while it works, so that its buffers are changed in place.
        guard var connection = connections.removeValue(forKey: entry.fd) else { return }
        let now = Self.now()
        var broken = false
        if connection.wantsRead, entry.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
            broken = !read(entry.fd, into: &connection, now: now)
        } else if entry.revents & Int16(POLLERR | POLLHUP) != 0 {
            // Both directions are gone: nobody is left to answer.
            broken = true
        }
        while !broken {
            let verdict = connection.advance(now: now) { request in answer(&request) }
            switch verdict {
            case .keep: break
            case .finishWriting: shutdown(entry.fd, Int32(SHUT_WR))
            case .close: broken = true
            case .reset:
                var linger = linger(l_onoff: 1, l_linger: 0)
                unsafe setsockopt(
                    entry.fd, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
                broken = true
            }
            guard !broken, !connection.output.isEmpty else { break }
            let written = write(connection.output, to: entry.fd)
            guard written >= 0 else {
                broken = true
                break
            }
            connection.wrote(written, now: now)
            if !connection.output.isEmpty { break }
            if connection.isEndless { break }
        }
        if broken {
            sockets[entry.fd] = nil
        } else {
            connections[entry.fd] = connection
        }
    }

    /// Reads what is there; false when the connection is broken.
    private mutating func read(_ descriptor: Int32, into connection: inout ReceiverConnection, now: Duration)
        -> Bool
    {
        let count = unsafe readBuffer.withUnsafeMutableBytes { buffer in
            unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        }
        if count > 0 {
            connection.received(readBuffer[..<count], now: now)
        } else if count == 0 {
            connection.peerEnded()
        } else if errno != EAGAIN && errno != EINTR {
            return false
        }
        return true
    }

    /// Bytes written, 0 when the socket is full, -1 when it is broken.
    private func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int {
        let count = unsafe bytes.withUnsafeBytes { buffer in
            unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        return errno == EAGAIN || errno == EINTR ? 0 : -1
    }

    private mutating func answer(_ request: inout ReceivedRequest) -> ReceiverReply {
        requestCount += 1
        request.number = requestCount
        request.arrivedMicroseconds = Self.microsecondsSince1970()
        return handler(request)
    }

    private static func now() -> Duration {
        let time = reading(CLOCK_MONOTONIC)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    private static func microsecondsSince1970() -> Int64 {
        let time = reading(CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    private static func reading(_ clock: clockid_t) -> timespec {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time
    }
}
