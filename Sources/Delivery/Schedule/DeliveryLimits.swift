/// The numbers of the delivery policy. Values, so that a test may take smaller ones.
package struct DeliveryLimits: Sendable, Equatable {
    /// Seconds of a day.
    static let secondsPerDay: Int64 = 86_400

    /// Requests at once for one webhook.
    package var requestsAtOnce = 4
    /// Requests at once for one webhook that are second or later attempts: one place is always left for new events.
    package var retriesAtOnce = 3
    /// Time after which the next first attempt in a lane starts although the one before has not ended.
    package var laneGap = Duration.seconds(2)
    /// Deliveries fetched from the store ahead of need, for one webhook.
    package var deliveriesAhead = 64
    /// Bytes of bodies fetched ahead of need, for one webhook: after a fetch above it the next ones are the smallest.
    package var bodyBytesAhead = 256 * 1024
    /// Attempts after which an event that the receiver refuses (400, 409, 413, 422) is given up.
    package var refusalsMax = 3
    /// Age from which a delivery is given up at its next failure.
    package var age = Duration.seconds(7 * secondsPerDay)
    /// Attempts that a delivery gets in any case before age counts: a webhook that was paused, a daemon that was off
    /// or a clock that jumped must not kill what has hardly been tried. Reached in about 80 minutes.
    package var attemptsBeforeAge = 8
    /// Longest `Retry-After` that is honoured.
    package var retryAfterMax = Duration.seconds(secondsPerDay)
    /// Longest hold of a webhook whose receiver answers 429 without `Retry-After`.
    package var holdMax = Duration.seconds(60)
    /// Shortest wait after a failure that only a person can mend: a redirect, TLS, a wrong URL.
    package var slowRetry = Duration.seconds(15 * 60)
    /// Wait before the first probe of a paused webhook; doubles until `probeMax`.
    package var probeFirst = Duration.seconds(15 * 60)
    /// Longest wait between probes.
    package var probeMax = Duration.seconds(3600)

    /// The defaults.
    package init() {}
}
