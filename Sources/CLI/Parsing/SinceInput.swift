import Control
import Glibc

/// A moment that a user names: a date, a date with a time, or how long ago.
enum SinceInput {
    /// What is understood, for help and errors.
    static let forms = "2026-11-20, \"2026-11-20 06:30\" (local time), 90m, 24h, 7d, or all"

    private static let units: [(Character, Int64)] = [("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)]

    /// The moment that `text` names at `now`; nil where it names none.
    static func moment(_ text: String, now: Timestamp) -> Timestamp? {
        if text == "all" { return Timestamp(milliseconds: 0) }
        if let moment = Timestamp(text: text) { return moment }
        if let (_, length) = units.first(where: { text.last == $0.0 }), text.first != "+",
            let count = Int64(text.dropLast()),
            (0...1_000_000).contains(count)
        {
            return Timestamp(milliseconds: now.milliseconds - count * length)
        }
        return local(text)
    }

    private static func local(_ text: String) -> Timestamp? {
        let halves = text.split(separator: " ", omittingEmptySubsequences: false)
        guard halves.count <= 2, let date = numbers(halves[0], "-", [4, 2, 2]) else { return nil }
        var time = [0, 0]
        if halves.count == 2 {
            guard let told = numbers(halves[1], ":", [2, 2]) else { return nil }
            time = told
        }
        guard 1970...9999 ~= date[0], 1...12 ~= date[1], 1...31 ~= date[2], time[0] < 24, time[1] < 60 else {
            return nil
        }
        var parts = unsafe tm()
        unsafe parts.tm_year = Int32(date[0] - 1900)
        unsafe parts.tm_mon = Int32(date[1] - 1)
        unsafe parts.tm_mday = Int32(date[2])
        unsafe parts.tm_hour = Int32(time[0])
        unsafe parts.tm_min = Int32(time[1])
        unsafe parts.tm_isdst = -1
        let seconds = unsafe mktime(&parts)
        // A day that its month does not have was moved into the next one.
        guard seconds != -1, unsafe parts.tm_mday == Int32(date[2]) else { return nil }
        return Timestamp(milliseconds: Int64(seconds) * 1000)
    }

    private static func numbers(_ text: Substring, _ mark: Character, _ widths: [Int]) -> [Int]? {
        let parts = text.split(separator: mark, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == widths,
            parts.allSatisfy({ $0.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } })
        else { return nil }
        return parts.compactMap { Int($0) }
    }
}
