package import Events

/// What came of asking a phone for something.
package enum TaskAnswer<Reply: Sendable & Equatable>: Sendable, Equatable {
    /// Its reply, and the events that were recorded for it, oldest first.
    case replied(Reply, events: [EventID])
    /// It is not online.
    case notOnline
    /// It left before it replied, or who asked did; what was begun goes on, or is tidied up, at its next contact.
    case left
    /// It is still at work on another request.
    case busy
}

/// What a task of a phone is doing.
package struct TaskState: Sendable, Equatable {
    /// The task's word.
    package let name: SourceName
    /// What is under way, one sentence; nil at rest.
    package let progress: String?
    /// What was changed on the phone and still has to be put back, one sentence; nil when there is nothing.
    package let toPutBack: String?
}
