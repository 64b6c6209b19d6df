/// `log [-p LEVEL] [-t TAG] TEXT...`: one line in the main buffer, by a process of its own.
///
/// Source: LineageOS/android_system_core logcat/`log` and toybox `log`.
enum LogCommand {
    static let command = VirtualCommand(name: "log") { call, android in
        var level: Character = "I"
        var tag = "log"
        var words = call.arguments
        while let option = words.first, option == "-p" || option == "-t" {
            words.removeFirst()
            guard let value = words.popFirst() else {
                call.error("log: \(option) needs an argument\n")
                return .exit(1)
            }
            if option == "-t" {
                tag = value
            } else {
                guard let first = value.uppercased().first, "VDIWEFS".contains(first) else {
                    call.error("log: bad -p '\(value)'\n")
                    return .exit(1)
                }
                level = first
            }
        }
        let process = 9000 + Int(android.telephony.random.next() % 20_000)
        android.logs.append(
            to: "main", at: android.nowMilliseconds, process: process, thread: process, level: level,
            tag: tag,
            message: words.joined(separator: " "))
        return .exit(0)
    }
}
