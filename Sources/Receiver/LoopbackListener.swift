import CLinux
import Glibc
import Platform

/// A listening socket on 127.0.0.1.
struct LoopbackListener: Sendable {
    let descriptor: FileDescriptor
    /// The port it got.
    let port: UInt16

    /// Listens; `port` 0 takes any free port.
    init(port: UInt16) throws(SystemError) {
        let name = "127.0.0.1:\(port)"
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let raw = socket(AF_INET, kind, 0)
        guard raw >= 0 else { throw SystemError("socket", detail: name) }
        let descriptor = FileDescriptor(owning: raw)
        var on: Int32 = 1
        unsafe setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(raw, $0, size) }
        }
        guard bound == 0 else { throw SystemError("bind", detail: name) }
        guard listen(raw, 128) == 0 else { throw SystemError("listen", detail: name) }
        let named = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(raw, $0, &size)
            }
        }
        guard named == 0 else { throw SystemError("getsockname", detail: name) }
        self.descriptor = descriptor
        self.port = UInt16(bigEndian: address.sin_port)
    }
}
