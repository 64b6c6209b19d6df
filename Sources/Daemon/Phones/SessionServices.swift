import Base
import Store

/// What a phone's session needs of the rest of the daemon.
struct SessionServices: Sendable {
    let store: EventStore
    let keys: KeyRing
    let clock: any DaemonClock
    let log: Logger
    /// What people were told of each phone.
    let notes = ProblemNotes()
    /// The phones that can be asked for something.
    let phones: OnlinePhones
    /// Fresh random bytes; the simulation's are seeded.
    let random: @Sendable (_ count: Int) -> [UInt8]
    /// New deliveries may be due.
    let recorded: @Sendable () -> Void
}
