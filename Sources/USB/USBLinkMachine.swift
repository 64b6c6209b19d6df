internal import ADB

/// What the transfers of one link are doing, and who is owed an answer. Pure; driven by `USBTransport` only.
///
/// States: open → ending (an error, or `closeRequested`: transfers are being taken back) → free (none is out any
/// more, or the deadline has passed). The first error is final: framing is lost with any transfer that did not end
/// as asked, so everything after it gets the same error.
struct USBLinkMachine {
    /// How long cancelled transfers are waited for before they are given up.
    static let returnDeadline = Duration.seconds(2)

    /// Which part of the work a transfer is.
    enum Role: Equatable {
        case receive, sendHeader, sendPayload
    }

    /// How a transfer ended.
    enum Outcome: Equatable {
        case received([UInt8])
        case sent
        case failed(TransportError)
    }

    /// What the driver has to do, in order.
    enum Action: Equatable {
        /// Take a transfer back; it still returns.
        case cancel(Int)
        /// Answer the task in `receive`.
        case answerReceiver(Result<[UInt8], TransportError>)
        /// Answer the task in `send`; nil when the message went out.
        case answerSender(TransportError?)
        /// No transfer is out any more: the device may be closed.
        case free
    }

    /// Why the link ended; nil while it is open.
    private(set) var failure: TransportError?
    /// When transfers that are still out are given up; nil while there is nothing to give up.
    var giveUpAt: ContinuousClock.Instant? { out.isEmpty ? nil : endedAt.map { $0 + Self.returnDeadline } }
    /// Transfers that were given up and have not returned since.
    var leaked: Int { givenUp.count }
    /// Whether the device may be closed.
    var isFree: Bool { failure != nil && out.isEmpty }

    private var out: [(id: Int, role: Role)] = []
    private var givenUp: Set<Int> = []
    private var endedAt: ContinuousClock.Instant?
    private var receiverWaits = false
    private var senderWaits = false
    private var lastID = 0

    /// A task waits for bytes. One at a time.
    mutating func receiveRequested() {
        precondition(!receiverWaits, "two tasks receive at a time")
        receiverWaits = true
    }

    /// A task waits for a message to go out. One at a time.
    mutating func sendRequested() {
        precondition(!senderWaits, "two tasks send at a time")
        senderWaits = true
    }

    /// A transfer is about to be handed to the system; returns its number.
    mutating func posted(_ role: Role) -> Int {
        lastID += 1
        out.append((lastID, role))
        return lastID
    }

    /// The system did not take a transfer.
    mutating func refused(_ id: Int, error: TransportError, now: ContinuousClock.Instant) -> [Action] {
        out.removeAll { $0.id == id }
        return end(error, now: now) + settle()
    }

    /// A transfer came back.
    mutating func returned(_ id: Int, outcome: Outcome, now: ContinuousClock.Instant) -> [Action] {
        guard let index = out.firstIndex(where: { $0.id == id }) else {
            givenUp.remove(id)
            return []
        }
        out.remove(at: index)
        switch outcome {
        case .failed(let error): return end(error, now: now) + settle()
        case .sent: return settle()
        case .received(let bytes):
            guard receiverWaits, failure == nil else { return settle() }
            receiverWaits = false
            return [.answerReceiver(.success(bytes))] + settle()
        }
    }

    /// The owner is done with the link, or a task that waited in it was cancelled.
    mutating func closeRequested(now: ContinuousClock.Instant) -> [Action] {
        end(.closed, now: now) + settle()
    }

    /// Gives up what has not come back by `giveUpAt`.
    mutating func timePassed(now: ContinuousClock.Instant) -> [Action] {
        guard let due = giveUpAt, due <= now else { return [] }
        givenUp.formUnion(out.map(\.id))
        out = []
        return settle()
    }

    private mutating func end(_ error: TransportError, now: ContinuousClock.Instant) -> [Action] {
        guard failure == nil else { return [] }
        failure = error
        endedAt = now
        return out.map { .cancel($0.id) }
    }

    /// Answers for whatever has been decided.
    private mutating func settle() -> [Action] {
        var actions: [Action] = []
        if let failure, receiverWaits, !out.contains(where: { $0.role == .receive }) {
            receiverWaits = false
            actions.append(.answerReceiver(.failure(failure)))
        }
        if senderWaits, !out.contains(where: { $0.role != .receive }) {
            senderWaits = false
            actions.append(.answerSender(failure))
        }
        if isFree { actions.append(.free) }
        return actions
    }
}
