import Base
package import Control
import Delivery
import Events
import Store

/// Calls about events.
package enum EventCalls: NounCalls {
    package static let calls: [any AnsweredCall.Type] = [ListEvents.self, ShowEvent.self]
    package static let streams: [any AnsweredStream.Type] = [TailEvents.self]
}

/// Recorded events, newest first.
package struct ListEvents: AnsweredCall {
    package typealias Reply = EventList
    package static let word = "events"

    /// Only events with a smaller number; nil from the newest on.
    package let before: Int64?
    /// Rows, 1 to `ControlLimits.listRowsMax`.
    package let limit: Int
    /// One phone, by name, id or serial.
    package let device: String?
    /// One kind of event.
    package let type: String?

    /// The call about the events that are all of these.
    package init(before: Int64? = nil, limit: Int, device: String? = nil, type: String? = nil) {
        self.before = before
        self.limit = limit
        self.device = device
        self.type = type
    }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> EventList {
        let limit = try ListLimit.checked(limit)
        let key = try await daemon.deviceKey(device)
        let kind = try EventKind(asked: type)
        let before = before.map { EventID(rawValue: $0) }
        let names = try await daemon.deviceNames()
        let events = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.events(before: before, limit: limit, device: key, kind: kind)
        }
        var more = false
        if events.count == limit, let last = events.last {
            more = try await daemon.stored { () throws(StoreError) in
                try await !daemon.store.events(before: last.id, limit: 1, device: key, kind: kind).isEmpty
            }
        }
        return EventList(events: events.map { EventReport($0, names, cut: true) }, more: more)
    }
}

/// One event's whole story.
package struct ShowEvent: AnsweredCall {
    package typealias Reply = EventStoryReport
    package static let word = "event"

    /// The event's number.
    package let id: Int64

    /// The call about the event with the number `id`.
    package init(id: Int64) { self.id = id }

    package func answer(_ daemon: DaemonServices) async throws(ControlError) -> EventStoryReport {
        let story = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.eventStory(EventID(rawValue: id))
        }
        guard let story else {
            throw ControlError(
                .notFound, "there is no event \(id)", hint: "\"phonewire events\" lists the newest")
        }
        let webhooks = try await daemon.stored { () throws(StoreError) in try await daemon.store.webhooks() }
        let names = try await daemon.deviceNames()
        let later = try await Self.cardLater(story, names, daemon)
        return EventStoryReport(story, names, webhooks, cardLater: later)
    }

    /// The stays of the card of an event that has a card and no slot.
    private static func cardLater(
        _ story: EventStory, _ names: [DeviceKey: String], _ daemon: DaemonServices
    ) async throws(ControlError) -> [SIMReport] {
        let event = story.event
        guard event.slot == nil, let subscription = story.stored.subscription else { return [] }
        let stays = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.simHistory(event.device, limit: ControlLimits.listRowsMax)
        }
        return stays.filter { $0.card.subscription == subscription && $0.card.slot > 0 }.map { stay in
            SIMReport(
                stay.card, CardSettings(), device: names[event.device] ?? "", since: stay.since,
                until: stay.until)
        }
    }
}

