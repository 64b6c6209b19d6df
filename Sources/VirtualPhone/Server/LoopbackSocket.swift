import CLinux
import Glibc

/// Sockets on 127.0.0.1.
enum LoopbackSocket {
    /// A listening socket; `port` 0 takes any free port.
    static func listen(port: UInt16) throws(VirtualServerError) -> (descriptor: Int32, port: UInt16) {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw VirtualServerError("socket") }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size)
            }
        }
        let failed =
            bound != 0 ? "bind 127.0.0.1:\(port)" : Glibc.listen(descriptor, 16) != 0 ? "listen" : nil
        if let failed {
            let error = VirtualServerError(failed)
            close(descriptor)
            throw error
        }
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &size)
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// An accepted socket: no blocking, no waiting for more bytes before sending.
    static func prepare(_ descriptor: Int32) {
        let flags = phonewire_fcntl_get(descriptor, F_GETFL)
        _ = phonewire_fcntl_set(descriptor, F_SETFL, flags | O_NONBLOCK)
        _ = phonewire_fcntl_set(descriptor, F_SETFD, FD_CLOEXEC)
        var on: Int32 = 1
        unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}

/// Threads of this target's own; it shares nothing with the product's.
enum OwnThread {
    private final class Box: Sendable {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Runs `body` on a new, detached thread; false when there is none to be had.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        // Retained here, taken back once: by the thread, or below when there is no thread.
        let box = unsafe Unmanaged.passRetained(Box(name: name, body: body))
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var identifier = pthread_t()
        let code = unsafe pthread_create(
            &identifier, &attributes,
            { argument in
                if let argument = unsafe argument {
                    let box = unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue()
                    unsafe phonewire_name_thread(box.name)
                    box.body()
                }
                return nil
            }, box.toOpaque())
        unsafe pthread_attr_destroy(&attributes)
        if code != 0 { unsafe box.release() }
        return code == 0
    }
}
