import Glibc

/// A numeric IP address and a port. Names are not looked up: a lookup can block for many seconds.
package struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// As people write it: `127.0.0.1:5555`, `[::1]:5555`.
    package let description: String
    /// Whether it is an IPv6 address.
    package let isIPv6: Bool
    private let bytes: [UInt8]

    /// Reads `HOST:PORT`, the host numeric or `localhost`, an IPv6 host in brackets; without a port it is
    /// `defaultPort`. Nil when it is none of these.
    package init?(_ text: String, defaultPort: UInt16 = 5555) {
        // A NUL would end the text early for C; Swift reads a port with a plus sign.
        guard !text.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "+") }) else { return nil }
        var host = text
        var port = defaultPort
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = String(text[text.index(after: text.startIndex)..<end])
            let rest = text[text.index(after: end)...]
            if !rest.isEmpty {
                guard rest.hasPrefix(":"), let number = UInt16(rest.dropFirst()) else { return nil }
                port = number
            }
        } else if let colon = text.firstIndex(of: ":"), text.firstIndex(of: ":") == text.lastIndex(of: ":") {
            guard let number = UInt16(text[text.index(after: colon)...]) else { return nil }
            host = String(text[..<colon])
            port = number
        }
        if host == "localhost" { host = "127.0.0.1" }
        guard port != 0 else { return nil }
        var four = sockaddr_in()
        var six = sockaddr_in6()
        if unsafe inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            bytes = unsafe withUnsafeBytes(of: four) { unsafe Array($0) }
            isIPv6 = false
            description = "\(host):\(port)"
        } else if unsafe inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            bytes = unsafe withUnsafeBytes(of: six) { unsafe Array($0) }
            isIPv6 = true
            description = "[\(host)]:\(port)"
        } else {
            return nil
        }
    }

    /// connect(2): 0, or -1 and `errno`.
    package func connect(_ descriptor: Int32) -> Int32 {
        var storage = sockaddr_storage()
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyBytes(from: bytes) }
        return unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(bytes.count))
            }
        }
    }
}
