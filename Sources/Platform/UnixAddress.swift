import Glibc

/// The address of a UNIX socket; a leading `@` names an abstract one, as systemd writes it.
package struct UnixAddress {
    /// Longest path in bytes, as `sun_path` has it, the closing NUL not counted.
    package static let pathBytesMax = 107

    private var address = sockaddr_un()
    private let length: socklen_t

    /// The address `path`; nil when it is longer than `pathBytesMax` or empty.
    package init?(path: String) {
        var bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.pathBytesMax else { return nil }
        let abstract = bytes[0] == UInt8(ascii: "@")
        if abstract { bytes[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        length = socklen_t(2 + bytes.count + (abstract ? 0 : 1))
    }

    /// connect(2): 0, or -1 and `errno`.
    package mutating func connect(_ descriptor: Int32) -> Int32 {
        unsafe withPointer { unsafe Glibc.connect(descriptor, $0, $1) }
    }

    /// bind(2): 0, or -1 and `errno`.
    package mutating func bind(_ descriptor: Int32) -> Int32 {
        unsafe withPointer { unsafe Glibc.bind(descriptor, $0, $1) }
    }

    /// sendto(2) of one datagram: the bytes sent, or -1 and `errno`.
    package mutating func send(_ bytes: [UInt8], on descriptor: Int32) -> Int {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe withPointer { address, length in
                unsafe sendto(
                    descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), address, length)
            }
        }
    }

    private mutating func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result)
        -> Result
    {
        let length = length
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }
}
