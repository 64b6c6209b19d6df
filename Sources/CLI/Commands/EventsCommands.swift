import Control
import Daemon
import Events

/// `phonewire events …`.
enum EventsCommands {
    static let specs = [list, show, tail]

    private static let filters: [OptionSpec] = [
        .value("device", "PHONE", "only this phone, by name, id or serial"),
        .value("type", "KIND", "only this kind", choices: EventKind.all.map(\.rawValue)),
    ]

    private static let list = CommandSpec(
        "events list", "recorded events, newest first", options: ListOptions.specs + filters,
        examples: [("events --type sms --limit 10", "the last ten SMS")], isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let invocation = context.invocation
            let report = try context.call(
                ListEvents(
                    before: try ListOptions.before(invocation), limit: try ListOptions.limit(invocation),
                    device: invocation.value("device"), type: invocation.value("type")))
            try context.show(report, whenEmpty: "no events") { output in
                EventText.table(report.events, output).lines(output)
            }
            ListOptions.sayMore(report.more, last: report.events.last?.id, context.output)
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
            let report = try context.call(ShowEvent(id: try context.invocation.identifier(0)))
            return try context.show(report) { StoryText.lines(report, $0) }
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
            let tail = TailEvents(
                last: try invocation.number("last", in: 0...ControlLimits.listRowsMax, standard: 10),
                device: invocation.value("device"), type: invocation.value("type"))
            var left = try invocation.number("count", in: 1...Int.max, standard: Int.max)
            let output = context.output
            try context.connect().follow(tail) { (event) throws(CommandFailure) in
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
