import Base
import Events

/// A backfill of messages that is under way: which were asked for, and how far it has come. Stored in the cursor, so that it goes on
/// after a restart; what it has read twice becomes one event, because the store knows every key.
struct SMSBackfill: Sendable, Equatable {
    /// Rows with text read at a time.
    static let rowsPerPage = 50
    /// After a page the phone gets as long for others as the page took, and at least this long.
    static let pauseMin = Duration.milliseconds(200)

    /// Messages of this date and newer, milliseconds since 1970 by the phone's clock.
    let since: Int64
    /// For which webhooks.
    let target: Backfill
    /// Rows up to this id are read.
    var after: Int64 = 0
    /// How many were read.
    var rows: Int64 = 0
    /// How many there were when it began; nil before they were counted, and where the phone does not count for us.
    var total: Int64?

    /// A backfill that begins.
    init(since: Int64, target: Backfill) {
        self.since = since
        self.target = target
    }

    /// Its numbers with `,` between, `-` for none.
    var text: String {
        [since, target.webhook, after, rows, total].map { $0.map { String($0) } ?? "-" }.joined(
            separator: ",")
    }

    /// The backfill that `text` holds; nil for what `text` of no version is.
    init?(_ text: Substring) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int64($0) }
        guard parts.count == 5, let since = parts[0], let after = parts[2], let rows = parts[3] else {
            return nil
        }
        self.init(since: since, target: Backfill(webhook: parts[1]))
        self.after = after
        self.rows = rows
        total = parts[4]
        guard self.text == text else { return nil }
    }

    /// What people are told of it.
    var progress: BackfillProgress {
        BackfillProgress(
            since: WallTime(milliseconds: since), target: target, rows: rows, total: total, isDone: false)
    }
}
