import Control
import Daemon
import Events

/// Events as text.
enum EventText {
    /// Longest text in a table, in Unicode scalars.
    static let tableTextScalarsMax = 60

    static func table(_ events: [EventReport], _ output: Output) -> Table {
        var table = Table(["ID", "TIME", "TYPE", "PHONE", "SLOT", "FROM", "TEXT"], right: [0, 4])
        for event in events {
            table.add([
                .init(String(event.id), .bold), .init(output.localTime(event.receivedAt ?? event.seenAt)),
                .init(Output.clean(event.type)), .init(Output.clean(event.device)),
                .init(slot(event)), .init(Output.clean(event.from, limit: 32)),
                .init(Output.clean(event.line, limit: tableTextScalarsMax)),
            ])
        }
        return table
    }

    /// One event in one line, for `tail`.
    static func line(_ event: EventReport, _ output: Output) -> String {
        let place = Output.clean(event.device) + (event.slot.map { " SIM \($0)" } ?? "")
        return "\(event.id)  " + output.localTime(event.seenAt) + "  " + output.styled(event.type, .green)
            + "  " + output.styled(place, .bold) + "  " + Output.clean(event.from) + "  "
            + Output.clean(event.line, limit: 200)
    }

    /// The name and value pairs of one event: what every event has, then the fields of its kind.
    static func fields(_ event: EventReport, _ output: Output) -> [(String, String)] {
        func time(_ moment: Timestamp?) -> String { moment.map { output.localTime($0) } ?? "" }
        return [
            ("event", String(event.id)), ("type", event.type), ("phone", event.device),
            ("phone id", event.deviceID), ("SIM slot", slot(event) == "?" ? "unknown" : slot(event)),
            ("ICCID", event.iccid ?? ""), ("SIM label", event.label ?? ""),
            ("SIM number", event.ownNumber ?? ""), ("carrier", event.carrier ?? ""),
            ("sent", time(event.sentAt)), ("received", time(event.receivedAt)),
            ("seen", time(event.seenAt)),
        ] + names(event).map { ($0.label, event.data.text($0.name) ?? "") }
    }

    /// The names of an event's own fields, in the order of its kind; by name where a newer daemon has a kind that this program
    /// does not know.
    private static func names(_ event: EventReport) -> [(name: String, label: String)] {
        let kind = EventKind(rawValue: event.type).details
        let known = kind.map { EventContent($0.sample(text: "")).fields.map { ($0.name, $0.label) } } ?? []
        let more = event.data.values.keys.filter { name in !known.contains { $0.0 == name } }.sorted()
        return known + more.map { ($0, $0) }
    }

    /// The slot; "?" where there must have been one that is unknown, empty where none has a part.
    static func slot(_ event: EventReport) -> String {
        let carriesSlot = EventKind(rawValue: event.type).details?.carriesSlot == true
        return event.slot.map(String.init) ?? (carriesSlot ? "?" : "")
    }
}

/// An event's whole story as text.
enum StoryText {
    static func lines(_ story: EventStoryReport, _ output: Output) -> [String] {
        var rows = EventText.fields(story.event, output)
        for card in story.cardLater ?? [] {
            let until = card.until.map { " to " + output.localTime($0) } ?? ""
            rows.append(
                ("its card", "was seen in slot \(card.slot) from " + output.localTime(card.since) + until))
        }
        rows.append(("committed", story.committedAt.map { output.localTime($0) } ?? ""))
        rows.append(("source key", story.sourceKey))
        let lags = story.lags
        for (name, lag) in [
            ("network lag", lags.network), ("capture lag", lags.capture), ("commit lag", lags.commit),
            ("delivery lag", lags.delivery),
        ] {
            rows.append((name, lag.map { Quantity.duration(milliseconds: $0) } ?? ""))
        }
        var lines = Fields.lines(rows, output)
        if story.deliveries.isEmpty { lines += ["", "no webhook took it"] }
        for delivery in story.deliveries { lines += [""] + DeliveryText.lines(delivery, output) }
        if !story.skipped.isEmpty { lines.append("") }
        for skipped in story.skipped {
            lines.append(
                "nothing to " + output.styled(Output.clean(skipped.webhook), .bold) + ": "
                    + Output.clean(skipped.reason))
        }
        return lines
    }
}
