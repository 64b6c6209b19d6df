import Control
import Daemon

/// `phonewire deliveries …`.
enum DeliveriesCommands {
    static let specs = [list, show]

    private static let list = CommandSpec(
        "deliveries list", "deliveries, newest first",
        options: ListOptions.specs + [
            .value("webhook", "NAME", "only to this webhook"),
            .value(
                "status", "STATUS", "only those that are so",
                choices: ListDeliveries.states),
        ],
        examples: [("deliveries --status dead", "what was given up")], isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let invocation = context.invocation
            let report = try context.call(
                ListDeliveries(
                    webhook: invocation.value("webhook"), state: invocation.value("status"),
                    before: try ListOptions.before(invocation), limit: try ListOptions.limit(invocation)))
            try context.show(report, whenEmpty: "no deliveries") { output in
                DeliveryText.table(report.deliveries, output).lines(output)
            }
            ListOptions.sayMore(report.more, last: report.deliveries.last?.id, context.output)
            return .ok
        })

    private static let show = CommandSpec(
        "deliveries show", "one delivery with every attempt and the stored body",
        positionals: [PositionalSpec("ID", "the delivery's id")],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(ShowDelivery(id: try context.invocation.identifier(0)))
            return try context.show(report) { DeliveryText.lines(report, $0) }
        })
}
