import CLinux
import Glibc

/// An open descriptor that is closed with its owner.
package final class FileDescriptor: Sendable {
    /// The number.
    package let raw: Int32

    /// Takes `raw` over; it is closed when this object goes.
    package init(owning raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// Opens `path`; `O_CLOEXEC` is always set.
    package static func open(_ path: String, flags: Int32, mode: UInt32 = 0o600) throws(SystemError)
        -> FileDescriptor
    {
        let raw = unsafe phonewire_open(path, flags | O_CLOEXEC, mode)
        guard raw >= 0 else { throw SystemError("open", detail: path) }
        return FileDescriptor(owning: raw)
    }

    /// Switches blocking off.
    package func setNonblocking() throws(SystemError) {
        let flags = phonewire_fcntl_get(raw, F_GETFL)
        guard flags >= 0, phonewire_fcntl_set(raw, F_SETFL, flags | O_NONBLOCK) == 0 else {
            throw SystemError("fcntl", detail: "descriptor \(raw)")
        }
    }

    /// Writes all of `bytes`, for files and pipes that may block.
    package func writeAll(_ bytes: [UInt8], path: String) throws(SystemError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(raw, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("write", detail: path)
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads to the end, at most `limit` bytes; what is longer is an error.
    package func readAll(limit: Int, path: String) throws(SystemError) -> [UInt8] {
        var out: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(raw, $0.baseAddress, $0.count) }
            if count == 0 { return out }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError("read", detail: path)
            }
            out.append(contentsOf: buffer[..<count])
            if out.count > limit { throw SystemError("read", code: EFBIG, detail: path) }
        }
    }
}
