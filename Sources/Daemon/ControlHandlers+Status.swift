import Control
import Events
import Glibc
import Store
import Time

extension ControlHandlers {
    /// Problems in a status report.
    static let problemsShown = 20
    /// A delivery pending for longer than this makes the status degraded.
    static let pendingAgeMax = Duration.seconds(3600)

    func status() async throws(ControlError) -> StatusReport {
        let devices = try await deviceReports()
        let webhooks = try await webhookReports()
        let (counts, problems) = try await stored { () throws(StoreError) in
            (try await store.counts(), try await store.problems(limit: Self.problemsShown))
        }
        let names = try await deviceNames()
        let webhookNames = try await stored { () throws(StoreError) in
            Dictionary(
                try await store.webhooks().map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
        }
        let now = clock.wallNow()
        let daemon = DaemonReport(
            version: ProductVersion.text, pid: getpid(), startedAt: Timestamp(startedAt), now: Timestamp(now),
            stateFolder: stateFolder)
        return StatusReport(
            daemon: daemon, devices: devices, webhooks: webhooks, store: StoreReport(counts),
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
