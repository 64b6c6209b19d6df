/// Everything at a glance.
package struct StatusReport: Sendable, Equatable, Codable {
    package var daemon: DaemonReport
    package var devices: [DeviceReport]
    package var webhooks: [WebhookReport]
    package var store: StoreReport
    /// What went wrong lately, newest first.
    package var problems: [ProblemReport]
    /// Why this daemon is not well, in sentences; empty when it is. `status --check` goes by it.
    package var degraded: [String]

    package init(
        daemon: DaemonReport, devices: [DeviceReport], webhooks: [WebhookReport], store: StoreReport,
        problems: [ProblemReport], degraded: [String]
    ) {
        self.daemon = daemon
        self.devices = devices
        self.webhooks = webhooks
        self.store = store
        self.problems = problems
        self.degraded = degraded
    }
}

/// The running daemon.
package struct DaemonReport: Sendable, Equatable, Codable {
    package var version: String
    package var pid: Int32
    package var startedAt: Timestamp
    /// The daemon's clock when it answered.
    package var now: Timestamp
    package var stateFolder: String

    package init(version: String, pid: Int32, startedAt: Timestamp, now: Timestamp, stateFolder: String) {
        self.version = version
        self.pid = pid
        self.startedAt = startedAt
        self.now = now
        self.stateFolder = stateFolder
    }
}

/// What is stored.
package struct StoreReport: Sendable, Equatable, Codable {
    package var events: Int
    package var pending: Int
    package var delivered: Int
    package var dead: Int
    /// When the oldest pending delivery was made.
    package var oldestPendingAt: Timestamp?
    package var databaseBytes: Int64
    /// Why nothing can be written, when that is so.
    package var writeError: String?
    /// Since when nothing could be written.
    package var writeErrorSince: Timestamp?

    package init(
        events: Int, pending: Int, delivered: Int, dead: Int, oldestPendingAt: Timestamp?,
        databaseBytes: Int64, writeError: String? = nil, writeErrorSince: Timestamp? = nil
    ) {
        self.events = events
        self.pending = pending
        self.delivered = delivered
        self.dead = dead
        self.oldestPendingAt = oldestPendingAt
        self.databaseBytes = databaseBytes
        self.writeError = writeError
        self.writeErrorSince = writeErrorSince
    }
}

/// Something that went wrong.
package struct ProblemReport: Sendable, Equatable, Codable {
    package var at: Timestamp
    /// The phone's name.
    package var device: String?
    package var webhook: String?
    package var text: String

    package init(at: Timestamp, device: String? = nil, webhook: String? = nil, text: String) {
        self.at = at
        self.device = device
        self.webhook = webhook
        self.text = text
    }
}
