package import Events
package import Time

/// Reads a phone's SMS store: everything that arrives after enrolment becomes an observation exactly once per
/// contact, whatever is deleted, stored late or given an old id again.
///
/// Work is one query at a time: the canary (is it readable, where does it stand), the baseline (what was there at
/// enrolment: taken note of, no events), fresh rows above the cursor, and the sweep: what identifies the rows since the
/// last sweep, with an overlap, is checked against what the store has seen, and the unseen ones are fetched. When the
/// newest rows were deleted (their ids are given again) or the store was wiped, the sweep goes over all rows.
/// Called by: the daemon's collector host.
package struct SMSCollector: Collector {
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

    enum Work: Equatable, Sendable {
        case canary
        case baseline
        case fresh
        case sweep(after: Int64)
        case fetch([SMSRowMark])
        case passUnreadable
    }

    package let source = Source.sms
    package let log = SMSHint.log
    var cursor: SMSCursor?
    var sims: [SIMCard]
    var queue: [Work] = [.canary]
    var current: Work?
    var pending: [Observation]?
    var reports: [CollectorReport] = []
    var isReading = false
    var lastCanary: SMSCanary?
    var retryAt: Instant?
    var failures = 0
    var pageLimit = rowsPerPage
    /// Whether this run of pages is a restored history.
    var inHistory = false
    /// What a sweep has found, to be checked against the store.
    var unchecked: [SMSRowMark]?
    /// Whether a sweep was read to its end and some of its fetches may still be missing: only then its beginning may
    /// become the next one's.
    var isSweepRead = false
    /// `lastDate` when the canary last showed a change: what is much older came back, what is newer came.
    var contactDate: Int64 = 0
    /// Where the sweep under way began.
    var sweepStart: (id: Int64, date: Int64) = (0, 0)
    private var hints = HintSchedule()
    private var nextPoll = Instant(nanoseconds: .min)
    var phoneTime = WallTime(milliseconds: 0)

    /// A collector that goes on from `cursor` (nil: the phone is new) with these SIM cards in the phone.
    package init(cursor: [UInt8]?, sims: [SIMCard]) {
        self.cursor = cursor.flatMap { SMSCursor($0) }
        self.sims = sims
        if cursor != nil, self.cursor == nil {
            reports.append(.problem("the stored SMS cursor could not be read: this phone is enrolled again"))
        }
    }

    package mutating func next(now: Instant, phoneTime: WallTime) -> CollectorStep {
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
        times = SMSCollector.hintDelays.map { now.advanced(by: $0) }
        // A stream of hints must not put the first look off for ever.
        if let earliest, earliest < times[0] { times.insert(earliest, at: 0) }
    }

    mutating func hurry(now: Instant) {
        if let first = times.first, first <= now { return }
        times.insert(now, at: 0)
    }

    /// Whether a look is due; takes the times that have passed.
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
