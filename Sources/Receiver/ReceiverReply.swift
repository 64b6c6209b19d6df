/// What a receiver does about a request: an honest answer, or one of the ways real receivers go wrong.
package enum ReceiverReply: Sendable, Equatable {
    /// A whole answer. Fields with control characters are left out; length and connection are added.
    case answer(status: Int, fields: [ReceivedField] = [], body: [UInt8] = [])
    /// The reply comes after this time.
    indirect case after(Duration, ReceiverReply)
    /// No answer ever; the connection stays open until the client leaves.
    case hang
    /// The connection is closed without an answer.
    case close
    /// The connection is reset.
    case reset
    /// A head with this status, then a body that never ends.
    case endless(status: Int)
    /// An answer with this status whose body is cut off after `body`, half of what its length announces.
    case cutOff(status: Int, body: [UInt8])
    /// These bytes as they are, then the end: for answers that are no HTTP.
    case raw([UInt8])

    /// An answer with a short text.
    package static func status(_ status: Int, _ text: String = "") -> ReceiverReply {
        let fields = text.isEmpty ? [] : [ReceivedField("Content-Type", "text/plain; charset=utf-8")]
        return .answer(status: status, fields: fields, body: Array(text.utf8))
    }

    /// 200 with an empty body.
    package static let ok = ReceiverReply.status(200)

    /// A redirect to `location`.
    package static func redirect(_ status: Int = 302, to location: String) -> ReceiverReply {
        .answer(status: status, fields: [ReceivedField("Location", location)])
    }
}

/// Writes answers.
enum ResponseWriter {
    /// Head and body of an answer to `request`.
    static func answer(
        status: Int, fields: [ReceivedField], body: [UInt8], announced: Int? = nil, closes: Bool, isHead: Bool
    ) -> [UInt8] {
        var all = fields
        if !(100..<200).contains(status), status != 204 {
            all.append(ReceivedField("Content-Length", String(announced ?? body.count)))
        }
        return head(status: status, fields: all, closes: closes) + (isHead || status == 204 ? [] : body)
    }

    /// Status line and fields.
    static func head(status: Int, fields: [ReceivedField], closes: Bool) -> [UInt8] {
        var text = "HTTP/1.1 \(status) \(reason(status))\r\n"
        for field in fields where isSafe(field) { text += "\(field.name): \(field.value)\r\n" }
        if closes { text += "Connection: close\r\n" }
        return Array((text + "\r\n").utf8)
    }

    private static func isSafe(_ field: ReceivedField) -> Bool {
        !field.name.isEmpty && (field.name + field.value).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func reason(_ status: Int) -> String {
        let known = [
            200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently",
            302: "Found",
            303: "See Other", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
            401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone",
            413: "Content Too Large", 417: "Expectation Failed", 429: "Too Many Requests",
            431: "Request Header Fields Too Large", 500: "Internal Server Error", 501: "Not Implemented",
            502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
            505: "HTTP Version Not Supported",
        ]
        return known[status] ?? "Status"
    }
}
