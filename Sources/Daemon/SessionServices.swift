import ADB
import Crypto
package import Log
package import Store
package import Time

/// What a phone's session needs of the rest of the daemon.
package struct SessionServices: Sendable {
    package var store: EventStore
    package var keys: KeyRing
    package var clock: any DaemonClock
    package var log: Logger
    /// Fresh random bytes; the simulation's are seeded.
    package var random: @Sendable (_ count: Int) -> [UInt8]
    /// The phones that can be asked for something.
    package var phones: OnlinePhones
    /// New deliveries may be due.
    package var recorded: @Sendable () -> Void

    package init(
        store: EventStore, keys: KeyRing, clock: any DaemonClock, log: Logger, phones: OnlinePhones,
        random: @escaping @Sendable (_ count: Int) -> [UInt8], recorded: @escaping @Sendable () -> Void
    ) {
        self.store = store
        self.keys = keys
        self.clock = clock
        self.log = log
        self.random = random
        self.phones = phones
        self.recorded = recorded
    }
}
