import Base
import Delivery
import Events

@testable import Store

/// Settings of a webhook, as if they had been checked.
func webhookSettings(
    name: String, url: String, format: BodyFormat = .smsnotif, secret: String = "",
    kinds: Set<EventKind> = EventKind.defaults, packages: Set<String> = []
) -> WebhookSettings {
    WebhookSettings(
        stored: name, url: url, format: format, filter: Filter(kinds: kinds, packages: packages),
        secret: Secret(secret))
}

extension SourceName {
    static let sms = SourceName(rawValue: "sms")
    static let notifications = SourceName(rawValue: "notifications")
    static let ussd = SourceName(rawValue: "ussd")
}

func identity(
    _ serial: String = "R58", androidID: String? = "00c0ffee00c0ffee", model: String = "Pixel 7a"
) -> PhoneIdentity {
    PhoneIdentity(
        serial: serial, androidID: androidID, manufacturer: "Google", model: model, androidVersion: "14",
        apiLevel: 34, fingerprint: "google/lynx/14")
}

func sms(_ row: Int64, _ body: String = "hello", slot: Int? = 1) -> Observation {
    Observation(
        key: SourceKey(source: .sms, bytes: Array("1/\(row)".utf8)),
        content: EventContent(SMSMessage(rowID: row, sender: "+4917", body: body)), slot: slot,
        subscription: 3,
        iccid: "898600", sentAt: WallTime(milliseconds: row * 10),
        receivedAt: WallTime(milliseconds: row * 10 + 1))
}

func batch(
    _ device: DeviceKey, _ observations: [Observation], cursor: String = "cursor"
) -> RecordBatch {
    RecordBatch(
        device: device, source: .sms, observations: observations, cursor: Array(cursor.utf8),
        seenAt: WallTime(milliseconds: 999_000))
}

/// A notification of each of the apps `packages`.
func notifications(_ device: DeviceKey, _ packages: [String]) -> RecordBatch {
    RecordBatch(
        device: device, source: .notifications,
        observations: packages.map { package in
            Observation(
                key: SourceKey(source: .notifications, bytes: Array("0|\(package)|1".utf8)),
                content: EventContent(PostedNotification(package: package, title: "t", content: "c")))
        },
        cursor: [], seenAt: WallTime(milliseconds: 999_000))
}

func at(_ milliseconds: Int64) -> WallTime { WallTime(milliseconds: milliseconds) }

func attempt(_ number: Int, status: Int? = 200, error: String? = nil) -> AttemptRecord {
    AttemptRecord(
        number: number, startedAt: at(5000), microseconds: 1234, status: status, error: error,
        reply: Array("ok".utf8))
}

func outcome(_ due: DueDelivery, _ next: DeliveryOutcome.Next, status: Int? = 200) -> DeliveryOutcome {
    DeliveryOutcome(delivery: due.key, attempt: attempt(due.attempt, status: status), next: next)
}
