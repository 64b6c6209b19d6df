import Base

/// A phone's clock as it was read once; from then on the monotonic time elapsed counts, so that neither clock's being
/// set moves it.
struct PhoneClock: Sendable, Equatable {
    /// Seconds of a believable date on either side of 1970 (some 34 thousand years): beyond it sums could overflow.
    private static let secondsMax: UInt64 = 1 << 40

    private let read: WallTime
    private let readAt: Instant

    /// The phone told `seconds` since 1970 at `now`; `ours` stands in where it told nothing believable.
    init(seconds: Int64?, now: Instant, ours: WallTime) {
        if let seconds, seconds.magnitude < Self.secondsMax {
            read = WallTime(milliseconds: seconds * 1000)
        } else {
            read = ours
        }
        readAt = now
    }

    /// The phone's date at `now`.
    func time(at now: Instant) -> WallTime { read.advanced(by: readAt.duration(to: now)) }
}
