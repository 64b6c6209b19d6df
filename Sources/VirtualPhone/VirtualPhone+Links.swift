/// What links and the TCP server need of a phone.
extension VirtualPhone {
    /// Opens a link; `observer` is called without any lock when bytes wait or the link has ended.
    func openLink(observer: (@Sendable () -> Void)?) -> Int { change { $0.open(observer: observer) } }

    func endLink(_ number: Int) { change { $0.end(number) } }

    /// Gives bytes to the phone; false once the link has ended.
    func feed(_ number: Int, _ bytes: [UInt8]) -> Bool {
        change { state in
            guard state.links[number]?.session.ended == false else { return false }
            state.links[number]?.session.received(bytes, state.core)
            return true
        }
    }

    /// Removes bytes that are for the host; nil once the link has ended.
    func bytesForHost(_ number: Int, max: Int) -> [UInt8]? { change { $0.bytesForHost(number, max: max) } }

    /// Whether the link still stands.
    func isLinked(_ number: Int) -> Bool { change { $0.links[number] != nil } }

    func newTicket(_ number: Int) -> Int {
        change { state in
            let ticket = (state.links[number]?.lastTicket ?? 0) + 1
            state.links[number]?.lastTicket = ticket
            return ticket
        }
    }

    /// Starts a read: its outcome if it is there already, else nil and the reader waits.
    func beginRead(_ number: Int, _ reader: VirtualReader) -> VirtualReadOutcome? {
        change { state in
            guard let link = state.links[number] else { return .failed(.unplugged) }
            // The cancellation may come before the read has begun.
            guard link.cancelledTicket != reader.ticket else { return .failed(.cancelled) }
            guard link.reader == nil else { return .failed(.secondReader) }
            guard let bytes = state.bytesForHost(number, max: reader.max) else { return .failed(.unplugged) }
            guard bytes.isEmpty else { return .bytes(bytes) }
            state.links[number]?.reader = reader
            return nil
        }
    }

    func cancelRead(_ number: Int, ticket: Int) {
        let waiting: VirtualReader? = change { state in
            state.links[number]?.cancelledTicket = ticket
            guard let reader = state.links[number]?.reader, reader.ticket == ticket else { return nil }
            state.links[number]?.reader = nil
            return reader
        }
        waiting?.continuation.resume(returning: .failed(.cancelled))
    }
}
