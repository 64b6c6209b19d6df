import Base

/// Results in words, for the attempt record and the reason of a pause. One printable line, without secrets.
package enum ResultWords {
    /// Why the attempt did not succeed; nil when it did.
    package static func error(_ result: HTTPResult) -> String? {
        switch result {
        case .failed(let failure): return "\(word(failure.kind)): \(failure.message)"
        case .answered(let answer):
            if ResultClass(result) == .delivered { return nil }
            guard (300...399).contains(answer.status) else { return status(answer.status) }
            guard let location = answer.location else {
                return "\(status(answer.status)): redirects are not followed"
            }
            let body = (301...303).contains(answer.status) ? " (it would lose the body)" : ""
            return
                "\(status(answer.status)): a redirect to \(PrintableText.escape(location)) is not followed\(body);"
                + " give the webhook that URL if it is right"
        }
    }

    /// A status with its phrase of RFC 9110 or RFC 6585, never the receiver's own words: `410 Gone`.
    package static func status(_ status: Int) -> String {
        guard let phrase = phrases[status] else { return String(status) }
        return "\(status) \(phrase)"
    }

    private static func word(_ kind: HTTPFailure.Kind) -> String {
        switch kind {
        case .lookup: "name lookup failed"
        case .connect: "no connection"
        case .timeout: "timeout"
        case .reset: "connection broke"
        case .tls: "TLS"
        case .invalid: "not sent"
        case .protocolError: "not HTTP"
        case .cancelled: "stopped"
        }
    }

    private static let phrases: [Int: String] = [
        301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
        307: "Temporary Redirect",
        308: "Permanent Redirect", 400: "Bad Request", 401: "Unauthorized", 402: "Payment Required",
        403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 406: "Not Acceptable",
        407: "Proxy Authentication Required", 408: "Request Timeout", 409: "Conflict", 410: "Gone",
        411: "Length Required", 413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        421: "Misdirected Request", 422: "Unprocessable Content", 425: "Too Early", 426: "Upgrade Required",
        429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
        505: "HTTP Version Not Supported", 507: "Insufficient Storage",
        511: "Network Authentication Required",
    ]
}
