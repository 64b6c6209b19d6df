package import Base
package import Events

/// What a task wants done next. One at a time: it is told what came of it before it is asked again.
package enum TaskStep<Reply: Sendable & Equatable>: Sendable, Equatable {
    /// Run this on the phone, then call `answered`.
    case run(PhoneCommand)
    /// Make this durable, all of it or nothing, then call `recorded`.
    case record([Observation], cursor: [UInt8])
    /// Tell people, then ask again.
    case report(PhoneReport)
    /// Answer what `asked` brought, then ask again. What was recorded for it is durable before.
    case reply(Reply)
    /// Nothing until then, or until somebody asks; nil: only until somebody asks.
    case rest(until: Instant?)
}

/// Something that phonewire is asked to do on a phone and that ends with a reply: a machine with a cursor of its own, as
/// a source, which rests until somebody asks. One request at a time.
///
/// How to add one is in this target's README.
package protocol PhoneTask: Sendable {
    /// What is asked for.
    associatedtype Request: Sendable
    /// How it ended.
    associatedtype Reply: Sendable & Equatable

    /// Its word in the store: its cursor and its keys are kept under it.
    static var name: SourceName { get }

    /// A task that goes on from `cursor`, the bytes it recorded last: it puts back what a run that was cut off has changed,
    /// and looks for that run's end. Nil on a phone that was never asked.
    init(cursor: [UInt8]?, phone: PhoneContext)

    /// Somebody asks. May come between any two other calls, but not before the last request was answered with `.reply`. A
    /// request that cannot be carried out is replied to as any other.
    mutating func asked(_ request: Request, now: Instant)
    /// What to do now; `phoneTime` is the phone's own clock.
    mutating func next(now: Instant, phoneTime: WallTime) -> TaskStep<Reply>
    /// What came of the last `.run`.
    mutating func answered(_ outcome: CommandOutcome, now: Instant)
    /// The last `.record` is durable.
    mutating func recorded(now: Instant)
    /// Who asked has left. What has not begun for real is not begun; what cannot be taken back goes on, and its event
    /// still comes. The reply is given as always. May come between any two other calls; with nothing under way it does
    /// nothing.
    mutating func cancelled(now: Instant)
    /// The SIM cards were looked at, changed or not. Default: nothing.
    mutating func simsRead(_ sims: [SIMCard])

    /// What is under way, one sentence for people that tells nothing secret; nil at rest.
    var progress: String? { get }
    /// What was changed on the phone and still has to be put back, one sentence for people; from the cursor also after a
    /// crash. Nil when there is nothing.
    var toPutBack: String? { get }
}

extension PhoneTask {
    package mutating func simsRead(_ sims: [SIMCard]) {}
}
