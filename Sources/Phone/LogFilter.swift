/// Which lines of the phone's log a source wants to hear of.
package struct LogFilter: Sendable, Equatable {
    /// Buffers such as `radio` and `events`; constants of this program.
    package let buffers: [String]
    /// Tags, from level D on; constants of this program.
    package let tags: [String]

    /// Lines of `tags` in `buffers`.
    package init(buffers: [String], tags: [String]) {
        self.buffers = buffers
        self.tags = tags
    }

    /// No lines.
    package static let nothing = LogFilter(buffers: [], tags: [])

    /// Whether `line` is one of these.
    package func matches(_ line: LogLine) -> Bool { tags.contains { line.tag.elementsEqual($0.utf8) } }

    /// The command that follows what `filters` want, all in one stream; nil when they want nothing. From now on, or with everything
    /// from `since` on (milliseconds since 1970 by the phone's clock), lines of that very moment again.
    ///
    /// `-v epoch` and moments for `-T` need Android 7 (LineageOS/android_system_logging `logcat/logcat.cpp`); without them
    /// (`hasMoments` false) lines have no date with a year, and a stream begins with what comes.
    package static func stream(_ filters: [LogFilter], hasMoments: Bool, since: Int64?) -> String? {
        func distinct(_ words: [String]) -> [String] {
            var seen: Set<String> = []
            return words.filter { seen.insert($0).inserted }
        }
        let buffers = distinct(filters.flatMap(\.buffers)).map { "-b \($0)" }
        let tags = distinct(filters.flatMap(\.tags)).map { "\($0):D" }
        guard !buffers.isEmpty, !tags.isEmpty else { return nil }
        var start = "1"
        if hasMoments, let since, since >= 0 {
            let fraction = String(since % 1000)
            start = "\(since / 1000)." + String(repeating: "0", count: 3 - fraction.utf8.count) + fraction
        }
        return
            "logcat \(buffers.joined(separator: " ")) -v \(hasMoments ? "epoch" : "threadtime") -T \(start) -s \(tags.joined(separator: " "))"
    }
}

/// How far a log stream was heard, so that another stream goes on there: nothing missed as long as the phone still has it, nothing
/// twice.
package struct LogResume: Sendable {
    /// The moment of the newest line, milliseconds since 1970 by the phone's clock; nil before the first.
    package private(set) var newest: Int64?
    /// Lines of that moment that were heard.
    private var heardThen: [LogLine] = []
    /// Lines of that moment that a new stream is about to repeat.
    private var repeats: [LogLine] = []

    /// Nothing was heard.
    package init() {}

    /// Another stream begins at `newest`.
    package mutating func streamBegins() { repeats = heardThen }

    /// Whether `line` is new; it is heard now.
    package mutating func isNew(_ line: LogLine) -> Bool {
        guard let moment = line.milliseconds else { return true }
        // Lines of several buffers may come a little out of order; much earlier ones are of a clock that was set back.
        if let newest, moment < newest, newest - moment < Self.disorderMax { return true }
        if moment == newest, let index = repeats.firstIndex(of: line) {
            repeats.remove(at: index)
            return false
        }
        if moment == newest {
            if heardThen.count < Self.sameMomentMax { heardThen.append(line) }
        } else {
            newest = moment
            heardThen = [line]
            repeats = []
        }
        return true
    }

    /// How much earlier than the newest a line of the same clock may be, in milliseconds.
    private static let disorderMax: Int64 = 10_000
    /// Lines of one moment that are remembered.
    private static let sameMomentMax = 256
}
