package import Events
package import Time

/// Reads what apps post on a phone: each new or changed notification becomes an observation once, each message of a WhatsApp
/// chat too, however often it is posted again.
///
/// A look is two dumps, one without and one with the texts (`NotificationDump`), compared with what was posted at the last
/// look: that is the cursor, so what came while the phone was away is found at the next contact if it is still there. A
/// notification that came and went between two looks is lost. What is posted at enrolment is taken note of and is no event.
/// Records that cannot be read are tried three times, then said so, once; the others go on.
/// Called by: the daemon's collector host.
package struct NotificationCollector: Collector {
    /// Oldest API level whose dumps give the length of every text: Android 13.
    static let apiLevelMin = 33
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

    enum Phase: Equatable, Sendable {
        case resting
        case redacted
        case wantsValues([UInt8])
        case values([UInt8])
    }

    package let source = Source.notifications
    private let apiLevel: Int
    var phase = Phase.resting
    var cursor: NotificationCursor?
    /// What is still to be recorded, in parts, and the cursor that goes with the last one.
    var pending: (parts: ArraySlice<[Observation]>, cursor: NotificationCursor)?
    var reports: [CollectorReport] = []
    var isReading = false
    var failures = 0
    /// Looks in a row that something was missing of.
    var tries = 0
    /// Records whose trouble was reported, as long as it lasts.
    var reported: Set<[UInt8]> = []
    /// What was told of records that were read in part, as long as it lasts.
    var told: Set<String> = []
    /// The last reason why reading does not work; nil while it does.
    var blockedBy: String?
    /// Summaries without a member, and since when: their members may just not be there yet.
    var held: [[UInt8]: Instant] = [:]
    /// When to look.
    private var lookAt: Instant? = Instant(nanoseconds: .min)
    /// Nothing is asked before.
    var retryAt: Instant?
    private var lastLook = Instant(nanoseconds: .min)
    private var lastHint: Instant?
    private var quietLooks = 0
    private var wasHinted = false
    private var isHinted = false

    /// A collector that goes on from `cursor` (nil: the phone is new) on a phone of API level `apiLevel`.
    package init(cursor: [UInt8]?, apiLevel: Int) {
        self.apiLevel = apiLevel
        guard apiLevel >= Self.apiLevelMin else {
            lookAt = nil
            reports.append(
                .blocked(
                    "app notifications are read on Android 13 and later; this phone has API level \(apiLevel)",
                    locked: false))
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
        apiLevel < Self.apiLevelMin
            ? .nothing : LogFilter(buffers: ["events"], tags: ["notification_enqueue"])
    }

    package mutating func next(now: Instant, phoneTime: WallTime) -> CollectorStep {
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

    package mutating func checked(_ unseen: Set<SourceKey>, now: Instant) {
        preconditionFailure("checked() without a .check")
    }

    package mutating func heard(_ line: LogLine, now: Instant) {
        guard log.takes(line), Self.promises(line) else { return }
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

    package mutating func simsChanged(_ sims: [SIMCard]) {}

    /// Looks then, or sooner: a stream of hints does not put a look off.
    mutating func look(at time: Instant) {
        guard apiLevel >= Self.apiLevelMin else { return }
        lookAt = min(lookAt ?? time, time)
    }

    /// What came of a look: once more soon when a hint brought it.
    mutating func looked(found isNews: Bool, now: Instant) {
        quietLooks = isNews ? 0 : quietLooks + 1
        guard wasHinted else { return }
        if tries > 0 {
            isHinted = true
        } else {
            let isQuiet = quietLooks >= Self.quietLooksMax
            look(at: now.advanced(by: isQuiet ? Self.quietInterval : Self.secondLookDelay))
        }
    }
}
