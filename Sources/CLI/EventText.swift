import Control

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
                .init(slot(event)), .init(Output.clean(from(event.data), limit: 32)),
                .init(Output.clean(text(event.data), limit: tableTextScalarsMax)),
            ])
        }
        return table
    }

    /// One event in one line, for `tail`.
    static func line(_ event: EventReport, _ output: Output) -> String {
        let place = Output.clean(event.device) + (event.slot.map { " SIM \($0)" } ?? "")
        return "\(event.id)  " + output.localTime(event.seenAt) + "  " + output.styled(event.type, .green)
            + "  " + output.styled(place, .bold) + "  " + Output.clean(from(event.data)) + "  "
            + Output.clean(text(event.data), limit: 200)
    }

    /// The name and value pairs of one event.
    static func fields(_ event: EventReport, _ output: Output) -> [(String, String)] {
        func time(_ moment: Timestamp?) -> String { moment.map { output.localTime($0) } ?? "" }
        let data = event.data
        return [
            ("event", String(event.id)), ("type", event.type), ("phone", event.device),
            ("phone id", event.deviceID), ("SIM slot", slot(event) == "?" ? "unknown" : slot(event)),
            ("ICCID", event.iccid ?? ""), ("sent", time(event.sentAt)), ("received", time(event.receivedAt)),
            ("seen", time(event.seenAt)), ("row", data.row.map(String.init) ?? ""),
            ("from", data.sender ?? ""),
            ("account", data.account ?? ""), ("group", data.group ?? ""), ("code", data.code ?? ""),
            ("app", data.package ?? ""), ("title", data.title ?? ""), ("what", data.event ?? ""),
            (event.type == "ussd" ? "response" : "text", data.text ?? ""), ("file", data.attachment ?? ""),
        ]
    }

    /// The slot; "?" where there must have been one that is unknown, empty where none takes part.
    private static func slot(_ event: EventReport) -> String {
        event.slot.map(String.init) ?? (["sms", "mms", "ussd"].contains(event.type) ? "?" : "")
    }

    /// Who or what it comes from: the sender (and in which group), the app, or the code that was dialled.
    private static func from(_ data: EventData) -> String {
        if let sender = data.sender { return data.group.map { sender + " in " + $0 } ?? sender }
        return data.package ?? data.code ?? data.event ?? ""
    }

    private static func text(_ data: EventData) -> String {
        [data.title, data.text].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

/// An event's whole story as text.
enum StoryText {
    static func lines(_ story: EventStoryReport, _ output: Output) -> [String] {
        var rows = EventText.fields(story.event, output)
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
