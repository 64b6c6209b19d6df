/// Cuts a client's bytes into requests (RFC 9112), however they are split. A pure machine: bytes in, events out.
///
/// Strict, because two readers of one request must never disagree: a line ends with CR LF, a name with its colon, a
/// length is given once. States: request line → fields → body or chunks → request line. After an error it gives
/// nothing more.
package struct RequestParser: Sendable {
    /// What came out of the bytes.
    package enum Event: Sendable, Equatable {
        /// The client waits for `100 Continue` before it sends the body.
        case continueWanted
        case request(ReceivedRequest)
    }

    private enum State: Sendable {
        case requestLine
        case fields
        case body(left: Int)
        case chunkLine
        case chunkData(left: Int)
        case chunkEnd
        case trailers
        case failed
    }

    private let limits: ReceiverLimits
    private var state = State.requestLine
    private var buffer: [UInt8] = []
    private var start = 0
    /// Bytes after `start` known to hold no line feed.
    private var scanned = 0
    private var headBytes = 0
    private var trailerLines = 0
    private var request = ReceivedRequest(method: "", target: "", minorVersion: 1, fields: [], body: [])

    package init(limits: ReceiverLimits = ReceiverLimits()) { self.limits = limits }

    /// Bytes that were added and not used yet. A caller stops reading from its client while many wait.
    package var waiting: Int { buffer.count - start }

    /// Adds bytes of the client.
    package mutating func received(_ bytes: some Collection<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(0..<start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next event; nil until more bytes come.
    package mutating func next() throws(RequestError) -> Event? {
        do throws(RequestError) {
            while true {
                switch try step() {
                case .more: continue
                case .wait: return nil
                case .event(let event): return event
                }
            }
        } catch {
            state = .failed
            buffer = []
            start = 0
            throw error
        }
    }

    private enum Step {
        case more
        case wait
        case event(Event)
    }

    private mutating func step() throws(RequestError) -> Step {
        switch state {
        case .failed: return .wait
        case .requestLine:
            guard let line = try headLine() else { return .wait }
            // Empty lines before a request are left over from a client's earlier body: RFC 9112 section 2.2.
            guard !line.isEmpty else { return .more }
            request = try RequestLine.read(line)
            state = .fields
            return .more
        case .fields:
            guard let line = try headLine() else { return .wait }
            guard line.isEmpty else {
                guard request.fields.count < limits.fieldsMax else {
                    throw RequestError(431, "more than \(limits.fieldsMax) header fields")
                }
                request.fields.append(try RequestLine.field(line))
                return .more
            }
            return try headEnded()
        case .body(let left):
            let taken = consumeBody(upTo: left)
            guard taken == left else {
                state = .body(left: left - taken)
                return .wait
            }
            return finished()
        case .chunkLine: return try chunkLine()
        case .chunkData(let left):
            let taken = consumeBody(upTo: left)
            state = taken == left ? .chunkEnd : .chunkData(left: left - taken)
            return taken == left ? .more : .wait
        case .chunkEnd:
            guard waiting >= 2 else { return .wait }
            guard buffer[start] == UInt8(ascii: "\r"), buffer[start + 1] == UInt8(ascii: "\n") else {
                throw RequestError(400, "a chunk is longer than announced")
            }
            advance(2)
            state = .chunkLine
            return .more
        case .trailers:
            guard let line = try headLine() else { return .wait }
            guard line.isEmpty else {
                trailerLines += 1
                guard trailerLines <= limits.fieldsMax else { throw RequestError(431, "too many trailers") }
                _ = try RequestLine.field(line)
                return .more
            }
            return finished()
        }
    }

    /// All fields are there: what the body will be.
    private mutating func headEnded() throws(RequestError) -> Step {
        headBytes = 0
        if request.minorVersion >= 1, request.fields.filter({ $0.name.lowercased() == "host" }).count != 1 {
            throw RequestError(400, "a request of HTTP/1.1 needs exactly one Host field")
        }
        switch try RequestLine.framing(of: request) {
        case .none: return finished()
        case .length(let length):
            guard length <= limits.bodyBytesMax else {
                throw RequestError(413, "a body of \(length) bytes; the limit is \(limits.bodyBytesMax)")
            }
            guard length > 0 else { return finished() }
            state = .body(left: length)
        case .chunked: state = .chunkLine
        }
        guard let expectation = request.value("expect") else { return .more }
        guard expectation.lowercased() == "100-continue" else {
            throw RequestError(417, "an expectation other than 100-continue")
        }
        // A client that has begun the body already waits for nothing: RFC 9110 section 10.1.1.
        return request.minorVersion >= 1 && waiting == 0 ? .event(.continueWanted) : .more
    }

    private mutating func chunkLine() throws(RequestError) -> Step {
        guard let line = try line(limit: limits.chunkLineBytesMax, tooLong: 400) else { return .wait }
        let digits = line.prefix { Hexadecimal.value($0) != nil }
        let rest = line.dropFirst(digits.count)
        guard !digits.isEmpty, digits.count <= 8,
            rest.isEmpty || [UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\t")].contains(rest.first)
        else {
            throw RequestError(400, "a chunk without a length")
        }
        let length = digits.reduce(0) { $0 << 4 | Int(Hexadecimal.value($1) ?? 0) }
        guard request.body.count + length <= limits.bodyBytesMax else {
            throw RequestError(413, "a body of more than \(limits.bodyBytesMax) bytes")
        }
        state = length == 0 ? .trailers : .chunkData(left: length)
        return .more
    }

    private mutating func finished() -> Step {
        let whole = request
        request = ReceivedRequest(method: "", target: "", minorVersion: 1, fields: [], body: [])
        state = .requestLine
        headBytes = 0
        trailerLines = 0
        return .event(.request(whole))
    }

    private mutating func consumeBody(upTo limit: Int) -> Int {
        let count = min(limit, waiting)
        request.body += buffer[start..<(start + count)]
        advance(count)
        return count
    }

    private mutating func headLine() throws(RequestError) -> [UInt8]? {
        guard let line = try line(limit: limits.headBytesMax - headBytes, tooLong: 431) else { return nil }
        headBytes += line.count + 2
        return line
    }

    /// A line without its CR LF; nil until it is whole.
    private mutating func line(limit: Int, tooLong status: Int) throws(RequestError) -> [UInt8]? {
        guard let end = buffer[(start + scanned)...].firstIndex(of: UInt8(ascii: "\n")) else {
            scanned = waiting
            guard waiting <= limit else { throw RequestError(status, "a line or a head that does not end") }
            return nil
        }
        guard end - start <= limit else { throw RequestError(status, "a line or a head that is too long") }
        guard end > start, buffer[end - 1] == UInt8(ascii: "\r") else {
            throw RequestError(400, "a line that does not end with CR LF")
        }
        let line = Array(buffer[start..<(end - 1)])
        guard !line.contains(where: { $0 == UInt8(ascii: "\r") || $0 == 0 }) else {
            throw RequestError(400, "a carriage return or a NUL inside a line")
        }
        advance(end + 1 - start)
        return line
    }

    private mutating func advance(_ count: Int) {
        start += count
        scanned = 0
    }
}
