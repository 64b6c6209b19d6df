/// One HTTP request, complete: the client adds nothing but `Host`, `Content-Length` and the connection.
package struct HTTPRequest: Sendable, Equatable {
    /// Absolute `http` or `https` URL.
    package var url: String
    /// Header fields in order. Values must not hold control characters: the client refuses them.
    package var headers: [HTTPField]
    /// The body.
    package var body: [UInt8]
    /// Longest time until TCP and TLS stand.
    package var connectTimeout: Duration
    /// Longest time for the whole exchange, reply body included.
    package var totalTimeout: Duration

    /// A POST of `body` to `url`.
    package init(
        url: String, headers: [HTTPField], body: [UInt8], connectTimeout: Duration = .seconds(10),
        totalTimeout: Duration = .seconds(30)
    ) {
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
    }
}

/// One header field.
package struct HTTPField: Sendable, Equatable, Codable {
    package var name: String
    package var value: String
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What came of a request. A client never throws for what a peer does.
package enum HTTPResult: Sendable, Equatable {
    /// A whole head came. The body may have been cut at the client's limit or by the peer: the status decides.
    case answered(HTTPAnswer)
    /// No whole head came.
    case failed(HTTPFailure)
}

/// A receiver's answer.
package struct HTTPAnswer: Sendable, Equatable {
    /// Status code, 100 to 599 (anything the peer wrote).
    package var status: Int
    /// `Retry-After` in seconds, from either of its forms; nil when absent or unreadable.
    package var retryAfter: Int64?
    /// The first bytes of the body, at most the client's limit.
    package var body: [UInt8]
    /// Where a redirect points, for the error message; never followed.
    package var location: String?
    /// Name lookup, connection and TLS, in microseconds; 0 on a reused connection.
    package var connectMicroseconds: Int64
    /// From the first byte sent to the last received, connection included, in microseconds.
    package var totalMicroseconds: Int64

    package init(
        status: Int, retryAfter: Int64? = nil, body: [UInt8] = [], location: String? = nil,
        connectMicroseconds: Int64 = 0, totalMicroseconds: Int64 = 0
    ) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
        self.location = location
        self.connectMicroseconds = connectMicroseconds
        self.totalMicroseconds = totalMicroseconds
    }
}

/// Why no answer came, in classes that a retry policy can use, with the engine's own words.
package struct HTTPFailure: Error, Sendable, Equatable {
    /// The classes.
    package enum Kind: String, Sendable, Codable {
        /// The name could not be looked up.
        case lookup
        /// No connection: refused, unreachable.
        case connect
        /// A timeout of ours.
        case timeout
        /// The connection broke before a whole head had come.
        case reset
        /// TLS: bad certificate, wrong name, handshake refused.
        case tls
        /// The URL or the request is wrong; trying again cannot help until it is changed.
        case invalid
        /// What came back is not HTTP, or beyond a limit.
        case protocolError
        /// We stopped it (shutdown).
        case cancelled
    }
    package var kind: Kind
    /// One line, no secrets, already printable.
    package var message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }
}

/// The port through which deliveries leave.
package protocol HTTPClient: Sendable {
    /// Sends one POST and returns what came of it, within the request's timeouts.
    func send(_ request: HTTPRequest) async -> HTTPResult
}
