import Base

/// When the log is copied into the database, and what came of it.
///
/// Checkpoints are done by the store's connection and no other: two connections that checkpoint one file can damage it in
/// SQLite up to 3.51.2 (sqlite.org/changes.html, 3.51.3). The log is copied at rest, or when it has grown to
/// `checkpointPages`; at `truncatePages` its file is emptied too.
struct Checkpoints {
    /// Why the last checkpoint failed; nil when it did not.
    private(set) var error: StoreError?
    /// Pages in the log at which the next checkpoint after a commit is tried.
    private var next = StoreLimits.checkpointPages
    /// When the last commit was.
    private var lastCommit: Instant?
    /// Whether everything in the log has been copied since the last commit.
    private(set) var isCopied = false

    /// Copies a log that is worth it when nothing was committed for a while.
    mutating func atRest(_ database: Connection, now: Instant) {
        guard !isCopied, database.walPages >= StoreLimits.idleCheckpointPages, let lastCommit,
            lastCommit.duration(to: now) >= StoreLimits.idleTime
        else { return }
        checkpoint(database, truncate: false)
    }

    /// To be called after every write: copies a log that has grown long. Its failure is not a failure of the write, which
    /// is committed; `EventStore.counts` shows it.
    mutating func afterCommit(_ database: Connection, now: Instant) {
        lastCommit = now
        isCopied = false
        let pages = database.walPages
        if pages < StoreLimits.checkpointPages { next = StoreLimits.checkpointPages }
        guard pages >= next else { return }
        checkpoint(database, truncate: pages >= StoreLimits.truncatePages)
        // What a reader holds back is not tried again at every commit.
        next = database.walPages + StoreLimits.checkpointPages
    }

    private mutating func checkpoint(_ database: Connection, truncate: Bool) {
        do throws(StoreError) {
            isCopied = try database.checkpoint(truncate: truncate)
            error = nil
        } catch {
            self.error = error
        }
    }
}
