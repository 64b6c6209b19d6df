import Base
import Control
import Glibc
import Platform
import Synchronization

/// One client: lines in, lines out, never blocking a thread.
final class ControlConnection: Sendable {
    /// What it is waiting for, and since when.
    private enum Phase {
        case request(since: Instant)
        case answer
        case writing(since: Instant)
    }

    /// Why reading ended.
    enum End: Error, Equatable {
        /// The client left, was cut off, or the daemon stops.
        case closed
        /// It sent a line beyond the limit.
        case lineTooLong
    }

    /// Bytes that one read takes at most.
    private static let readBytes = 16 * 1024

    private let socket: FileDescriptor
    private let poller: Poller
    private let clock: any DaemonClock
    private let phase: Mutex<Phase>
    private let decoder = Mutex(LineDecoder(limit: ControlLimits.requestBytesMax))

    /// A connection on `socket`, which is non-blocking.
    init(_ socket: FileDescriptor, poller: Poller, clock: any DaemonClock) {
        self.socket = socket
        self.poller = poller
        self.clock = clock
        phase = Mutex(.request(since: clock.now()))
    }

    /// The next request line.
    func line() async throws(End) -> [UInt8] {
        enter(.request(since: clock.now()))
        while true {
            do throws(LineDecoder.TooLong) {
                let line = try decoder.withLock { (decoder) throws(LineDecoder.TooLong) in try decoder.next()
                }
                if let line {
                    enter(.answer)
                    return line
                }
            } catch {
                throw .lineTooLong
            }
            guard let bytes = try read() else {
                try await wait(for: .readable)
                continue
            }
            decoder.withLock { $0.bytesReceived(bytes) }
        }
    }

    /// Sends all of `bytes`.
    func write(_ bytes: [UInt8]) async throws(End) {
        enter(.writing(since: clock.now()))
        defer { enter(.answer) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
                enter(.writing(since: clock.now()))
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: try await wait(for: .writable)
            default: throw .closed
            }
        }
    }

    /// Returns when the client has left or says something, or the task is cancelled: a stream ends there.
    func untilDisturbed() async { try? await poller.wait(socket.raw, for: .readable) }

    /// Returns when the client has left for good, or the task is cancelled. A further request that waits to be read, or a
    /// client that has only ended its own side to say that it asks nothing more, is not leaving.
    func untilLeft() async { try? await poller.wait(socket.raw, for: .hungUp) }

    /// Cuts the client off when it has been silent, or has not read its answer, for too long.
    func cutOffIfStuck(now: Instant) {
        let stuck = phase.withLock { phase in
            switch phase {
            case .answer: false
            case .request(let since): since.duration(to: now) > ControlLimits.idleTimeout
            case .writing(let since): since.duration(to: now) > ControlLimits.writeTimeout
            }
        }
        if stuck { poller.abandon(socket.raw) }
    }

    /// What was read; nil when nothing is there now.
    private func read() throws(End) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: Self.readBytes)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(socket.raw, $0.baseAddress, $0.count)
            }
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 { throw .closed }
            switch errno {
            case EINTR: continue
            case EAGAIN: return nil
            default: throw .closed
            }
        }
    }

    private func wait(for readiness: Readiness) async throws(End) {
        do throws(CancellationError) {
            try await poller.wait(socket.raw, for: readiness)
        } catch {
            throw .closed
        }
    }

    private func enter(_ new: Phase) { phase.withLock { $0 = new } }
}
