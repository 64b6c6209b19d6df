/// `logcat`: the buffers of the phone's log, followed or dumped.
///
/// Known: `-b` (also `--buffer=`), `-v threadtime|epoch`, `-T`/`-t` (count or time), `-d`, `-s`, `-e`/`--regex=`,
/// `-c`, filter specifications. Source: LineageOS/android_system_logging logcat/logcat.cpp.
enum LogcatCommand {
    static let command = VirtualCommand(name: "logcat") { call, android in
        var options = Options()
        if let problem = options.read(Array(call.arguments), android: android) {
            call.error(problem)
            return .exit(255)
        }
        if options.clears {
            android.logs.clear()
            return .exit(0)
        }
        if android.telephony.faults.contains(.logcatIsEmpty) {
            options.follower.buffers.subtract(["main", "system", "radio"])
        }
        guard options.dumps else { return .follow(options.follower) }
        call.out(options.follower.newLines(from: android.logs))
        return .exit(0)
    }

    private struct Options {
        var follower = LogFollower()
        var dumps = false
        var clears = false

        /// Reads the words after the name; returns what logcat prints when it refuses them.
        mutating func read(_ words: [String], android: VirtualAndroid) -> String? {
            var buffers: Set<String> = []
            var index = 0
            while index < words.count {
                let (option, attached) = Self.split(words[index])
                index += 1
                guard option.hasPrefix("-") else {
                    addFilter(option)
                    continue
                }
                var value = ""
                if Self.takesValue.contains(option) {
                    if let attached {
                        value = attached
                    } else {
                        guard index < words.count else {
                            return "logcat: option requires an argument -- '\(option)'\n"
                        }
                        value = words[index]
                        index += 1
                    }
                }
                switch option {
                case "-b", "--buffer": buffers.formUnion(value.split(separator: ",").map(String.init))
                case "-v", "--format":
                    if let problem = setFormat(value, android) { return problem }
                case "-T", "--tail": follower.start = Self.start(value)
                case "-t":
                    follower.start = Self.start(value)
                    dumps = true
                case "-d", "--dump": dumps = true
                case "-c", "--clear": clears = true
                case "-s": follower.defaultLevel = nil
                case "-e", "--regex": follower.pieces = Self.pieces(value)
                default: return "logcat: unknown option '\(option)'\n"
                }
            }
            if !buffers.isEmpty { follower.buffers = buffers }
            return nil
        }

        private static let takesValue: Set<String> = [
            "-b", "--buffer", "-v", "--format", "-T", "--tail", "-t", "-e", "--regex",
        ]

        private static func split(_ word: String) -> (String, String?) {
            guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word, nil) }
            return (String(word[..<equals]), String(word[word.index(after: equals)...]))
        }

        /// Unverified: the exact words of Android 6 for a format it does not know.
        private mutating func setFormat(_ name: String, _ android: VirtualAndroid) -> String? {
            switch name {
            case "threadtime": follower.format = .threadtime
            case "epoch" where android.setup.androidRelease >= 7: follower.format = .epoch
            default: return "Invalid parameter \"\(name)\" to -v\n"
            }
            return nil
        }

        private static func start(_ value: String) -> LogFollower.Start {
            if let count = Int(value) { return .last(count) }
            let parts = value.split(separator: ".")
            if parts.count == 2, let seconds = Int64(parts[0]), let fraction = Int64(parts[1].prefix(3)),
                (0..<1 << 40).contains(seconds), fraction >= 0
            {
                let scale: Int64 = parts[1].utf8.count == 1 ? 100 : parts[1].utf8.count == 2 ? 10 : 1
                return .since(seconds * 1000 + fraction * scale)
            }
            return .sinceText(value)
        }

        private static func pieces(_ pattern: String) -> [[UInt8]] {
            pattern.split(separator: "|", omittingEmptySubsequences: false).map { piece in
                Array(piece.utf8).filter { $0 != UInt8(ascii: "\\") }
            }
        }

        /// `TAG`, `TAG:D` or `*:S`.
        private mutating func addFilter(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard let tag = parts.first.map(String.init) else { return }
            let level = parts.count == 2 ? parts[1].utf8.first : UInt8(ascii: "V")
            if tag == "*" {
                follower.defaultLevel = level == UInt8(ascii: "S") ? nil : level
            } else {
                follower.levels[tag] = .some(level)
            }
        }
    }
}
