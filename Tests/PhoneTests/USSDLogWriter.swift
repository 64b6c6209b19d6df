/// Writes the log of a phone process as logcat prints it: the prefix again before each line of a message, one line feed
/// at a message's very end dropped (LineageOS/android_system_logging `liblog/logprint.cpp`).
struct USSDLogWriter {
    private(set) var bytes: [UInt8] = []
    /// Milliseconds since 1970.
    var time: Int64 = 1_763_633_701_000
    /// Milliseconds from one message to the next.
    let step: Int64
    var process = 1893

    init(step: Int64 = 1) { self.step = step }

    mutating func write(_ tag: String, _ message: String, level: String = "D") {
        time += step
        let padded = tag + String(repeating: " ", count: max(0, 8 - tag.utf8.count))
        let fraction = String(1000 + time % 1000).dropFirst()
        let prefix = "\(time / 1000).\(fraction)  \(process)  \(process) \(level) \(padded): "
        var lines = message.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        if message.utf8.last == 0x0A { lines.removeLast() }
        for line in lines { bytes += Array(prefix.utf8) + Array(line) + [0x0A] }
    }

    mutating func mark(_ token: String) { write("phonewire-ussd", token, level: "I") }

    mutating func sent(slot: Int) { write("RILJ", "[0412]> SEND_USSD ussd = ******* [PHONE\(slot)]") }

    mutating func spoke(mode: Int, slot: Int) {
        write("RILJ", "[UNSL]< UNSOL_ON_USSD \(mode) [PHONE\(slot)]")
    }

    /// The network's answer to a request of the phone.
    mutating func answer(_ text: String, isMenu: Bool, slot: Int) {
        spoke(mode: isMenu ? 1 : 0, slot: slot)
        write("GsmMmiCode", "onUssdFinished: ussdMessage=\(text)")
        dialogs(text, isMenu: isMenu)
    }

    /// What the network says by itself.
    mutating func networkInitiated(_ text: String, isMenu: Bool, slot: Int) {
        spoke(mode: isMenu ? 1 : 0, slot: slot)
        dialogs(text, isMenu: isMenu)
        write("PhoneUtils", "playSound : RINGER_MODE_NORMAL")
    }

    mutating func failed(_ text: String) { dialogs(text, isMenu: false, state: "FAILED") }

    mutating func dialogs(_ text: String, isMenu: Bool, state: String = "COMPLETE") {
        if isMenu {
            write("PhoneUtils", "displayMMIComplete: state=PENDING")
            write("PhoneUtils", "displayMMIComplete: using text from PENDING MMI message: '\(text)'")
            write(
                "PhoneUtils",
                "displayMMIComplete: USSD code has requested user input. Constructing input dialog.")
        } else {
            write("PhoneUtils", "displayMMIComplete: state=\(state)")
            write("PhoneUtils", "displayMMIComplete (failed): using text from MMI message: '\(text)'")
            write("PhoneUtils", "displayMMIComplete: MMI code has finished running.")
            write("PhoneUtils", "displayMMIComplete: Extended NW displayMMIInitiate (\(text))")
        }
    }
}
