package import Base
package import Events

extension SourceName {
    /// The phone's SMS store.
    package static let sms = SourceName(rawValue: "sms")
}

/// Reads a phone's SMS store: everything that arrives after enrolment becomes an observation exactly once per
/// contact, whatever is deleted, stored late or given an old id again.
///
/// Work is one query at a time: first how this build wants to be asked (`SMSDialect`), then the canary (is it readable, where does
/// it stand), the baseline (what was there at enrolment: taken note of, no events), fresh rows above the cursor, and the sweep: what
/// identifies the rows since the last sweep, with an overlap, is checked against what the store has seen, and the unseen ones are
/// fetched. When the newest rows were deleted (their ids are given again) or the store was wiped, the sweep goes over all rows.
///
/// Rows that were read are an *arrival*: the cards are looked at after them, in the same run of the shell, and where those do not
/// settle a slot the radio's lines and the raw table are asked, all within `slotPatience`.
/// Called by: the daemon's source host.
package struct SMSSource: PhoneSource {
    /// Rows with text read at a time, at first; bodies count twice in hex.
    static let rowsPerPage = 50
    /// Rows with text read at a time where many wait: each query starts a program on the phone, which takes as long as hundreds of
    /// rows.
    static let rowsPerPageMax = 3200
    /// Output from which on pages do not grow, in bytes.
    private static let pageBytesMax = 2 * 1024 * 1024
    /// Rows of a page that become one transaction: one of all would hold other phones' messages up.
    static let rowsAtOnce = 400
    /// Rows with text read at a time where each text is a query of its own.
    static let rowsPerNoncePage = 8
    /// Rows without text read at a time.
    static let marksPerPage = 1000
    /// The same on a phone that did not finish such a query in time, at least.
    private static let marksPerPageMin = 60
    /// How far below the newest row a read that the log asked for looks, in ids: the ids of deleted rows are given again.
    static let freshOverlapIDs: Int64 = 8
    /// How far below the last sweep the next one looks, in ids.
    static let overlapIDs: Int64 = 100
    /// How far before the last sweep it looks by date, in milliseconds of the phone's clock.
    static let overlapMilliseconds: Int64 = 24 * 3600 * 1000
    /// How often the canary is read without any hint.
    static let pollInterval = Duration.seconds(60)
    /// How often everything on the phone is checked, in milliseconds.
    static let checkInterval: Int64 = 24 * 3600 * 1000
    /// When the store is read after the log said that a message is being handed over: the SMS app writes the row.
    static let hintDelays: [Duration] = [.milliseconds(300), .seconds(1), .seconds(3), .seconds(10)]

    /// Failures in a row from which on reading does not work.
    private static let failuresMax = 3
    /// Between tries while the phone refuses the shell, is locked, or lacks what every Android has.
    private static let deniedRetry = Duration.seconds(300)
    private static let lockedRetry = Duration.seconds(10)
    private static let absentRetry = Duration.seconds(3600)
    /// How far back, in milliseconds, the rows are dated that these are compared with: they are there for an hour at most.
    private static let rawAgeMax: Int64 = 2 * 3600 * 1000
    /// How far below the newest row they are looked for, in ids.
    private static let rawIDs: Int64 = 5000
    /// Dates of rows before an arrival that are remembered, to pair rows with the radio's lines.
    private static let recentDatesMax = 64

    /// What rows with texts of their own are read for.
    private enum Purpose: Equatable, Sendable {
        case fresh
        case fetch
        case backfill
    }

    private enum Work: Equatable, Sendable {
        case canary
        /// The first is asked now, the others after it. The unknown column also stands before each canary in plain columns: that queries
        /// are run at all is proved first.
        case dialect([SMSDialectSearch.Question])
        case baseline
        case fresh
        case sweep(after: Int64)
        case fetch([SMSRowMark])
        case texts([SMSRow], Purpose)
        case historyMarks([SMSRow])
        case baselinePass
        case help(SMSArrival.Question)
        case single(Int64)
        case passUnreadable
        case backfillCount
        case backfill
        case backfillPass
        case backfillProof
        /// Whether the store shows anything: a page without rows is the end only where it does.
        indirect case proof(of: Work)
        case rawMessages
        case rawCompare([SMSRawMessage])

        var isOfBackfill: Bool {
            switch self {
            case .backfillCount, .backfill, .backfillPass, .backfillProof, .texts(_, .backfill): true
            default: false
            }
        }
    }

    /// Rows of a page that wait for those before them to be recorded.
    private struct Held: Sendable {
        var rows: [SMSRow]
        /// Whether the phone has more.
        var isMore: Bool
        /// Whether the page ended with a look at the cards.
        var isLooked: Bool
    }

    private enum Check: Sendable, Equatable {
        case sweep([SMSRowMark])
        case arrival([SourceKey])
        case backfill([SMSRow], isMore: Bool)
        case others([SourceKey])
        case raw([SMSRawMessage])
    }

    package static let name = SourceName.sms
    package let log = SMSHint.log
    private var cursor: SMSCursor?
    private let traits: PhoneTraits
    private let build: UInt64
    private var dialect: SMSDialect?
    private var sims: [SIMCard]
    private var window: SIMWindow
    /// Whether the answer in hand ends with a look at the cards that can be believed.
    private var isLookedInRun = false
    /// Whether looks at the cards are runs of their own: they were no help behind the rows, and must not hold these up.
    private var isLookApart = false
    /// The card's number of each subscription that the last look told.
    private var cardNumbers: [Int: String] = [:]
    private var queue: [Work] = [.canary]
    private var current: Work?
    private var held: Held?
    /// Whether the next read of fresh rows looks below the newest one too.
    private var isOverlapping = false
    /// How many marks of the baseline are read at a time: one where a page of them cannot be read.
    private var baselineLimit = marksPerPage
    /// How many marks this phone prints in time.
    private var marksLimit = marksPerPage
    /// Whether what is on its way for a backfill is another one's.
    private var isBackfillStale = false
    private var arrival: SMSArrival?
    private var checking: Check?
    private var pending: [Observation]?
    /// Set where `pending` is part of a backfill.
    private var pendingBackfill: Backfill?
    private var reports: [PhoneReport] = []
    private var isReading = false
    /// Somebody wants everything checked.
    private var isCheckAsked = false
    private var lastCanary: SMSCanary?
    private var search: SMSDialectSearch
    /// How often the dialect was looked for anew since something was recorded.
    private var dialectSearches = 0
    /// How often in a row texts were answered with an error.
    private var textFailures = 0
    /// How often in a row all rows of a page were gone when their texts were asked for.
    private var goneReads = 0
    /// Marks of the baseline that are not taken note of yet.
    private var baselineLeft: [SMSRowMark] = []
    /// Before this no whole check begins by itself.
    private var nextCheck = Instant(nanoseconds: .min)
    /// Where the plain canary begins to look; 0 where the last one found nothing.
    private var canaryFrom: Int64?
    /// Whether it asks for ids alone: a row holds something else than a date.
    private var isCanaryBare = false
    /// What the canary said before the dialect was known.
    private var heldCanary: SMSCanary?
    private var retryAt: Instant?
    private var retries = Backoff(.seconds(1), .seconds(5), .seconds(15), .seconds(60))
    private var pageLimit = rowsPerPage
    /// Rows that were passed over since the phone came: the sweep knows more of them than their ids and brings them once more.
    private var passed: Set<Int64> = []
    /// The row that was read alone last.
    private var singleTried: Int64?
    /// Whether this run of pages is a restored history.
    private var inHistory = false
    /// Whether it was said that known messages were put back.
    private var toldPutBack = false
    /// Whether a sweep was read to its end and some of its fetches may still be missing: only then its beginning may
    /// become the next one's.
    private var isSweepRead = false
    /// `lastDate` when the canary last showed a change: what is much older came back, what is newer came.
    private var contactDate: Int64 = 0
    /// What a sweep over everything has counted so far; nil while none is under way.
    private var counting: [SMSCardMark: Int64]?
    package private(set) var wholeChecks = 0
    package private(set) var failedChecks = 0
    /// Where the sweep under way began.
    private var sweepStart: (id: Int64, date: Int64) = (0, 0)
    /// Whether nobody could look for a while: until everything of that time is read the radio's lines are asked too, for cards may
    /// have been moved and moved back.
    private var isAfterGap = true
    /// Dates of the last rows, oldest first.
    private var recentDates: [Int64] = []
    private var hints = HintSchedule()
    private var nextPoll = Instant(nanoseconds: .min)
    private var phoneTime = WallTime(milliseconds: 0)
    /// Rows of a backfill read at a time now, when it goes on, and when its page was asked for.
    private var backfillLimit = SMSBackfill.rowsPerPage
    private var backfillAt = Instant(nanoseconds: .min)
    private var backfillBegan = Instant(nanoseconds: .min)
    /// Somebody has begun or ended a backfill: durable before anything else is done.
    private var isCursorChanged = false
    /// Keys of the contents of its last page.
    private var backfillContents: Set<SourceKey> = []
    /// Whether the page of a backfill ended with a look at the cards.
    private var isBackfillLooked = false
    /// The backfill that ended last.
    private var backfillDone: BackfillProgress?
    private var rawWatch: SMSRawWatch
    private let hasRawTexts: Bool
    private var isLocked = false

    package init(cursor: [UInt8]?, phone: PhoneContext) {
        let known = cursor.flatMap { SMSCursor($0) }
        self.cursor = known
        traits = phone.traits
        build = SMSKeys.digest(phone.traits.build.utf8)
        sims = phone.sims
        window = SIMWindow(known?.cards ?? SIMMemory(), sims: phone.sims)
        rawWatch = SMSRawWatch(isEnrolling: known == nil)
        hasRawTexts = phone.traits.lack(of: .rawTexts) == nil
        if let known, known.build == build, build != 0 { dialect = known.dialect }
        search = SMSDialectSearch(messageCard: phone.traits.messageCard)
        queue = [canaryWork]
        if cursor != nil, known == nil {
            reports.append(.problem("the stored SMS cursor could not be read: this phone is enrolled again"))
        }
    }

    // MARK: What to do next

    package mutating func next(now: Instant, phoneTime: WallTime) -> SourceStep {
        precondition(current == nil, "next() before answered(): one query at a time")
        self.phoneTime = phoneTime
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        while pending == nil, checking == nil, arrival != nil || held != nil {
            if arrival == nil { goOnWithHeld(now: now) }
            if let step = goOnWithArrival(now: now) { return step }
        }
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if pending == nil, !baselineLeft.isEmpty { baseline(baselineLeft) }
        if pending == nil, checking == nil { finishSweep() }
        keepMaps()
        if isCursorChanged, checking == nil {
            isCursorChanged = false
            if pending == nil { pending = [] }
        }
        if let pending, let cursor {
            if let pendingBackfill { return .backfill(pending, cursor: cursor.bytes, pendingBackfill) }
            return .record(pending, cursor: cursor.bytes)
        }
        switch checking {
        case .sweep(let marks):
            // What was there at enrolment is not counted, be it back under another id: its content was noted.
            let noted = counting == nil ? [] : marks.map { keys.contentWithoutText($0) }
            return .check(marks.map { keys.row($0) } + noted)
        case .arrival(let keys), .others(let keys): return .check(keys)
        case .backfill(let rows, _): return .check(rows.map { keys.row($0) })
        case .raw(let messages): return .check(messages.map { keys.radio($0) })
        case nil: break
        }
        if let retryAt {
            if now < retryAt {
                // A locked phone shows what the radio brings, though not the store.
                if isLocked, isRawDue(now: now) {
                    rawWatch.began()
                    current = .rawMessages
                    return .run(command(.rawMessages))
                }
                return .rest(until: isLocked ? min(retryAt, rawNext ?? retryAt) : retryAt)
            }
            self.retryAt = nil
        }
        plan(now: now)
        guard let work = queue.first else {
            let others = [
                hints.next, rawNext,
                isReading && cursor?.isBaselineRead == true && cursor?.backfill != nil ? backfillAt : nil,
            ]
            .compactMap(\.self)
            return .rest(until: others.reduce(nextPoll, min))
        }
        queue.removeFirst()
        current = work
        if work == .sweep(after: 0) {
            sweepStart = (cursor?.lastID ?? 0, cursor?.lastDate ?? 0)
            if cursor?.isSweepingAll == true {
                counting = [:]
                isCheckAsked = false
            }
        }
        if work == .canary || work == .sweep(after: 0) { window.readBegins(at: phoneTime.milliseconds) }
        return .run(endsWithLook(work) ? command(work).followed(by: SIMReading.command) : command(work))
    }

    /// The maps of the window are durable before anything is made of them: the cable may be out when the cards are moved.
    private mutating func keepMaps() {
        guard checking == nil, let known = cursor else { return }
        cursor?.cards = window.memory
        // Not each complete read: that date may be older than it is.
        guard
            known.cards.maps != window.memory.maps || known.cards.places != window.memory.places
                || known.cards.isBehind != window.memory.isBehind
        else { return }
        if pending == nil { pending = [] }
    }

    private mutating func finishSweep() {
        let isFetching = queue.contains { work in
            switch work {
            case .fetch, .texts(_, .fetch): true
            default: false
            }
        }
        guard isSweepRead, !isFetching else { return }
        isSweepRead = false
        cursor?.sweptID = sweepStart.id
        cursor?.sweptDate = sweepStart.date
        completeRead()
        if let counting {
            cursor?.held = counting
            cursor?.checkedAt = max(1, phoneTime.milliseconds)
            self.counting = nil
            wholeChecks += 1
            if pending == nil { pending = [] }
        }
    }

    private mutating func plan(now: Instant) {
        // A message that was announced goes before long work.
        if let cursor, dialect != nil, hints.isDue(now: now) {
            let isAsking = queue.contains {
                if case .texts(_, .fresh) = $0 { true } else { $0 == .fresh }
            }
            if !isAsking {
                queue.insert(.fresh, at: 0)
                // Until all that was there at enrolment is taken note of, what is below the newest row would look new.
                isOverlapping = cursor.isBaselineRead
            }
            if hints.isExhausted {
                rawWatch.ask(at: now)
                if !queue.contains(.sweep(after: 0)) { lookAtAll() }
                hints.clear()
            }
        }
        if queue.isEmpty, let cursor, cursor.isBaselineRead, isReading, isCheckDue(cursor, now: now) {
            self.cursor?.sweepAgain()
            lookAtAll()
        }
        if nextPoll <= now, isLongWork(queue.first) {
            // New messages are read between its pages.
            nextPoll = now.advanced(by: Self.pollInterval)
            queue.insert(.fresh, at: 0)
        }
        if queue.isEmpty, nextPoll <= now {
            nextPoll = now.advanced(by: Self.pollInterval)
            // Where the log tells nothing nobody else asks.
            rawWatch.ask(at: now)
            queue.append(canaryWork)
        }
        guard queue.isEmpty, isReading, let cursor, cursor.isBaselineRead, let dialect else { return }
        if isRawDue(now: now) {
            rawWatch.began()
            queue = [.rawMessages]
        } else if let backfill = cursor.backfill, backfillAt <= now {
            backfillBegan = now
            queue = [dialect.reading == .hex && backfill.total == nil ? .backfillCount : .backfill]
        }
    }

    /// Whether this is part of what takes long: a sweep over everything, or taking note of all that was there at enrolment.
    private func isLongWork(_ work: Work?) -> Bool {
        switch work {
        case .sweep(let after): after > 0
        case .baseline: (cursor?.baselineRead ?? 0) > 0
        default: false
        }
    }

    /// Reads and sweeps behind a canary: where the shell is refused in silence both find nothing, which is no complete read.
    private mutating func lookAtAll() {
        lastCanary = nil
        queue.append(canaryWork)
    }

    /// The canary, or what stands before it: in plain columns "no rows" and "refused" look alike.
    private var canaryWork: Work { dialect?.reading == .nonce ? .dialect([.unknownColumn]) : .canary }

    /// When what the radio brought is to be looked at; nil where this phone or this build cannot be asked for it, or not now.
    private var rawNext: Instant? {
        guard hasRawTexts, cursor?.isBaselineRead == true, dialect?.reading == .hex, isReading || isLocked
        else {
            return nil
        }
        return rawWatch.next
    }

    private func isRawDue(now: Instant) -> Bool { rawNext.map { $0 <= now } ?? false }

    /// Whether everything is to be checked: once a day, and when somebody asks. A date in the future was another clock's.
    private func isCheckDue(_ cursor: SMSCursor, now: Instant) -> Bool {
        isCheckAsked
            || nextCheck <= now
                && (phoneTime.milliseconds - cursor.checkedAt > Self.checkInterval
                    || cursor.checkedAt - phoneTime.milliseconds > Self.checkInterval)
    }

    package mutating func checkAll(now: Instant) {
        isCheckAsked = true
        // Where it could not be read, it is tried at once: somebody may have changed that.
        if retryAt != nil { retryAt = now }
    }

    package mutating func backfill(_ request: BackfillRequest?, now: Instant) -> Bool {
        guard let request else {
            cursor?.backfill = nil
            isCursorChanged = true
            dropBackfillWork()
            return true
        }
        guard cursor != nil, cursor?.backfill == nil else { return false }
        dropBackfillWork()
        cursor?.backfill = SMSBackfill(since: max(0, request.since.milliseconds), target: request.target)
        backfillDone = nil
        backfillContents = []
        backfillLimit = SMSBackfill.rowsPerPage
        backfillAt = now
        isCursorChanged = true
        return true
    }

    /// What is queued or on its way for a backfill belongs to no other one.
    private mutating func dropBackfillWork() {
        queue.removeAll { $0.isOfBackfill }
        if current?.isOfBackfill == true { isBackfillStale = true }
        if case .backfill? = checking { isBackfillStale = true }
    }

    package var backfillProgress: BackfillProgress? { cursor?.backfill?.progress ?? backfillDone }

    /// The backfill that a stored cursor is in; nil for none.
    package static func backfill(_ cursor: [UInt8]) -> BackfillProgress? {
        SMSCursor(cursor)?.backfill?.progress
    }

    package static func ledger(_ cursor: [UInt8]) -> PhoneLedger? {
        SMSCursor(cursor)?.ledger
    }

    private var keys: SMSKeys { SMSKeys(reading: dialect?.reading) }

    /// What tells known rows from new ones.
    private var identity: SMSIdentity {
        SMSIdentity(
            keys: keys, dialect: query.dialect, isWide: query.isWide,
            cursor: cursor ?? SMSCursor(enrolledAt: 0, date: 0),
            contactDate: contactDate, now: phoneTime.milliseconds)
    }

    private var query: SMSQuery {
        SMSQuery(
            dialect: dialect ?? search.dialect ?? SMSDialect(), isWide: traits.lack(of: .wideNumbers) == nil)
    }

    private func command(_ work: Work) -> PhoneCommand {
        let cursor = cursor ?? SMSCursor(enrolledAt: 0, date: 0)
        switch work {
        case .canary where dialect?.reading == .nonce:
            return query.plainCanary(from: canaryFrom ?? cursor.lastID, isBare: isCanaryBare)
        case .canary: return SMSQuery.canary
        case .dialect(let questions):
            switch questions.first {
            case .limit: return SMSQuery.limit
            case .card(let column, _):
                return query.dialect.reading == .nonce ? SMSQuery.has(column) : SMSQuery.count(column)
            case .unknownColumn, nil: return SMSQuery.has(ContentTexts.unknownColumn)
            }
        case .baseline:
            return query.marks(
                after: cursor.baselineRead, through: cursor.baselineThrough, limit: baselineLimit)
        case .baselinePass: return query.nextID(above: cursor.baselineRead)
        case .fresh: return query.rows(above: freshFrom, limit: freshLimit)
        case .historyMarks:
            return query.marks(after: cursor.lastID, through: .max, limit: SMSIdentity.restoredRowsMin + 1)
        case .sweep(let after):
            return query.marks(
                after: after, id: cursor.sweptID - Self.overlapIDs,
                date: min(cursor.sweptDate, max(0, phoneTime.milliseconds)) - Self.overlapMilliseconds,
                limit: marksLimit)
        case .fetch(let marks): return query.rows(marks.map(\.id))
        case .texts(let rows, _): return query.texts(of: rows)
        case .single(let id): return query.rows([id])
        case .passUnreadable: return query.nextID(above: cursor.lastID)
        case .help(let question): return question.command(query, rowsMax: Self.marksPerPage)
        case .backfillCount, .backfillProof: return SMSQuery.count(since: cursor.backfill?.since ?? 0)
        case .proof:
            return dialect?.reading == .nonce ? query.plainCanary(from: 0, isBare: true) : SMSQuery.canary
        case .backfill:
            return query.rows(
                above: cursor.backfill?.after ?? 0, since: cursor.backfill?.since ?? 0,
                limit: dialect?.reading == .nonce ? Self.rowsPerNoncePage : backfillLimit)
        case .backfillPass:
            return query.nextID(above: cursor.backfill?.after ?? 0, since: cursor.backfill?.since ?? 0)
        case .rawMessages: return SMSRawMessage.command
        case .rawCompare(let messages):
            return query.rows(
                above: max(0, cursor.lastID - Self.rawIDs), sent: messages.map(\.sent),
                since: phoneTime.milliseconds - Self.rawAgeMax)
        }
    }

    /// Whether the cards are looked at right after this work's rows were read, by the same run.
    private func endsWithLook(_ work: Work) -> Bool {
        guard !isLookApart else { return false }
        switch work {
        case .fresh, .fetch, .single, .backfill: return dialect?.reading != .nonce
        case .texts: return true
        default: return false
        }
    }

    private var freshLimit: Int {
        dialect?.reading == .nonce
            ? min(pageLimit, Self.rowsPerNoncePage)
            : pageLimit + Int((cursor?.lastID ?? 0) - freshFrom)
    }

    /// The id above which fresh rows are read. In plain columns each row more is two queries more: there the sweep finds what was given
    /// an old id.
    private var freshFrom: Int64 {
        guard let cursor else { return 0 }
        let isOverlapped =
            isOverlapping && dialect?.reading == .hex && pageLimit == Self.rowsPerPage
        return isOverlapped
            ? max(0, cursor.lastID - Self.freshOverlapIDs) : cursor.lastID
    }

    package mutating func recorded(now: Instant) {
        precondition(pending != nil, "recorded() without a .record")
        if pendingBackfill == nil { hints.found(pending?.filter { $0.content?.kind == .sms }.count ?? 0) }
        if pending?.isEmpty == false { dialectSearches = 0 }
        pending = nil
        pendingBackfill = nil
    }

    package mutating func checked(_ unseen: Set<SourceKey>, now: Instant) {
        guard let checking else { preconditionFailure("checked() without a .check") }
        self.checking = nil
        switch checking {
        case .arrival(let keys): arrivalIsKnown(Set(keys).subtracting(unseen))
        case .others(let keys): arrival?.knownOthers = Set(keys).subtracting(unseen)
        case .backfill(let rows, let isMore):
            guard !isBackfillStale else {
                isBackfillStale = false
                return
            }
            let new = rows.filter { unseen.contains(keys.row($0)) }
            if new.isEmpty { return backfilled(rows, isMore: isMore, now: now) }
            // A message that nobody has read yet: it goes the way of new ones, then the page is read again.
            for row in new { cursor?.gaps.came(row.id) }
            backfillAt = now.advanced(by: SMSBackfill.pauseMin)
            arrived(new, isLooked: isBackfillLooked, now: now)
        case .raw(let messages):
            let missing = messages.filter { unseen.contains(keys.radio($0)) }
            rawWatch.settle(messages.filter { !unseen.contains(keys.radio($0)) })
            if missing.isEmpty { return }
            if isLocked {
                tellUnstored(missing, now: now)
            } else {
                queue.insert(.rawCompare(missing), at: 0)
            }
        case .sweep(let marks):
            if counting != nil {
                let identity = identity
                for mark in marks where identity.isSinceEnrolment(mark, unseen: unseen) {
                    counting?[mark.card.counted, default: 0] += 1
                }
            }
            var rest = marks.filter {
                unseen.contains(keys.row($0))
            }[...]
            // Before the sweep's next page, so that nothing waits for a long sweep.
            var fetches: [Work] = []
            let page = dialect?.reading == .nonce ? Self.rowsPerNoncePage : Self.rowsPerPage
            while !rest.isEmpty {
                fetches.append(.fetch(Array(rest.prefix(page))))
                rest = rest.dropFirst(page)
            }
            queue.insert(contentsOf: fetches, at: 0)
        }
    }

    package mutating func heard(_ line: LogLine, now: Instant) {
        switch SMSHint(line) {
        case .delivering: hints.expect(now: now)
        case .delivered: hints.hurry(now: now)
        case nil: break
        }
    }

    package mutating func hintsWereLost(now: Instant) {
        nextPoll = now
        rawWatch.ask(at: now)
    }

    package mutating func simsRead(_ sims: [SIMCard]) {
        self.sims = sims
        isLookApart = false
        window.looked(SIMMemory.map(sims))
    }

    // MARK: Answers

    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        guard let work = current else { preconditionFailure("answered() without a .run") }
        current = nil
        if work.isOfBackfill, isBackfillStale {
            isBackfillStale = false
            return
        }
        switch work {
        case .help(let question): help(outcome, of: question)
        case .dialect(let questions): dialectAnswer(outcome, of: questions, now: now)
        case .rawMessages, .rawCompare: rawAnswer(outcome, of: work, now: now)
        default: storeAnswer(outcome, of: work, now: now)
        }
    }

    private mutating func storeAnswer(_ outcome: CommandOutcome, of work: Work, now: Instant) {
        switch outcome {
        case .completed(let output, let errorOutput):
            sort(ContentAnswer(output: output, errorOutput: errorOutput), of: work, now: now)
        case .completedEach(var parts):
            isLookedInRun = endsWithLook(work) && looked(parts.removeLast())
            if endsWithLook(work), !isLookedInRun { isLookApart = true }
            if case .texts = work {
                texts(parts, of: work, now: now)
            } else {
                let (output, errorOutput) = ContentAnswer.apart(parts.first ?? [])
                sort(ContentAnswer(output: output, errorOutput: errorOutput), of: work, now: now)
            }
            isLookedInRun = false
        case .outputTooLong: tooLong(work, now: now)
        case .unfinished(let why):
            if endsWithLook(work) { isLookApart = true }
            // Shorter pages, in case that the phone is slow.
            marksLimit = max(Self.marksPerPageMin, marksLimit / 4)
            baselineLimit = min(baselineLimit, marksLimit)
            pageLimit = min(pageLimit, Self.rowsPerPage)
            again(work, after: retries.failed(), "an SMS query did not finish: \(why)", now: now)
        }
    }

    private mutating func sort(_ answer: ContentAnswer, of work: Work, now: Instant) {
        switch answer {
        case .rows(let output):
            do throws(PhoneParseError) {
                try read(output, of: work, now: now)
                retries.succeeded()
            } catch {
                refused(work, error, now: now)
            }
        case .nothing where work == .canary && dialect?.reading != .nonce:
            // An expression that is not run: either nothing is, or this build takes plain columns only.
            findDialect(now: now)
        case .nothing:
            retries.succeeded()
            nothing(work, now: now)
        case .failure(.badQuery) where work == .canary && dialect?.reading != .nonce: findDialect(now: now)
        case .failure(let failure): failed(failure, work, now: now)
        }
    }

    // MARK: How this build wants to be asked

    private mutating func findDialect(now: Instant) {
        dialect = nil
        heldCanary = nil
        go(search.begin(), now: now)
        // What was queued was not read: the canary leads to it again, though it says the same.
        lastCanary = nil
        isSweepRead = false
        if counting != nil {
            counting = nil
            cursor?.sweepAgain()
        }
    }

    private mutating func dialectAnswer(
        _ outcome: CommandOutcome, of questions: [SMSDialectSearch.Question], now: Instant
    ) {
        guard case .completed(let output, let errorOutput) = outcome else {
            return again(
                .dialect(questions), after: retries.failed(), "an SMS query did not finish", now: now)
        }
        let answer = ContentAnswer(output: output, errorOutput: errorOutput)
        let isRefused = answer == .failure(.noColumn) || answer == .failure(.badQuery)
        if case .failure(let failure) = answer, !isRefused {
            return failed(failure, .dialect(questions), now: now)
        }
        retries.succeeded()
        if dialect != nil, isRefused {
            // The unknown column is named: plain queries are run.
            queue = [.canary]
        } else {
            go(search.answered(questions, isRefused: isRefused, isNothing: answer == .nothing), now: now)
        }
    }

    private mutating func go(_ step: SMSDialectSearch.Step, now: Instant) {
        switch step {
        case .ask(let questions): queue = [.dialect(questions)]
        case .tryExpressions: queue = [.canary]
        case .isSilent:
            block(
                "the phone answers SMS queries with nothing at all: it silently refuses the shell, or never had a SIM card. "
                    + "On the phone, \(traits.allowReading).", retry: Self.deniedRetry, now: now)
        case .found(let found):
            dialect = found
            rememberDialect()
            if let heldCanary {
                self.heldCanary = nil
                canary(heldCanary, now: now)
            } else {
                queue = [.canary]
            }
        }
    }

    private mutating func rememberDialect() {
        guard let dialect else { return }
        if let known = cursor, known.build != 0, known.dialect.reading != dialect.reading,
            known.isBaselineRead
        {
            // Rows have other keys now: those that were read are taken note of under them, and are no events again.
            cursor?.baselineThrough = known.lastID
            cursor?.baselineRead = 0
            // What is newer than the newest event was not read: the sweep finds it, and knows by their content those that were.
            cursor?.enrolledDate = known.lastDate
            cursor?.sweepAgain()
        } else if let known = cursor, known.dialect.reading != dialect.reading {
            cursor?.baselineRead = 0
        }
        cursor?.dialect = dialect
        cursor?.build = build
    }

    // MARK: What came

    private mutating func read(_ output: [UInt8], of work: Work, now: Instant) throws(PhoneParseError) {
        switch work {
        case .canary where dialect?.reading == .nonce:
            canary(try query.plainCanary(output, isBare: isCanaryBare), now: now)
        case .canary:
            let canary = try SMSCanary(parsing: output)
            guard dialect != nil else {
                // Expressions are run: the rest of the dialect is asked for before anything is made of it.
                heldCanary = canary
                return go(search.runsExpressions(), now: now)
            }
            self.canary(canary, now: now)
        case .baseline: baseline(try query.marks(output))
        case .baselinePass: passBaseline(try query.nextID(output))
        case .historyMarks(let page):
            let marks = try query.marks(output)
            if identity.isHistory(marks) { beginHistory() }
            queue.insert(.texts(page, .fresh), at: 0)
        case .backfillProof: backfillEnds()
        case .proof(let work):
            let isShown =
                dialect?.reading == .nonce
                ? try query.plainCanary(output, isBare: true).maxID != nil
                : try SMSCanary(parsing: output).count != 0
            guard isShown else { return nothing(.proof(of: work), now: now) }
            switch work {
            case .baselinePass: passBaseline(nil)
            case .sweep: sweep([])
            default: baseline([])
            }
        case .fresh: fresh(try query.rows(output), bytes: output.count, now: now)
        case .sweep: sweep(try query.marks(output))
        case .fetch: fetched(try query.rows(output), now: now)
        case .single: fresh(try query.rows(output), bytes: 0, now: now)
        case .passUnreadable: passUnreadable(try query.nextID(output))
        case .backfillCount:
            // An empty store has an answer too.
            cursor?.backfill?.total = try SMSQuery.count(output) ?? 0
        case .backfill:
            let rows = try query.rows(output)
            let page = dialect?.reading == .nonce ? Array(rows.prefix(Self.rowsPerNoncePage)) : rows
            if dialect?.reading == .nonce, !page.isEmpty {
                queue.insert(.texts(page, .backfill), at: 0)
            } else {
                backfillRead(page, isMore: query.dialect.limits && page.count >= backfillLimit, now: now)
            }
        case .backfillPass: passBackfill(try query.nextID(output))
        case .dialect, .texts, .help, .rawMessages,
            .rawCompare:
            break
        }
    }

    private mutating func nothing(_ work: Work, now: Instant) {
        switch work {
        case .canary:
            if !query.dialect.limits, canaryFrom == nil, (cursor?.lastID ?? 0) > 0 {
                // The newest may have been deleted: all rows are asked for before the store is called empty.
                canaryFrom = 0
                return queue.insert(.canary, at: 0)
            }
            canary(SMSCanary(count: nil, maxID: nil, maxDate: nil), now: now)
        case .baseline, .baselinePass: queue.insert(.proof(of: work), at: 0)
        case .sweep(let after) where after > 0: queue.insert(.proof(of: work), at: 0)
        case .sweep: sweep([])
        case .proof:
            // Hidden, as while a phone loads its cards, or refused in silence.
            lastCanary = nil
            queue = [canaryWork]
        case .fresh, .single: fresh([], bytes: 0, now: now)
        case .historyMarks(let page): queue.insert(.texts(page, .fresh), at: 0)
        case .backfill, .backfillPass:
            // Where the phone refuses in silence there is nothing too: an expression, which always has an answer, tells that apart.
            if dialect?.reading == .hex {
                queue.insert(.backfillProof, at: 0)
            } else {
                backfillEnds()
            }
        case .backfillCount, .backfillProof: findDialect(now: now)
        case .fetch, .passUnreadable, .dialect, .texts, .help, .rawMessages, .rawCompare:
            break
        }
    }

    private mutating func canary(_ canary: SMSCanary, now: Instant) {
        canaryFrom = nil
        // In plain columns without LIMIT the newest row of the last read is asked for again: gone means no rows.
        let isEmpty = canary.count.map { $0 == 0 } ?? (canary.maxID == nil)
        if isEmpty, cursor == nil, sims.isEmpty, traits.lack(of: .messagesWithoutCard) != nil {
            return block(
                "the phone shows no SMS and no SIM card: Android 14 and later hide messages of cards they do not know. It is "
                    + "enrolled once it shows either", retry: Self.lockedRetry, now: now)
        }
        isLocked = false
        if !isReading {
            isReading = true
            reports.append(.reading)
            lastCanary = nil
        }
        guard var cursor else { return enrol(canary) }
        if isEmpty, !cursor.isBaselineRead {
            // What was there at enrolment is hidden before all of it was taken note of: that begins anew once it is back.
            cursor.baselineRead = 0
            cursor.isHiddenInBaseline = true
            self.cursor = cursor
            lastCanary = nil
            pending = []
            return
        }
        if cursor.isHiddenInBaseline, let maxID = canary.maxID {
            cursor.isHiddenInBaseline = false
            cursor.lastID = maxID
            cursor.baselineThrough = maxID
        }
        if isEmpty, cursor.lastID > 0 {
            // No proof of a wipe: Android 14 shows nothing at all while it knows no subscription. What comes back is
            // known by its id, date and sender.
            cursor.lastID = 0
            cursor.baselineThrough = 0
            cursor.baselineRead = 0
            cursor.generation += 1
            cursor.gaps.close()
            cursor.sweepAgain()
            pending = []
            reports.append(
                .problem(
                    "the phone shows no SMS at all now: all were deleted, or it hides them until its SIMs are ready",
                    kind: "empty store"))
        } else if let maxID = canary.maxID, maxID < cursor.lastID {
            // The newest messages were deleted, or the store was wiped: ids are given again.
            cursor.lastID = maxID
            cursor.baselineThrough = min(cursor.baselineThrough, maxID)
            cursor.baselineRead = min(cursor.baselineRead, cursor.baselineThrough)
            cursor.sweepAgain()
        }
        self.cursor = cursor
        if canary != lastCanary || canary.count == nil {
            contactDate = cursor.lastDate
            toldPutBack = false
            queue = cursor.isBaselineRead ? [.fresh, .sweep(after: 0)] : [.baseline]
        } else {
            completeRead()
        }
        lastCanary = canary
    }

    private mutating func enrol(_ canary: SMSCanary) {
        let now = max(0, phoneTime.milliseconds)
        let date = min(max(0, canary.maxDate ?? now), now)
        contactDate = date
        cursor = SMSCursor(enrolledAt: canary.maxID ?? 0, date: date)
        cursor?.enrolledDate = max(now, canary.maxDate ?? 0)
        cursor?.cards = window.memory
        cursor?.checkedAt = max(1, now)
        rememberDialect()
        pending = []
        queue = canary.maxID == nil ? [] : [.baseline]
        lastCanary = canary
    }

    /// The store showed nothing that is not recorded: the window of the SIM cards begins anew.
    private mutating func completeRead() {
        window.readIsComplete()
        isAfterGap = false
    }

    private mutating func baseline(_ marks: [SMSRowMark]) {
        guard var cursor else { return }
        let isLast = marks.count < baselineLimit
        baselineLimit = marksLimit
        baselineLeft = Array(marks.dropFirst(Self.marksPerPage))
        let marks = Array(marks.prefix(Self.marksPerPage))
        for mark in marks { cursor.evidence.saw(mark.card, query.dialect) }
        // The newest rows may have been deleted meanwhile and their ids given to new messages: the sweep finds these.
        let limit = cursor.enrolledDate
        let old = marks.filter { limit == 0 || ($0.date ?? 0) <= limit }
        pending = old.flatMap { mark in
            [keys.row(mark), keys.contentWithoutText(mark)].map {
                Observation(key: $0, content: nil)
            }
        }
        if baselineLeft.isEmpty, isLast || !query.dialect.limits {
            cursor.baselineRead = cursor.baselineThrough
            queue += [.fresh, .sweep(after: 0)]
        } else {
            cursor.baselineRead = marks.last?.id ?? cursor.baselineThrough
            if baselineLeft.isEmpty { queue.insert(.baseline, at: 0) }
        }
        self.cursor = cursor
    }

    /// A row from before enrolment cannot be read: it is passed over, and taken note of by its id.
    private mutating func passBaseline(_ id: Int64?) {
        guard let id, let end = cursor?.baselineThrough, id <= end else { return baseline([]) }
        cursor?.baselineRead = id
        passOver([SMSRowMark(id: id, date: nil, dateSent: nil, address: nil)], isCounted: false)
        queue.insert(.baseline, at: 0)
    }

    private mutating func fresh(_ found: [SMSRow], bytes: Int, now: Instant) {
        let known = cursor?.lastID ?? 0
        // Below the newest row: those that the store knows fall away, others were given an old id.
        let below = found.filter { $0.id <= known }
        let rows = found.filter { $0.id > known }
        isOverlapping = false
        for row in below { cursor?.gaps.came(row.id) }
        if !below.isEmpty, rows.isEmpty { return arrived(below, isLooked: isLookedInRun, now: now) }
        if dialect?.reading == .nonce {
            let page = Array(rows.prefix(freshLimit))
            // Rows that were not received have no texts to wait for.
            if page.contains(where: \.isReceived) {
                let received = page.filter(\.isReceived)
                let identity = identity
                let mayBeHistory =
                    !inHistory && rows.count >= freshLimit
                    && received.allSatisfy { identity.isOld($0) }
                return queue.insert(mayBeHistory ? .historyMarks(page) : .texts(page, .fresh), at: 0)
            }
            return freshRead(page, isMore: rows.count > page.count || rows.count == freshLimit, now: now)
        }
        let isFull = rows.count >= pageLimit
        if isFull {
            pageLimit = min(
                bytes < Self.pageBytesMax ? max(pageLimit, Self.rowsPerPage / 4) * 4 : Self.rowsPerPage,
                Self.rowsPerPageMax)
        }
        freshRead(below + rows, isMore: isFull, now: now)
    }

    private mutating func freshRead(_ rows: [SMSRow], isMore: Bool, now: Instant) {
        held = Held(rows: rows, isMore: isMore, isLooked: isLookedInRun)
        goOnWithHeld(now: now)
    }

    /// Takes the next rows of a page; behind the last ones the next page is read, where there is more.
    private mutating func goOnWithHeld(now: Instant) {
        guard let held else { return }
        let rows = Array(held.rows.prefix(Self.rowsAtOnce))
        self.held?.rows.removeFirst(rows.count)
        let last = cursor?.lastID ?? 0
        let new = rows.filter { $0.id > last }
        cursor?.read(new.map(\.id))
        if held.rows.count == rows.count {
            self.held = nil
            if held.isMore { queue.insert(.fresh, at: 0) } else { pageLimit = Self.rowsPerPage }
        }
        arrived(rows, isLooked: held.isLooked, now: now)
    }

    private mutating func fetched(_ rows: [SMSRow], now: Instant) {
        if dialect?.reading == .nonce, rows.contains(where: \.isReceived) {
            return queue.insert(.texts(rows.filter(\.isReceived), .fetch), at: 0)
        }
        fetchedRead(rows, now: now)
    }

    private mutating func fetchedRead(_ rows: [SMSRow], now: Instant) {
        for row in rows { cursor?.gaps.came(row.id) }
        arrived(rows, isLooked: isLookedInRun, now: now)
    }

    private mutating func texts(_ parts: [[UInt8]], of work: Work, now: Instant) {
        guard case .texts(let rows, let purpose) = work else { return }
        let received = rows.filter(\.isReceived)
        for part in parts {
            if case .failure(let failure) = ContentAnswer(output: part, errorOutput: []),
                !part.starts(with: "Row: 0 ".utf8)
            {
                // An error that stays is of one row, such as one too long for the phone itself.
                if case .other = failure, textFailures > 0 {
                    return refused(work, PhoneParseError("SMS text", row: 0, offset: 0), now: now)
                }
                textFailures += 1
                return failed(failure, work, now: now)
            }
        }
        do throws(PhoneParseError) {
            let read = try SMSQuery.adding(parts, to: received)
            // A row that is gone has no text and is no message any more.
            let there = Dictionary(
                read.compactMap { row in row.map { ($0.id, $0) } }, uniquingKeysWith: { first, _ in first })
            if there.isEmpty {
                // Deleted in between, or a build that does not answer such queries.
                goneReads += 1
                if purpose == .backfill {
                    return backfillRead(rows.map { SMSRow(id: $0.id, type: nil) }, isMore: true, now: now)
                }
                queue.insert(.fresh, at: 0)
                guard goneReads > Self.failuresMax else { return }
                return block(
                    "the texts of its SMS cannot be read one by one, and not in another way",
                    retry: Self.deniedRetry,
                    now: now)
            }
            goneReads = 0
            textFailures = 0
            retries.succeeded()
            let all = rows.compactMap { $0.isReceived ? there[$0.id] : $0 }
            switch purpose {
            case .fresh: freshRead(all, isMore: true, now: now)
            case .fetch: fetchedRead(all, now: now)
            case .backfill: backfillRead(all, isMore: true, now: now)
            }
        } catch {
            refused(work, error, now: now)
        }
    }

    private mutating func sweep(_ marks: [SMSRowMark]) {
        if !marks.isEmpty { checking = .sweep(marks) }
        if query.dialect.limits, marks.count >= marksLimit, let last = marks.last {
            queue.insert(.sweep(after: last.id), at: 0)
        } else {
            isSweepRead = true
        }
    }

    // MARK: An arrival: which are new, and on which card

    private mutating func arrived(_ rows: [SMSRow], isLooked: Bool, now: Instant) {
        let identity = identity
        let received = rows.filter { $0.isReceived && !identity.waitsForBaseline($0) }
        guard !received.isEmpty else { return endHistory() }
        let dialect = query.dialect
        for row in received {
            cursor?.evidence.saw(SMSCardMark(dialect, subID: row.subID, own: row.cardValue), dialect)
        }
        arrival = SMSArrival(received, isLooked: isLooked, now: now)
    }

    /// The store knows these keys of the arrival.
    private mutating func arrivalIsKnown(_ known: Set<SourceKey>) {
        let identity = identity
        guard arrival?.isKnown(known, identity) == true else {
            arrival = nil
            return endHistory()
        }
        if arrival?.isLooked == true { askMore() }
    }

    /// The next thing to do for the arrival; nil when it has become pending observations.
    private mutating func goOnWithArrival(now: Instant) -> SourceStep? {
        guard let arrival else { return nil }
        let identity = identity
        if arrival.known == nil {
            let asked = arrival.rows.flatMap { identity.allKeys($0) }
            checking = .arrival(asked)
            return .check(asked)
        }
        if let (question, time) = self.arrival?.nextQuestion(now: now) {
            let work = Work.help(question)
            current = work
            return .run(time.map { command(work).within($0) } ?? command(work))
        }
        self.arrival = nil
        record(arrival, identity)
        return nil
    }

    /// What the cards, the radio's lines or the raw table say, while the arrival waits. What does not answer in time settles nothing.
    private mutating func help(_ outcome: CommandOutcome, of question: SMSArrival.Question) {
        let output: [UInt8] = if case .completed(let output, _) = outcome { output } else { [] }
        switch question {
        case .radioLog: arrival?.radio = SMSRadioLog(output)
        case .rawTable:
            let reading = query.dialect.reading
            if case .completed = outcome { arrival?.raw = try? SMSRawPart.parse(output, reading) }
        case .sameDates:
            if case .rows(let rows) = ContentAnswer(output: output, errorOutput: []) {
                let others = try? query.twins(rows)
                arrival?.sameDates = others
                if let others, !others.isEmpty { checking = .others(others.map { keys.row($0.mark) }) }
            }
        case .cards:
            let isLooked = looked(output)
            arrival?.isLooked = isLooked
            askMore()
        }
    }

    /// Takes in a look at the cards; false where it says nothing.
    private mutating func looked(_ output: [UInt8]) -> Bool {
        guard let dump = try? SubscriptionDump(parsing: output), dump.isLoaded, !dump.slots.isEmpty else {
            return false
        }
        window.looked(dump.slots.filter { !doubted.contains($0.value) })
        cardNumbers = Dictionary(
            dump.subscriptions.map { ($0.id, $0.iccid) }, uniquingKeysWith: { first, _ in first })
        return true
    }

    private mutating func askMore() {
        guard let placing = arrival.map({ placing($0) }) else { return }
        arrival?.askMore(
            placing, isAfterGap: isAfterGap, hasLog: traits.lack(of: .logMoments) == nil,
            hasTable: hasRawTexts)
    }

    /// Subscriptions of which the phone tells things that do not fit together.
    private var doubted: Set<Int> { Set(sims.filter { $0.slot == 0 }.map(\.subscription)) }

    private func placing(_ arrival: SMSArrival) -> SMSPlacing {
        SMSPlacing(
            dialect: query.dialect, evidence: cursor?.evidence ?? SMSCardEvidence(), window: window,
            isLooked: arrival.isLooked, now: phoneTime.milliseconds,
            doubted: doubted, radio: arrival.radio, raw: arrival.raw)
    }

    private mutating func beginHistory() {
        inHistory = true
        reports.append(
            .problem("old messages appeared all at once: a restored history, kept but not forwarded"))
    }

    private mutating func record(_ arrival: SMSArrival, _ identity: SMSIdentity) {
        let known = arrival.known ?? []
        let placing = placing(arrival)
        if !inHistory, identity.isHistory(arrival.rows) { beginHistory() }
        let read = recentDates + arrival.rows.map { $0.date ?? 0 }
        let dates = read + (held?.rows ?? []).map { $0.date ?? 0 }
        var observations: [Observation] = []
        var newestDate: Int64?
        for (index, row) in arrival.rows.enumerated() {
            let isNew = identity.isContentKnown(row, known) ? identity.isTwin(row, arrival) : true
            guard let isNew else {
                // The phone did not say: nothing is noted, the next sweep brings the row again.
                cursor?.sweepAgain()
                reports.append(
                    .problem(
                        "SMS row \(row.id) may be known under another id, and the phone does not say: it is asked again",
                        kind: "unsettled row"))
                continue
            }
            if !isNew {
                cursor?.counts.putBack += 1
                observations.append(Observation(key: keys.row(row), content: nil))
                if !toldPutBack {
                    toldPutBack = true
                    reports.append(
                        .problem(
                            "messages that are known already were put back into the phone's store: not forwarded again",
                            kind: "put back"))
                }
                continue
            }
            let isHistory = inHistory && identity.isOld(row)
            if !isHistory { newestDate = row.date ?? newestDate }
            let place = placing.place(row, at: recentDates.count + index, among: dates)
            observations.append(
                .message(row, place, iccid: cardNumber(place), keys: keys, isHistory: isHistory))
            if place.isContradicted { observations.append(.disagreement(row, keys: keys)) }
            count(row, place, isHistory: isHistory)
        }
        recentDates = Array(read.suffix(Self.recentDatesMax))
        pending = observations
        if let date = newestDate {
            cursor?.lastDate = min(max(0, date), max(0, phoneTime.milliseconds))
        }
        endHistory()
    }

    private mutating func count(_ row: SMSRow, _ place: SMSPlace, isHistory: Bool) {
        if isHistory {
            cursor?.counts.history += 1
        } else {
            cursor?.counts.events += 1
            if place.slot == nil { cursor?.counts.withoutSlot += 1 }
        }
        if row.isCut {
            reports.append(
                .problem(
                    "SMS row \(row.id) is longer than any network carries: its text was cut at \(SMSRow.bodyBytesMax) bytes",
                    kind: "long row"))
        }
        if place.isContradicted {
            reports.append(
                .problem(
                    "SMS row \(row.id): the phone contradicts itself about its SIM card; it went out with slot 0",
                    kind: "SIM card"))
        }
    }

    /// A restored history ends when nothing of its contact is left to read.
    private mutating func endHistory() {
        let isReading = queue.contains { work in
            switch work {
            case .fetch, .fresh, .texts, .historyMarks: true
            default: false
            }
        }
        if !isReading, held == nil { inHistory = false }
    }

    private func cardNumber(_ place: SMSPlace) -> String? {
        place.subscription.flatMap { id in
            sims.first { $0.subscription == id }?.iccid ?? cardNumbers[id]
        }
    }

    // MARK: A backfill

    /// A page of a backfill was read: the store is asked whether all of it was read before.
    private mutating func backfillRead(_ rows: [SMSRow], isMore: Bool, now: Instant) {
        let received = rows.filter(\.isReceived)
        if received.isEmpty { return backfilled(rows, isMore: isMore, now: now) }
        isBackfillLooked = isLookedInRun
        checking = .backfill(received, isMore: isMore)
    }

    /// Nothing is left to read for a backfill.
    private mutating func backfillEnds() {
        guard cursor?.backfill != nil else { return }
        backfillDone = cursor?.backfill?.progress
        backfillDone?.isDone = true
        cursor?.backfill = nil
        isCursorChanged = true
    }

    /// The messages of a page that was read go to the store, whose keys tell which are events already.
    private mutating func backfilled(_ rows: [SMSRow], isMore: Bool, now: Instant) {
        guard let backfill = cursor?.backfill else { return }
        let placing = SMSPlacing(
            dialect: query.dialect, evidence: cursor?.evidence ?? SMSCardEvidence(), window: window,
            isLooked: isBackfillLooked, now: phoneTime.milliseconds,
            doubted: doubted)
        let received = rows.filter(\.isReceived)
        if let last = rows.last {
            cursor?.backfill?.after = max(backfill.after, last.id)
            cursor?.backfill?.rows += Int64(received.count)
        }
        // Of equal rows of a whole second each is a message of its own, by its row's key alone.
        var contents: Set<SourceKey> = []
        let before = backfillContents
        pending = received.map { row in
            let content = keys.content(row)
            let isFirst = !before.contains(content) && contents.insert(content).inserted
            let isTwin = !isFirst && row.date.map { SMSRow.dateError($0) > 0 } == true
            let place = placing.place(row, at: 0, among: [])
            return .message(
                row, place, iccid: cardNumber(place), keys: keys, isHistory: false, isTwin: isTwin)
        }
        backfillContents = contents
        pendingBackfill = backfill.target
        backfillAt = now.advanced(by: max(SMSBackfill.pauseMin, backfillBegan.duration(to: now)))
        if !isMore { backfillEnds() }
    }

    /// The next row cannot be read: the backfill goes on behind it.
    private mutating func passBackfill(_ id: Int64?) {
        guard let id else { return }
        backfillLimit = SMSBackfill.rowsPerPage
        cursor?.backfill?.after = id
        passOver([SMSRowMark(id: id, date: nil, dateSent: nil, address: nil)], isCounted: false)
    }

    // MARK: What the radio brought and nobody stored

    private mutating func rawAnswer(_ outcome: CommandOutcome, of work: Work, now: Instant) {
        // Whatever comes of it: while nothing is stored it is looked at again.
        if isLocked { rawWatch.ask(at: now.advanced(by: SMSRawWatch.patience)) }
        guard case .completed(let output, let errorOutput) = outcome else { return }
        let rows: [UInt8]
        switch ContentAnswer(output: output, errorOutput: errorOutput) {
        case .rows(let output): rows = output
        case .nothing: rows = []
        case .failure: return
        }
        switch work {
        case .rawMessages:
            guard let messages = try? SMSRawMessage.parse(rows) else { return }
            let overdue = rawWatch.listed(messages, now: now)
            if !overdue.isEmpty { checking = .raw(overdue) }
        case .rawCompare(let messages):
            guard let stored = try? query.rows(rows) else { return }
            rawWatch.settle(messages.filter { message in stored.contains { message.became($0) } })
            tellUnstored(messages.filter { message in !stored.contains { message.became($0) } }, now: now)
            // What a query has shown is read, whatever it was asked for.
            fetchedRead(stored.sorted { $0.id < $1.id }, now: now)
        default: break
        }
    }

    private mutating func tellUnstored(_ messages: [SMSRawMessage], now: Instant) {
        guard !messages.isEmpty, pending == nil else { return }
        rawWatch.settle(messages)
        pending = messages.map { .unstored($0, isLocked: isLocked) }
        let count = messages.count == 1 ? "a message" : "\(messages.count) messages"
        reports.append(
            isLocked
                ? .problem(
                    "\(count) came while the phone is locked: unlock it, until then it does not store them. Webhooks that take "
                        + "events of type device have the text", kind: "waits")
                : .problem(
                    "\(count) came by radio and cannot be found in the phone's SMS store: deleted at once, filtered by its SMS app, a "
                        + "flash message, or parts are missing. Webhooks that take events of type device have the text",
                    kind: "not stored"))
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
        case .noColumn, .badQuery:
            // What was found out about this build does not hold any more, as after an update under the same name.
            dialectSearches += 1
            if dialect != nil, dialectSearches == 1 { return findDialect(now: now) }
            block(
                "the phone's SMS store refuses queries that every Android answers", retry: Self.absentRetry,
                now: now)
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
        if locked, !isLocked { rawWatch.ask(at: now) }
        isLocked = locked
        isSweepRead = false
        counting = nil
        heldCanary = nil
        queue = [canaryWork]
        retryAt = now.advanced(by: retry)
        reports.append(.blocked(sentence, locked: locked))
    }

    private mutating func again(_ work: Work, after delay: Duration, _ sentence: String, now: Instant) {
        queue.insert(work, at: 0)
        retryAt = now.advanced(by: delay)
        if retries.failures == Self.failuresMax { reports.append(.blocked(sentence, locked: false)) }
        if retries.failures >= Self.failuresMax { isReading = false }
        if retries.failures == 1 { reports.append(.problem(sentence, kind: "query")) }
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
        case .fresh, .single:
            queue.insert(.passUnreadable, at: 0)
        case .fetch(let marks) where marks.count > 1:
            queue.insert(contentsOf: marks.map { .fetch([$0]) }, at: 0)
        case .fetch(let marks):
            passOver(marks)
        case .texts(let rows, .fresh) where rows.count > 1:
            // Row by row, from the store.
            pageLimit = 1
            queue.insert(.fresh, at: 0)
        case .texts(let rows, .fresh):
            textFailures = 0
            cursor?.read(rows.map(\.id))
            passOver(rows.map(\.mark))
            queue.insert(.fresh, at: 0)
        case .texts(let rows, let purpose) where rows.count > 1:
            queue.insert(contentsOf: rows.map { .texts([$0], purpose) }, at: 0)
        case .texts(let rows, let purpose):
            textFailures = 0
            passOver(rows.map(\.mark))
            if purpose == .backfill { cursor?.backfill?.after = rows.last?.id ?? 0 }
        case .canary where dialect?.reading == .nonce && !isCanaryBare:
            isCanaryBare = true
            queue.insert(.canary, at: 0)
        case .baseline where baselineLimit > 1 && query.dialect.limits:
            baselineLimit = 1
            queue.insert(.baseline, at: 0)
        case .baseline: queue.insert(.baselinePass, at: 0)
        case .historyMarks(let page): queue.insert(.texts(page, .fresh), at: 0)
        case .backfill where backfillLimit > 1: backfillLimit = 1
        case .backfill: queue.insert(.backfillPass, at: 0)
        case .sweep:
            // Rows of higher ids are read all the same; late ones of lower ids are not found while this lasts.
            reports.append(
                .problem(
                    "the list of SMS rows cannot be read (a row that is not valid): late messages may not be found",
                    kind: "unreadable list"))
            counting = nil
            isCheckAsked = false
            failedChecks += 1
            nextCheck = now.advanced(by: .seconds(3600))
        case .canary, .baselinePass, .passUnreadable, .dialect, .help, .backfillCount,
            .backfillPass, .backfillProof, .proof, .rawMessages, .rawCompare:
            again(
                work, after: retries.failed(), "not a valid \(error.what) at byte \(error.offset)", now: now)
        }
    }

    private mutating func passUnreadable(_ id: Int64?) {
        guard let id else { return }
        if !query.dialect.limits, singleTried != id {
            // Without LIMIT the answer held more than this row: it is read alone before it is given up.
            singleTried = id
            return queue.insert(.single(id), at: 0)
        }
        cursor?.read([id])
        passOver([SMSRowMark(id: id, date: nil, dateSent: nil, address: nil)])
        queue.insert(.fresh, at: 0)
    }

    /// Takes note of rows that cannot be read, so that each is reported once and not asked for again.
    private mutating func passOver(_ marks: [SMSRowMark], isCounted: Bool = true) {
        for mark in marks where passed.insert(mark.id).inserted {
            if isCounted { cursor?.counts.unreadable += 1 }
            reports.append(
                .problem(
                    "SMS row \(mark.id) cannot be read (not a valid SMS row): passed over",
                    kind: "unreadable row"))
        }
        pending = marks.map {
            Observation(key: keys.row($0), content: nil)
        }
    }
}
