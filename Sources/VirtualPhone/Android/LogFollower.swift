/// One `logcat`: what it prints and where it stands in the log.
struct LogFollower: Sendable {
    /// `-v`.
    enum Format: Sendable { case threadtime, epoch }
    /// Where it starts.
    enum Start: Sendable, Equatable {
        case all
        /// The newest entries of the buffers, counted before the filter (as logd does).
        case last(Int)
        /// Milliseconds since 1970.
        case since(Int64)
        /// `MM-DD hh:mm:ss.mmm`, compared as text.
        case sinceText(String)
    }

    var buffers: Set<String> = ["main", "system", "crash"]
    var format = Format.threadtime
    /// Lowest level by tag; `nil` level for silence.
    var levels: [String: UInt8?] = [:]
    /// Level of tags that are not named.
    var defaultLevel: UInt8? = UInt8(ascii: "V")
    /// Literal pieces of which a message must hold one; empty lets all pass. A `-e` pattern is only taken apart at
    /// its `|`, which is all that phonewire's patterns use: a real logcat applies the whole expression.
    var pieces: [[UInt8]] = []
    var start = Start.all

    private var next: Int?
    private var announced: Set<String> = []

    /// What is new since the last call.
    mutating func newLines(from logs: LogBuffers) -> [UInt8] {
        var entries = logs.entries(of: buffers, from: next ?? 0)
        if next == nil { entries = started(entries) }
        next = logs.next
        var out: [UInt8] = []
        for entry in entries where passes(entry) {
            if announced.insert(entry.buffer).inserted {
                // "switch to" stands there only with -D. Source: logcat/logcat.cpp `PrintDividers`.
                out += Array("--------- beginning of \(entry.buffer)\n".utf8)
            }
            let head = Array(header(of: entry).utf8)
            for line in entry.message.split(separator: 0x0A, omittingEmptySubsequences: false) {
                out += head
                out += line
                out.append(0x0A)
            }
        }
        return out
    }

    private func started(_ entries: [LogBuffers.Entry]) -> [LogBuffers.Entry] {
        switch start {
        case .all: entries
        case .last(let count): entries.suffix(max(0, count))
        case .since(let milliseconds): entries.filter { $0.milliseconds >= milliseconds }
        case .sinceText(let text): entries.filter { CivilTime.logText($0.milliseconds) >= text }
        }
    }

    private static let levelsInOrder = Array("VDIWEFS".utf8)

    private func passes(_ entry: LogBuffers.Entry) -> Bool {
        let level = levels[entry.tag] ?? defaultLevel
        guard let level, let lowest = Self.levelsInOrder.firstIndex(of: level),
            let own = Self.levelsInOrder.firstIndex(of: entry.level),
            own >= lowest, level != UInt8(ascii: "S")
        else { return false }
        return pieces.isEmpty || pieces.contains { Self.holds(entry.message, $0) }
    }

    /// Whether `piece` stands in `message`. The library's search takes ten times as long.
    private static func holds(_ message: [UInt8], _ piece: [UInt8]) -> Bool {
        guard let first = piece.first else { return true }
        guard message.count >= piece.count else { return false }
        for start in 0...(message.count - piece.count) where message[start] == first {
            if message[start..<(start + piece.count)].elementsEqual(piece) { return true }
        }
        return false
    }

    /// Source: LineageOS/android_system_logging liblog/logprint.cpp.
    private func header(of entry: LogBuffers.Entry) -> String {
        let time =
            switch format {
            case .threadtime: CivilTime.logText(entry.milliseconds)
            case .epoch:
                Self.padLeft(String(entry.milliseconds / 1000), 19) + "."
                    + Self.padLeft(String(entry.milliseconds % 1000), 3, with: "0")
            }
        let level = String(decoding: [entry.level], as: UTF8.self)
        let tag = entry.tag + String(repeating: " ", count: max(0, 8 - entry.tag.utf8.count))
        let process = Self.padLeft(String(entry.process), 5)
        return "\(time) \(process) \(Self.padLeft(String(entry.thread), 5)) \(level) \(tag): "
    }

    static func padLeft(_ text: String, _ width: Int, with filler: String = " ") -> String {
        String(repeating: filler, count: max(0, width - text.utf8.count)) + text
    }
}

/// Calendar dates in UTC: a virtual phone's zone is UTC.
enum CivilTime {
    /// `MM-DD hh:mm:ss.mmm`, as `logcat -v threadtime` prints it.
    static func logText(_ milliseconds: Int64) -> String {
        let (_, month, day) = date(milliseconds)
        let ofDay = milliseconds - floorDivide(milliseconds, 86_400_000) * 86_400_000
        let time = [ofDay / 3_600_000, ofDay / 60_000 % 60, ofDay / 1000 % 60].map(two).joined(separator: ":")
        return "\(two(month))-\(two(day)) \(time)." + LogFollower.padLeft(String(ofDay % 1000), 3, with: "0")
    }

    /// `YYYY-MM-DDThh:mm:ss.mmm`.
    static func fullText(_ milliseconds: Int64) -> String {
        let (year, _, _) = date(milliseconds)
        let text = logText(milliseconds)
        return "\(year)-" + text.replacing(" ", with: "T")
    }

    private static func two(_ value: Int64) -> String { LogFollower.padLeft(String(value), 2, with: "0") }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value / divisor - (value % divisor < 0 ? 1 : 0)
    }

    /// Days to a date by the arithmetic of the proleptic Gregorian calendar (400-year eras from 0000-03-01).
    private static func date(_ milliseconds: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let days = floorDivide(milliseconds, 86_400_000) + 719_468
        let era = floorDivide(days, 146_097)
        let ofEra = days - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * ofYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, ofYear - (153 * shifted + 2) / 5 + 1)
    }
}
