/// What the phone's log says about USSD (Android 8 to 15 write every text in full, with D level, on user builds:
/// LineageOS/android_packages_services_Telephony `PhoneUtils.java`, LineageOS/android_frameworks_opt_telephony
/// `GsmMmiCode.java`; unverified on Android 16 and on vendors' builds).
///
/// A text of the network is outside text that may hold line feeds, quotes and lines that look like the log's own.
/// Law: every event was written by the phone app, and a text is exactly what the network sent, or it is refused.
/// - logd knows the process of each line, and the log prints the prefix (time, process, thread, level, tag) again
///   before each line of a message. So no text can make a line with another tag: the radio's lines (sent, error, the
///   network spoke) and the first line of a message are facts; they part the log into stretches with at most one
///   text each.
/// - A text stands in up to three messages: `ussdMessage=<text>` of `GsmMmiCode` (answers to this phone's own
///   requests; it goes to the end of its run), `message: '<text>'` and, when it is final, `(<text>)` of `PhoneUtils`,
///   whose first line is known because it is the first of its kind in the stretch. Where each ends is not marked. Every
///   end that the text could have is tried, and believed only when the copies are equal.
/// - With the first copy there is never a second reading: the quote that ends the other one is missing in the first.
///   (logcat drops one line feed at the very end of a message: both ways to end are tried, and differ by that quote.)
/// - Without it (what the network says by itself), all readings on which the two copies are equal, or for a menu those
///   with the phone's next message right behind them, are counted, and the real one is always among them. One: it is
///   the text. None, or more than one: refused, never guessed.
/// - The slot of a text is that of the last radio line about USSD before it, unless lines of two slots came within
///   `slotDoubtMilliseconds` with no text between them: then it is refused.
package struct USSDLog: Sendable, Equatable {
    /// Longest text, in bytes: what one message of the log can hold (LineageOS/android_system_logging
    /// `liblog/include/log/log_read.h`, LOGGER_ENTRY_MAX_PAYLOAD).
    package static let textBytesMax = 4068
    /// How close the network's words on two slots make it unknown which text is whose.
    package static let slotDoubtMilliseconds: Int64 = 2000

    /// One event.
    package struct Entry: Sendable, Equatable {
        /// What happened.
        package let event: USSDLogEvent
        /// When, by the phone's clock in milliseconds since 1970; nil in a format without it.
        package let milliseconds: Int64?

        /// An event of that time.
        package init(_ event: USSDLogEvent, milliseconds: Int64?) {
            self.event = event
            self.milliseconds = milliseconds
        }
    }

    /// Whether the mark that was asked for is in the log.
    package let hasMark: Bool
    /// What happened, oldest first; with a mark, what happened behind the last one.
    package let entries: [Entry]
    /// The events alone.
    package var events: [USSDLogEvent] { entries.map(\.event) }

    /// Reads the output of `logcat -v epoch` (or `-v threadtime`), where `process` is the phone app's.
    ///
    /// An error means that the output is not a log; a text that is refused is an event.
    package init(parsing output: [UInt8], process: Int64, after token: String? = nil) throws(PhoneParseError)
    {
        guard output.count <= USSDCommand.logBytesMax else {
            throw PhoneParseError("phone's log: too long", row: 0, offset: USSDCommand.logBytesMax)
        }
        let found = try USSDLogLine.all(in: output, process: process, after: token)
        hasMark = found.hasMark
        var reader = Reader(lines: found.lines)
        reader.read()
        entries = reader.entries
    }
}

extension USSDLog {
    /// Walks over the lines once.
    private struct Reader {
        let lines: [USSDLogLine]
        var entries: [Entry] = []
        private var index = 0
        /// Slot of the last radio line about USSD, and when it was.
        private var slot: Int?
        private var slotTime: Int64?
        private var slotIsInDoubt = false
        /// Whether a text has come since that line.
        private var textCame = true
        /// The first copy of the text that comes next.
        private var answer: USSDTextReading.Answer?

        init(lines: [USSDLogLine]) { self.lines = lines }

