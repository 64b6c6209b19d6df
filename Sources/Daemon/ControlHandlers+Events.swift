import Bytes
import Control
import Delivery
import Events
import Store
import Time

extension ControlHandlers {
    func events(_ query: EventQuery) async throws(ControlError) -> EventList {
        let limit = try limit(query.limit)
        let key = try await deviceKey(query.device)
        let kind = try Self.kind(query.type)
        let before = query.before.map { EventID(rawValue: $0) }
        let names = try await deviceNames()
        let events = try await stored { () throws(StoreError) in
            try await store.events(before: before, limit: limit, device: key, kind: kind)
        }
        var more = false
        if events.count == limit, let last = events.last {
            more = try await stored { () throws(StoreError) in
                try await !store.events(before: last.id, limit: 1, device: key, kind: kind).isEmpty
            }
        }
        return EventList(events: events.map { EventReport($0, names, cut: true) }, more: more)
    }

    func event(_ argument: NumberArgument) async throws(ControlError) -> EventStoryReport {
        let story = try await stored { () throws(StoreError) in
            try await store.eventStory(EventID(rawValue: argument.id))
        }
        guard let story else {
            throw ControlError(
                .notFound, "there is no event \(argument.id)", hint: "\"phonewire events\" lists the newest")
        }
        let webhooks = try await stored { () throws(StoreError) in try await store.webhooks() }
        return EventStoryReport(story, try await deviceNames(), webhooks)
    }

    func deliveries(_ query: DeliveryQuery) async throws(ControlError) -> DeliveryList {
        let limit = try limit(query.limit)
        var key: WebhookKey?
        if let name = query.webhook { key = try await summary(name).key }
        let state = try Self.state(query.state)
        let before = query.before.map { DeliveryKey(rawValue: $0) }
        let deliveries = try await stored { () throws(StoreError) in
            try await store.deliveries(webhook: key, state: state, before: before, limit: limit)
        }
        var more = false
        if deliveries.count == limit, let last = deliveries.last {
            more = try await stored { () throws(StoreError) in
                try await !store.deliveries(webhook: key, state: state, before: last.key, limit: 1).isEmpty
            }
        }
        return DeliveryList(deliveries: deliveries.map { DeliveryReport($0) }, more: more)
    }

    func delivery(_ argument: NumberArgument) async throws(ControlError) -> DeliveryReport {
        let story = try await stored { () throws(StoreError) in
            try await store.deliveryStory(DeliveryKey(rawValue: argument.id))
        }
        guard let story else {
            throw ControlError(
                .notFound, "there is no delivery \(argument.id)",
                hint: "\"phonewire deliveries\" lists the newest")
        }
        return DeliveryReport(story)
    }

