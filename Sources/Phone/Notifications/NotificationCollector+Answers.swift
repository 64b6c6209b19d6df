import Bytes
import Events
package import Time

extension NotificationCollector {
    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        let asked = phase
        phase = .resting
        guard case .completed(let output, let errorOutput) = outcome else {
            return failed(outcome, now: now)
        }
        if let refusal = NotificationRefusal(output: output, errorOutput: errorOutput) {
            return again(refusal.sentence, now: now)
        }
        switch asked {
        case .redacted: phase = .wantsValues(output)
        case .values(let redacted):
            do throws(PhoneParseError) {
                take(try NotificationDump(redacted: redacted, values: output), now: now)
            } catch {
                again(
                    "the phone's output is no \(error.what) of a known form: report its model and Android version",
                    now: now)
            }
        case .resting, .wantsValues: preconditionFailure("answered() without a .run")
        }
    }

    private mutating func failed(_ outcome: CommandOutcome, now: Instant) {
        if case .unfinished(let why) = outcome {
            again("listing the phone's notifications did not finish: \(why)", now: now)
        } else {
            again("the phone's list of notifications is longer than 8 MB: dismiss some of them", now: now)
        }
    }

    /// Tries again, soon at first; says so when it has failed three times.
    private mutating func again(_ sentence: String, now: Instant) {
        let delays: [Duration] = [Self.retryDelay, Self.retryDelay, .seconds(5), .seconds(15), .seconds(60)]
        failures += 1
        retryAt = now.advanced(by: delays[min(failures, delays.count) - 1])
        look(at: now)
        if failures >= Self.triesMax { block(sentence) }
    }

    private mutating func block(_ sentence: String) {
        if sentence != blockedBy { reports.append(.blocked(sentence, locked: false)) }
        blockedBy = sentence
    }

    // MARK: A look

    private mutating func take(_ dump: NotificationDump, now: Instant) {
        if let sentence = Self.uselessness(of: dump) { return again(sentence, now: now) }
        failures = 0
        if !isReading || blockedBy != nil { reports.append(.reading) }
        if !isReading { look(at: now.advanced(by: Self.secondLookDelay)) }
        isReading = true
        blockedBy = nil
        let isComplete = tryAgain(dump, now: now)
        if cursor == nil, !isComplete { return }
        // An empty list is believed the second time: a dump that was cut off may look like one.
        let isEmpty = dump.records.isEmpty && dump.unreadable.isEmpty
        if isEmpty, !isComplete { return }
        let isNews = record(NotificationChanges(dump, since: cursor, held: held, now: now), now: now)
        looked(found: isNews, now: now)
    }

    /// Why a whole list says nothing; nil when it does not.
    private static func uselessness(of dump: NotificationDump) -> String? {
        guard dump.records.allSatisfy({ ($0.title ?? "").isEmpty && ($0.content ?? "").isEmpty }) else {
            return nil
        }
        if dump.unreadable.contains(where: { $0.trouble == .redacted }) {
            return
                "the phone lists its notifications without their texts: look for a setting that hides them from "
                + "USB debugging, and report the phone's model and Android version"
        }
        let isStrange = dump.unreadable.allSatisfy { $0.trouble == .unknownForm }
        if isStrange, dump.unreadable.count >= unknownFormsMin {
            return
                "the phone lists its notifications in a form that is not known: report its model and Android version"
        }
        return nil
    }

    /// Whether the look can stand as it is; wants another one when not.
    private mutating func tryAgain(_ dump: NotificationDump, now: Instant) -> Bool {
        let unread = dump.unreadable.filter { !$0.isBackground && !reported.contains($0.identity) }
        reported.formIntersection(dump.unreadable.map(\.identity))
        let isEmptied = dump.records.isEmpty && dump.unreadable.isEmpty && cursor?.posted.isEmpty == false
        guard !unread.isEmpty || dump.hasStrangers || isEmptied else {
            tries = 0
            return true
        }
        tries += 1
        if tries < Self.triesMax, !(isEmptied && tries > 1) {
            look(at: now.advanced(by: Self.retryDelay))
            return false
        }
        tries = 0
        reported.formUnion(unread.map(\.identity))
        for record in unread.prefix(Self.namedMax) { reports.append(.problem(record.sentence)) }
        if unread.count > Self.namedMax {
            reports.append(.problem("\(unread.count - Self.namedMax) more notifications could not be read"))
        }
        return true
    }

    /// Records what changed; whether there was an event among it.
    private mutating func record(_ changes: NotificationChanges, now: Instant) -> Bool {
        held = changes.held
        if let first = held.values.min() { look(at: first.advanced(by: Self.secondLookDelay)) }
        for sentence in Set(changes.problems).subtracting(told).sorted() {
            reports.append(.problem(sentence))
        }
        told = Set(changes.problems)
        let observations = changes.observations
        if changes.cursor != cursor || !observations.isEmpty {
            var parts: [[Observation]] = []
            for start in stride(from: 0, to: max(observations.count, 1), by: Self.observationsMax) {
                parts.append(
                    Array(observations[start..<min(start + Self.observationsMax, observations.count)]))
            }
            pending = (parts[...], changes.cursor)
        }
        return observations.contains { $0.content != nil }
    }
}

extension NotificationDump.Unreadable {
    /// What it is reported once for.
    fileprivate var identity: [UInt8] { Array((key ?? hash).utf8) }

    fileprivate var sentence: String {
        let app = PrintableText.escape(package)
        switch trouble {
        case .changed:
            return "a notification of \(app) changed each time it was read: it will be read when it rests"
        case .unknownForm:
            return "a notification of \(app) is printed in a form that is not known: passed over"
        case .ambiguous:
            return
                "a notification of \(app) imitates the phone's own output: passed over rather than guessed at"
        case .tooLong: return "a notification of \(app) is too long and too tangled to be read: passed over"
        case .redacted: return "the phone hides the text of a notification of \(app)"
        }
    }
}

/// What a phone says instead of a list.
private enum NotificationRefusal {
    case noService
    case denied
    case timeout
    case noTool

    /// Nil for anything that may be a list. Only the beginning and the last line are looked at: everything between may be text
    /// of apps. (AOSP `frameworks/native cmds/dumpsys/dumpsys.cpp`, `core/java/com/android/internal/util/DumpUtils.java`.)
    init?(output: [UInt8], errorOutput: [UInt8]) {
        func begins(_ text: StaticString) -> Bool {
            let text = [UInt8](of: text)
            return output.starts(with: text) || errorOutput.starts(with: text)
        }
        let error = DumpText(errorOutput)
        let end = output.last == 0x0A ? output.count - 1 : output.count
        let lastLine = output[..<end].lastIndex(of: 0x0A).map { output[($0 + 1)..<end] } ?? output[..<end]
        if begins("Can't find service") {
            self = .noService
        } else if begins("Permission Denial") {
            self = .denied
        } else if lastLine.starts(with: [UInt8](of: "*** SERVICE 'notification' DUMP TIMEOUT")) {
            self = .timeout
        } else if output.isEmpty, error.find([UInt8](of: "not found"), from: 0, below: error.count) != nil {
            self = .noTool
        } else {
            return nil
        }
    }

    var sentence: String {
        switch self {
        case .noService: "the phone has no notification service: wait until it has started"
        case .denied:
            "the phone does not let the shell read notifications: in developer options, allow what its maker calls USB "
                + "debugging (security settings) or disable permission monitoring"
        case .timeout: "the phone took longer than 10 s to list its notifications"
        case .noTool: "the device has no `dumpsys` tool"
        }
    }
}
