package import Events
package import Time

/// What a collector wants done next. One at a time: it is told what came of it before it is asked again.
package enum CollectorStep: Sendable, Equatable {
    /// Run this on the phone, then call `answered`.
    case run(PhoneCommand)
    /// Ask the store which of these keys it has never seen, then call `checked`.
    case check([SourceKey])
    /// Make this durable, all of it or nothing, then call `recorded`.
    case record([Observation], cursor: [UInt8])
    /// Tell people, then ask again.
    case report(CollectorReport)
    /// Answer the request that `asked` brought, then ask again.
    case reply(SourceReply)
    /// Nothing until then, or until a hint comes; nil: only a hint.
    case rest(until: Instant?)
}

/// Something people should know about reading one source of a phone.
package enum CollectorReport: Sendable, Equatable {
    /// Reading works.
    case reading
    /// Reading does not work now; one sentence that says what happened and what to do. `locked`: it will once the
    /// phone is unlocked.
    case blocked(String, locked: Bool)
    /// Something was refused or betrays a loss; one sentence. Counted, shown, never guessed over.
    case problem(String)
}

/// One source of events on one phone: a machine with a cursor of its own.
///
/// The rules for adding a source are in this target's README. A collector knows nothing of ADB, the store or
/// webhooks: it says what to run and what to record, and is told what came of it.
package protocol Collector: Sendable {
    /// The source it reads.
    var source: Source { get }
    /// Which lines of the phone's log say when to look.
    var log: LogFilter { get }
    /// What to do now.
    mutating func next(now: Instant, phoneTime: WallTime) -> CollectorStep
    /// What came of the last `.run`.
    mutating func answered(_ outcome: CommandOutcome, now: Instant)
    /// What of the last `.check` is new.
    mutating func checked(_ unseen: Set<SourceKey>, now: Instant)
    /// The last `.record` is durable.
    mutating func recorded(now: Instant)
    /// A line of the phone's log that `log` takes: says when to look, never what happened.
    mutating func heard(_ line: LogLine, now: Instant)
    /// Lines of the log may have been missed: look once.
    mutating func hintsWereLost(now: Instant)
    /// The SIM cards in the phone now.
    mutating func simsChanged(_ sims: [SIMCard])
}

/// A collector that people can ask for something.
package protocol AskedCollector: Collector {
    /// Somebody asks. May come between any two other calls, but not before the last request was replied to with
    /// `.reply`.
    mutating func asked(_ request: SourceRequest, now: Instant)
}
