/// When a failed delivery is tried again: 1, 5, 15, 60 seconds, 5, 15, 60 minutes, then hourly.
package enum RetrySchedule {
    /// The jitter that leaves a wait as it is; others are 0.8 to 1.2, as Svix has it (svix/svix-webhooks
    /// server/svix-server/src/worker.rs).
    package static let jitterRange = 0.8...1.2

    /// The jitter for `random`, a number from 0 up to 1.
    package static func jitter(random: Double) -> Double {
        jitterRange.lowerBound + (jitterRange.upperBound - jitterRange.lowerBound) * random
    }

    private static let seconds: [Int64] = [1, 5, 15, 60, 300, 900, 3600]

    /// The wait after attempt `attempt` (1 for the first) has failed, times `jitter`.
    package static func wait(afterAttempt attempt: Int, jitter: Double) -> Duration {
        let index = min(max(attempt, 1), seconds.count) - 1
        return scaled(.seconds(seconds[index]), by: clamped(jitter))
    }

    /// The part that a wait which a receiver asked for may be longer.
    private static let spread = 0.1

    /// What a receiver asked for, at most `limit`, and up to `spread` of it more: every waiting event hears the same moment.
    package static func wait(retryAfter seconds: Int64, limit: Duration, jitter: Double) -> Duration {
        let asked = min(Duration.seconds(max(seconds, 0)), limit)
        let span = jitterRange.upperBound - jitterRange.lowerBound
        return scaled(asked, by: 1 + spread * (clamped(jitter) - jitterRange.lowerBound) / span)
    }

    /// `duration` times `factor`, in whole milliseconds.
    static func scaled(_ duration: Duration, by factor: Double) -> Duration {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
        return .milliseconds(Int64((milliseconds * factor).rounded()))
    }

    private static func clamped(_ jitter: Double) -> Double {
        // A NaN compares false with everything, and becomes the lower bound.
        jitter >= jitterRange.lowerBound ? min(jitter, jitterRange.upperBound) : jitterRange.lowerBound
    }
}
