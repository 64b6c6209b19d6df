import Bytes
import Control
import Delivery
import Events
import Store
import Time

extension ControlHandlers {
    /// What stands for the secret in bodies that are shown.
    static let secretMask = "SECRET"

    func webhooks() async throws(ControlError) -> WebhookList {
        WebhookList(webhooks: try await webhookReports())
    }

    func webhookReports() async throws(ControlError) -> [WebhookReport] {
        let (summaries, counts) = try await stored { () throws(StoreError) in
            (try await store.webhooks(), try await store.counts())
        }
        var reports: [WebhookReport] = []
        for summary in summaries {
            let count = counts.webhooks.first { $0.webhook == summary.key }
            reports.append(WebhookReport(summary, count, try await trouble(summary.key)))
        }
        return reports
    }

    func webhook(_ argument: NameArgument) async throws(ControlError) -> WebhookReport {
        let summary = try await summary(argument.name)
        let counts = try await stored { () throws(StoreError) in try await store.counts() }
        return WebhookReport(
            summary, counts.webhooks.first { $0.webhook == summary.key }, try await trouble(summary.key))
    }

    func add(_ arguments: AddWebhookArguments) async throws(ControlError) -> WebhookAdded {
        do throws(URLRefusal) {
            try URLRule.check(arguments.url)
        } catch {
            throw ControlError(.badRequest, "webhook \(arguments.name) was not added. " + error.sentence)
        }
        guard let format = BodyFormat(rawValue: arguments.format) else {
            let known = BodyFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ControlError(
                .badRequest, "there is no format \"\(arguments.format)\"", hint: "there are: " + known)
        }
        guard arguments.secret.utf8.count <= ControlLimits.secretBytesMax else {
            throw ControlError(.badRequest, "a secret has at most \(ControlLimits.secretBytesMax) bytes")
        }
        let kinds = try Self.kinds(arguments.events)
        let draft = WebhookDraft(
            name: arguments.name, url: arguments.url, format: format, secret: arguments.secret, kinds: kinds,
            packages: try Self.packages(arguments, kinds))
        let summary = try await stored { () throws(StoreError) in
            try await store.addWebhook(draft, at: clock.wallNow())
        }
        await actions.webhooksChanged()
        let sample = try await sample(for: summary)
        return WebhookAdded(
            webhook: WebhookReport(summary, nil, WebhookTrouble()),
            sample: SampleRequest(
                sample, format: format, secret: arguments.secret.isEmpty ? "" : Self.secretMask),
            warnings: warnings(summary))
    }

    func remove(_ argument: NameArgument) async throws(ControlError) -> WebhookReport {
        let report = try await webhook(argument)
        let key = try await summary(argument.name).key
        try await stored { () throws(StoreError) in try await store.removeWebhook(key) }
        await actions.webhooksChanged()
        return report
    }

    func enable(_ arguments: EnableArguments) async throws(ControlError) -> WebhookReport {
        let key = try await summary(arguments.name).key
        try await stored { () throws(StoreError) in
            try await store.setEnabled(key, arguments.enabled)
            if arguments.enabled { try await store.pauseWebhook(key, reason: nil) }
        }
        await actions.webhooksChanged()
        return try await webhook(NameArgument(name: arguments.name))
    }

    func test(_ argument: NameArgument) async throws(ControlError) -> WebhookTestReport {
        let summary = try await summary(argument.name)
        let webhook = try await stored { () throws(StoreError) in try await store.webhook(summary.key) }
        guard let webhook else { throw ControlError(.notFound, "webhook \(argument.name) has gone") }
        let body = try await sample(for: summary)
        let date = clock.wallNow()
        let request = WebhookRequest.make(
            webhook: webhook, body: body, id: "\(store.installation)-test-\(date.milliseconds)", attempt: 1,
            at: date, version: ProductVersion.text)
        let start = clock.now()
        let result = await client.send(request).masking(webhook.secret)
        let shown = SampleRequest(
            body, format: webhook.format, secret: summary.hasSecret ? Self.secretMask : "")
        return WebhookTestReport(
            webhook: webhook.name, url: webhook.url, sample: shown, result: result,
            microseconds: start.duration(to: clock.now()).nanosecondsSaturated / 1000)
    }

    /// The webhook that the user means by `name`.
    func summary(_ name: String) async throws(ControlError) -> WebhookSummary {
        let found = try await stored { () throws(StoreError) in try await store.webhook(named: name) }
        guard let found else {
            throw ControlError(
                .notFound, "there is no webhook \"\(name)\"", hint: "\"phonewire webhooks\" lists them")
        }
        return found
    }