    /// Phones' names by key.
    func deviceNames() async throws(ControlError) -> [DeviceKey: String] {
        let records = try await stored { () throws(StoreError) in try await store.devices() }
        return Dictionary(records.map { ($0.key, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    static func kind(_ word: String?) throws(ControlError) -> EventKind? {
        guard let word else { return nil }
        guard let kind = EventKind(rawValue: word) else {
            throw ControlError(.badRequest, "there is no kind of event \"\(word)\"")
        }
        return kind
    }

    private static func state(_ word: String?) throws(ControlError) -> DeliveryState? {
        guard let word else { return nil }
        guard let state = DeliveryState.allCases.first(where: { $0.description == word }) else {
            throw ControlError(.badRequest, "there is no state \"\(word)\"")
        }
        return state
    }
}

extension EventReport {
    /// `event`, its text cut when `cut`.
    init(_ event: Event, _ names: [DeviceKey: String], cut: Bool) {
        var data = EventData(event.content)
        let textCut = cut && data.cutTexts(to: ControlLimits.listTextScalarsMax)
        self.init(
            id: event.id.rawValue, type: event.content.kind.rawValue,
            device: names[event.device] ?? event.deviceWireID, deviceID: event.deviceWireID, slot: event.slot,
            iccid: event.iccid, sentAt: event.sentAt.map { Timestamp($0) },
            receivedAt: event.receivedAt.map { Timestamp($0) }, seenAt: Timestamp(event.seenAt), data: data,
            textCut: textCut)
    }
}

extension EventData {
    init(_ content: EventContent) {
        switch content {
        case .sms(let message):
            self.init(row: message.rowID, sender: message.sender, text: message.body)
        case .ussd(let answer): self.init(code: answer.code, text: answer.response)
        case .notification(let posted):
            self.init(package: posted.package, title: posted.title, text: posted.content)
        case .whatsapp(let message):
            let account = message.account.isEmpty ? nil : message.account
            self.init(
                sender: message.sender, account: account, group: message.group,
                attachment: message.attachment, text: message.text)
        case .device(let notice): self.init(event: notice.event, text: notice.detail)
        case .ping(let ping): self.init(event: ping.reason)
        }
    }
}

extension EventData {
    /// Cuts text and title to `limit` Unicode scalars; whether that was needed.
    fileprivate mutating func cutTexts(to limit: Int) -> Bool {
        let whole = (text, title)
        text = text.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(limit))) }
        title = title.map { String(String.UnicodeScalarView($0.unicodeScalars.prefix(limit))) }
        return (text, title) != whole
    }
}

extension EventStoryReport {
    init(_ story: EventStory, _ names: [DeviceKey: String], _ webhooks: [WebhookSummary]) {
        let event = story.event
        let took = Set(story.deliveries.map(\.summary.webhook))
        func lag(_ from: WallTime?, _ to: WallTime?) -> Int64? {
            guard let from, let to else { return nil }
            return from.duration(to: to).milliseconds
        }
        let arrivals = story.deliveries.filter { $0.summary.state == .delivered }.compactMap(\.attempts.last)
            .map { $0.startedAt.advanced(by: .microseconds($0.microseconds)) }
        self.init(
            event: EventReport(event, names, cut: false), sourceKey: story.keyText,
            committedAt: Timestamp(story.stored.committedAt),
            deliveries: story.deliveries.map { DeliveryReport($0) },
            skipped: webhooks.filter { !took.contains($0.key) }.map { SkippedWebhook($0, story.stored) },
            lags: EventLags(
                network: lag(event.sentAt, event.receivedAt), capture: lag(event.receivedAt, event.seenAt),
                commit: lag(event.seenAt, story.stored.committedAt),
                delivery: lag(event.seenAt, arrivals.min())))
    }
}

extension SkippedWebhook {
    /// Why `webhook` has no delivery of `stored`, as far as what it is now tells.
    init(_ webhook: WebhookSummary, _ stored: StoredEvent) {
        let content = stored.event.content
        let reason =
            if webhook.createdAt > stored.committedAt {
                "was added later"
            } else if !webhook.kinds.contains(content.kind) {
                "does not take \(content.kind.rawValue)"
            } else if case .notification(let posted) = content, !content.isOfApp(in: webhook.packages) {
                "does not take notifications of \(posted.package)"
            } else if !webhook.enabled {
                "disabled"
            } else {
                "was disabled when it came"
            }
        self.init(webhook: webhook.name, reason: reason)
    }
}

extension DeliveryReport {
    /// A row of a list.
    init(_ summary: DeliverySummary) {
        let pending = summary.state == .pending
        self.init(
            id: summary.key.rawValue, event: summary.event.rawValue, webhook: summary.webhookName,
            state: summary.state.description, createdAt: Timestamp(summary.createdAt),
            nextAttemptAt: pending ? summary.dueAt.map { Timestamp($0) } : nil,
            endedAt: summary.endedAt.map { Timestamp($0) }, attemptsMade: summary.attempts,
            lastResult: summary.last.map { $0.error ?? $0.status.map(String.init) ?? "" },
            deadReason: pending ? nil : summary.reason)
    }

    /// A delivery with its attempts and its body.
    init(_ story: DeliveryStory) {
        self.init(story.summary)
        attempts = story.attempts.map { AttemptReport($0) }
        // Stored bodies have no secret in them: nothing is put in its place.
        let cut = story.body.bytes.count > ControlLimits.shownBodyBytesMax
        body = SampleRequest(
            contentType: story.body.contentType,
            body: LossyText.decode(story.body.bytes.prefix(ControlLimits.shownBodyBytesMax))
                + (cut ? "… (\(story.body.bytes.count) bytes)" : ""))
    }
}

extension AttemptReport {
    init(_ attempt: AttemptRecord) {
        let firstLine = attempt.reply.prefix { $0 != 0x0A && $0 != 0x0D }
        self.init(
            number: attempt.number, startedAt: Timestamp(attempt.startedAt),
            durationMicroseconds: attempt.microseconds, status: attempt.status, error: attempt.error,
            reply: firstLine.isEmpty ? nil : LossyText.decode(firstLine))
    }
}
