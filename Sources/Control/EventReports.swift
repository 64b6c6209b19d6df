/// The typed fields of an event, flat; what a kind does not have is absent.
package struct EventData: Sendable, Equatable, Codable {
    /// `sms`: the row on the phone.
    package var row: Int64?
    /// `sms`, `whatsapp`: who sent it.
    package var sender: String?
    /// `whatsapp`: the receiving account.
    package var account: String?
    /// `whatsapp`: the group's title.
    package var group: String?
    /// `ussd`: the code dialled.
    package var code: String?
    /// `whatsapp`: a link to the file that came with it.
    package var attachment: String?
    /// `notification`: the app.
    package var package: String?
    /// `notification`: the title.
    package var title: String?
    /// `device`, `sim`: the word for what happened; `ping`: who asked.
    package var event: String?
    /// The text of the message, answer, notification or notice.
    package var text: String?

    package init(
        row: Int64? = nil, sender: String? = nil, account: String? = nil, group: String? = nil,
        attachment: String? = nil, code: String? = nil, package: String? = nil, title: String? = nil,
        event: String? = nil,
        text: String? = nil
    ) {
        self.row = row
        self.sender = sender
        self.account = account
        self.group = group
        self.attachment = attachment
        self.code = code
        self.package = package
        self.title = title
        self.event = event
        self.text = text
    }
}

/// One recorded event.
package struct EventReport: Sendable, Equatable, Codable {
    package var id: Int64
    package var type: String
    /// The phone's name now.
    package var device: String
    /// The phone's id as receivers were told.
    package var deviceID: String
    /// SIM slot, 1-based; nil when unknown.
    package var slot: Int?
    package var iccid: String?
    /// When the network sent it.
    package var sentAt: Timestamp?
    /// When the phone received it, by the phone's clock.
    package var receivedAt: Timestamp?
    /// When the daemon saw it.
    package var seenAt: Timestamp
    package var data: EventData
    /// True when a list cut `data.text` or `data.title`; `events show` has all of it.
    package var textCut: Bool

    package init(
        id: Int64, type: String, device: String, deviceID: String, slot: Int?, iccid: String?,
        sentAt: Timestamp?, receivedAt: Timestamp?, seenAt: Timestamp, data: EventData, textCut: Bool = false
    ) {
        self.id = id
        self.type = type
        self.device = device
        self.deviceID = deviceID
        self.slot = slot
        self.iccid = iccid
        self.sentAt = sentAt
        self.receivedAt = receivedAt
        self.seenAt = seenAt
        self.data = data
        self.textCut = textCut
    }
}

/// Events, newest first.
package struct EventList: Sendable, Equatable, Codable {
    package var events: [EventReport]
    /// Whether there are older ones: ask with `before` = the last event's id.
    package var more: Bool

    package init(events: [EventReport], more: Bool) {
        self.events = events
        self.more = more
    }
}

/// An event from the phone to the last attempt.
package struct EventStoryReport: Sendable, Equatable, Codable {
    package var event: EventReport
    /// What makes it the same event when it is read again.
    package var sourceKey: String
    /// When it was safely on disk, as far as recorded.
    package var committedAt: Timestamp?
    package var deliveries: [DeliveryReport]
    /// Webhooks of now that it was not made a delivery for.
    package var skipped: [SkippedWebhook]
    package var lags: EventLags

    package init(
        event: EventReport, sourceKey: String, committedAt: Timestamp?, deliveries: [DeliveryReport],
        skipped: [SkippedWebhook] = [], lags: EventLags
    ) {
        self.event = event
        self.sourceKey = sourceKey
        self.committedAt = committedAt
        self.deliveries = deliveries
        self.skipped = skipped
        self.lags = lags
    }
}

/// A webhook that did not get an event, and why.
package struct SkippedWebhook: Sendable, Equatable, Codable {
    package var webhook: String
    /// Such as `was added later`.
    package var reason: String

    package init(webhook: String, reason: String) {
        self.webhook = webhook
        self.reason = reason
    }
}

/// Where an event's time went, in milliseconds; absent where a moment is unknown. The first two compare the clocks
/// of different machines and may be wrong or negative.
package struct EventLags: Sendable, Equatable, Codable {
    /// From the network to the phone.
    package var network: Int64?
    /// From the phone's record to the daemon.
    package var capture: Int64?
    /// From seen to committed.
    package var commit: Int64?
    /// From seen to the first successful delivery's end.
    package var delivery: Int64?

    package init(network: Int64?, capture: Int64?, commit: Int64?, delivery: Int64?) {
        self.network = network
        self.capture = capture
        self.commit = commit
        self.delivery = delivery
    }
}
