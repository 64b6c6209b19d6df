import Base

/// Which URLs a webhook may have. Asked when one is added and again by the client before it sends.
///
/// Stricter than RFC 3986 where a URL that it allows would be a mistake or a secret in the open.
package enum URLRule {
    /// Longest URL, in bytes.
    package static let bytesMax = 2048
    /// Longest host name, in bytes (RFC 1035 section 2.3.4, without the length octets).
    package static let hostBytesMax = 253

    /// Accepts `url` by returning, refuses it by throwing what is wrong with it.
    package static func check(_ url: String) throws(URLRefusal) {
        let bytes = Array(url.utf8)
        if bytes.isEmpty { throw .empty }
        if bytes.count > bytesMax { throw .tooLong(bytes: bytes.count) }
        if bytes.contains(where: { $0 < UInt8(ascii: " ") || $0 == 0x7F }) { throw .controlCharacter }
        if bytes.contains(where: {
            $0 > UInt8(ascii: "~") || $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\\")
        }) {
            throw .unescaped
        }
        if bytes.contains(UInt8(ascii: "#")) { throw .fragment }
        let authority = try authority(of: bytes)
        if authority.contains(UInt8(ascii: "@")) { throw .userInformation }
        let (host, port) = try split(authority)
        if host.isEmpty { throw .noHost }
        if !isHost(host) { throw .host }
        if let port, !isPort(port) { throw .port }
    }

    private static func authority(of bytes: [UInt8]) throws(URLRefusal) -> ArraySlice<UInt8> {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { throw .scheme }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https" else { throw .scheme }
        let rest = bytes[(colon + 1)...]
        guard rest.starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")]) else { throw .scheme }
        return rest.dropFirst(2).prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    }

    private static func split(
        _ authority: ArraySlice<UInt8>
    ) throws(URLRefusal) -> (host: ArraySlice<UInt8>, port: ArraySlice<UInt8>?) {
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw .host }
            let after = authority[(end + 1)...]
            if after.isEmpty { return (authority[...end], nil) }
            guard after.first == UInt8(ascii: ":") else { throw .host }
            return (authority[...end], after.dropFirst())
        }
        guard let colon = authority.firstIndex(of: UInt8(ascii: ":")) else { return (authority, nil) }
        return (authority[..<colon], authority[(colon + 1)...])
    }

    private static func isHost(_ host: ArraySlice<UInt8>) -> Bool {
        if host.first == UInt8(ascii: "[") {
            let inside = host.dropFirst().dropLast()
            return inside.contains(UInt8(ascii: ":"))
                && inside.allSatisfy { $0.isHexDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        }
        guard host.count <= hostBytesMax, let first = host.first, (first.isLetter || first.isDigit) else {
            return false
        }
        return host.allSatisfy {
            ($0.isLetter || $0.isDigit) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
                || $0 == UInt8(ascii: "_")
        }
    }

    private static func isPort(_ port: ArraySlice<UInt8>) -> Bool {
        guard (1...5).contains(port.count), port.allSatisfy(\.isDigit)
        else { return false }
        return 1...65535 ~= (Int(String(decoding: port, as: UTF8.self)) ?? 0)
    }
}

/// Why a URL is refused.
package enum URLRefusal: Error, Sendable, Equatable {
    case empty
    case tooLong(bytes: Int)
    case controlCharacter
    case unescaped
    case fragment
    case scheme
    case userInformation
    case noHost
    case host
    case port

    /// One sentence for the user: what is wrong and what to do.
    package var sentence: String {
        switch self {
        case .empty: "The URL is empty: give one such as https://example.org/hook."
        case .tooLong(let bytes):
            "The URL is \(bytes) bytes long; at most \(URLRule.bytesMax) are accepted."
        case .controlCharacter:
            "The URL holds a control character, such as a line break: check how it was copied."
        case .unescaped:
            "The URL holds a space, a backslash or a letter outside ASCII: write it as %XX, a host name as xn--…."
        case .fragment:
            "The URL holds a #, and what follows a # is never sent: leave it out, or write it as %23."
        case .scheme: "The URL must begin with http:// or https://."
        case .userInformation:
            "The URL holds a user name or password before an @: leave it out, it would be stored and shown."
        case .noHost: "The URL names no host after http:// or https://."
        case .host: "The URL's host is neither a name, nor an IPv4 address, nor an IPv6 address in brackets."
        case .port: "The URL's port is not a number from 1 to 65535."
        }
    }
}
