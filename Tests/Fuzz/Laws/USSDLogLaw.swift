import Base
import Phone

extension Laws {
    /// A log gives events or one error, and lines of other processes add nothing to them; a network's text, written into
    /// a log as a phone writes it, is read exactly or refused, and read always where it answers a request.
    package static let ussdLog = Law(name: "USSDLog") { bytes throws(BrokenLaw) in
        try anyLog(bytes)
        try anyText(bytes)
    }

    private static let process: Int64 = 1893

    private static func anyLog(_ bytes: [UInt8]) throws(BrokenLaw) {
        let log: USSDLog
        do throws(PhoneParseError) {
            log = try USSDLog(parsing: bytes, process: process)
        } catch {
            return try promise(error.offset <= bytes.count, "an error's offset lies in the log")
        }
        try promise(log.entries.count <= bytes.count, "events are not made of nothing")
        for event in log.events {
            if case .text(let text, _, let slot) = event {
                try promise(text.utf8.count <= 3 * USSDLog.textBytesMax && 0...9 ~= slot, "texts are limited")
            }
        }
        guard bytes.isEmpty || bytes.last == 0x0A else { return }
        let strange = "1763633701.690  9102  9102 D RILJ    : [UNSL]< UNSOL_ON_USSD 0 [PHONE1]\n"
        guard let more = try? USSDLog(parsing: bytes + Array(strange.utf8), process: process) else { return }
        // Behind a log whose every line ends like a terminal's, it is another line end.
        guard !bytes.contains(0x0D) else { return }
        try promise(more.events == log.events, "another process adds no event")
    }

    /// The first byte says what surrounds the text, the rest is the text.
    private static func anyText(_ bytes: [UInt8]) throws(BrokenLaw) {
        guard let flags = bytes.first, bytes.count <= 1200 else { return }
        let text = LossyText.decode(bytes.dropFirst())
        let isMenu = flags & 1 != 0
        let isAnswer = flags & 2 != 0
        var printer = LogPrinter(isOneMoment: flags & 4 != 0)
        if isAnswer { printer.print("RILJ", "[0412]> SEND_USSD ussd = ******* [PHONE0]") }
        if flags & 8 != 0 { printer.foreign(text) }
        printer.print("RILJ", "[UNSL]< UNSOL_ON_USSD \(isMenu ? 1 : 0) [PHONE0]")
        if isAnswer { printer.print("GsmMmiCode", "onUssdFinished: ussdMessage=\(text)") }
        printer.dialogs(text, isMenu: isMenu)
        if flags & 16 != 0 { printer.print("PhoneUtils", "playSound : RINGER_MODE_NORMAL") }
        if flags & 32 != 0 { printer.foreign(text) }
        let log: USSDLog
        do throws(PhoneParseError) {
            log = try USSDLog(parsing: printer.bytes, process: process)
        } catch {
            throw BrokenLaw("what a phone prints is a log")
        }
        try promise(log.entries.count == (isAnswer ? 4 : 3), "one text is one event")
        switch log.events.last {
        case .text(let read, let menu, let slot):
            try promise(read == text && menu == isMenu && slot == 0, "a text is read as it was sent")
        case .unreadable: try promise(!isAnswer, "an answer to a request is never refused")
        default: throw BrokenLaw("a text is an event, the last one")
        }
    }

    /// Prints as logcat does, written apart from the reader.
    private struct LogPrinter {
        var bytes: [UInt8] = []
        var milliseconds = 100
        let isOneMoment: Bool

        init(isOneMoment: Bool) { self.isOneMoment = isOneMoment }

        mutating func print(_ tag: String, _ message: String, process: Int = 1893) {
            if !isOneMoment { milliseconds += 1 }
            let prefix = Array("1763633701.\(milliseconds)  \(process)  \(process) D \(tag): ".utf8)
            var rest = Array(message.utf8)[...]
            repeat {
                let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
                bytes += prefix + rest[..<end] + [0x0A]
                rest = rest[end...].dropFirst()
            } while !rest.isEmpty
        }

        /// Another process writes the text too, under the phone's tags.
        mutating func foreign(_ text: String) {
            print("RILJ", "[UNSL]< UNSOL_ON_USSD 0 [PHONE1]", process: 77)
            print("GsmMmiCode", "onUssdFinished: ussdMessage=\(text)", process: 77)
            print("PhoneUtils", "displayMMIComplete: state=COMPLETE", process: 77)
        }

        mutating func dialogs(_ text: String, isMenu: Bool) {
            let start = "displayMMIComplete"
            print("PhoneUtils", "\(start): state=\(isMenu ? "PENDING" : "COMPLETE")")
            if isMenu {
                print("PhoneUtils", "\(start): using text from PENDING MMI message: '\(text)'")
                print(
                    "PhoneUtils", "\(start): USSD code has requested user input. Constructing input dialog.")
            } else {
                print("PhoneUtils", "\(start) (failed): using text from MMI message: '\(text)'")
                print("PhoneUtils", "\(start): MMI code has finished running.")
                print("PhoneUtils", "\(start): Extended NW displayMMIInitiate (\(text))")
            }
        }
    }
}