        mutating func read() {
            while index < lines.count {
                let line = lines[index]
                switch line.writer {
                case .radio: radio(line)
                case .phone:
                    if line.message.starts(with: Array("onNetworkInitiatedUssd: mmi=".utf8)) {
                        add(.networkInitiated(slot: slot), line)
                    }
                case .code: if code(line) { continue }
                case .dialogs:
                    if let state = USSDLogForm.state(line.message) {
                        add(.state(state, slot: slotIsInDoubt ? nil : slot), line)
                        text(state, after: index)
                        continue
                    }
                case .telecom:
                    if let code = USSDLogForm.dangerous(line.message) {
                        add(.refusedByTelecom(code: code), line)
                    }
                }
                index += 1
            }
        }

        private mutating func add(_ event: USSDLogEvent, _ line: USSDLogLine) {
            entries.append(Entry(event, milliseconds: line.milliseconds))
        }

        private mutating func radio(_ line: USSDLogLine) {
            guard let event = USSDLogForm.radio(line.message) else { return }
            add(event, line)
            answer = nil
            switch event {
            case .unsolicited(_, let slot), .sendError(let slot, _): speaks(slot, line)
            case .sent(let slot, _):
                // A text that the line before announced may still come.
                if textCame || !isRecent(line) {
                    speaks(slot, line)
                } else {
                    slotIsInDoubt = slotIsInDoubt || slot != self.slot
                }
            default: break
            }
        }

        private mutating func speaks(_ slot: Int, _ line: USSDLogLine) {
            slotIsInDoubt = !textCame && isRecent(line) && (slotIsInDoubt || slot != self.slot)
            self.slot = slot
            slotTime = line.milliseconds
            textCame = false
        }

        private func isRecent(_ line: USSDLogLine) -> Bool {
            guard let now = line.milliseconds, let slotTime else { return true }
            let (age, overflow) = now.subtractingReportingOverflow(slotTime)
            return !overflow && age < USSDLog.slotDoubtMilliseconds
        }

        /// Takes the first copy of a text, to the end of its run; true when lines were taken.
        private mutating func code(_ line: USSDLogLine) -> Bool {
            if line.message.elementsEqual("onUssdFinished: no network provided message; using default.".utf8)
            {
                answer = .empty
                return false
            }
            var scanner = ByteScanner(line.message)
            guard scanner.accept("onUssdFinished: ussdMessage=") else { return false }
            let end = lines[index...].firstIndex { $0.run != line.run } ?? lines.count
            if answer != .empty {
                answer = .text([scanner.rest] + lines[(index + 1)..<end].map(\.message))
            }
            index = end
            return true
        }

        /// Reads the text of the state line at `start`, and goes on behind it.
        private mutating func text(_ state: USSDState, after start: Int) {
            defer { answer = nil }
            index = start + 1
            guard state != .cancelled else { return }
            let end =
                lines[index...].firstIndex { $0.writer == .radio && USSDLogForm.radio($0.message) != nil }
                ?? lines.count
            let dialogs = lines[index..<end].indices.filter { lines[$0].writer == .dialogs }
            let reading = USSDTextReading(
                lines: dialogs.map { lines[$0] }, isMenu: state == .pending, answer: answer)
            guard let opening = reading.opening else { return }
            textCame = true
            let line = lines[dialogs[opening]]
            func refuse(_ why: String) -> USSDLogEvent {
                .unreadable(
                    PhoneParseError(
                        "USSD text in the phone's log: \(why)", row: line.row, offset: line.message.startIndex
                    ),
                    slot: slotIsInDoubt ? nil : slot)
            }
            switch reading.outcome {
            case .text(let text, let count):
                if let slot, !slotIsInDoubt {
                    add(.text(text, isMenu: state == .pending, slot: slot), line)
                } else {
                    add(refuse("it is not known on which SIM card it came"), line)
                }
                let next = opening + count
                index = next < dialogs.count ? dialogs[next] : end
            case .refused(let why):
                add(refuse(why), line)
                index = end
            }
        }
    }
}
