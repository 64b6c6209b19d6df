import CLinux
package import Control
import Glibc
import Platform

/// A connection to the daemon, used by one thread that may block.
package final class ControlClient {
    /// Bytes that one read takes at most.
    private static let readBytes = 64 * 1024

    private let socket: FileDescriptor
    private let path: String
    private var decoder = LineDecoder(limit: ControlLimits.replyBytesMax)

    /// Connects to the first socket of `paths` that lets us in.
    package init(paths: Paths) throws(CommandFailure) {
        var refused: String?
        for path in paths.sockets {
            switch try Self.connect(path) {
            case .connected(let socket):
                self.socket = socket
                self.path = path
                return
            case .noPermission: refused = refused ?? path
            case .nobody: continue
            }
        }
        if let refused {
            throw .failed(
                .noPermission, message: "\(refused): you may not use this socket",
                hint: "join its group (\"sudo adduser $USER phonewire\", then log in again), or use sudo")
        }
        guard let first = paths.sockets.first else {
            throw .failed(.usage, message: "HOME is not set", hint: "say where the daemon is: --socket PATH")
        }
        throw .failed(
            .notRunning, message: "no daemon answers at \(first)",
            hint: "start it: \"phonewire run\", or for the system service \"sudo systemctl start phonewire\"")
    }

    private enum Attempt {
        case connected(FileDescriptor)
        case noPermission
        case nobody
    }

    private static func connect(_ path: String) throws(CommandFailure) -> Attempt {
        guard var address = UnixAddress(path: path) else {
            let limit = UnixAddress.pathBytesMax
            throw .failed(
                .usage, message: "\(path): a socket path has 1 to \(limit) bytes",
                hint: "use a shorter --socket")
        }
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw failure(SystemError("socket", detail: path)) }
        let socket = FileDescriptor(owning: descriptor)
        while true {
            let result = address.connect(descriptor)
            if result == 0 { return .connected(socket) }
            let code = errno
            switch code {
            case EINTR: continue
            case ENOENT, ECONNREFUSED, ENOTDIR: return .nobody
            case EACCES, EPERM: return .noPermission
            default: throw failure(SystemError("connect", code: code, detail: path))
            }
        }
    }

    /// The daemon's reply to `call`, waited for as long as such a call may need.
    package func call<Call: ControlCall>(_ call: Call) throws(CommandFailure) -> Call.Reply {
        try send(call)
        return try decode(try line(timeout: Call.replyTimeout), as: Call.Reply.self)
    }

    /// Calls `body` with each item of `stream`, until `body` says false.
    package func follow<Stream: ControlStream>(
        _ stream: Stream, body: (Stream.Item) throws(CommandFailure) -> Bool
    ) throws(CommandFailure) {
        try send(stream)
        while try body(try decode(try line(timeout: nil), as: Stream.Item.self)) {}
    }

    private func send(_ message: some ControlMessage) throws(CommandFailure) {
        let bytes: [UInt8]
        do throws(ControlError) {
            bytes = try ControlCodec.encode(request: message)
        } catch {
            throw CommandFailure(error)
        }
        guard bytes.count <= ControlLimits.requestBytesMax else {
            throw .failed(.failed, message: "the request is too long", hint: "")
        }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                // The daemon may have answered before it closed (too many clients): read that first.
                if errno == EPIPE || errno == ECONNRESET { return }
                throw Self.failure(SystemError("send", detail: path))
            }
        }
    }

    private func line(timeout: Duration?) throws(CommandFailure) -> [UInt8] {
        let deadline = timeout.map { ContinuousClock.now.advanced(by: $0) }
        var buffer = [UInt8](repeating: 0, count: Self.readBytes)
        while true {
            do throws(LineDecoder.TooLong) {
                if let line = try decoder.next() { return line }
            } catch {
                throw .failed(
                    .failed, message: "the daemon's answer is too long", hint: "ask for less: --limit")
            }
            var entry = pollfd(fd: socket.raw, events: Int16(POLLIN), revents: 0)
            let left = deadline.map { ContinuousClock.now.duration(to: $0) }
            if let timeout, let left, left <= .zero {
                throw .failed(
                    .temporary, message: "the daemon has not answered for \(timeout)",
                    hint: "see its log: \"journalctl -u phonewire\"")
            }
            guard unsafe poll(&entry, 1, pollTimeout(left)) > 0 else { continue }
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe read(socket.raw, $0.baseAddress, $0.count)
            }
            if count > 0 {
                decoder.bytesReceived(buffer[..<count])
            } else if count == 0 {
                throw .failed(
                    .notRunning, message: "the daemon closed the connection",
                    hint: "it may have done what was asked before it stopped: look before you try again")
            } else if errno != EINTR {
                throw Self.failure(SystemError("read", detail: path))
            }
        }
    }

    private func decode<Value: Decodable & Sendable>(
        _ line: [UInt8], as type: Value.Type
    ) throws(CommandFailure) -> Value {
        do throws(ControlError) {
            return try ControlCodec.decodeReply(line, as: type)
        } catch {
            throw CommandFailure(error)
        }
    }

    private static func failure(_ error: SystemError) -> CommandFailure {
        .failed(.failed, message: "\(error)", hint: "")
    }
}
