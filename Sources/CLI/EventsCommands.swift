import Control

/// `phonewire events …`.
enum EventsCommands {
    static let specs = [list, show, tail]

    private static let filters: [OptionSpec] = [
        .value("device", "PHONE", "only this phone, by name, id or serial"),
        .value("type", "KIND", "only this kind", choices: WebhooksCommands.kinds),
    ]

    private static let list = CommandSpec(
        "events list", "recorded events, newest first", options: ListOptions.specs + filters,
        examples: [("events --type sms --limit 10", "the last ten SMS")], isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let invocation = context.invocation
            let query = EventQuery(
                before: try ListOptions.before(invocation), limit: try ListOptions.limit(invocation),
                device: invocation.value("device"), type: invocation.value("type"))
            let report = try context.connect().call(.events(query), as: EventList.self)
            let output = context.output
            if output.json {
                try output.print(json: report)
            } else if report.events.isEmpty {
                output.message("no events")
            } else {
                try output.lines(EventText.table(report.events, output).lines(output))
                ListOptions.sayMore(report.more, last: report.events.last?.id, output)
            }
            return .ok
        })

    private static let show = CommandSpec(
        "events show", "one event's whole story, from the phone to the last attempt",
        details: [
            "\"sent\" is the network's time, \"received\" the phone's, the rest this computer's: lags between them "
                + "are as right as those clocks."
        ],
        positionals: [PositionalSpec("ID", "the event's id")],
        action: .plain { (context) throws(CommandFailure) in
            let id = NumberArgument(id: try context.invocation.identifier(0))
            let report = try context.connect().call(.event(id), as: EventStoryReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.lines(StoryText.lines(report, context.output))
            }
            return .ok
        })

    private static let tail = CommandSpec(
        "events tail", "print events as they come, until interrupted",
        details: ["With --json each event is one line."],
        options: [
            .value(
                "last", "N", "begin with the N newest, 0 to \(ControlLimits.listRowsMax), 10 when not said"),
            .value("count", "N", "end after N events"),
        ] + filters,
        action: .plain { (context) throws(CommandFailure) in
            let invocation = context.invocation
            let query = TailQuery(
                last: try invocation.number("last", in: 0...ControlLimits.listRowsMax, standard: 10),
                device: invocation.value("device"), type: invocation.value("type"))
            var left = try invocation.number("count", in: 1...Int.max, standard: Int.max)
            let output = context.output
            try context.connect().stream(.tail(query), of: EventReport.self) {
                (event) throws(CommandFailure) in
                if output.json {
                    try output.print(json: event, pretty: false)
                } else {
                    try output.line(EventText.line(event, output))
                }
                left -= 1
                return left > 0
            }
            return .ok
        })
}

/// `phonewire deliveries …`.
enum DeliveriesCommands {
    static let specs = [list, show]

    private static let list = CommandSpec(
        "deliveries list", "deliveries, newest first",
        options: ListOptions.specs + [
            .value("webhook", "NAME", "only to this webhook"),
            .value(
                "status", "STATUS", "only those that are so",
                choices: ["pending", "delivered", "dead", "removed"]),
        ],
        examples: [("deliveries --status dead", "what was given up")], isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let invocation = context.invocation
            let query = DeliveryQuery(
                webhook: invocation.value("webhook"), state: invocation.value("status"),
                before: try ListOptions.before(invocation), limit: try ListOptions.limit(invocation))
            let report = try context.connect().call(.deliveries(query), as: DeliveryList.self)
            let output = context.output
            if output.json {
                try output.print(json: report)
            } else if report.deliveries.isEmpty {
                output.message("no deliveries")
            } else {
                try output.lines(DeliveryText.table(report.deliveries, output).lines(output))
                ListOptions.sayMore(report.more, last: report.deliveries.last?.id, output)
            }
            return .ok
        })

    private static let show = CommandSpec(
        "deliveries show", "one delivery with every attempt and the stored body",
        positionals: [PositionalSpec("ID", "the delivery's id")],
        action: .plain { (context) throws(CommandFailure) in
            let id = NumberArgument(id: try context.invocation.identifier(0))
            let report = try context.connect().call(.delivery(id), as: DeliveryReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.lines(DeliveryText.lines(report, context.output))
            }
            return .ok
        })
}
