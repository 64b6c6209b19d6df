import Base
package import Control
import Delivery
import Events
import Glibc
import Store

/// Calls about the daemon as a whole.
package enum StatusCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [GetStatus.self]
}

/// Everything at a glance.
package struct GetStatus: AnsweredCall {
    package typealias Reply = StatusReport
    package static let word = "status"
    package static let hasArguments = false

    /// Problems in a report.
    private static let problemsShown = 20
    /// A delivery pending for longer than this makes the status degraded.
    private static let pendingAgeMax = Duration.seconds(3600)

    /// The call.
    package init() {}

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> StatusReport {
        let store = daemon.store
        let devices = try await daemon.deviceReports()
        let webhooks = try await daemon.webhookReports()
        let (counts, problems) = try await daemon.stored { () throws(StoreError) in
            (try await store.counts(), try await store.problems(limit: Self.problemsShown))
        }
        let names = try await daemon.deviceNames()
        let webhookNames = try await daemon.stored { () throws(StoreError) in
            Dictionary(
                try await store.webhooks().map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
        }
        let now = daemon.clock.wallNow()
        return StatusReport(
            daemon: DaemonReport(
                version: ProductVersion.text, pid: getpid(), startedAt: Timestamp(daemon.startedAt),
                now: Timestamp(now), stateFolder: daemon.stateFolder),
            devices: devices, webhooks: webhooks, store: StoreReport(counts),
            problems: problems.map { problem in
                ProblemReport(
                    at: Timestamp(problem.at), device: problem.device.flatMap { names[$0] },
                    webhook: problem.webhook.flatMap { webhookNames[$0] }, text: problem.text)
            },
            degraded: Self.degraded(devices, webhooks, counts, now: now))
    }

    private static func degraded(
        _ devices: [DeviceReport], _ webhooks: [WebhookReport], _ counts: StoreCounts, now: WallTime
    ) -> [String] {
        var sentences: [String] = []
        if let trouble = counts.writeTrouble {
            sentences.append(
                "the store has not been able to write since \(Timestamp(trouble.since).text): \(trouble.error)"
            )
        }
        for device in devices where device.enabled && (device.state.isProblem || device.state == .offline) {
            let name = device.name ?? device.serial
            sentences.append("phone \(name): \(device.state.rawValue)" + suffix(device.advice))
        }
        for webhook in webhooks where webhook.enabled {
            if let reason = webhook.pausedReason {
                sentences.append(
                    "webhook \(webhook.name) is paused: \(reason); its events wait: set its receiver right, then "
                        + "\"phonewire webhooks enable \(webhook.name)\"")
            } else if let oldest = webhook.oldestPendingAt,
                now.milliseconds - oldest.milliseconds > pendingAgeMax.milliseconds
            {
                sentences.append("webhook \(webhook.name) has had a delivery pending for over an hour")
            }
        }
        if let error = counts.checkpointError { sentences.append("store: \(error)") }
        return sentences
    }

    private static func suffix(_ advice: String) -> String { advice.isEmpty ? "" : "; " + advice }
}

/// Everything at a glance.
package struct StatusReport: Sendable, Equatable, Codable {
    /// The daemon itself.
    package var daemon: DaemonReport
    /// The phones.
    package var devices: [DeviceReport]
    /// The webhooks.
    package var webhooks: [WebhookReport]
    /// What is stored.
    package var store: StoreReport
    /// What went wrong lately, newest first.
    package var problems: [ProblemReport]
    /// Why this daemon is not well, in sentences; empty when it is. `status --check` goes by it.
    package var degraded: [String]
}

/// The running daemon.
package struct DaemonReport: Sendable, Equatable, Codable {
    /// Its version.
    package var version: String
    /// Its process.
    package var pid: Int32
    /// When it started.
    package var startedAt: Timestamp
    /// The daemon's clock when it answered.
    package var now: Timestamp
    /// Where it keeps its state.
    package var stateFolder: String
}

/// What is stored.
package struct StoreReport: Sendable, Equatable, Codable {
    /// How many events.
    package var events: Int
    /// Deliveries to be tried, for the first time or again.
    package var pending: Int
    /// Deliveries that their receivers have.
    package var delivered: Int
    /// Deliveries that were given up.
    package var dead: Int
    /// When the oldest pending delivery was made.
    package var oldestPendingAt: Timestamp?
    /// Size of the database.
    package var databaseBytes: Int64
    /// Why nothing can be written, when that is so.
    package var writeError: String?
    /// Since when nothing could be written.
    package var writeErrorSince: Timestamp?
}

extension StoreReport {
    init(_ counts: StoreCounts) {
        self.init(
            events: counts.events, pending: counts.pending, delivered: counts.delivered, dead: counts.dead,
            oldestPendingAt: counts.oldestPendingAt.map { Timestamp($0) },
            databaseBytes: counts.databaseBytes,
            writeError: counts.writeTrouble.map { $0.error.description },
            writeErrorSince: counts.writeTrouble.map { Timestamp($0.since) })
    }
}

/// Something that went wrong.
package struct ProblemReport: Sendable, Equatable, Codable {
    /// When it was noticed.
    package var at: Timestamp
    /// The phone's name.
    package var device: String?
    /// The webhook's name.
    package var webhook: String?
    /// What it was, one sentence; may hold outside text.
    package var text: String
}
