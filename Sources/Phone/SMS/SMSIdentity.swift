import Base
import Events

/// Whether a row is one that is known already: put back under another id, there before enrolment, or of a restored history.
///
/// An id is not for ever and a date is the phone's word, so neither is believed alone.
struct SMSIdentity: Sendable {
    /// More new rows than this at once, all without a SIM card and much older than the newest event, are a
    /// restored history.
    static let restoredRowsMin = 20
    /// How much older, in milliseconds.
    private static let restoredAgeMin: Int64 = 3600 * 1000
    /// How far before enrolment, in milliseconds, what came after it may be dated: SMS apps cut dates to seconds.
    private static let enrolmentError: Int64 = 2000

    let keys: SMSKeys
    let dialect: SMSDialect
    /// Whether numbers of 64 bits are printed whole.
    let isWide: Bool
    let cursor: SMSCursor
    /// `lastDate` when the canary last showed a change, milliseconds since 1970: what is much older came back, what is newer came.
    let contactDate: Int64
    /// The phone's clock, milliseconds since 1970.
    let now: Int64

    // MARK: Known under another id

    /// Whether a row has a date, which together with its sender and text makes it the same message under another id.
    static func hasDate(_ row: SMSRow) -> Bool {
        row.date.map { $0 > 0 } ?? ((row.printedDate ?? 0) != 0)
    }

    /// All keys by which a row may be known.
    func allKeys(_ row: SMSRow) -> [SourceKey] {
        [keys.row(row)] + (Self.hasDate(row) ? [keys.content(row), keys.contentWithoutText(row)] : [])
    }

    /// Whether a message of the same dates and sender is known under another id, with the same text or, from before enrolment, with any.
    func isContentKnown(_ row: SMSRow, _ known: Set<SourceKey>) -> Bool {
        Self.hasDate(row)
            && [keys.content(row), keys.contentWithoutText(row)].contains { known.contains($0) }
    }

    /// Whether a row whose content is known may be one more message: two of one moment only an SMS app makes that cuts its dates to
    /// seconds. A date to the millisecond is one message's, and so is one that came back with a restored history. In plain columns the
    /// texts of others are not asked for.
    func mayBeTwin(_ row: SMSRow, _ known: Set<SourceKey>) -> Bool {
        guard dialect.reading == .hex, Self.hasDate(row), (row.date ?? 0) % 1000 == 0, !isOld(row) else {
            return false
        }
        return known.contains(keys.content(row)) || isOfEnrolment(row) && isContentKnown(row, known)
    }

    /// Whether a row whose content is known is one more message, because the other one is still there; nil where the phone was asked
    /// and did not say.
    func isTwin(_ row: SMSRow, _ arrival: SMSArrival) -> Bool? {
        let known = arrival.known ?? []
        guard mayBeTwin(row, known) else { return false }
        let isTextKnown = known.contains(keys.content(row))
        return arrival.sameDates?.contains { other in
            other.mark.id != row.id && other.mark.date == row.date && other.mark.dateSent == row.dateSent
                && other.mark.address == row.address
                && (!isTextKnown || other.hasText(of: row))
                && arrival.knownOthers.contains(keys.row(other.mark))
        }
    }

    // MARK: Before and after enrolment

    /// Whether a row came at the moment of enrolment, above what was there then.
    private func isOfEnrolment(_ row: SMSRow) -> Bool {
        guard !hasOtherIDs, row.id > cursor.baselineThrough else { return false }
        return cursor.enrolledDate > 0 && (row.date ?? 0) > cursor.enrolledDate - Self.enrolmentError
    }

    /// Whether a row came after enrolment: no row of its dates and sender was taken note of then, and its id is above those or was given
    /// again. `unseen`: the keys that nobody knows.
    func isSinceEnrolment(_ mark: SMSRowMark, unseen: Set<SourceKey>) -> Bool {
        // Numbers that are cut were noted in another way by an older version, as contents were by none before it kept that date.
        let isNotedByContent = cursor.enrolledDate > 0 && (isWide || dialect.reading == .hex)
        guard isNotedByContent else { return mark.id > cursor.baselineThrough }
        guard unseen.contains(keys.contentWithoutText(mark)) else { return false }
        return mark.id > cursor.baselineThrough || !hasOtherIDs
    }

    /// Whether a row that was read before all that was there at enrolment is taken note of may be one of that: what is above them
    /// is looked at again after that.
    func waitsForBaseline(_ row: SMSRow) -> Bool {
        guard !cursor.isBaselineRead, cursor.enrolledDate > 0 else { return false }
        return row.date.map { $0 <= cursor.enrolledDate - Self.enrolmentError } ?? true
    }

    /// Whether the store was emptied or set back since enrolment: ids do not tell what was there before.
    private var hasOtherIDs: Bool { cursor.generation > 0 }

    // MARK: A restored history

    /// Whether a row is of the kind that comes back when a backup is restored. One that names a SIM card never is: a phone whose
    /// clock stood still dates new messages like old ones. Nor is one whose date is not known.
    func isOld(_ row: SMSRow) -> Bool {
        isOld(SMSCardMark(dialect, subID: row.subID, own: row.cardValue), row.date)
    }

    /// Whether these rows are a restored history.
    func isHistory(_ rows: [SMSRow]) -> Bool {
        rows.count > Self.restoredRowsMin && rows.allSatisfy { isOld($0) }
    }

    /// The same of marks.
    func isHistory(_ marks: [SMSRowMark]) -> Bool {
        marks.count > Self.restoredRowsMin && marks.allSatisfy { isOld($0.card, $0.date) }
    }

    private func isOld(_ card: SMSCardMark, _ date: Int64?) -> Bool {
        guard card == .none, let date else { return false }
        let last = min(cursor.lastDate, contactDate, max(0, now))
        return last > 0 && date < last - Self.restoredAgeMin
    }
}
