package import Base
package import Events

extension SourceName {
    /// The phone's call log.
    package static let calls = SourceName(rawValue: "calls")
}

/// Reads a phone's call log: each call that nobody took after enrolment becomes an observation once. Ids of the log are never given
/// again, so what is above the cursor is new.
///
/// Works where the shell may read the log, from Android 13 on; elsewhere it rests, and `PhoneTraits.notRead` says so.
/// Called by: the daemon's source host.
package struct CallSource: PhoneSource {
    /// How often the log is read without any hint.
    static let pollInterval = Duration.seconds(300)
    /// When it is read after a notification that may be that of a missed call.
    static let hintDelays: [Duration] = [.seconds(1), .seconds(5)]
    /// Between tries while the phone refuses.
    private static let refusedRetry = Duration.seconds(3600)
    /// Longest number kept, in bytes.
    private static let numberBytesMax = 256

    private enum Work: Equatable, Sendable {
        case unknownColumn
        case newest
        case rows
        case texts([CallQuery.Row])
        case cards
    }

    package static let name = SourceName.calls
    package let log: LogFilter
    private let isReadable: Bool
    private var lastID: Int64?
    private var window: SIMWindow
    private var sims: [SIMCard]
    /// The maps of the cards that are durable.
    private var keptMaps: [SIMMemory.Map] = []
    private var queue: [Work] = [.unknownColumn]
    private var current: Work?
    private var arrived: [(row: CallQuery.Row, texts: CallQuery.Texts)] = []
    private var pending: [Observation]?
    private var reports: [PhoneReport] = []
    private var isTold = false
    /// How often in a row texts could not be read.
    private var textFailures = 0
    /// Whether the log was compared with the cursor at this contact: it may have been emptied.
    private var isCompared = false
    private var times: [Instant] = []
    private var nextPoll = Instant(nanoseconds: .min)
    private var retries = Backoff(.seconds(5), .seconds(60), .seconds(600))
    private var phoneTime = WallTime(milliseconds: 0)
    private var nextTry = Instant(nanoseconds: .min)

    package init(cursor: [UInt8]?, phone: PhoneContext) {
        isReadable = phone.traits.lack(of: .callLog) == nil
        log = isReadable ? LogFilter(buffers: ["events"], tags: ["notification_enqueue"]) : .nothing
        sims = phone.sims
        let fields =
            cursor.map { String(decoding: $0, as: UTF8.self).split(separator: " ", maxSplits: 2) } ?? []
        if fields.count >= 2, fields[0] == "1" { lastID = Int64(fields[1]) }
        window = SIMWindow(
            fields.count == 3 ? SIMMemory(fields[2]) ?? SIMMemory() : SIMMemory(), sims: phone.sims)
    }

    private var cursor: [UInt8] { Array("1 \(lastID ?? 0) \(window.memory.text)".utf8) }

    package mutating func next(now: Instant, phoneTime: WallTime) -> SourceStep {
        self.phoneTime = phoneTime
        guard isReadable else { return .rest(until: nil) }
        if !reports.isEmpty { return .report(reports.removeFirst()) }
        if pending == nil, lastID != nil, current == nil, queue.isEmpty, keptMaps != window.memory.maps {
            pending = []
        }
        if let pending { return .record(pending, cursor: cursor) }
        if let due = times.first, due <= now {
            times.removeAll { $0 <= now }
            if queue.isEmpty, lastID != nil { queue = [.rows] }
        }
        if queue.isEmpty, nextPoll <= now {
            nextPoll = now.advanced(by: Self.pollInterval)
            queue = lastID == nil ? [.unknownColumn] : [.rows]
        }
        guard nextTry <= now, let work = queue.first else {
            return .rest(until: queue.isEmpty ? min(times.first ?? nextPoll, nextPoll) : nextTry)
        }
        queue.removeFirst()
        current = work
        if work == .rows { window.readBegins(at: phoneTime.milliseconds) }
        return .run(command(work))
    }

    private func command(_ work: Work) -> PhoneCommand {
        switch work {
        case .unknownColumn: CallQuery.unknownColumn
        case .newest: CallQuery.newest
        case .rows: CallQuery.rows(above: lastID ?? 0)
        case .texts(let rows): CallQuery.texts(of: rows)
        case .cards: SIMReading.command.within(SMSArrival.slotPatience)
        }
    }

    package mutating func recorded(now: Instant) {
        pending = nil
        keptMaps = window.memory.maps
    }

    package mutating func heard(_ line: LogLine, now: Instant) {
        guard log.matches(line), line.message.contains("issed".utf8) else { return }
        times = Self.hintDelays.map { now.advanced(by: $0) }
    }

    package mutating func hintsWereLost(now: Instant) { nextPoll = now }

    package mutating func simsRead(_ sims: [SIMCard]) {
        self.sims = sims
        window.looked(SIMMemory.map(sims))
    }

    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        guard let work = current else { preconditionFailure("answered() without a .run") }
        current = nil
        switch (work, outcome) {
        case (.cards, .completed(let output, _)):
            if let dump = try? SubscriptionDump(parsing: output), dump.isLoaded, !dump.slots.isEmpty {
                let doubted = Set(sims.filter { $0.slot == 0 }.map(\.subscription))
                window.looked(dump.slots.filter { !doubted.contains($0.value) })
                record(isLooked: true)
            } else {
                record(isLooked: false)
            }
        case (.cards, _): record(isLooked: false)
        case (.texts(let rows), .completedEach(let parts)): texts(parts, of: rows, now: now)
        case (_, .completed(let output, let errorOutput)):
            sort(ContentAnswer(output: output, errorOutput: errorOutput), of: work, now: now)
        default: again(work, now: now)
        }
    }

    private mutating func sort(_ answer: ContentAnswer, of work: Work, now: Instant) {
        switch (work, answer) {
        case (.unknownColumn, .failure(.badQuery)), (.unknownColumn, .failure(.noColumn)):
            // It is named in the refusal: queries are run.
            retries.succeeded()
            queue = lastID == nil ? [.newest] : [.rows]
        case (.newest, .nothing): stands(at: 0)
        case (.newest, .rows(let output)):
            guard let row = try? CallQuery.rows(output).first else { return again(work, now: now) }
            stands(at: row.id)
        case (.rows, .nothing):
            complete()
            if !isCompared { queue = [.newest] }
        case (.rows, .rows(let output)):
            guard let rows = try? CallQuery.rows(output) else { return again(work, now: now) }
            retries.succeeded()
            read(rows)
        case (_, .failure(let failure)): refused(failure, now: now)
        case (_, .nothing), (_, .rows): refused(.denied, now: now)
        }
    }

    /// The newest call is `id`: where a phone is new that is where it begins; a lower one than was read before says that the log was
    /// emptied and counts from 1 again.
    private mutating func stands(at id: Int64) {
        retries.succeeded()
        isCompared = true
        guard lastID.map({ id < $0 }) ?? true else { return }
        queue = lastID == nil ? [] : [.rows]
        lastID = lastID == nil ? id : 0
        pending = []
    }

    private mutating func read(_ rows: [CallQuery.Row]) {
        let missed = Array(rows.filter(\.isMissed).prefix(CallQuery.textsPerPage))
        if missed.isEmpty {
            lastID = max(lastID ?? 0, rows.last?.id ?? 0)
            pending = []
            if rows.count >= CallQuery.rowsPerPage { queue = [.rows] } else { complete() }
        } else {
            queue = [.texts(missed)]
        }
    }

    private mutating func texts(_ parts: [[UInt8]], of rows: [CallQuery.Row], now: Instant) {
        guard let texts = try? CallQuery.texts(parts, of: rows) else {
            textFailures += 1
            textFailures > 2 ? passOver(rows) : again(.rows, now: now)
            return
        }
        retries.succeeded()
        textFailures = 0
        lastID = max(lastID ?? 0, rows.last?.id ?? 0)
        arrived = zip(rows, texts).compactMap { row, texts in texts.map { (row, $0) } }
        if arrived.isEmpty { pending = [] }
        queue = arrived.isEmpty ? [.rows] : [.cards]
    }

    private mutating func passOver(_ rows: [CallQuery.Row]) {
        textFailures = 0
        lastID = max(lastID ?? 0, rows.last?.id ?? 0)
        pending = []
        queue = [.rows]
        reports.append(
            .problem("\(rows.count) missed calls cannot be read: passed over", kind: "unreadable call"))
    }

    private mutating func record(isLooked: Bool) {
        pending = arrived.map { row, texts in observation(row, texts, isLooked: isLooked) }
        arrived = []
        queue = [.rows]
    }

    private func observation(_ row: CallQuery.Row, _ texts: CallQuery.Texts, isLooked: Bool) -> Observation {
        let subscription = Int(String(decoding: texts.account.prefix(10), as: UTF8.self)).flatMap { id in
            window.possibleSlots(of: id).isEmpty ? nil : id
        }
        let slot =
            isLooked
            ? subscription.flatMap { window.slot(of: $0, at: row.date, now: phoneTime.milliseconds) } : nil
        return Observation(
            key: SourceKey(source: Self.name, bytes: Array("1/\(row.id)/\(row.date ?? 0)".utf8)),
            content: EventContent(
                MissedCall(rowID: row.id, number: LossyText.decode(texts.number.prefix(Self.numberBytesMax)))),
            slot: slot.map { $0 + 1 }, subscription: subscription,
            iccid: subscription.flatMap { id in sims.first { $0.subscription == id }?.iccid },
            receivedAt: row.date.map { WallTime(milliseconds: $0) })
    }

    private mutating func complete() { window.readIsComplete() }

    private mutating func again(_ work: Work, now: Instant) {
        queue = [work]
        nextTry = now.advanced(by: retries.failed())
    }

    /// The phone does not let the shell read its call log: said once at each contact, and tried again. SMS are read all the same.
    private mutating func refused(_ failure: ContentFailure, now: Instant) {
        let isPassing = failure == .locked || failure == .interrupted || failure == .noProvider
        if !isTold, !isPassing {
            isTold = true
            reports.append(
                .problem(
                    failure == .denied
                        ? "the phone does not let the shell read its call log: no missed calls"
                        : "the phone's call log cannot be read: no missed calls", kind: "call log"))
        }
        queue = [.unknownColumn]
        nextTry = now.advanced(
            by: isPassing ? retries.failed() : Self.refusedRetry)
    }
}
