import Time

/// What is known about the log between checkpoints.
struct CheckpointState {
    /// Pages in the log at which the next checkpoint after a commit is tried.
    var next = StoreLimits.checkpointPages
    /// When the last commit was.
    var lastCommit: Instant?
    /// Whether everything in the log has been copied since the last commit.
    var isCopied = false
    /// Why the last checkpoint failed.
    var error: StoreError?
}

/// Checkpoints are done by this connection and no other: two connections that checkpoint one file can damage it
/// in SQLite up to 3.51.2 (sqlite.org/changes.html, 3.51.3). The log is copied at rest, or when it has grown to
/// `checkpointPages`; at `truncatePages` its file is emptied too.
extension EventStore {
    /// Keeps the log short while nothing happens; runs until its task is cancelled. Without it everything works,
    /// but every checkpoint falls on a commit.
    package nonisolated func run() async {
        while !Task.isCancelled {
            do { try await clock.sleep(for: StoreLimits.idleTime) } catch { return }
            await checkpointAtRest()
        }
    }

    /// Copies a log that is worth it when nothing was committed for a while.
    func checkpointAtRest() {
        guard let database = try? database(), !checkpoints.isCopied,
            database.walPages >= StoreLimits.idleCheckpointPages,
            let last = checkpoints.lastCommit, last.duration(to: clock.now()) >= StoreLimits.idleTime
        else { return }
        checkpoint(database, truncate: false)
    }

    /// Called after every write: copies a log that has grown long. Its failure is no failure of the write, which
    /// is committed; `counts()` shows it.
    func afterCommit(_ database: Connection) {
        checkpoints.lastCommit = clock.now()
        checkpoints.isCopied = false
        let pages = database.walPages
        if pages < StoreLimits.checkpointPages { checkpoints.next = StoreLimits.checkpointPages }
        guard pages >= checkpoints.next else { return }
        checkpoint(database, truncate: pages >= StoreLimits.truncatePages)
        // What a reader holds back is not tried again at every commit.
        checkpoints.next = database.walPages + StoreLimits.checkpointPages
    }

    private func checkpoint(_ database: Connection, truncate: Bool) {
        do throws(StoreError) {
            checkpoints.isCopied = try database.checkpoint(
                truncate: truncate, busyTimeout: options.busyTimeout)
            checkpoints.error = nil
        } catch {
            checkpoints.error = error
        }
    }
}
