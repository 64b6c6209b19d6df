import Base

/// The store's limits, each with its unit in its name.
package enum StoreLimits {
    /// Longest value of one column, in bytes.
    package static let valueBytesMax: Int32 = 16 * 1024 * 1024
    /// Longest wait for another program that holds the database.
    package static let busyTimeout = Duration.seconds(5)
    /// Event ids that are reserved at once, by one synced write of the file `event-ids`.
    package static let eventIDBlock: Int64 = 1000
    /// Largest event id: larger whole numbers lose digits in receivers that read JSON numbers as doubles.
    package static let eventIDMax: Int64 = (1 << 53) - 1
    /// Most requests that share one commit.
    package static let requestsPerCommitMax = 64
    /// Rows after which a shared commit takes no further request.
    package static let rowsPerCommitMax = 1024
    /// Most observations in one batch.
    package static let observationsPerBatchMax = 10_000
    /// Longest cursor, in bytes.
    package static let cursorBytesMax = 1024 * 1024
    /// Most rows of one page of a list.
    package static let listRowsMax = 500
    /// Most deliveries handed out for one lane at once.
    package static let duePerLaneMax = 64
    /// Attempts kept for one delivery; the oldest go first.
    package static let attemptsKeptMax = 1000
    /// Longest reason or error text kept, in Unicode scalars.
    package static let reasonScalarsMax = 1024
    /// Longest text a phone tells about itself that is kept, in Unicode scalars.
    package static let identityScalarsMax = 256
    /// Most phones.
    package static let devicesMax = 1000
    /// Most webhooks.
    package static let webhooksMax = 100
    /// Longest id that receivers see, in bytes.
    package static let wireIDBytesMax = 128
    /// Most SIM cards of one phone at a time.
    package static let simsPerDeviceMax = 16
    /// Most rows of one phone's SIM history; the oldest go first.
    package static let simHistoryMax = 1000
    /// Most trusted serials; the longest unseen go first.
    package static let trustedSerialsMax = 4096
    /// Most TCP addresses.
    package static let addressesMax = 256
    /// Problems kept; the oldest go first.
    package static let problemsMax = 1000
    /// Log size at which a commit is followed by a checkpoint, in pages of 4 KiB.
    package static let checkpointPages = 1000
    /// Log size at which the log is emptied, in pages of 4 KiB.
    package static let truncatePages = 4000
    /// Log size worth a checkpoint when nothing happens, in pages of 4 KiB.
    package static let idleCheckpointPages = 250
    /// How long nothing must have been committed for a checkpoint at rest.
    package static let idleTime = Duration.seconds(5)
    /// Largest log file that is left behind, in bytes.
    package static let journalBytesMax: Int64 = 16 * 1024 * 1024
    /// Largest database that is checked whole when it is opened after an unclean stop, in bytes.
    package static let quickCheckBytesMax: Int64 = 4 * 1024 * 1024
    /// A retry that is due later than this from now was planned with another clock: it is due now. Longer than
    /// any wait of a retry schedule, `Retry-After` (24 h) included.
    package static let dueHorizon = Duration.seconds(48 * 3600)
    /// Deliveries ended by one transaction when their webhook is removed.
    package static let removalsPerCommit = 500
}

extension String {
    /// Its first `limit` Unicode scalars.
    func cut(toScalars limit: Int) -> String {
        // No text has more scalars than bytes: most are short enough at a glance.
        utf8.count <= limit ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(limit)))
    }
}
