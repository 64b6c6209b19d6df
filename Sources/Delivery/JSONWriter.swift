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
            case 0x22, 0x5C: out += [0x5C, byte]
            case 0x08: out += [0x5C, 0x62]
            case 0x09: out += [0x5C, 0x74]
            case 0x0A: out += [0x5C, 0x6E]
            case 0x0C: out += [0x5C, 0x66]
            case 0x0D: out += [0x5C, 0x72]
            case 0..<0x20: out += [0x5C, 0x75, 0x30, 0x30, hexDigit(byte >> 4), hexDigit(byte & 15)]
            default: out.append(byte)
            }
        }
        return out
    }

    private static func append(_ fields: [BodyField], to body: inout EncodedBody) {
        body.bytes.append(0x7B)
        for (position, field) in fields.enumerated() {
            if position > 0 { body.bytes.append(0x2C) }
            body.bytes.append(0x22)
            body.bytes += escape(field.name)
            body.bytes += [0x22, 0x3A]
            append(field.value, to: &body)
        }
        body.bytes.append(0x7D)
    }

    private static func append(_ value: BodyValue, to body: inout EncodedBody) {
        switch value {
        case .integer(let number): body.bytes += Array(String(number).utf8)
        case .text(let text):
            body.bytes.append(0x22)
            body.bytes += escape(text)
            body.bytes.append(0x22)
        case .flag(let flag): body.bytes += Array((flag ? "true" : "false").utf8)
        case .null: body.bytes += Array("null".utf8)
        case .group(let fields): append(fields, to: &body)
        case .secret:
            body.bytes += [0x22, 0x22]
            body.secretOffset = body.bytes.count - 1
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }
}