/// The newest events, then every new one as it comes, oldest first.
///
/// The store is asked, not listened to: a follower that is slow or stuck costs the capture nothing.
package struct TailEvents: AnsweredStream {
    package typealias Item = EventReport
    package static let word = "events.tail"

    /// How often the store is asked for new events while somebody follows them.
    static let interval = Duration.milliseconds(300)
    /// Events asked for at once.
    private static let pageRows = 100
    /// Most events that wait for a follower who does not read them; more end the stream.
    static let backlogRowsMax = 5000

    /// How many of the newest events come first, 0 to `ControlLimits.listRowsMax`.
    package let last: Int
    /// One phone, by name, id or serial.
    package let device: String?
    /// One kind of event.
    package let type: String?

    /// The stream of the events that are all of these.
    package init(last: Int, device: String? = nil, type: String? = nil) {
        self.last = last
        self.device = device
        self.type = type
    }

    package func answer(
        _ daemon: DaemonServices, emit: @Sendable (EventReport) async throws -> Void
    ) async throws {
        guard 0...ControlLimits.listRowsMax ~= last else {
            throw ControlError(.badRequest, "last is a number from 0 to \(ControlLimits.listRowsMax)")
        }
        let key = try await daemon.deviceKey(device)
        let kind = try EventKind(asked: type)
        let newest = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.events(limit: 1)
        }
        var seen = newest.first?.id ?? EventID(rawValue: 0)
        let first = try await daemon.stored { () throws(StoreError) in
            try await daemon.store.events(
                before: EventID(rawValue: seen.rawValue + 1), limit: last, device: key, kind: kind)
        }
        try await Self.emitAll(first.reversed(), daemon, emit)
        while true {
            try await daemon.clock.sleep(for: Self.interval)
            let fresh = try await Self.events(after: seen, daemon)
            let wanted = fresh.filter { event in
                (key == nil || event.device == key) && (kind == nil || event.content.kind == kind)
            }
            try await Self.emitAll(wanted, daemon, emit)
            seen = fresh.last?.id ?? seen
        }
    }

    /// Everything newer than `seen`, oldest first.
    private static func events(
        after seen: EventID, _ daemon: DaemonServices
    ) async throws(ControlError) -> [Event] {
        var found: [Event] = []
        while true {
            let last = found.last?.id ?? seen
            let page = try await daemon.stored { () throws(StoreError) in
                try await daemon.store.events(after: last, limit: pageRows)
            }
            found += page
            guard page.count == pageRows else { return found }
            guard found.count < backlogRowsMax else {
                throw ControlError(
                    .temporary, "more than \(backlogRowsMax) events came while nobody read this stream",
                    hint: "\"phonewire events\" lists them")
            }
        }
    }

    private static func emitAll(
        _ events: [Event], _ daemon: DaemonServices, _ emit: @Sendable (EventReport) async throws -> Void
    ) async throws {
        if events.isEmpty { return }
        let names = try await daemon.deviceNames()
        for event in events { try await emit(EventReport(event, names, cut: true)) }
    }
}

extension EventKind {
    /// The kind that was asked for; nil for none.
    fileprivate init?(asked word: String?) throws(ControlError) {
        guard let word else { return nil }
        self.init(rawValue: word)
        guard isProduced else {
            throw ControlError(.badRequest, "there is no kind of event \"\(word)\"")
        }
    }
}

/// Events, newest first.
package struct EventList: Sendable, Equatable, Codable {
    /// The events.
    package var events: [EventReport]
    /// Whether there are older ones: ask with `before` = the last event's id.
    package var more: Bool
}

/// One recorded event.
package struct EventReport: Sendable, Equatable, Codable {
    /// Its number, which is never used again.
    package var id: Int64
    /// The word for its kind.
    package var type: String
    /// The phone's name now.
    package var device: String
    /// The phone's id as receivers were told.
    package var deviceID: String
    /// SIM slot, 1-based; nil when unknown.
    package var slot: Int?
    /// The SIM card's own number; nil when unknown.
    package var iccid: String?
    /// The card's carrier then; outside text. Nil when unknown, and from older daemons.
    package var carrier: String?
    /// The card's phone number then, as the user had set it, else as the phone knew it; outside text.
    package var ownNumber: String?
    /// What the user called the card then.
    package var label: String?
    /// When the network sent it.
    package var sentAt: Timestamp?
    /// When the phone received it, by the phone's clock.
    package var receivedAt: Timestamp?
    /// When the daemon saw it.
    package var seenAt: Timestamp
    /// The fields of its kind.
    package var data: EventData
    /// Who or what it comes from, in short.
    package var from: String
    /// What it says, for one line; cut to `ControlLimits.lineScalarsMax`.
    package var line: String
    /// True when a list cut a text in `data`; `events show` has all of it.
    package var textCut: Bool
}

