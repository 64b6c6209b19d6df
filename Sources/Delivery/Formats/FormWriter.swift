import Base

/// Form bodies as PHP's `http_build_query` makes them (PHP_QUERY_RFC1738): what `$_POST` of real receivers reads.
///
/// Sources: php.net `http_build_query`, php.net `urlencode`.
package enum FormWriter {
    /// `application/x-www-form-urlencoded`, without a charset: UTF-8 is meant.
    package static let contentType = "application/x-www-form-urlencoded"

    /// `fields` as pairs joined by `&`, in order. Null fields and empty groups leave no pair.
    package static func encode(_ fields: [BodyField]) -> EncodedBody {
        var body = EncodedBody()
        for field in fields { append(field.value, key: escape(field.name), to: &body) }
        return body
    }

    /// `text` in UTF-8: letters, digits and `-._` as they are, space as `+`, every other byte as `%XX` in upper
    /// case, `~` included. U+0000 is dropped.
    package static func escape(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case _ where byte.isLetter || byte.isDigit || "-._".utf8.contains(byte): out.append(byte)
            case UInt8(ascii: " "): out.append(UInt8(ascii: "+"))
            case 0: break
            default: out += [UInt8(ascii: "%")] + Hex.upperDigits(of: byte)
            }
        }
        return out
    }

    private static func append(_ value: BodyValue, key: [UInt8], to body: inout EncodedBody) {
        switch value {
        case .integer(let number): appendPair(key, Array(String(number).utf8), to: &body)
        case .text(let text): appendPair(key, escape(text), to: &body)
        case .flag(let flag): appendPair(key, [flag ? UInt8(ascii: "1") : UInt8(ascii: "0")], to: &body)
        case .null: break
        case .group(let fields):
            for field in fields {
                append(field.value, key: key + Self.open + escape(field.name) + Self.close, to: &body)
            }
        case .list(let values):
            for (position, value) in values.enumerated() {
                append(value, key: key + Self.open + Array(String(position).utf8) + Self.close, to: &body)
            }
        case .secret:
            appendPair(key, [], to: &body)
            body.secretOffset = body.bytes.count
        }
    }

    private static func appendPair(_ key: [UInt8], _ value: [UInt8], to body: inout EncodedBody) {
        if !body.bytes.isEmpty { body.bytes.append(UInt8(ascii: "&")) }
        body.bytes += key
        body.bytes.append(UInt8(ascii: "="))
        body.bytes += value
    }

    private static let open = Array("%5B".utf8)
    private static let close = Array("%5D".utf8)
}
