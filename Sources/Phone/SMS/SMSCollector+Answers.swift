import Bytes
import Events
package import Time

extension SMSCollector {
    package mutating func answered(_ outcome: CommandOutcome, now: Instant) {
        guard let work = current else { preconditionFailure("answered() without a .run") }
        current = nil
        switch outcome {
        case .completed(let output, let errorOutput):
            sort(ContentAnswer(output: output, errorOutput: errorOutput), of: work, now: now)
        case .outputTooLong: tooLong(work, now: now)
        case .unfinished(let why):
            again(work, after: backoff(), "an SMS query did not finish: \(why)", now: now)
        }
    }

    private mutating func sort(_ answer: ContentAnswer, of work: Work, now: Instant) {
        switch answer {
        case .rows(let output):
            do throws(PhoneParseError) {
                try read(output, of: work)
                failures = 0
            } catch {
                refused(work, error, now: now)
            }
        case .nothing where work == .canary:
            block(
                "the phone answers SMS queries with nothing at all: it silently refuses the shell. On the phone, "
                    + "in developer options, allow what its maker calls USB debugging (security settings) or "
                    + "disable permission monitoring.", retry: .seconds(300), now: now)
        case .nothing:
            failures = 0
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
            key: key(row.id, row.date, row.address), content: .sms(message), isHistory: history,
            slot: sim?.slot,
            subscription: row.subscription.flatMap { $0 >= 0 ? Int(exactly: $0) : nil }, iccid: sim?.iccid,
            sentAt: row.dateSent.flatMap { $0 > 0 ? WallTime(milliseconds: $0) : nil },
            receivedAt: row.date.map { WallTime(milliseconds: $0) })
    }

    /// Version of this layout, row id, date and sender; a sender is cut to 256 bytes, far above any real one.
    func key(_ id: Int64, _ date: Int64?, _ address: [UInt8]?) -> SourceKey {
        let text =
            "1/\(id)/\(date.map { String($0) } ?? "-")/\(address == nil ? "-" : "+")"
        return SourceKey(source: .sms, bytes: Array(text.utf8) + (address ?? []).prefix(256))
    }

    // MARK: What went wrong

    private mutating func failed(_ failure: ContentFailure, _ work: Work, now: Instant) {
        switch failure {
        case .denied:
            block(
                "the phone does not let the shell read SMS (Android 6 to 9 never do; later ones need USB debugging "
                    + "(security settings) or a like switch in developer options)", retry: .seconds(300),
                now: now)
        case .locked:
            block(
                "the phone has not been unlocked since it started: unlock it once, its messages are read then",
                locked: true, retry: .seconds(10), now: now)
        case .noProvider:
            block("the device has no SMS store", retry: .seconds(3600), now: now)
        case .noTool:
            block("the device has no `content` tool", retry: .seconds(3600), now: now)
        case .noColumn:
            block(
                "the phone's SMS store lacks a column that every Android has", retry: .seconds(3600), now: now
            )
        case .interrupted:
            again(work, after: backoff(), "the phone's SMS process went away", now: now)
        case .other(let text):
            again(work, after: backoff(), "the SMS query failed: \(text)", now: now)
        case .unreadable(let bytes, let begin):
            again(
                work, after: backoff(),
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
        if failures == 3 { reports.append(.blocked(sentence, locked: false)) }
        if failures >= 3 { isReading = false }
        if failures == 1 { reports.append(.problem(sentence)) }
    }

    private mutating func backoff() -> Duration {
        failures += 1
        let delays: [Duration] = [.seconds(1), .seconds(5), .seconds(15), .seconds(60)]
        return delays[min(failures, delays.count) - 1]
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
            again(work, after: backoff(), "not a valid \(error.what) at byte \(error.offset)", now: now)
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
