import Base

/// The lines of a request's head (RFC 9112 sections 3 to 6).
enum RequestLine {
    /// How a request says where its body ends.
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// `METHOD SP target SP HTTP/1.x`.
    static func read(_ line: [UInt8]) throws(RequestError) -> ReceivedRequest {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(isTokenByte), !parts[1].isEmpty,
            parts[1].allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw RequestError(400, "the first line is not a request") }
        let version = String(decoding: parts[2], as: UTF8.self)
        guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
            let known = version.hasPrefix("HTTP/") && version.utf8.count == 8
            throw RequestError(known ? 505 : 400, "neither HTTP/1.0 nor HTTP/1.1")
        }
        return ReceivedRequest(
            method: String(decoding: parts[0], as: UTF8.self),
            target: String(decoding: parts[1], as: UTF8.self),
            minorVersion: version == "HTTP/1.1" ? 1 : 0, fields: [], body: [])
    }

    /// `name: value`.
    static func field(_ line: [UInt8]) throws(RequestError) -> ReceivedField {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy(isTokenByte)
        else {
            throw RequestError(400, "a header line without a name")
        }
        var value = line[(colon + 1)...]
        while let first = value.first, first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
            value.removeFirst()
        }
        while let last = value.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            value.removeLast()
        }
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == UInt8(ascii: "\t") }) else {
            throw RequestError(400, "a control character in a header value")
        }
        return ReceivedField(
            String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }

    /// Section 6.3: a request with both a length and a coding, or two lengths, is refused.
    static func framing(of request: ReceivedRequest) throws(RequestError) -> Framing {
        let lengths = request.fields.filter { $0.name.lowercased() == "content-length" }.map(\.value)
        let codings = request.fields.filter { $0.name.lowercased() == "transfer-encoding" }.map(\.value)
        guard codings.isEmpty || lengths.isEmpty else {
            throw RequestError(400, "both Content-Length and Transfer-Encoding")
        }
        if let coding = codings.first {
            guard codings.count == 1, coding.lowercased() == "chunked" else {
                throw RequestError(501, "a transfer coding other than chunked")
            }
            guard request.minorVersion >= 1 else { throw RequestError(400, "a transfer coding in HTTP/1.0") }
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1, !length.isEmpty, length.utf8.count <= 12,
            length.utf8.allSatisfy({ $0.isDigit }), let number = Int(length)
        else { throw RequestError(400, "a Content-Length that is not one number") }
        return .length(number)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: tokenMarks.contains(byte)
        }
    }

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~".utf8)
}

/// Hexadecimal digits.
enum Hexadecimal {
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46: digit - 0x41 + 10
        case 0x61...0x66: digit - 0x61 + 10
        default: nil
        }
    }
}
