package import Base
package import Events

/// What a source wants done next. One at a time: it is told what came of it before it is asked again.
package enum SourceStep: Sendable, Equatable {
    /// Run this on the phone, then call `answered`.
    case run(PhoneCommand)
    /// Ask the store which of these keys it has never seen, then call `checked`.
    case check([SourceKey])
    /// Make this durable, all of it or nothing, then call `recorded`.
    case record([Observation], cursor: [UInt8])
    /// The same for old things that somebody asked for: known ones become events too, where they are none, and go to the webhooks that
    /// have not had them.
    case backfill([Observation], cursor: [UInt8], Backfill)
    /// Tell people, then ask again.
    case report(PhoneReport)
    /// Nothing until then, or until a hint comes; nil: only a hint.
    case rest(until: Instant?)
}

/// Watches one part of a phone: a machine with a cursor of its own that says what to run and what to record, and is told
/// what came of it. It knows nothing of ADB, the store or webhooks; it does no I/O and has no clock.
///
/// How to add one is in this target's README. What has a default here is needed by few sources.
package protocol PhoneSource: Sendable {
    /// Its word in the store: its cursor and its keys are kept under it.
    static var name: SourceName { get }

    /// A source that goes on from `cursor`, the bytes it recorded last; nil on a phone that is new to it.
    init(cursor: [UInt8]?, phone: PhoneContext)

    /// What to do now; `phoneTime` is the phone's own clock.
    mutating func next(now: Instant, phoneTime: WallTime) -> SourceStep
    /// What came of the last `.run`.
    mutating func answered(_ outcome: CommandOutcome, now: Instant)
    /// The last `.record` or `.backfill` is durable.
    mutating func recorded(now: Instant)

    /// Which lines of the phone's log say when to look. Default: none.
    var log: LogFilter { get }
    /// A line of the phone's log that `log` matches: says when to look, never what happened. Default: nothing.
    mutating func heard(_ line: LogLine, now: Instant)
    /// Lines of the log may have been missed: look once. Default: nothing.
    mutating func hintsWereLost(now: Instant)
    /// What of the last `.check` is new. Default: a crash, because a source that asks must listen.
    mutating func checked(_ unseen: Set<SourceKey>, now: Instant)
    /// The SIM cards were looked at, changed or not. Default: nothing.
    mutating func simsRead(_ sims: [SIMCard])
    /// Check everything that is on the phone against what the store has seen, now. Default: nothing.
    mutating func checkAll(now: Instant)
    /// How often everything was checked, to the end. Default: never.
    var wholeChecks: Int { get }
    /// How often that could not be done. Default: never.
    var failedChecks: Int { get }
    /// Reads what is on the phone since `since` again, for `target`; nil stops what is under way. False where it does not do such a
    /// thing, or does it already. Default: it does not.
    mutating func backfill(_ request: BackfillRequest?, now: Instant) -> Bool
    /// The backfill under way, or the one that ended last in this contact; nil where there was none. Default: none.
    var backfillProgress: BackfillProgress? { get }
    /// What `cursor`, bytes it recorded, tells of everything since enrolment. Default: nothing.
    static func ledger(_ cursor: [UInt8]) -> PhoneLedger?
}

extension PhoneSource {
    package var log: LogFilter { .nothing }
    package mutating func heard(_ line: LogLine, now: Instant) {}
    package mutating func hintsWereLost(now: Instant) {}
    package mutating func checked(_ unseen: Set<SourceKey>, now: Instant) {
        preconditionFailure("a source that asks for .check must have its own checked()")
    }
    package mutating func simsRead(_ sims: [SIMCard]) {}
    package mutating func checkAll(now: Instant) {}
    package var wholeChecks: Int { 0 }
    package var failedChecks: Int { 0 }
    package mutating func backfill(_ request: BackfillRequest?, now: Instant) -> Bool {
        false
    }
    package var backfillProgress: BackfillProgress? { nil }
    package static func ledger(_ cursor: [UInt8]) -> PhoneLedger? { nil }
}
