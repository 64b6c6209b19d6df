import Base
import Events

/// The run that somebody asked for and waits for.
struct USSDJob: Sendable {
    let request: USSDRequest
    let code: USSDCode
    let sim: SIMCard
    /// When it was asked for.
    let askedAt: Instant
    /// The phone app's process.
    var process: Int64 = 0
    /// The user's setting, when it has to be changed; how it is put back.
    var wish: USSDCursor.Wish?
    /// The wanted card's account id, where it is its number.
    var iccid: String?
    /// From when on the log is read, in seconds since 1970 by the phone's clock.
    var since: Int64 = 0
    /// BACK keys sent at old dialogs.
    var backs = 0
    /// Looks of the current step that showed nothing yet.
    var tries = 0
    /// Menu answers typed.
    var typed = 0
    /// When it was dialled.
    var dialledAt: Instant?
    /// When the state of the run last changed.
    var progressAt: Instant?
    /// The state as last seen.
    var progress: USSDProgress.State = .waiting
    /// What came of the order to dial when it did not end well: it may have been carried out all the same.
    var startProblem: String?
    /// Why the log could not be read at the last look.
    var logProblem: String?
    /// How it ended.
    var outcome: USSDOutcome?
}

/// What a run may have left behind in the network.
struct USSDOpenEnd: Sendable {
    enum Kind: Sendable {
        /// A code whose answer has not come.
        case unanswered
        /// A menu that waits for an answer; an unlocked screen shows it.
        case menu
    }

    let kind: Kind
    /// When the network will have ended it.
    let until: Instant
}

/// What a run does next on the phone: each one is one command.
enum USSDStage: Sendable, Equatable {
    case idle
    // Before anything is dialled.
    case process, callState, focus, back, setting, telecomUsage, simInfo, mark, seeMark, change, verify
    // The run.
    case dial, watch, menuFocus, type, enterFocus, enter, closingFocus, close
    /// The run is over: its reply is next.
    case over
    /// A run that was cut off: its log is read to the end.
    case recover
}
