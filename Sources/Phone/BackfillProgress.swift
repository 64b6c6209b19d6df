package import Base
package import Events

/// A wish to have older things read and forwarded.
package struct BackfillRequest: Sendable, Equatable {
    /// What is of this date or newer, by the phone's clock.
    package let since: WallTime
    /// For which webhooks.
    package let target: Backfill

    /// A wish for what came since `since`.
    package init(since: WallTime, target: Backfill) {
        self.since = since
        self.target = target
    }
}

/// How far the reading of older things, which somebody asked for, has come.
package struct BackfillProgress: Sendable, Equatable {
    /// What is of this date or newer, by the phone's clock.
    package var since: WallTime
    /// For which webhooks.
    package var target: Backfill
    /// How many were read.
    package var rows: Int64
    /// How many there were when it began; nil where that is not known.
    package var total: Int64?
    /// Whether it has come to its end.
    package var isDone: Bool

    /// A backfill that stands at `rows`.
    package init(since: WallTime, target: Backfill, rows: Int64, total: Int64?, isDone: Bool) {
        self.since = since
        self.target = target
        self.rows = rows
        self.total = total
        self.isDone = isDone
    }
}
