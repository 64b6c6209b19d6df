/// The clocks everything above the ports reads. The program passes the system's, the simulation its own.
package protocol DaemonClock: Sendable {
    /// The monotonic clock now.
    func now() -> Instant
    /// The wall clock now.
    func wallNow() -> WallTime
    /// Returns when `deadline` has passed; throws `CancellationError` at once when the task is cancelled.
    func sleep(until deadline: Instant) async throws
}

extension DaemonClock {
    /// Sleeps for `duration` from now.
    package func sleep(for duration: Duration) async throws {
        try await sleep(until: now().advanced(by: duration))
    }
}