extension EventReport {
    /// `event`, its texts cut when `cut`.
    fileprivate init(_ event: Event, _ names: [DeviceKey: String], cut: Bool) {
        var data = EventData(event.content)
        let textCut = cut && data.cutTexts(to: ControlLimits.listTextScalarsMax)
        let details = event.content.details
        self.init(
            id: event.id.rawValue, type: event.content.kind.rawValue,
            device: names[event.device] ?? event.deviceWireID, deviceID: event.deviceWireID, slot: event.slot,
            iccid: event.iccid, carrier: event.carrier, ownNumber: event.ownNumber, label: event.label,
            sentAt: event.sentAt.map { Timestamp($0) },
            receivedAt: event.receivedAt.map { Timestamp($0) }, seenAt: Timestamp(event.seenAt), data: data,
            from: EventData.cut(details.origin, to: ControlLimits.lineScalarsMax),
            line: EventData.cut(details.line, to: ControlLimits.lineScalarsMax), textCut: textCut)
    }
}

/// The fields of an event by name, as its kind describes them; what an event does not have is absent.
package struct EventData: Sendable, Equatable, Codable {
    /// A field's value.
    package enum Value: Sendable, Equatable, Codable {
        case integer(Int64)
        /// Outside text.
        case text(String)

        package init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int64.self) {
                self = .integer(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .integer(let number): try container.encode(number)
            case .text(let text): try container.encode(text)
            }
        }

        /// The value as text.
        package var text: String {
            switch self {
            case .integer(let number): String(number)
            case .text(let text): text
            }
        }
    }

    /// The fields.
    package var values: [String: Value]

    /// The field `name` as text; nil when it is absent.
    package func text(_ name: String) -> String? { values[name]?.text }
}

extension EventData {
    fileprivate init(_ content: EventContent) {
        values = [:]
        for field in content.fields {
            switch field.value {
            case .integer(let number): values[field.name] = .integer(number)
            case .text(let text), .link(let text): values[field.name] = .text(text)
            case nil: break
            }
        }
    }

    package init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: Value].self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }

    /// Cuts every text to `limit` Unicode scalars; whether that was needed.
    fileprivate mutating func cutTexts(to limit: Int) -> Bool {
        let whole = values
        values = values.mapValues { value in
            guard case .text(let text) = value else { return value }
            return .text(Self.cut(text, to: limit))
        }
        return values != whole
    }

    fileprivate static func cut(_ text: String, to limit: Int) -> String {
        // No text has more scalars than bytes: most are short enough at a glance.
        text.utf8.count <= limit
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
    }
}

/// An event from the phone to the last attempt.
package struct EventStoryReport: Sendable, Equatable, Codable {
    /// The event, whole.
    package var event: EventReport
    /// What makes it the same event when it is read again.
    package var sourceKey: String
    /// When it was safely on disk, as far as recorded.
    package var committedAt: Timestamp?
    /// Its deliveries, each with its attempts and body.
    package var deliveries: [DeliveryReport]
    /// Webhooks of now that it was not made a delivery for.
    package var skipped: [SkippedWebhook]
    /// Where its time went.
    package var lags: EventLags
    /// For an event whose slot was unknown: what the phone has told of its card since, newest first. Nil where nothing is known.
    package var cardLater: [SIMReport]?
}

extension EventStoryReport {
    fileprivate init(
        _ story: EventStory, _ names: [DeviceKey: String], _ webhooks: [Webhook], cardLater: [SIMReport]
    ) {
        let event = story.event
        let reached = Set(story.deliveries.map(\.summary.webhook))
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
            skipped: webhooks.filter { !reached.contains($0.key) }.map { webhook in
                SkippedWebhook(
                    webhook: webhook.name,
                    reason: webhook.reasonForNothing(
                        of: event, committedAt: story.stored.committedAt,
                        isHistory: story.stored.isHistory, hasOthers: !reached.isEmpty))
            },
            lags: EventLags(
                network: lag(event.sentAt, event.receivedAt), capture: lag(event.receivedAt, event.seenAt),
                commit: lag(event.seenAt, story.stored.committedAt),
                delivery: lag(event.seenAt, arrivals.min())), cardLater: cardLater.isEmpty ? nil : cardLater)
    }
}

/// A webhook that did not get an event, and why.
package struct SkippedWebhook: Sendable, Equatable, Codable {
    /// The webhook's name.
    package var webhook: String
    /// Such as `was added later`.
    package var reason: String
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
}
