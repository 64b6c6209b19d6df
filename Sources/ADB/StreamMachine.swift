import Base

/// Our id for one conversation with a service on the phone; counts up and is never used again in a connection.
package struct StreamID: RawRepresentable, Sendable, Hashable, Comparable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package static func < (left: StreamID, right: StreamID) -> Bool { left.rawValue < right.rawValue }
}

/// One stream: `OPEN` … `CLSE`. At most one `WRTE` of ours waits for its `OKAY`, and the phone's `OKAY` is sent
/// only when the consumer took the bytes: that is the back-pressure.
///
/// States: opening → open. Called by: ConnectionMachine only.
struct StreamMachine: Sendable {
    enum State: Sendable, Equatable {
        case opening(until: Instant)
        case open(remote: UInt32)
    }

    let service: String
    let isPing: Bool
    private(set) var state: State
    /// The whole stream must have ended by then.
    let endBy: Instant?
    /// Bytes delivered to the consumer and not yet taken.
    private(set) var unreadBytes = 0
    /// `WRTE`s of the phone that wait for our `OKAY`.
    private(set) var owedOkays = 0
    /// Bytes of ours that wait for their turn.
    private var outgoing: [UInt8] = []
    private var awaitsOkay = false

    init(service: String, isPing: Bool, answerBy: Instant, endBy: Instant?) {
        self.service = service
        self.isPing = isPing
        state = .opening(until: answerBy)
        self.endBy = endBy
    }

    var remote: UInt32? {
        if case .open(let remote) = state { return remote }
        return nil
    }

    /// The earliest moment at which this stream is late.
    var deadline: Instant? {
        switch state {
        case .opening(let until): endBy.map { min($0, until) } ?? until
        case .open: endBy
        }
    }

    mutating func accepted(remote: UInt32) { state = .open(remote: remote) }

    mutating func dataReceived(_ count: Int) {
        unreadBytes += count
        owedOkays += 1
    }

    /// The consumer took everything; returns how many `OKAY`s are due.
    mutating func dataRead() -> Int {
        let count = owedOkays
        owedOkays = 0
        unreadBytes = 0
        return count
    }

    mutating func write(_ bytes: [UInt8]) { outgoing.append(contentsOf: bytes) }

    mutating func okayReceived() { awaitsOkay = false }

    /// The next piece that may be sent now, at most `limit` bytes.
    mutating func nextPiece(limit: Int) -> [UInt8]? {
        guard !awaitsOkay, !outgoing.isEmpty, case .open = state else { return nil }
        let piece = Array(outgoing.prefix(limit))
        outgoing.removeFirst(piece.count)
        awaitsOkay = true
        return piece
    }
}
