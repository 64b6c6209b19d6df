package import Phone

/// What came of asking a phone for something.
package enum PhoneAnswer: Sendable, Equatable {
    /// Its reply.
    case replied(SourceReply)
    /// It is not online, or does not do such things.
    case notOnline
    /// It left before it replied; what was begun goes on, or is tidied up, at its next contact.
    case left
    /// It is still at work on another request.
    case busy
}
