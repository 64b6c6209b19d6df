import Base
package import Control
package import Delivery
import Events
import Store

/// Calls about webhooks.
package enum WebhookCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [
        ListWebhooks.self, ShowWebhook.self, AddWebhook.self, RemoveWebhook.self, SwitchWebhook.self,
        TestWebhook.self,
    ]
}

/// All webhooks.
package struct ListWebhooks: AnsweredCall {
    package typealias Reply = WebhookList
    package static let word = "webhooks"
    package static let hasArguments = false

    /// The call.
    package init() {}

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> WebhookList {
        WebhookList(webhooks: try await daemon.webhookReports())
    }
}

/// One webhook.
package struct ShowWebhook: AnsweredCall {
    package typealias Reply = WebhookReport
    package static let word = "webhook"

    /// The webhook's name.
    package let name: String

    /// The call about the webhook called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> WebhookReport {
        try await daemon.report(on: try await daemon.webhook(named: name))
    }
}

/// Adds a webhook.
package struct AddWebhook: AnsweredCall {
    package typealias Reply = WebhookAdded
    package static let word = "webhook.add"

    /// What its user decided; its keys are the arguments. Carries the secret to the daemon.
    package let settings: WebhookSettings

    /// The call that adds a webhook with these settings.
    package init(_ settings: WebhookSettings) { self.settings = settings }

    /// Checks the settings again, because anybody could have written the line.
    package init(from decoder: any Decoder) throws {
        do {
            settings = try WebhookSettings(from: decoder)
        } catch let refusal as SettingsRefusal {
            let name = try ShowWebhook(from: decoder).name
            throw ControlError(.badRequest, refusal.message(adding: name), hint: refusal.hint)
        }
    }

    package func encode(to encoder: any Encoder) throws { try settings.encode(to: encoder) }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> WebhookAdded {
        let sample = SampleRequest(try await daemon.sampleBody(for: settings), settings)
        let webhook = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.addWebhook(settings, at: daemon.clock.wallNow())
        }
        await daemon.webhooksChanged()
        return WebhookAdded(
            webhook: WebhookReport(webhook, nil, WebhookTrouble()), sample: sample,
            warnings: settings.warnings)
    }
}

/// A new webhook and what it will be sent.
package struct WebhookAdded: Sendable, Equatable, Codable {
    /// The webhook.
    package var webhook: WebhookReport
    /// A request as it will get.
    package var sample: SampleRequest
    /// Things that are allowed but often wrong, such as `http` to another machine.
    package var warnings: [String]
}

/// Removes a webhook; its pending deliveries end. The reply tells of it as it was.
package struct RemoveWebhook: AnsweredCall {
    package typealias Reply = WebhookReport
    package static let word = "webhook.remove"

    /// The webhook's name.
    package let name: String

    /// The call that removes the webhook called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> WebhookReport {
        let webhook = try await daemon.webhook(named: name)
        let report = try await daemon.report(on: webhook)
        try await daemon.stored { () throws(StoreError) in try await daemon.store.removeWebhook(webhook.key) }
        await daemon.webhooksChanged()
        return report
    }
}

