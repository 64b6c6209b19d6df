import Glibc

/// This machine's name.
package enum HostName {
    /// The name, cut to 64 bytes; `localhost` when there is none.
    package static func current() -> String {
        var buffer = [CChar](repeating: 0, count: 65)
        guard unsafe gethostname(&buffer, 64) == 0 else { return "localhost" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "localhost" : String(decoding: bytes, as: UTF8.self)
    }
}
