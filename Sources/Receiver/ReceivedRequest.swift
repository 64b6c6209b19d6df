/// One HTTP request, whole.
package struct ReceivedRequest: Sendable, Equatable {
    /// Method as sent, such as `POST`.
    package var method: String
    /// Request target as sent, such as `/hook?x=1`; printable ASCII.
    package var target: String
    /// 0 for HTTP/1.0, 1 for HTTP/1.1.
    package var minorVersion: Int
    /// Header fields in order; values without the white space around them. Trailers are not kept.
    package var fields: [ReceivedField]
    /// The body, chunks joined.
    package var body: [UInt8]
    /// Number of the request at its server, counted from 1; 0 before the server has numbered it.
    package var number = 0
    /// Number of its connection at the server, counted from 1; shows what was sent over one connection.
    package var connection = 0
    /// When its last byte was read, in microseconds since 1970 by the machine's clock.
    package var arrivedMicroseconds: Int64 = 0

    package init(method: String, target: String, minorVersion: Int, fields: [ReceivedField], body: [UInt8]) {
        self.method = method
        self.target = target
        self.minorVersion = minorVersion
        self.fields = fields
        self.body = body
    }

    /// The value of the first field called `name`, whatever its case.
    package func value(_ name: String) -> String? {
        let wanted = name.lowercased()
        return fields.first { $0.name.lowercased() == wanted }?.value
    }

    /// The target up to its `?`.
    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The body as text, bytes that are no UTF-8 replaced.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Whether the connection stays open afterwards (RFC 9112 section 9.3).
    var keepsAlive: Bool {
        let options = fields.filter { $0.name.lowercased() == "connection" }
            .flatMap { $0.value.lowercased().split { $0 == "," || $0 == " " } }
        if options.contains("close") { return false }
        return minorVersion >= 1 || options.contains("keep-alive")
    }
}

/// One header field of a request.
package struct ReceivedField: Sendable, Equatable {
    package var name: String
    package var value: String
    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// What the receiver holds of one client at most.
package struct ReceiverLimits: Sendable, Equatable {
    /// Request line and all header fields (or all trailers), in bytes.
    package var headBytesMax = 32 << 10
    /// Header fields of one request.
    package var fieldsMax = 100
    /// Body, chunks joined, in bytes.
    package var bodyBytesMax = 1 << 20
    /// Line that announces a chunk, in bytes.
    package var chunkLineBytesMax = 256
    /// Connections at a time; more wait in the kernel's queue.
    package var connectionsMax = 256
    /// Longest time a connection may stay without a byte in or out while it is not waiting for a reply of ours.
    package var idleTimeout = Duration.seconds(120)

    package init() {}
}

/// A request that cannot be taken: the status that says so, and why in words.
package struct RequestError: Error, Sendable, Equatable {
    package var status: Int
    package var reason: String
    package init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }
}
