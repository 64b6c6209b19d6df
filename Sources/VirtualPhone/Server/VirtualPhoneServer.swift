import CLinux
import Glibc
import Synchronization

/// A virtual phone on loopback TCP, for hosts in other processes: 127.0.0.1 only, no encryption.
///
/// One OS thread with poll(2) moves bytes between sockets and the phone's links. All sockets are opened and closed
/// under one lock, so `unplug`, `plug` and `stop` hold when they return. A descriptor that is closed while the
/// thread polls it is harmless: what poll says about it is looked up again under the lock.
package final class VirtualPhoneServer: Sendable {
    /// Most connections at a time; more wait in the kernel's queue.
    package static let connectionsMax = 16
    /// Bytes read from a socket at a time.
    static let readBytes = 64 << 10
    /// Bytes taken from the phone at a time, once all earlier ones are written.
    static let writeBytes = 256 << 10

    /// How long the listener rests when there are no descriptors, in milliseconds.
    static let restMilliseconds: Int32 = 100

    private struct Connection {
        let link: Int
        var out: [UInt8] = []
        var outStart = 0
        var left = false
    }
    private struct State {
        var listener: Int32?
        var connections: [Int32: Connection] = [:]
        var stopping = false
        /// The process is out of descriptors: the listener rests for a turn of `restMilliseconds`.
        var rests = false
    }

    /// The phone behind it.
    package let phone: VirtualPhone
    /// The port, the same after each `plug`.
    package let port: UInt16
    private let state: Mutex<State>
    private let wake: Int32

    /// Listens on 127.0.0.1; `port` 0 takes any free port. Runs until `stop`.
    package init(phone: VirtualPhone, port: UInt16 = 0) throws(VirtualServerError) {
        let listener = try LoopbackSocket.listen(port: port)
        let wake = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wake >= 0 else {
            close(listener.descriptor)
            throw VirtualServerError("eventfd")
        }
        self.phone = phone
        self.port = listener.port
        self.wake = wake
        state = Mutex(State(listener: listener.descriptor))
        guard OwnThread.start(name: "pw-virtual", { [self] in run() }) else {
            throw VirtualServerError("pthread_create")
        }
    }

    deinit { close(wake) }

    /// `host:port` for an ADB host.
    package var address: String { "127.0.0.1:\(port)" }

    /// Closes the port and all connections, as pulling the cable does.
    package func unplug() {
        state.withLock { closeAll(&$0) }
        wakeUp()
    }

    /// Listens again on the same port; does nothing while it listens.
    package func plug() throws(VirtualServerError) {
        let problem: VirtualServerError? = state.withLock { state in
            guard state.listener == nil, !state.stopping else { return nil }
            do throws(VirtualServerError) {
                state.listener = try LoopbackSocket.listen(port: port).descriptor
                return nil
            } catch {
                return error
            }
        }
        wakeUp()
        if let problem { throw problem }
    }

    /// Closes everything and ends the thread.
    package func stop() {
        state.withLock { state in
            closeAll(&state)
            state.stopping = true
        }
        wakeUp()
    }

    private func wakeUp() { _ = eventfd_write(wake, 1) }

    private func closeAll(_ state: inout State) {
        if let listener = state.listener { hangUp(listener) }
        state.listener = nil
        for (descriptor, connection) in state.connections {
            phone.endLink(connection.link)
            hangUp(descriptor)
        }
        state.connections = [:]
    }

    /// A poll that is under way keeps a closed socket alive until it returns: shut down, it is dead at once.
    private func hangUp(_ descriptor: Int32) {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func run() {
        var buffer = [UInt8](repeating: 0, count: Self.readBytes)
        while true {
            let turn: (entries: [pollfd], timeout: Int32)? = state.withLock { state in
                state.stopping ? nil : (pollEntries(state), state.rests ? Self.restMilliseconds : -1)
            }
            guard let turn else { return }
            var entries = turn.entries
            _ = unsafe poll(&entries, nfds_t(entries.count), turn.timeout)
            var count: eventfd_t = 0
            _ = unsafe eventfd_read(wake, &count)
            state.withLock { state in
                acceptAll(&state)
                for entry in entries where entry.revents != 0 { read(entry.fd, &buffer, &state) }
                for descriptor in state.connections.keys.sorted() { write(descriptor, &state) }
            }
        }
    }

    private func pollEntries(_ state: State) -> [pollfd] {
        var entries = [pollfd(fd: wake, events: Int16(POLLIN), revents: 0)]
        if let listener = state.listener, state.connections.count < Self.connectionsMax, !state.rests {
            entries.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
        }
        for (descriptor, connection) in state.connections {
            // A host that does not take its bytes is not listened to either.
            let waits = connection.outStart < connection.out.count
            entries.append(pollfd(fd: descriptor, events: Int16(waits ? POLLOUT : POLLIN), revents: 0))
        }
        return entries
    }

    private func acceptAll(_ state: inout State) {
        guard let listener = state.listener else { return }
        state.rests = false
        while state.connections.count < Self.connectionsMax {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else {
                state.rests = [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno)
                return
            }
            LoopbackSocket.prepare(descriptor)
            // The phone calls this without its lock, on any thread. Weak, because phones outlive their servers.
            let link = phone.openLink { [weak self] in self?.wakeUp() }
            state.connections[descriptor] = Connection(link: link)
        }
    }

    private func read(_ descriptor: Int32, _ buffer: inout [UInt8], _ state: inout State) {
        guard let connection = state.connections[descriptor], connection.outStart == connection.out.count,
            !connection.left
        else { return }
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        if count > 0 {
            if !phone.feed(connection.link, Array(buffer[..<count])) {
                state.connections[descriptor]?.left = true
            }
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            end(descriptor, &state)
        }
    }

    private func write(_ descriptor: Int32, _ state: inout State) {
        // Taken out while it changes, so that its buffer is not copied.
        guard var connection = state.connections.removeValue(forKey: descriptor) else { return }
        while true {
            if connection.outStart == connection.out.count {
                connection.outStart = 0
                connection.out = phone.bytesForHost(connection.link, max: Self.writeBytes) ?? []
                if connection.out.isEmpty { break }
            }
            let rest = connection.out[connection.outStart...]
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if errno != EAGAIN && errno != EINTR { connection.left = true }
                break
            }
            connection.outStart += count
        }
        state.connections[descriptor] = connection
        let isWritten = connection.outStart == connection.out.count
        if connection.left || (isWritten && !phone.isLinked(connection.link)) { end(descriptor, &state) }
    }

    private func end(_ descriptor: Int32, _ state: inout State) {
        guard let connection = state.connections.removeValue(forKey: descriptor) else { return }
        phone.endLink(connection.link)
        close(descriptor)
    }
}

/// A system call that failed for a virtual phone's TCP port.
package struct VirtualServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call.
    package let operation: String
    /// `errno`.
    package let code: Int32

    init(_ operation: String, code: Int32 = errno) {
        self.operation = operation
        self.code = code
    }

    package var description: String {
        let words = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return "virtual phone: \(operation): \(words)"
    }
}
