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

    /// The command that follows what `filters` want, all in one stream, from now on; nil when they want nothing.
    /// `-v epoch` needs Android 7 (LineageOS/android_system_logging `logcat/logcat.cpp`).
    package static func stream(_ filters: [LogFilter]) -> String? {
        func distinct(_ words: [String]) -> [String] {
            var seen: Set<String> = []
            return words.filter { seen.insert($0).inserted }
        }
        let buffers = distinct(filters.flatMap(\.buffers)).map { "-b \($0)" }
        let tags = distinct(filters.flatMap(\.tags)).map { "\($0):D" }
        guard !buffers.isEmpty, !tags.isEmpty else { return nil }
        return "logcat \(buffers.joined(separator: " ")) -v epoch -T 1 -s \(tags.joined(separator: " "))"
    }
}
