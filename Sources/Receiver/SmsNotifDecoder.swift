import FoundationEssentials

/// Reads SmsNotif bodies: a form with PHP's brackets (`data[id]=2`), or the same as JSON.
///
/// Written from the format's description, not from phonewire's writer, so that each checks the other. The form rules
/// are those of PHP's `$_POST` as far as real receivers meet them: `+` is a space, `%XX` a byte, of two pairs with
/// one name the last counts.
package enum SmsNotifDecoder {
    /// Most pairs of a form (PHP's `max_input_vars`).
    package static let pairsMax = 1000

    /// Reads a request's body by its content type.
    package static func decode(_ request: ReceivedRequest) throws(SmsNotifError) -> SmsNotifMessage {
        let type = request.value("content-type") ?? ""
        switch type.prefix(while: { $0 != ";" }).lowercased().filter({ $0 != " " }) {
        case "application/x-www-form-urlencoded": return try form(request.body)
        case "application/json": return try json(request.body)
        default: throw .contentType(type)
        }
    }

    /// Reads a form.
    package static func form(_ body: [UInt8]) throws(SmsNotifError) -> SmsNotifMessage {
        var top: [String: String] = [:]
        var data: [String: SmsNotifMessage.Value]?
        let pairs = body.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= pairsMax else { throw .malformed("more than \(pairsMax) pairs") }
        for pair in pairs {
            let sides = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(sides[0])
            let value = sides.count == 2 ? try decoded(sides[1]) : ""
            if let key = try bracketed(name) {
                data = data ?? [:]
                data?[key] = .text(value)
            } else {
                top[name] = value
            }
        }
        guard let secret = top["secret"] else { throw .missing("secret") }
        guard let type = top["type"] else { throw .missing("type") }
        guard let data else { throw .missing("data") }
        return SmsNotifMessage(secret: secret, type: type, fields: data)
    }

    /// `key` of `data[key]`; nil for a name without brackets.
    private static func bracketed(_ name: String) throws(SmsNotifError) -> String? {
        guard name.hasPrefix("data[") else {
            guard !name.contains("[") else { throw .malformed("a nested name other than data[...]") }
            return nil
        }
        let key = name.dropFirst("data[".count).dropLast()
        guard name.hasSuffix("]"), !key.isEmpty, !key.contains("["), !key.contains("]") else {
            throw .malformed("brackets that do not match")
        }
        return String(key)
    }

    private static func decoded(_ text: ArraySlice<UInt8>) throws(SmsNotifError) -> String {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard index + 2 < text.endIndex, let high = Hexadecimal.value(text[index + 1]),
                    let low = Hexadecimal.value(text[index + 2])
                else { throw .malformed("a % without two hex digits") }
                bytes.append(high << 4 | low)
                index += 2
            default: bytes.append(text[index])
            }
            index += 1
        }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("text that is not UTF-8")
        }
        return string
    }

    /// Reads JSON.
    package static func json(_ body: [UInt8]) throws(SmsNotifError) -> SmsNotifMessage {
        let root: Root
        do {
            root = try JSONDecoder().decode(Root.self, from: Data(body))
        } catch {
            throw .malformed("no JSON object with flat values in data")
        }
        guard let secret = root.secret else { throw .missing("secret") }
        guard let type = root.type else { throw .missing("type") }
        guard let data = root.data else { throw .missing("data") }
        return SmsNotifMessage(secret: secret, type: type, fields: data.mapValues(\.value))
    }

    private struct Root: Decodable {
        var secret: String?
        var type: String?
        var data: [String: JSONValue]?
    }

    private struct JSONValue: Decodable {
        var value: SmsNotifMessage.Value

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let boolean = try? container.decode(Bool.self) {
                value = .boolean(boolean)
            } else if let number = try? container.decode(Int64.self) {
                value = .integer(number)
            } else {
                value = .text(try container.decode(String.self))
            }
        }
    }
}
