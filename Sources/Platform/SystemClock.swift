package import Base
import Glibc

/// The machine's clocks.
package struct SystemClock: DaemonClock {
    private static let start = ContinuousClock.now

    /// The machine's clocks.
    package init() {}

    package func now() -> Instant {
        Instant(nanoseconds: Self.start.duration(to: .now).nanosecondsSaturated)
    }

    package func wallNow() -> WallTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return WallTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    package func sleep(until deadline: Instant) async throws {
        try await Task.sleep(
            until: Self.start.advanced(by: .nanoseconds(deadline.nanoseconds)), clock: .continuous)
    }
}
