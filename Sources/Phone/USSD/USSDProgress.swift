/// How far a run is, by what the log says since its mark. A pure function of the log: read anew at each look.
struct USSDProgress: Sendable, Equatable {
    /// A text that answers the run.
    struct Answer: Sendable, Equatable {
        let text: String
        let isMenu: Bool
        /// Which text of this run, from 1.
        let number: Int
        /// By the phone's clock, in milliseconds since 1970.
        let milliseconds: Int64?
    }

    enum State: Sendable, Equatable {
        /// Nothing was sent yet.
        case waiting
        /// It was sent; the network has not spoken.
        case sent
        /// The network spoke; its text is not in the log yet.
        case spoke
        /// Its text cannot be believed: why.
        case unreadable(String)
        /// The newest text.
        case answered(Answer)
        /// It came to nothing: a sentence, and whether the phone shows a dialog that a key closes.
        case failed(String, closes: Bool)
    }

    private(set) var state = State.waiting
    /// The newest text that was read, also where the run failed behind it.
    private(set) var lastAnswer: Answer?
    /// Whether Telecom is said to have refused the code.
    private(set) var telecomRefused = false
    /// Whether it failed because a request was sent that is not the run's, or on another slot: an answer to it may
    /// still come.
    private(set) var isSomebodyElses = false
    /// Requests of the run that were sent.
    private(set) var sends = 0
    /// What the network last said, until its text.
    private var mode: USSDMode?

    /// Reads `entries`, of a run on `slot` (1-based) with at most `sendsMax` requests.
    init(_ entries: [USSDLog.Entry], slot: Int, sendsMax: Int) {
        for entry in entries where !isOver { read(entry, slot: slot, sendsMax: sendsMax) }
    }

    private var isOver: Bool {
        switch state {
        case .failed: true
        case .answered(let answer): !answer.isMenu
        case .waiting, .sent, .spoke, .unreadable: false
        }
    }

    private mutating func read(_ entry: USSDLog.Entry, slot wanted: Int, sendsMax: Int) {
        switch entry.event {
        case .refusedByTelecom: telecomRefused = true
        case .sent(let slot, _): sent(on: slot + 1, wanted: wanted, sendsMax: sendsMax)
        case .sendError(let slot, let code) where isOurs(slot, wanted):
            state = .failed(
                "the network or the SIM card refused the code (radio error \(code))", closes: true)
        case .unsolicited(let mode, let slot) where isOurs(slot, wanted): spoke(mode)
        case .state(let shown, let slot) where isOurs(slot ?? wanted - 1, wanted): showed(shown)
        case .text(let text, let isMenu, let slot) where isOurs(slot, wanted):
            guard let mode else { return }
            guard (mode == .menu) == isMenu else {
                state = .failed(
                    "the phone and its radio contradict each other about the answer", closes: false)
                return
            }
            let answer = Answer(
                text: text, isMenu: isMenu, number: (lastAnswer?.number ?? 0) + 1,
                milliseconds: entry.milliseconds)
            lastAnswer = answer
            state = .answered(answer)
            self.mode = nil
        case .unreadable(let error, let slot) where isOurs(slot ?? wanted - 1, wanted):
            if mode != nil { state = .unreadable(error.what) }
        case .networkInitiated, .sendError, .unsolicited, .state, .text, .unreadable: break
        }
    }

    private func isOurs(_ slot: Int, _ wanted: Int) -> Bool { sends > 0 && slot + 1 == wanted }

    private mutating func sent(on slot: Int, wanted: Int, sendsMax: Int) {
        if slot != wanted {
            guard sends == 0 else { return }
            isSomebodyElses = true
            state = .failed(
                "the phone sent the code on SIM slot \(slot) instead of \(wanted): what comes of it is not an event",
                closes: false)
            return
        }
        sends += 1
        mode = nil
        // A second request without a menu before it, or more than this run types, is somebody else's.
        let isAnswer = if case .answered = state { sends <= sendsMax } else { sends == 1 }
        isSomebodyElses = !isAnswer
        state =
            isAnswer
            ? .sent
            : .failed(
                "somebody used USSD on the phone at the same time: which answer is whose is not known",
                closes: false)
    }

    private mutating func spoke(_ mode: USSDMode) {
        self.mode = mode
        switch mode {
        case .final, .menu: state = .spoke
        case .released: state = .failed("the network ended it without a text", closes: false)
        case .otherClient: state = .failed("the network says that another program answered", closes: true)
        case .notSupported: state = .failed("the network does not support it", closes: true)
        case .timedOut: state = .failed("the network's time for it ran out", closes: true)
        }
    }

    private mutating func showed(_ shown: USSDState) {
        switch shown {
        case .failed: state = .failed("the phone says that it failed", closes: true)
        case .cancelled: state = .failed("it was cancelled on the phone", closes: false)
        case .pending, .complete: break
        }
    }
}
