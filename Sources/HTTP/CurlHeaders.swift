import Base
import CCurl
import Delivery

/// Header fields as curl takes them: a linked list of lines.
enum CurlHeaders {
    /// Fields that curl would add by itself: `Expect: 100-continue` for large bodies, `Accept: */*`. A line without
    /// a value takes them out.
    private static let suppressed = ["Expect", "Accept"]

    /// The first field that may not be sent, in one sentence; nil when all may. libcurl sends values as they are, so
    /// a line break in one would be another header: curl/curl docs/libcurl/libcurl-security.md.
    static func refusal(_ fields: [HTTPField]) -> HTTPFailure? {
        for field in fields {
            if field.name.isEmpty || !field.name.utf8.allSatisfy(isTokenByte) {
                return HTTPFailure(
                    kind: .invalid,
                    message: "The header name \"\(PrintableText.escape(field.name))\" is not a token of HTTP."
                )
            }
            if field.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                return HTTPFailure(
                    kind: .invalid,
                    message: "The value of header \(field.name) holds a control character; it is not sent.")
            }
        }
        return nil
    }

    /// The list for `fields`, which `refusal` has passed; nil when memory has run out. The caller frees it.
    static func list(_ fields: [HTTPField]) -> UnsafeMutablePointer<curl_slist>? {
        var lines = fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        let given = Set(fields.map { $0.name.lowercased() })
        lines += suppressed.filter { !given.contains($0.lowercased()) }.map { "\($0):" }
        var list: UnsafeMutablePointer<curl_slist>? = nil
        for line in lines {
            guard let longer = unsafe curl_slist_append(list, line) else {
                unsafe curl_slist_free_all(list)
                return nil
            }
            unsafe list = longer
        }
        return unsafe list
    }

    /// RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x21, 0x23...0x27, UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            0x5E...0x60, UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