/// Switches a webhook on or off. Switching one on ends its pause.
package struct SwitchWebhook: AnsweredCall {
    package typealias Reply = WebhookReport
    package static let word = "webhook.enable"

    /// The webhook's name.
    package let name: String
    /// Whether it gets deliveries from now on.
    package let enabled: Bool

    /// The call that switches the webhook called `name`.
    package init(name: String, enabled: Bool) {
        self.name = name
        self.enabled = enabled
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> WebhookReport {
        let key = try await daemon.webhook(named: name).key
        try await daemon.stored { () throws(StoreError) in
            try await daemon.store.setEnabled(key, to: enabled)
            if enabled { try await daemon.store.pauseWebhook(key, reason: nil) }
        }
        await daemon.webhooksChanged()
        return try await ShowWebhook(name: name).answer(daemon)
    }
}

/// Sends one sample event to a webhook at once.
package struct TestWebhook: AnsweredCall {
    package typealias Reply = WebhookTestReport
    package static let word = "webhook.test"

    /// The webhook's name.
    package let name: String

    /// The call that tests the webhook called `name`.
    package init(name: String) { self.name = name }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> WebhookTestReport {
        let settings = try await daemon.webhook(named: name).settings
        let body = try await daemon.sampleBody(for: settings)
        let date = daemon.clock.wallNow()
        let attempt = Attempt(
            id: "\(daemon.store.installation)-test-\(date.milliseconds)", number: 1, body: body,
            startedAt: date)
        let start = daemon.clock.now()
        let result = await daemon.transport.send(attempt, to: settings)
        let microseconds = start.duration(to: daemon.clock.now()).nanosecondsSaturated / 1000
        return WebhookTestReport(
            settings, sample: SampleRequest(body, settings), result: result, microseconds: microseconds)
    }
}

/// What came of a test request.
package struct WebhookTestReport: Sendable, Equatable, Codable {
    /// The webhook's name.
    package var webhook: String
    /// Where the request went.
    package var url: String
    /// What was sent, the secret masked.
    package var sample: SampleRequest
    /// Whether a real delivery would count as delivered.
    package var delivered: Bool
    /// Status code; nil when no answer came.
    package var status: Int?
    /// Why no answer came, or why the answer is no success.
    package var error: String?
    /// First bytes of the answer's body.
    package var reply: String?
    /// From sending to the answer or the failure.
    package var durationMicroseconds: Int64
}

extension WebhookTestReport {
    fileprivate init(
        _ webhook: WebhookSettings, sample: SampleRequest, result: HTTPResult, microseconds: Int64
    ) {
        var status: Int?
        var reply: String?
        if case .answered(let answer) = result {
            status = answer.status
            reply = LossyText.decode(answer.body.prefix(AttemptRecord.replyBytesMax))
        }
        self.init(
            webhook: webhook.name, url: webhook.url, sample: sample,
            delivered: ResultClass(result) == .delivered, status: status, error: ResultWords.error(result),
            reply: reply, durationMicroseconds: microseconds)
    }
}

/// Webhooks.
package struct WebhookList: Sendable, Equatable, Codable {
    /// The webhooks.
    package var webhooks: [WebhookReport]
}

/// A webhook without its secret, and how it fares.
package struct WebhookReport: Sendable, Equatable, Codable {
    /// The user's name for it.
    package var name: String
    /// Where its requests go.
    package var url: String
    /// The name of its format, such as `smsnotif`.
    package var format: String
    /// Kinds of events it gets, sorted. In `filter` too; this and `packages` stay for those who read them here.
    package var events: [String]
    /// The apps whose notifications it gets, sorted; empty: every app's.
    package var packages: [String]
    /// Kinds among `events` that nothing produces yet, sorted.
    package var eventsNotProduced: [String]
    /// What it gets, whole.
    package var filter: Filter
    /// Whether it has a secret.
    package var secretSet: Bool
    /// False when the user switched it off.
    package var enabled: Bool
    /// Why deliveries wait; nil when they do not.
    package var pausedReason: String?
    /// When it was added.
    package var createdAt: Timestamp
    /// Deliveries to be tried, for the first time or again.
    package var pending: Int
    /// Deliveries that its receiver has.
    package var delivered: Int
    /// Deliveries that were given up.
    package var dead: Int
    /// When the oldest pending delivery was made.
    package var oldestPendingAt: Timestamp?
    /// What went wrong last, if anything did since the last success.
    package var lastError: String?
    /// When something that failed is tried again; nil when nothing is, or the webhook is paused or disabled.
    package var nextAttemptAt: Timestamp?
}

extension WebhookReport {
    init(_ webhook: Webhook, _ counts: WebhookCounts?, _ trouble: WebhookTrouble) {
        let settings = webhook.settings
        let kinds = settings.filter.kinds.sorted()
        // A paused webhook's due dates say nothing: its probes have a schedule of their own.
        let waits = !webhook.enabled || webhook.pausedReason != nil
        self.init(
            name: webhook.name, url: settings.url, format: settings.format.name,
            events: kinds.map(\.rawValue), packages: settings.filter.packages.sorted(),
            eventsNotProduced: kinds.filter { !$0.isProduced }.map(\.rawValue), filter: settings.filter,
            secretSet: !settings.secret.isEmpty, enabled: webhook.enabled,
            pausedReason: webhook.pausedReason, createdAt: Timestamp(webhook.createdAt),
            pending: counts?.pending ?? 0, delivered: counts?.delivered ?? 0, dead: counts?.dead ?? 0,
            oldestPendingAt: counts?.oldestPendingAt.map { Timestamp($0) }, lastError: trouble.lastError,
            nextAttemptAt: waits ? nil : trouble.nextAttemptAt)
    }
}

/// What goes wrong with a webhook.
struct WebhookTrouble {
    var lastError: String?
    var nextAttemptAt: Timestamp?
}

/// A request as a webhook gets it, its secret masked or left out.
package struct SampleRequest: Sendable, Equatable, Codable {
    /// `Content-Type` of the request.
    package var contentType: String
    /// The format's own header fields; nil when it has none.
    package var headers: [String: String]?
    /// The body as text; what is not UTF-8 is replaced.
    package var body: String
}

extension SampleRequest {
    /// What stands for the secret in bodies that are shown.
    private static let secretMask = "SECRET"

    /// `body` as text to show, a mask in the secret's place where there is one.
    fileprivate init(_ body: FrozenBody, _ webhook: WebhookSettings) {
        let secret = webhook.secret.isEmpty ? "" : Self.secretMask
        self.init(body, bytes: webhook.format.fill(body, secret: secret))
    }

    /// `body` as it is stored: it has no secret in it, and nothing is put in the secret's place.
    init(stored body: FrozenBody) { self.init(body, bytes: body.bytes) }

    /// A request with these bytes, of which at most `ControlLimits.shownBodyBytesMax` bytes are shown.
    private init(_ body: FrozenBody, bytes: [UInt8]) {
        let shown = LossyText.decode(bytes.prefix(ControlLimits.shownBodyBytesMax))
        let cut = bytes.count > ControlLimits.shownBodyBytesMax ? "… (\(bytes.count) bytes)" : ""
        let headers = Dictionary(body.headers.map { ($0.name, $0.value) }) { $0 + ", " + $1 }
        self.init(
            contentType: body.contentType, headers: headers.isEmpty ? nil : headers, body: shown + cut)
    }
}

// MARK: Shared by calls

extension DaemonServices {
    /// Every webhook and how it fares.
    func webhookReports() async throws(ControlError) -> [WebhookReport] {
        let (webhooks, counts) = try await stored { () throws(StoreError) in
            (try await store.webhooks(), try await store.counts())
        }
        var reports: [WebhookReport] = []
        for webhook in webhooks { reports.append(try await report(on: webhook, counts)) }
        return reports
    }

    /// A webhook and how it fares.
    fileprivate func report(on webhook: Webhook) async throws(ControlError) -> WebhookReport {
        try await report(on: webhook, try await stored { () throws(StoreError) in try await store.counts() })
    }

    private func report(
        on webhook: Webhook, _ counts: StoreCounts
    ) async throws(ControlError) -> WebhookReport {
        WebhookReport(
            webhook, counts.webhooks.first { $0.webhook == webhook.key },
            try await trouble(of: webhook.key))
    }

    /// The webhook that the user means by `name`.
    func webhook(named name: String) async throws(ControlError) -> Webhook {
        let found = try await stored { () throws(StoreError) in try await store.webhook(named: name) }
        guard let found else {
            throw ControlError(
                .notFound, "there is no webhook \"\(name)\"", hint: "\"phonewire webhooks\" lists them")
        }
        return found
    }

    /// The error of the newest attempt to `webhook`, if that one failed, and when the next one is.
    fileprivate func trouble(of webhook: WebhookKey) async throws(ControlError) -> WebhookTrouble {
        let (retries, ended) = try await stored { () throws(StoreError) in
            (
                try await store.nextRetries(webhook),
                try await store.deliveries(webhook: webhook, state: .dead, limit: 1)
                    + store.deliveries(webhook: webhook, state: .delivered, limit: 1)
            )
        }
        let newest = (retries + ended).compactMap(\.last).max { $0.startedAt < $1.startedAt }
        return WebhookTrouble(
            lastError: newest?.error, nextAttemptAt: retries.compactMap(\.dueAt).min().map { Timestamp($0) })
    }

    /// A body of a kind that the webhook takes, with the id 0, that no event has.
    fileprivate func sampleBody(for webhook: WebhookSettings) async throws(ControlError) -> FrozenBody {
        guard let content = webhook.filter.sample(text: "This is a test from phonewire.") else {
            let kinds = webhook.filter.kinds.sorted().map(\.rawValue).joined(separator: ", ")
            throw ControlError(
                .refused, "webhook \(webhook.name) takes only what phonewire does not produce yet: \(kinds)")
        }
        let devices = try await stored { () throws(StoreError) in try await store.devices() }
        let now = clock.wallNow()
        let event = Event(
            id: EventID(rawValue: 0), device: DeviceKey(rawValue: 0),
            deviceWireID: devices.first?.wireID ?? "00000000-0000-0000-0000-000000000000", content: content,
            slot: 1, iccid: nil, sentAt: nil, receivedAt: now, seenAt: now)
        return webhook.format.body(of: event)
    }
}
