package import Base
package import Events

extension SourceName {
    /// What apps post.
    package static let notifications = SourceName(rawValue: "notifications")
}

/// Reads what apps post on a phone: each new or changed notification becomes an observation once, each message of a WhatsApp
/// chat too, however often it is posted again.
///
/// A look is two dumps, one without and one with the texts (`NotificationDump`), compared with what was posted at the last
/// look: that is the cursor, so what came while the phone was away is found at the next contact if it is still there. A
/// notification that came and went between two looks is lost. What is posted at enrolment is taken note of and is not an event.
/// Records that cannot be read are tried three times, then said so, once; the others go on.
/// Called by: the daemon's source host.
package struct NotificationSource: PhoneSource {
    /// From the first hint of a burst to the look: the log says it before the notification is there.
    static let hintDelay = Duration.milliseconds(350)
    /// To the second look after one that a hint brought (another app may be slower), to the second look of a contact (the log
    /// is listened to only since about the first), and how long a summary waits for its members.
    static let secondLookDelay = Duration.milliseconds(1200)
    /// Between looks of which something changed, or could not be read.
    static let retryDelay = Duration.milliseconds(150)
    /// Looks at a record that cannot be read, before it is reported.
    static let triesMax = 3
    /// How often to look without any hint.
    static let pollInterval = Duration.seconds(600)
    /// Between looks when hints come all the time (a player, a download) and the last `quietLooksMax` found nothing.
    static let quietInterval = Duration.seconds(2)
    /// See `quietInterval`.
    static let quietLooksMax = 5
    /// Most observations recorded at once.
    static let observationsMax = 500
    /// Most records that cannot be read named one by one after a look.
    static let namedMax = 5

    /// So many records of an unknown form and none that has a text are a phone whose form is not known.
    static let unknownFormsMin = 3

    private enum Phase: Equatable, Sendable {
        case resting
        case redacted
        case wantsValues([UInt8])
        case values([UInt8])
    }

    package static let name = SourceName.notifications
    private let traits: PhoneTraits
    /// False on a phone whose lists cannot be read: then nothing is ever asked.
    private let isReadable: Bool
    private var phase = Phase.resting
    private var cursor: NotificationCursor?
    /// What is still to be recorded, in parts, and the cursor that goes with the last one.
    private var pending: (parts: ArraySlice<[Observation]>, cursor: NotificationCursor)?
    private var reports: [PhoneReport] = []
    private var isReading = false
    private var retries = Backoff(retryDelay, retryDelay, .seconds(5), .seconds(15), .seconds(60))
    /// Looks in a row that something was missing of.
    private var tries = 0
    /// Records whose trouble was reported, as long as it lasts.
    private var reported: Set<[UInt8]> = []
    /// What was told of records that were read in part, as long as it lasts.
    private var told: Set<String> = []
    /// The last reason why reading does not work; nil while it does.
    private var blockedBy: String?
    /// Summaries without a member, and since when: their members may just not be there yet.
    private var held: [[UInt8]: Instant] = [:]
    /// When to look.
    private var lookAt: Instant? = Instant(nanoseconds: .min)
    /// Nothing is asked before.
    private var retryAt: Instant?
    private var lastLook = Instant(nanoseconds: .min)
    private var lastHint: Instant?
    private var quietLooks = 0
    private var wasHinted = false
    private var isHinted = false

    package init(cursor: [UInt8]?, phone: PhoneContext) {
        traits = phone.traits
        let lack = phone.traits.lack(of: .notificationLengths)
        isReadable = lack == nil
        if let lack {
            lookAt = nil
            reports.append(.blocked(lack, locked: false))
            return
        }
        guard let cursor, cursor != NotificationCursor.unfinished else { return }
        self.cursor = NotificationCursor(cursor)
        if self.cursor == nil {
            reports.append(
                .problem(
                    "the stored list of notifications could not be read: what is posted now is taken as known"
                ))
        }
    }

    package var log: LogFilter {
        isReadable ? LogFilter(buffers: ["events"], tags: ["notification_enqueue"]) : .nothing
    }

    package mutating func next(now: Instant, phoneTime: WallTime) -> SourceStep {
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if let pending, let part = pending.parts.first {
            // Until the last part is stored all of them need another try.
            let isLast = pending.parts.count == 1
            let reached = isLast ? pending.cursor.bytes : cursor?.bytes
            return .record(part, cursor: reached ?? NotificationCursor.unfinished)
        }
        switch phase {
        case .wantsValues(let redacted):
            phase = .values(redacted)
            return .run(NotificationQuery.values)
        case .redacted, .values: preconditionFailure("next() before answered(): one command at a time")
        case .resting: break
        }
        if let retryAt {
            guard retryAt <= now else { return .rest(until: retryAt) }
            self.retryAt = nil
        }
        guard let lookAt, lookAt <= now else { return .rest(until: lookAt) }
        self.lookAt = now.advanced(by: Self.pollInterval)
        wasHinted = isHinted
        isHinted = false
        lastLook = now
        if let lastHint, lastHint.advanced(by: Self.hintDelay) > now {
            // It may say what is posted only after this look.
            isHinted = true
            look(at: time(after: lastHint))
        }
        phase = .redacted
        return .run(NotificationQuery.redacted)
    }

    package mutating func recorded(now: Instant) {
        guard let pending else { preconditionFailure("recorded() without a .record") }
        let rest = pending.parts.dropFirst()
        if rest.isEmpty {
            cursor = pending.cursor
            self.pending = nil
        } else {
            self.pending = (rest, pending.cursor)
        }
    }

    package mutating func heard(_ line: LogLine, now: Instant) {
        guard log.matches(line), Self.promises(line) else { return }
        isHinted = true
        lastHint = now
        look(at: time(after: now))
    }

    /// Whether a line says that something is about to be posted: not that the system dropped it, and not the rest of an
    /// event whose tag holds a line feed. A line that was cut does.
    private static func promises(_ line: LogLine) -> Bool {
        guard line.message.first == UInt8(ascii: "[") else { return false }
        guard case .enqueue(let posted)? = NotificationHint(tag: line.tag, message: line.message) else {
            return true
        }
        return posted.status != .ignored
    }

    /// When to look for what a hint promised.
    private func time(after hint: Instant) -> Instant {
        let time = hint.advanced(by: Self.hintDelay)
        return quietLooks >= Self.quietLooksMax
            ? max(time, lastLook.advanced(by: Self.quietInterval)) : time
    }

    package mutating func hintsWereLost(now: Instant) { look(at: now) }

    /// Looks then, or sooner: a stream of hints does not put a look off.
    private mutating func look(at time: Instant) {
        guard isReadable else { return }
        lookAt = min(lookAt ?? time, time)
    }

    /// What came of a look: once more soon when a hint brought it.
    private mutating func looked(found isNews: Bool, now: Instant) {
        quietLooks = isNews ? 0 : quietLooks + 1
        guard wasHinted else { return }
        if tries > 0 {
            isHinted = true
        } else {
            let isQuiet = quietLooks >= Self.quietLooksMax
            look(at: now.advanced(by: isQuiet ? Self.quietInterval : Self.secondLookDelay))
        }
    }

    // MARK: Answers

    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        let asked = phase
        phase = .resting
        guard case .completed(let output, let errorOutput) = outcome else {
            return failed(outcome, now: now)
        }
        if let refusal = NotificationRefusal(output: output, errorOutput: errorOutput) {
            return again(refusal.sentence(traits), now: now)
        }
        switch asked {
        case .redacted: phase = .wantsValues(output)
        case .values(let redacted):
            do throws(PhoneParseError) {
                read(try NotificationDump(redacted: redacted, values: output), now: now)
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
        retryAt = now.advanced(by: retries.failed())
        look(at: now)
        if retries.failures >= Self.triesMax { block(sentence) }
    }

    private mutating func block(_ sentence: String) {
        if sentence != blockedBy { reports.append(.blocked(sentence, locked: false)) }
        blockedBy = sentence
    }

    // MARK: A look

    private mutating func read(_ dump: NotificationDump, now: Instant) {
        if let sentence = Self.uselessness(of: dump) { return again(sentence, now: now) }
        retries.succeeded()
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
        let end = output.last == .lineFeed ? output.count - 1 : output.count
        let lastLine =
            output[..<end].lastIndex(of: .lineFeed).map { output[($0 + 1)..<end] } ?? output[..<end]
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

    func sentence(_ traits: PhoneTraits) -> String {
        switch self {
        case .noService: "the phone has no notification service: wait until it has started"
        case .denied:
            "the phone does not let the shell read notifications: \(traits.allowReading)"
        case .timeout: "the phone took longer than 10 s to list its notifications"
        case .noTool: "the device has no `dumpsys` tool"
        }
    }
}
