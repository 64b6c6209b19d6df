import Glibc
package import Platform
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1 for receiving webhooks: `listen`, the demo, and tests.
///
/// One OS thread with poll(2) runs all connections and calls the handler; a handler must not block, replies that
/// take time are `ReceiverReply.after`.
package final class ReceiverServer: Sendable {
    /// Called on the server's thread with each whole request, in the order in which they became whole.
    package typealias Handler = @Sendable (ReceivedRequest) -> ReceiverReply

    /// The port it listens on.
    package let port: UInt16
    /// The socket, until the thread takes it.
    private let listening: Mutex<LoopbackListener?>
    private let wake: EventWake
    private let finished: EventWake
    private let stopping = Atomic<Bool>(false)

    /// Listens on 127.0.0.1; `port` 0 takes any free port.
    package init(port: UInt16 = 0, limits: ReceiverLimits = ReceiverLimits(), handler: @escaping Handler)
        throws(SystemError)
    {
        let listener = try LoopbackListener(port: port)
        self.port = listener.port
        wake = try EventWake()
        finished = try EventWake()
        listening = Mutex(listener)
        let code = startThread(name: "pw-receiver") { [self] in
            serve(limits: limits, handler: handler)
            finished.wakeUp()
        }
        if let code { throw SystemError("pthread_create", code: code, detail: "pw-receiver") }
    }

    /// All sockets live in this call, so that they are closed when it returns.
    private func serve(limits: ReceiverLimits, handler: @escaping Handler) {
        guard let listener = listening.withLock({ $0.take() }) else { return }
        var loop = ReceiverLoop(listener: listener, limits: limits, handler: handler)
        while !stopping.load(ordering: .acquiring) { loop.turn(wake: wake) }
        loop.closeAll()
    }

    /// `http://127.0.0.1:PORT` and `path`.
    package func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Closes the port and all connections, and returns when that is done. Not to be called by the handler.
    package func stop() {
        guard !stopping.exchange(true, ordering: .acquiringAndReleasing) else { return }
        wake.wakeUp()
        var entry = pollfd(fd: finished.descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&entry, 1, -1) < 0, errno == EINTR { continue }
    }
}
