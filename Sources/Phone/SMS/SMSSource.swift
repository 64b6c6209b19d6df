package import Base
package import Events

extension SourceName {
    /// The phone's SMS store.
    package static let sms = SourceName(rawValue: "sms")
}

/// Reads a phone's SMS store: everything that arrives after enrolment becomes an observation exactly once per
/// contact, whatever is deleted, stored late or given an old id again.
///
/// Work is one query at a time: the canary (is it readable, where does it stand), the baseline (what was there at
/// enrolment: taken note of, no events), fresh rows above the cursor, and the sweep: what identifies the rows since the
/// last sweep, with an overlap, is checked against what the store has seen, and the unseen ones are fetched. When the
/// newest rows were deleted (their ids are given again) or the store was wiped, the sweep goes over all rows.
/// Called by: the daemon's source host.
package struct SMSSource: PhoneSource {
    /// Rows with text read at a time; bodies count twice in hex.
    static let rowsPerPage = 50
    /// Rows without text read at a time.
    static let marksPerPage = 1000
    /// How far below the last sweep the next one looks, in ids.
    static let overlapIDs: Int64 = 100
    /// How far before the last sweep it looks by date, in milliseconds of the phone's clock.
    static let overlapMilliseconds: Int64 = 24 * 3600 * 1000
    /// How often the canary is read without any hint.
    static let pollInterval = Duration.seconds(60)
    /// When the store is read after the log said that a message is being handed over: the SMS app writes the row.
    static let hintDelays: [Duration] = [.milliseconds(300), .seconds(1), .seconds(3), .seconds(10)]
    /// More new rows than this at once, all without subscription and much older than the newest event, are a
    /// restored history.
    static let restoredRowsMin = 20
    /// How much older, in milliseconds.
    static let restoredAgeMin: Int64 = 3600 * 1000

    /// Failures in a row from which on reading does not work.
    private static let failuresMax = 3
    /// Between tries while the phone refuses the shell, is locked, or lacks what every Android has.
    private static let deniedRetry = Duration.seconds(300)
    private static let lockedRetry = Duration.seconds(10)
    private static let absentRetry = Duration.seconds(3600)
    /// Longest part of a sender that goes into a key, in bytes: far above any real one.
    private static let keySenderBytesMax = 256

    private enum Work: Equatable, Sendable {
        case canary
        case baseline
        case fresh
        case sweep(after: Int64)
        case fetch([SMSRowMark])
        case passUnreadable
    }

    package static let name = SourceName.sms
    package let log = SMSHint.log
    private var cursor: SMSCursor?
    private let traits: PhoneTraits
    private var sims: [SIMCard]
    private var queue: [Work] = [.canary]
    private var current: Work?
    private var pending: [Observation]?
    private var reports: [PhoneReport] = []
    private var isReading = false
    private var lastCanary: SMSCanary?
    private var retryAt: Instant?
    private var retries = Backoff(.seconds(1), .seconds(5), .seconds(15), .seconds(60))
    private var pageLimit = rowsPerPage
    /// Whether this run of pages is a restored history.
    private var inHistory = false
    /// What a sweep has found, to be checked against the store.
    private var unchecked: [SMSRowMark]?
    /// Whether a sweep was read to its end and some of its fetches may still be missing: only then its beginning may
    /// become the next one's.
    private var isSweepRead = false
    /// `lastDate` when the canary last showed a change: what is much older came back, what is newer came.
    private var contactDate: Int64 = 0
    /// Where the sweep under way began.
    private var sweepStart: (id: Int64, date: Int64) = (0, 0)
    private var hints = HintSchedule()
    private var nextPoll = Instant(nanoseconds: .min)
    private var phoneTime = WallTime(milliseconds: 0)

    package init(cursor: [UInt8]?, phone: PhoneContext) {
        self.cursor = cursor.flatMap { SMSCursor($0) }
        traits = phone.traits
        sims = phone.sims
        if cursor != nil, self.cursor == nil {
            reports.append(.problem("the stored SMS cursor could not be read: this phone is enrolled again"))
        }
    }

    package mutating func next(now: Instant, phoneTime: WallTime) -> SourceStep {
        precondition(current == nil, "next() before answered(): one query at a time")
        self.phoneTime = phoneTime
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if let pending, let cursor { return .record(pending, cursor: cursor.bytes) }
        if let unchecked { return .check(unchecked.map { key($0.id, $0.date, $0.address) }) }
        finishSweep()
        if let retryAt {
            if now < retryAt { return .rest(until: retryAt) }
            self.retryAt = nil
        }
        plan(now: now)
        guard let work = queue.first else {
            return .rest(until: min(hints.next ?? nextPoll, nextPoll))
        }
        queue.removeFirst()
        current = work
        if work == .sweep(after: 0) { sweepStart = (cursor?.lastID ?? 0, cursor?.lastDate ?? 0) }
        return .run(command(work))
    }

    private mutating func finishSweep() {
        let isFetching = queue.contains { if case .fetch = $0 { true } else { false } }
        guard isSweepRead, !isFetching else { return }
        isSweepRead = false
        cursor?.sweptID = sweepStart.id
        cursor?.sweptDate = sweepStart.date
    }

    private mutating func plan(now: Instant) {
        // A message that was announced goes before long work.
        if cursor?.isBaselineRead == true, hints.isDue(now: now) {
            if !queue.contains(.fresh) { queue.insert(.fresh, at: 0) }
            if hints.isExhausted {
                if !queue.contains(.sweep(after: 0)) { queue.append(.sweep(after: 0)) }
                hints.clear()
            }
        }
        if queue.isEmpty, nextPoll <= now {
            nextPoll = now.advanced(by: Self.pollInterval)
            queue.append(.canary)
        }
    }

    private func command(_ work: Work) -> PhoneCommand {
        let cursor = cursor ?? SMSCursor(enrolledAt: 0, date: 0)
        switch work {
        case .canary: return SMSQuery.canary
        case .baseline:
            return SMSQuery.marks(
                after: cursor.baselineRead, through: cursor.baselineThrough, limit: Self.marksPerPage)
        case .fresh: return SMSQuery.rows(above: cursor.lastID, limit: pageLimit)
        case .sweep(let after):
            return SMSQuery.marks(
                after: after, id: cursor.sweptID - Self.overlapIDs,
                date: min(cursor.sweptDate, max(0, phoneTime.milliseconds)) - Self.overlapMilliseconds,
                limit: Self.marksPerPage)
        case .fetch(let marks): return SMSQuery.rows(marks.map(\.id))
        case .passUnreadable: return SMSQuery.marks(after: cursor.lastID, through: .max, limit: 1)
        }
    }

    package mutating func recorded(now: Instant) {
        precondition(pending != nil, "recorded() without a .record")
        hints.found(pending?.filter { $0.content != nil }.count ?? 0)
        pending = nil
    }

    package mutating func checked(_ unseen: Set<SourceKey>, now: Instant) {
        guard let marks = unchecked else { preconditionFailure("checked() without a .check") }
        unchecked = nil
        var rest = marks.filter { unseen.contains(key($0.id, $0.date, $0.address)) }[...]
        // Before the sweep's next page, so that nothing waits for a long sweep.
        var fetches: [Work] = []
        while !rest.isEmpty {
            fetches.append(.fetch(Array(rest.prefix(Self.rowsPerPage))))
            rest = rest.dropFirst(Self.rowsPerPage)
        }
        queue.insert(contentsOf: fetches, at: 0)
    }

    package mutating func heard(_ line: LogLine, now: Instant) {
        switch SMSHint(line) {
        case .delivering: hints.expect(now: now)
        case .delivered: hints.hurry(now: now)
        case nil: break
        }
    }

    package mutating func hintsWereLost(now: Instant) { nextPoll = now }

    package mutating func simsChanged(_ sims: [SIMCard]) { self.sims = sims }

    // MARK: Answers

    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        guard let work = current else { preconditionFailure("answered() without a .run") }
        current = nil
        switch outcome {
        case .completed(let output, let errorOutput):
            sort(ContentAnswer(output: output, errorOutput: errorOutput), of: work, now: now)
        case .outputTooLong: tooLong(work, now: now)
        case .unfinished(let why):
            again(work, after: retries.failed(), "an SMS query did not finish: \(why)", now: now)
        }
    }

    private mutating func sort(_ answer: ContentAnswer, of work: Work, now: Instant) {
        switch answer {
        case .rows(let output):
            do throws(PhoneParseError) {
                try read(output, of: work)
                retries.succeeded()
            } catch {
                refused(work, error, now: now)
            }
        case .nothing where work == .canary:
            block(
                "the phone answers SMS queries with nothing at all: it silently refuses the shell. On the phone, "
                    + "\(traits.allowReading).", retry: Self.deniedRetry, now: now)
        case .nothing:
            retries.succeeded()
            nothing(work)
        case .failure(let failure): failed(failure, work, now: now)
        }
    }

    // MARK: What came

    private mutating func read(_ output: [UInt8], of work: Work) throws(PhoneParseError) {
        switch work {
        case .canary: canary(try SMSCanary(parsing: output))
        case .baseline: baseline(try SMSRowMark.parse(output))
        case .fresh: fresh(try SMSRow.parse(output))
        case .sweep: sweep(try SMSRowMark.parse(output))
        case .fetch: fetched(try SMSRow.parse(output))
        case .passUnreadable: passUnreadable(try SMSRowMark.parse(output))
        }
    }

    private mutating func nothing(_ work: Work) {
        switch work {
        case .baseline: baseline([])
        case .fresh: fresh([])
        case .sweep: sweep([])
        case .canary, .fetch, .passUnreadable: break
        }
    }

    private mutating func canary(_ canary: SMSCanary) {
        if !isReading {
            isReading = true
            reports.append(.reading)
            lastCanary = nil
        }
        guard var cursor else {
            let now = max(0, phoneTime.milliseconds)
            let date = min(max(0, canary.maxDate ?? now), now)
            contactDate = date
            self.cursor = SMSCursor(enrolledAt: canary.maxID ?? 0, date: date)
            pending = []
            queue = canary.maxID == nil ? [] : [.baseline]
            lastCanary = canary
            return
        }
        if canary.count == 0, cursor.lastID > 0 {
            // No proof of a wipe: Android 14 shows nothing at all while it knows no subscription. What comes back is
            // known by its id, date and sender.
            cursor.lastID = 0
            cursor.baselineThrough = 0
            cursor.baselineRead = 0
            cursor.sweepAgain()
            pending = []
            reports.append(
                .problem(
                    "the phone shows no SMS at all now: all were deleted, or it hides them until its SIMs are ready"
                ))
        } else if let maxID = canary.maxID, maxID < cursor.lastID {
            // The newest messages were deleted, or the store was wiped: ids are given again.
            cursor.lastID = maxID
            cursor.sweepAgain()
        }
        self.cursor = cursor
        if canary != lastCanary {
            contactDate = cursor.lastDate
            queue = cursor.isBaselineRead ? [.fresh, .sweep(after: 0)] : [.baseline]
        }
        lastCanary = canary
    }

    private mutating func baseline(_ marks: [SMSRowMark]) {
        guard var cursor else { return }
        pending = marks.map { Observation(key: key($0.id, $0.date, $0.address), content: nil) }
        if marks.count < Self.marksPerPage {
            cursor.baselineRead = cursor.baselineThrough
            queue += [.fresh, .sweep(after: 0)]
        } else {
            cursor.baselineRead = marks.last?.id ?? cursor.baselineThrough
            queue.insert(.baseline, at: 0)
        }
        self.cursor = cursor
    }

    private mutating func fresh(_ rows: [SMSRow]) {
        let full = rows.count >= pageLimit
        record(rows)
        if let last = rows.last?.id { cursor?.lastID = last }
        if full {
            queue.insert(.fresh, at: 0)
            pageLimit = Self.rowsPerPage
        }
        endHistory()
    }

    private mutating func fetched(_ rows: [SMSRow]) {
        record(rows)
        endHistory()
    }

    /// A restored history ends when nothing of its contact is left to read.
    private mutating func endHistory() {
        let isReading = queue.contains { work in
            switch work {
            case .fetch, .fresh: true
            case .canary, .baseline, .sweep, .passUnreadable: false
            }
        }
        if !isReading { inHistory = false }
    }

    /// Whether a row is of the kind that comes back when a backup is restored, or when a phone that was enrolled
    /// while it showed nothing shows its messages.
    private func isOld(_ row: SMSRow) -> Bool {
        guard let cursor else { return false }
        let last = min(cursor.lastDate, contactDate, max(0, phoneTime.milliseconds))
        let isStray = (row.subscription ?? -1) < 0 || cursor.baselineThrough == 0
        return last > 0 && isStray && (row.date ?? 0) < last - Self.restoredAgeMin
    }

    private mutating func sweep(_ marks: [SMSRowMark]) {
        if !marks.isEmpty { unchecked = marks }
        if marks.count >= Self.marksPerPage, let last = marks.last {
            queue.insert(.sweep(after: last.id), at: 0)
        } else {
            isSweepRead = true
        }
    }

    private mutating func record(_ rows: [SMSRow]) {
        guard !rows.isEmpty else { return }
        if !inHistory, rows.count > Self.restoredRowsMin, rows.allSatisfy({ isOld($0) }) {
            inHistory = true
            reports.append(
                .problem("old messages appeared all at once: a restored history, kept but not forwarded"))
        }
        pending = rows.map { observation($0, history: inHistory && isOld($0)) }
        if let row = rows.last(where: { !(inHistory && isOld($0)) }), let date = row.date {
            cursor?.lastDate = min(max(0, date), max(0, phoneTime.milliseconds))
        }
    }

    private func observation(_ row: SMSRow, history: Bool) -> Observation {
        let sim = sims.first { Int64($0.subscription) == row.subscription }
        let message = SMSMessage(
            rowID: row.id, sender: LossyText.decode(row.address ?? []), body: LossyText.decode(row.body ?? [])
        )
        return Observation(
            key: key(row.id, row.date, row.address), content: EventContent(message), isHistory: history,
            slot: sim?.slot,
            subscription: row.subscription.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }, iccid: sim?.iccid,
            sentAt: row.dateSent.flatMap { $0 > 0 ? WallTime(milliseconds: $0) : nil },
            receivedAt: row.date.map { WallTime(milliseconds: $0) })
    }

    /// Version of this layout, row id, date and sender; a sender is cut to `keySenderBytesMax`.
    private func key(_ id: Int64, _ date: Int64?, _ address: [UInt8]?) -> SourceKey {
        let text =
            "1/\(id)/\(date.map { String($0) } ?? "-")/\(address == nil ? "-" : "+")"
        return SourceKey(
            source: Self.name, bytes: Array(text.utf8) + (address ?? []).prefix(Self.keySenderBytesMax))
    }

    // MARK: What went wrong

    private mutating func failed(_ failure: ContentFailure, _ work: Work, now: Instant) {
        switch failure {
        case .denied:
            block(traits.smsDenied, retry: Self.deniedRetry, now: now)
        case .locked:
            block(
                "the phone has not been unlocked since it started: unlock it once, its messages are read then",
                locked: true, retry: Self.lockedRetry, now: now)
        case .noProvider:
            block("the device has no SMS store", retry: Self.absentRetry, now: now)
        case .noTool:
            block("the device has no `content` tool", retry: Self.absentRetry, now: now)
        case .noColumn:
            block(
                "the phone's SMS store lacks a column that every Android has", retry: Self.absentRetry,
                now: now
            )
        case .interrupted:
            again(work, after: retries.failed(), "the phone's SMS process went away", now: now)
        case .other(let text):
            again(work, after: retries.failed(), "the SMS query failed: \(text)", now: now)
        case .unreadable(let bytes, let begin):
            again(
                work, after: retries.failed(),
                "the SMS query's answer (\(bytes) bytes) begins unexpectedly: \(begin)",
                now: now)
        }
    }

    private mutating func block(
        _ sentence: String, locked: Bool = false, retry: Duration, now: Instant
    ) {
        isReading = false
        isSweepRead = false
        queue = [.canary]
        retryAt = now.advanced(by: retry)
        reports.append(.blocked(sentence, locked: locked))
    }

    private mutating func again(_ work: Work, after delay: Duration, _ sentence: String, now: Instant) {
        queue.insert(work, at: 0)
        retryAt = now.advanced(by: delay)
        if retries.failures == Self.failuresMax { reports.append(.blocked(sentence, locked: false)) }
        if retries.failures >= Self.failuresMax { isReading = false }
        if retries.failures == 1 { reports.append(.problem(sentence)) }
    }

    /// A page was too long: smaller pages, down to one row; a single row that is too long is passed over.
    private mutating func tooLong(_ work: Work, now: Instant) {
        refused(work, PhoneParseError("SMS page within the output limit", row: 0, offset: 0), now: now)
    }

    /// A page was refused: nothing of it is believed. Read row by row until the one that does not parse is alone,
    /// report that one, pass it over.
    private mutating func refused(_ work: Work, _ error: PhoneParseError, now: Instant) {
        switch work {
        case .fresh where pageLimit > 1:
            pageLimit = 1
            queue.insert(.fresh, at: 0)
        case .fresh:
            queue.insert(.passUnreadable, at: 0)
        case .fetch(let marks) where marks.count > 1:
            queue.insert(contentsOf: marks.map { .fetch([$0]) }, at: 0)
        case .fetch(let marks):
            for mark in marks { passOver(mark) }
        case .canary, .baseline, .sweep, .passUnreadable:
            again(
                work, after: retries.failed(), "not a valid \(error.what) at byte \(error.offset)", now: now)
        }
    }

    private mutating func passUnreadable(_ marks: [SMSRowMark]) {
        guard let mark = marks.first else { return }
        passOver(mark)
        cursor?.lastID = mark.id
        pageLimit = Self.rowsPerPage
        queue.insert(.fresh, at: 0)
    }

    /// Takes note of a row that cannot be read, so that it is reported once and not asked for again.
    private mutating func passOver(_ mark: SMSRowMark) {
        reports.append(
            .problem("SMS row \(mark.id) cannot be read (not a valid SMS row, or too long): passed over"))
        pending = [Observation(key: key(mark.id, mark.date, mark.address), content: nil)]
    }
}

/// When to look after hints: soon, and again until as many rows came as were announced.
private struct HintSchedule: Sendable {
    private var times: [Instant] = []
    private var expected = 0
    private(set) var isExhausted = false

    var next: Instant? { times.first }

    mutating func expect(now: Instant) {
        expected += 1
        let earliest = times.first
        times = SMSSource.hintDelays.map { now.advanced(by: $0) }
        // A stream of hints must not put the first look off for ever.
        if let earliest, earliest < times[0] { times.insert(earliest, at: 0) }
    }

    mutating func hurry(now: Instant) {
        if let first = times.first, first <= now { return }
        times.insert(now, at: 0)
    }

    /// Whether a look is due; the times that have passed are over then.
    mutating func isDue(now: Instant) -> Bool {
        guard let first = times.first, first <= now else { return false }
        times.removeAll { $0 <= now }
        isExhausted = times.isEmpty && expected > 0
        return true
    }

    mutating func found(_ count: Int) {
        guard count > 0 else { return }
        expected = max(0, expected - count)
        if expected == 0 { clear() }
    }

    mutating func clear() {
        times = []
        expected = 0
        isExhausted = false
    }
}