    /// The error of the newest attempt to `webhook`, if that one failed, and when the next one is.
    private func trouble(_ webhook: WebhookKey) async throws(ControlError) -> WebhookTrouble {
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

    /// A body of a kind that `webhook` takes, with the id 0, that no event has.
    private func sample(for webhook: WebhookSummary) async throws(ControlError) -> FrozenBody {
        let devices = try await stored { () throws(StoreError) in try await store.devices() }
        let now = clock.wallNow()
        let event = Event(
            id: EventID(rawValue: 0), device: DeviceKey(rawValue: 0),
            deviceWireID: devices.first?.wireID ?? "00000000-0000-0000-0000-000000000000",
            content: SampleContent.content(for: webhook.kinds, packages: webhook.packages), slot: 1,
            iccid: nil, sentAt: nil,
            receivedAt: now,
            seenAt: now)
        return BodyWriter.body(for: event, format: webhook.format)
    }

    private func warnings(_ webhook: WebhookSummary) -> [String] {
        var warnings: [String] = []
        if !webhook.hasSecret {
            warnings.append("it has no secret: its receiver cannot tell these requests from a stranger's")
        }
        let url = webhook.url.lowercased()
        let local = ["http://127.", "http://localhost", "http://[::1]"].contains { url.hasPrefix($0) }
        if url.hasPrefix("http:"), !local {
            warnings.append(
                "http is not encrypted: everybody on the way can read the messages and the secret")
        }
        return warnings
    }

    private static func kinds(_ words: [String]?) throws(ControlError) -> Set<EventKind> {
        guard let words else { return EventKind.defaults }
        var kinds: Set<EventKind> = []
        for word in words {
            guard let kind = EventKind(rawValue: word) else {
                throw ControlError(
                    .badRequest, "there is no kind of event \"\(word)\"",
                    hint: "there are: " + EventKind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            kinds.insert(kind)
        }
        return kinds
    }

    private static func packages(
        _ arguments: AddWebhookArguments, _ kinds: Set<EventKind>
    ) throws(ControlError) -> Set<String> {
        let packages = Set(arguments.packages ?? [])
        do throws(PackageRefusal) {
            try PackageRule.check(packages)
        } catch {
            throw ControlError(.badRequest, "webhook \(arguments.name) was not added: " + error.sentence)
        }
        guard packages.isEmpty || kinds.contains(.notification) else {
            throw ControlError(
                .badRequest,
                "webhook \(arguments.name) was not added: packages are named but it takes no notification",
                hint: "add notification to its events, or name no packages")
        }
        return packages
    }
}

/// What a sample event holds.
enum SampleContent {
    /// A sample of the first of `kinds`; of a notification where the user has named apps, of the first of them.
    static func content(for kinds: Set<EventKind>, packages: Set<String>) -> EventContent {
        let text = "This is a test from phonewire."
        if let app = packages.min(), kinds.contains(.notification) {
            return .notification(PostedNotification(package: app, title: "phonewire", content: text))
        }
        if kinds.contains(.sms) { return .sms(SMSMessage(rowID: 0, sender: "phonewire", body: text)) }
        if kinds.contains(.whatsapp) {
            return .whatsapp(ChatMessage(account: "", sender: "phonewire", group: nil, text: text))
        }
        if kinds.contains(.ussd) { return .ussd(USSDAnswer(code: "*100#", response: text)) }
        if kinds.contains(.notification) {
            return .notification(
                PostedNotification(package: "org.example.test", title: "phonewire", content: text))
        }
        if kinds.contains(.device) { return .device(DeviceNotice(event: "test", detail: text)) }
        return .ping(Ping(reason: "test"))
    }
}

extension SampleRequest {
    /// `body` with `secret` in its place, as text to show.
    init(_ body: FrozenBody, format: BodyFormat, secret: String) {
        let bytes = body.filled(secret: secret, format: format)
        let shown = LossyText.decode(bytes.prefix(ControlLimits.shownBodyBytesMax))
        let cut = bytes.count > ControlLimits.shownBodyBytesMax ? "… (\(bytes.count) bytes)" : ""
        self.init(contentType: body.contentType, body: shown + cut)
    }
}

/// What goes wrong with a webhook.
struct WebhookTrouble {
    var lastError: String?
    var nextAttemptAt: Timestamp?
}

extension WebhookReport {
    init(_ webhook: WebhookSummary, _ counts: WebhookCounts?, _ trouble: WebhookTrouble) {
        // Then due dates say nothing: the daemon probes a paused receiver by a schedule of its own.
        let waits = !webhook.enabled || webhook.pausedReason != nil
        self.init(
            name: webhook.name, url: webhook.url, format: webhook.format.rawValue,
            events: webhook.kinds.map(\.rawValue).sorted(), packages: webhook.packages.sorted(),
            secretSet: webhook.hasSecret, enabled: webhook.enabled,
            pausedReason: webhook.pausedReason, createdAt: Timestamp(webhook.createdAt),
            pending: counts?.pending ?? 0, delivered: counts?.delivered ?? 0, dead: counts?.dead ?? 0,
            oldestPendingAt: counts?.oldestPendingAt.map { Timestamp($0) },
            lastError: trouble.lastError, nextAttemptAt: waits ? nil : trouble.nextAttemptAt)
    }
}

extension WebhookTestReport {
    init(webhook: String, url: String, sample: SampleRequest, result: HTTPResult, microseconds: Int64) {
        var status: Int?
        var reply: String?
        if case .answered(let answer) = result {
            status = answer.status
            reply = LossyText.decode(answer.body.prefix(AttemptRecord.replyBytesMax))
        }
        self.init(
            webhook: webhook, url: url, sample: sample, delivered: ResultClass(result) == .delivered,
            status: status, error: ResultWords.error(result), reply: reply, durationMicroseconds: microseconds
        )
    }
}
