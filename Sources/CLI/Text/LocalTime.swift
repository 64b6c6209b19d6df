package import Control
import Glibc

/// Local date and time by glibc: `TZ`, else `/etc/localtime`.
package enum LocalTime {
    /// `2026-11-21 06:30:05` in local time.
    package static func text(_ moment: Timestamp) -> String {
        let milliseconds = moment.milliseconds
        var seconds = time_t(milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000)
        var parts = unsafe tm()
        guard unsafe localtime_r(&seconds, &parts) != nil else { return moment.text }
        let (year, month, day) = unsafe (Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
        let (hour, minute, second) = unsafe (Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec))
        let date = padded(year, 4) + "-" + padded(month) + "-" + padded(day)
        return date + " " + padded(hour) + ":" + padded(minute) + ":" + padded(second)
    }

    private static func padded(_ value: Int, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
