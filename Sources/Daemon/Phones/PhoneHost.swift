import ADB
import Events
import Phone

/// Runs one source or one task on one phone: performs its steps in their order, one at a time.
protocol PhoneHost: Actor {
    /// What it runs.
    nonisolated var name: SourceName { get }
    /// Which lines of the phone's log it is to be given.
    nonisolated var log: LogFilter { get }
    /// Works until the connection ends (throws) or the task is cancelled (returns).
    func run() async throws(ADBError)
    /// A line of the phone's log.
    func heard(_ line: LogLine)
    /// The log stream had a gap.
    func hintsWereLost()
    /// The SIM cards were looked at.
    func simsRead(_ sims: [SIMCard])
    /// The phone's clock was read again.
    func phoneClockRead(_ clock: PhoneClock)
    /// Checks everything on the phone against what the store has seen; true when it was done to its end, or begun where nobody
    /// waits; false when the phone left or has nothing of the kind.
    func checkAll(waits: Bool) async -> Bool
    /// Begins a backfill, or stops the one under way (nil); false where it cannot.
    func backfill(_ request: BackfillRequest?) -> Bool
    /// How far the backfill is that is under way, or ended last; nil where there was none since the phone came.
    func backfillProgress() -> BackfillProgress?
    /// What its task is doing; nil for a source.
    func taskState() -> TaskState?
}

extension PhoneHost {
    nonisolated var log: LogFilter { .nothing }
    func heard(_ line: LogLine) {}
    func hintsWereLost() {}
    func checkAll(waits: Bool) async -> Bool { false }
    func backfill(_ request: BackfillRequest?) -> Bool { false }
    func backfillProgress() -> BackfillProgress? { nil }
    func taskState() -> TaskState? { nil }
}
