import CLinux
import Glibc
package import Platform

/// The listening UNIX socket: made so that nobody else can use it even for a moment.
package final class ControlSocket: Sendable {
    /// Why there is no socket.
    package enum Refusal: Error, Sendable, Equatable {
        /// Another daemon answers there.
        case inUse(path: String)
        /// A path that no UNIX socket can have.
        case path(String, bytesMax: Int)
        /// The system refused.
        case system(SystemError)

        /// What happened and what to do.
        package var sentence: String {
            switch self {
            case .inUse(let path):
                "another daemon already listens on \(path): stop it, or choose another --socket"
            case .path(let path, let bytesMax):
                "\(path): a socket path has 1 to \(bytesMax) bytes: choose a shorter --socket"
            case .system(let error):
                "the control socket cannot be made: \(error); choose another --socket or give access to its folder"
            }
        }
    }

    /// The listening descriptor, non-blocking.
    let listener: FileDescriptor
    /// Where it is.
    package let path: String
    private let inode: UInt64

    /// Listens on `path`. With `forGroup` the socket file gets mode 0660, else 0600. A socket file that a killed
    /// daemon left is replaced.
    package init(path: String, forGroup: Bool) throws(Refusal) {
        guard var address = UnixAddress(path: path), path.hasPrefix("/") || path.hasPrefix(".") else {
            throw .path(path, bytesMax: UnixAddress.pathBytesMax)
        }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        do throws(SystemError) {
            if !folder.isEmpty { try SyncedFile.makeFolder(folder, mode: forGroup ? 0o755 : 0o700) }
            let attempt = try Self.socket(path)
            if address.connect(attempt.raw) == 0 {
                throw SystemError("bind", code: EADDRINUSE, detail: path)
            }
            // Only a socket that nobody listens on is removed, never another kind of file: connecting to one is
            // refused as well.
            if errno == ECONNREFUSED, Self.status(path)?.socket == true, unsafe unlink(path) != 0 {
                throw SystemError("unlink", detail: path)
            }
            let listener = try Self.socket(path)
            // Linux gives the new file the mode of the socket's own inode: it is never open wider than this.
            guard fchmod(listener.raw, 0o600) == 0 else { throw SystemError("fchmod", detail: path) }
            guard address.bind(listener.raw) == 0 else {
                throw SystemError("bind", detail: path)
            }
            guard unsafe chmod(path, forGroup ? 0o660 : 0o600) == 0 else {
                throw SystemError("chmod", detail: path)
            }
            guard listen(listener.raw, 16) == 0 else { throw SystemError("listen", detail: path) }
            try listener.setNonblocking()
            self.listener = listener
        } catch {
            let isInUse = error.code == EADDRINUSE && Self.status(path)?.socket == true
            throw isInUse ? .inUse(path: path) : .system(error)
        }
        self.path = path
        inode = Self.status(path)?.inode ?? 0
    }

    /// Removes the socket file, unless it is somebody else's by now.
    package func remove() {
        if inode != 0, Self.status(path)?.inode == inode { unsafe unlink(path) }
    }

    /// The next client that waits; nil when there is none.
    func accept() throws(SystemError) -> FileDescriptor? {
        while true {
            let raw = Glibc.accept(listener.raw, nil, nil)
            if raw >= 0 {
                let client = FileDescriptor(owning: raw)
                _ = phonewire_fcntl_set(raw, F_SETFD, FD_CLOEXEC)
                try client.setNonblocking()
                return client
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EAGAIN: return nil
            default: throw SystemError("accept", detail: path)
            }
        }
    }

    private static func socket(_ path: String) throws(SystemError) -> FileDescriptor {
        let raw = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError("socket", detail: path) }
        return FileDescriptor(owning: raw)
    }

    /// The inode at `path` and whether it is a socket; nil when there is nothing.
    private static func status(_ path: String) -> (inode: UInt64, socket: Bool)? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return (UInt64(status.st_ino), status.st_mode & S_IFMT == S_IFSOCK)
    }
}
