/// Lengths of time and sizes for people.
enum Quantity {
    /// Seconds of an hour and of a day.
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400

    /// `850 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`; negative with a minus sign.
    static func duration(milliseconds: Int64) -> String {
        if milliseconds == .min { return "-" }
        if milliseconds < 0 { return "-" + duration(milliseconds: -milliseconds) }
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let seconds = milliseconds / 1000
        switch seconds {
        case ..<60: return "\(seconds).\(milliseconds % 1000 / 100) s"
        case ..<hour: return pair(seconds / 60, "min", and: seconds % 60, "s")
        case ..<day: return pair(seconds / hour, "h", and: seconds % hour / 60, "min")
        default: return pair(seconds / day, "d", and: seconds % day / hour, "h")
        }
    }

    /// As `duration(milliseconds:)`, below 10 ms with a decimal: `0.4 ms`.
    static func duration(microseconds: Int64) -> String {
        guard 0..<10_000 ~= microseconds else { return duration(milliseconds: microseconds / 1000) }
        return "\(microseconds / 1000).\(microseconds % 1000 / 100) ms"
    }

    /// `512 B`, `4.0 KiB`, `1.5 MiB`, `2.0 GiB`.
    static func bytes(_ count: Int64) -> String {
        if count < 1024 { return "\(count) B" }
        var tenths = count * 10 / 1024
        for unit in ["KiB", "MiB"] {
            if tenths < 10_240 { return "\(tenths / 10).\(tenths % 10) \(unit)" }
            tenths /= 1024
        }
        return "\(tenths / 10).\(tenths % 10) GiB"
    }

    private static func pair(
        _ big: Int64, _ bigUnit: String, and small: Int64, _ smallUnit: String
    ) -> String {
        small == 0 ? "\(big) \(bigUnit)" : "\(big) \(bigUnit) \(small) \(smallUnit)"
    }
}
