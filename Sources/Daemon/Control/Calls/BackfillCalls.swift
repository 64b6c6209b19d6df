import Base
package import Control
import Delivery
import Events
import Phone
import Store

/// Begins to read and forward older messages of a phone, from a date on. Goes on when the asking program has ended, and after a restart.
package struct BackfillDevice: AnsweredCall {
    package typealias Reply = BackfillReport
    package static let word = "device.backfill"

    /// The phone, by name, id or serial.
    package let name: String
    /// Messages of this date and newer, by the phone's clock.
    package let since: Timestamp
    /// Only for this webhook; nil: for all that want them.
    package let webhook: String?

    /// The call about the messages since `since` of the phone called `name`.
    package init(name: String, since: Timestamp, webhook: String? = nil) {
        self.name = name
        self.since = since
        self.webhook = webhook
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> BackfillReport {
        let record = try await daemon.device(named: name)
        var target = Backfill(webhook: nil)
        if let webhook {
            let found = try await daemon.webhook(named: webhook)
            guard found.enabled else {
                throw ControlError(
                    .refused, "the webhook \(found.name) is disabled: nothing would be made for it",
                    hint: "\"phonewire webhooks enable \(found.name)\" first")
            }
            guard found.settings.filter.kinds.contains(.sms) else {
                throw ControlError(
                    .refused,
                    "the webhook \(found.name) does not take events of type sms: nothing would be made for it",
                    hint: "name another with --to, or add one whose --events have sms")
            }
            target = Backfill(webhook: found.key.rawValue)
        }
        let request = BackfillRequest(since: WallTime(milliseconds: since.milliseconds), target: target)
        switch await daemon.phones.backfill(record.key, .sms, request) {
        case true?: break
        case false?:
            throw ControlError(
                .temporary,
                "\(record.name) cannot begin now: a backfill is under way, or it was not read yet",
                hint:
                    "\"phonewire devices backfill \(record.name)\" follows the one under way, with --stop it is ended"
            )
        case nil: throw BackfillState.notOnline(record.name)
        }
        return try await BackfillState(name: name).answer(daemon)
    }
}

/// How far a phone's backfill has come.
package struct BackfillState: AnsweredCall {
    package typealias Reply = BackfillReport
    package static let word = "device.backfill.state"

    /// The phone, by name, id or serial.
    package let name: String

    /// The call about the phone called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> BackfillReport {
        let record = try await daemon.device(named: name)
        guard let report = try await daemon.backfill(of: record) else {
            throw ControlError(
                .notFound, "there is no backfill of \(record.name)",
                hint: "\"phonewire devices backfill \(record.name) --since DATE\" begins one")
        }
        return report
    }

    /// What to do about a phone that is not online; a sentence without a full stop.
    static func whereIsIt(_ name: String) -> String {
        "plug it in; where it is plugged in, \"phonewire doctor\" and \"phonewire devices show \(name)\" say what is wrong"
    }

    fileprivate static func notOnline(_ name: String) -> ControlError {
        ControlError(
            .temporary, "\(name) is not online: nothing was begun", hint: whereIsIt(name))
    }
}

extension DaemonServices {
    /// How far a phone's backfill has come, or how the last one ended; nil for none.
    func backfill(of record: DeviceRecord) async throws(ControlError) -> BackfillReport? {
        let current = await phones.backfillProgress(record.key, .sms)
        var kept: BackfillProgress?
        if current == nil {
            let cursor = try await stored { () throws(StoreError) in try await store.cursor(record.key, .sms)
            }
            kept = cursor.flatMap { SMSSource.backfill($0) }
        }
        guard let progress = current ?? kept else { return nil }
        var webhook: String?
        if let key = progress.target.webhook {
            let webhooks = try await stored { () throws(StoreError) in try await store.webhooks() }
            webhook = webhooks.first { $0.key.rawValue == key }?.name ?? "removed"
        }
        return BackfillReport(
            device: record.name, since: Timestamp(progress.since), webhook: webhook, read: progress.rows,
            total: progress.total, isDone: progress.isDone, waitsForPhone: kept != nil)
    }
}

/// Ends the backfill of a phone that is under way. What was forwarded stays so.
package struct StopBackfill: AnsweredCall {
    package typealias Reply = BackfillReport
    package static let word = "device.backfill.stop"

    /// The phone, by name, id or serial.
    package let name: String

    /// The call about the phone called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> BackfillReport {
        let record = try await daemon.device(named: name)
        let report = try await BackfillState(name: name).answer(daemon)
        guard await daemon.phones.backfill(record.key, .sms, nil) != nil else {
            throw ControlError(
                .temporary, "\(record.name) is not online: its backfill was not stopped",
                hint: "it can be stopped once the phone is back")
        }
        return report
    }
}

/// A backfill.
package struct BackfillReport: Sendable, Equatable, Codable {
    /// The phone's name.
    package var device: String
    /// Messages of this date and newer, by the phone's clock.
    package var since: Timestamp
    /// The webhook it is for; nil: all that want the messages.
    package var webhook: String?
    /// Messages that were read.
    package var read: Int64
    /// Messages that there were when it began; nil where the phone does not count them for us, and before they were counted.
    package var total: Int64?
    /// Whether it has come to its end.
    package var isDone: Bool
    /// Whether the phone is away: it goes on when the phone is back.
    package var waitsForPhone: Bool
}

/// Tries what is known to let the shell of a phone read its SMS.
package struct RepairDevice: AnsweredCall {
    package typealias Reply = RepairReport
    package static let word = "device.repair"
    /// Each of a few commands has its own limit.
    package static let replyTimeout = Duration.seconds(200)

    /// The phone, by name, id or serial.
    package let name: String

    /// The call about the phone called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> RepairReport {
        let record = try await daemon.device(named: name)
        switch await daemon.phones.ask(record.key, RepairTask.self, RepairTask.Request()) {
        case .replied(let reply, _):
            // It may be read now: it is tried without waiting for its time. Nobody waits for the end of it.
            if reply.isReadable { _ = await daemon.phones.checkAll(record.key, .sms, waits: false) }
            return RepairReport(
                device: record.name,
                steps: reply.steps.map { RepairStep(command: $0.command, answer: $0.answer) },
                isReadable: reply.isReadable, advice: reply.advice)
        case .busy:
            throw ControlError(.temporary, "another repair of \(record.name) is under way")
        case .notOnline, .left: throw BackfillState.notOnline(record.name)
        }
    }
}

/// What came of a repair.
package struct RepairReport: Sendable, Equatable, Codable {
    /// The phone's name.
    package var device: String
    /// What was tried, in order.
    package var steps: [RepairStep]
    /// Whether its SMS can be read now.
    package var isReadable: Bool
    /// What else can be done; empty where nothing has to be.
    package var advice: String
}

/// One thing that a repair tried.
package struct RepairStep: Sendable, Equatable, Codable {
    /// The command.
    package var command: String
    /// What the phone said, its first line; outside text.
    package var answer: String
}
