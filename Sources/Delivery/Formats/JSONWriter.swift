import Base

/// JSON bodies (RFC 8259) with the key order of the fields, no spaces, and no escapes that JSON does not ask for.
package enum JSONWriter {
    /// `application/json`; UTF-8 by definition.
    package static let contentType = "application/json"

    /// `fields` as one object, in order.
    package static func encode(_ fields: [BodyField]) -> EncodedBody {
        var body = EncodedBody()
        append(fields, to: &body)
        return body
    }

    /// `text` as the inside of a JSON string, without the quotes: `"`, `\` and control characters below U+0020
    /// escaped (the short form where there is one), all else as UTF-8. U+0000 is dropped.
    package static func escape(_ text: String) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case 0: break
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
            case 0x08: out += Array("\\b".utf8)
            case 0x09: out += Array("\\t".utf8)
            case 0x0A: out += Array("\\n".utf8)
            case 0x0C: out += Array("\\f".utf8)
            case 0x0D: out += Array("\\r".utf8)
            case 0..<UInt8(ascii: " "): out += Array("\\u00".utf8) + Hex.encode([byte]).utf8
            default: out.append(byte)
            }
        }
        return out
    }

    private static func append(_ fields: [BodyField], to body: inout EncodedBody) {
        body.bytes.append(UInt8(ascii: "{"))
        for (position, field) in fields.enumerated() {
            if position > 0 { body.bytes.append(UInt8(ascii: ",")) }
            body.bytes.append(UInt8(ascii: "\""))
            body.bytes += escape(field.name)
            body.bytes += [UInt8(ascii: "\""), UInt8(ascii: ":")]
            append(field.value, to: &body)
        }
        body.bytes.append(UInt8(ascii: "}"))
    }

    private static func append(_ value: BodyValue, to body: inout EncodedBody) {
        switch value {
        case .integer(let number): body.bytes += Array(String(number).utf8)
        case .text(let text):
            body.bytes.append(UInt8(ascii: "\""))
            body.bytes += escape(text)
            body.bytes.append(UInt8(ascii: "\""))
        case .flag(let flag): body.bytes += Array((flag ? "true" : "false").utf8)
        case .null: body.bytes += Array("null".utf8)
        case .group(let fields): append(fields, to: &body)
        case .list(let values):
            body.bytes.append(UInt8(ascii: "["))
            for (position, value) in values.enumerated() {
                if position > 0 { body.bytes.append(UInt8(ascii: ",")) }
                append(value, to: &body)
            }
            body.bytes.append(UInt8(ascii: "]"))
        case .secret:
            body.bytes += [UInt8(ascii: "\""), UInt8(ascii: "\"")]
            body.secretOffset = body.bytes.count - 1
        }
    }
}
