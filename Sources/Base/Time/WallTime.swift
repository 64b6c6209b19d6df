/// A date: what people and receivers see. Milliseconds since 1970-01-01T00:00:00Z. Data, never used to measure.
package struct WallTime: Sendable, Hashable, Comparable, Codable {
    /// Milliseconds since 1970 in UTC; negative before.
    package let milliseconds: Int64

    /// The date `milliseconds` after 1970.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: WallTime, right: WallTime) -> Bool { left.milliseconds < right.milliseconds }

    /// Whole seconds since 1970, rounded down, as webhook bodies carry them.
    package var seconds: Int64 {
        let (quotient, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        return rest < 0 ? quotient - 1 : quotient
    }

    /// The date `duration` later; saturates.
    package func advanced(by duration: Duration) -> WallTime {
        let (sum, overflow) = milliseconds.addingReportingOverflow(duration.milliseconds)
        return WallTime(milliseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// The time from `self` until `other`, negative when `other` is earlier.
    package func duration(to other: WallTime) -> Duration {
        let (difference, overflow) = other.milliseconds.subtractingReportingOverflow(milliseconds)
        return .milliseconds(overflow ? (other < self ? Int64.min : .max) : difference)
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
