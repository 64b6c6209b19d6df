import Base

/// Finds the field `secret` in a body of SmsNotif's formats, so that it can be printed without it.
enum SecretField {
    /// What stands in the secret's place.
    static let mask = Array("***".utf8)

    /// `body` with the values of `secret` masked, an empty one left as it is. Bodies of other types come back as
    /// they are: nothing is known about them.
    static func masked(_ body: [UInt8], contentType: String) -> [UInt8] {
        switch contentType.prefix(while: { $0 != ";" }).lowercased().filter({ $0 != " " }) {
        case "application/x-www-form-urlencoded": form(body)
        case "application/json": json(body)
        default: body
        }
    }

    private static func form(_ body: [UInt8]) -> [UInt8] {
        let pairs = body.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map { pair in
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")), equals + 1 < pair.endIndex,
                isSecret(plain(pair[..<equals]))
            else { return Array(pair) }
            return Array(pair[...equals]) + mask
        }
        return Array(pairs.joined(separator: [UInt8(ascii: "&")]))
    }

    /// `name` with its `%XX` decoded; what is none stays.
    private static func plain(_ name: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        var rest = name
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let decoded = Hex.decode(rest.prefix(2)), decoded.count == 1 {
                out += decoded
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return out
    }

    /// Masks every string that follows the key `secret`, at any depth: it may be masked too often, never too seldom.
    private static func json(_ body: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var index = 0
        var key: [UInt8]?
        var awaitsValue = false
        while index < body.count {
            let byte = body[index]
            guard byte == UInt8(ascii: "\"") else {
                if byte == UInt8(ascii: ":") {
                    awaitsValue = true
                } else if !isSpace(byte) {
                    key = nil
                    awaitsValue = false
                }
                out.append(byte)
                index += 1
                continue
            }
            let end = stringEnd(body, from: index + 1)
            let inside = Array(body[index + 1..<end])
            let isMasked = awaitsValue && !inside.isEmpty && key.map(isSecret) == true
            out.append(byte)
            out += isMasked ? mask : inside
            if end < body.count { out.append(byte) }
            key = awaitsValue ? nil : unescaped(inside)
            awaitsValue = false
            index = end + 1
        }
        return out
    }

    /// The index of the quote that ends the string from `start` on, or the end of `body`.
    private static func stringEnd(_ body: [UInt8], from start: Int) -> Int {
        var index = start
        while index < body.count, body[index] != UInt8(ascii: "\"") {
            index += body[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index, body.count)
    }

    /// `text` with its `\u00XX` decoded: a key may be spelled that way.
    private static func unescaped(_ text: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "u"),
                let units = Hex.decode(rest.dropFirst().prefix(4)), units.count == 2, units[0] == 0
            {
                out.append(units[1])
                rest = rest.dropFirst(5)
            } else {
                out.append(byte)
            }
        }
        return out
    }

    private static func isSecret(_ name: [UInt8]) -> Bool { name == Array("secret".utf8) }

    private static func isSpace(_ byte: UInt8) -> Bool {
        [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(byte)
    }
}
