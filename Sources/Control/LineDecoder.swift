/// Cuts a byte stream into lines, never keeping more than one line's limit.
///
/// A line ends with LF; a CR before it is dropped. A line that is too long is an error that ends the stream: what
/// follows cannot be trusted to start a new one.
package struct LineDecoder: Sendable {
    /// The line was longer than the limit.
    package struct TooLong: Error, Equatable {
        /// The limit in bytes.
        package let limit: Int
        /// The error for a limit of `limit` bytes.
        package init(limit: Int) { self.limit = limit }
    }

    private let limit: Int
    private var buffer: [UInt8] = []
    private var scanned = 0

    /// A decoder for lines of at most `limit` bytes, their end not counted.
    package init(limit: Int) {
        precondition(limit > 0, "a line limit below one byte")
        self.limit = limit
    }

    /// How many bytes wait for the rest of their line.
    package var pendingBytes: Int { buffer.count }

    /// Adds what was read. Read at most 64 KiB at a time: so much can be kept above the limit.
    package mutating func bytesReceived(_ bytes: some Collection<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// The next whole line without its end; nil when it is not complete yet.
    package mutating func next() throws(TooLong) -> [UInt8]? {
        guard let end = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) else {
            scanned = buffer.count
            if buffer.count > limit { throw TooLong(limit: limit) }
            return nil
        }
        guard end <= limit else { throw TooLong(limit: limit) }
        var line = Array(buffer[..<end])
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        buffer.removeFirst(end + 1)
        scanned = 0
        return line
    }
}
