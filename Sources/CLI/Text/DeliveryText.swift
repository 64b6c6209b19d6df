import Control
import Daemon

/// Deliveries as text.
enum DeliveryText {
    static func table(_ deliveries: [DeliveryReport], _ output: Output) -> Table {
        var table = Table(
            ["ID", "EVENT", "WEBHOOK", "STATE", "CREATED", "ATTEMPTS", "NEXT", "LAST RESULT"],
            right: [0, 1, 5])
        for delivery in deliveries {
            table.add([
                .init(String(delivery.id), .bold), .init(String(delivery.event)),
                .init(Output.clean(delivery.webhook)),
                .init(Output.clean(delivery.state), style(delivery.state)),
                .init(output.localTime(delivery.createdAt)), .init(String(delivery.attemptsMade)),
                .init(delivery.nextAttemptAt.map { output.localTime($0) } ?? ""),
                .init(Output.clean(delivery.deadReason ?? delivery.lastResult ?? "", limit: 80)),
            ])
        }
        return table
    }

    /// One delivery with its attempts and its body.
    static func lines(_ delivery: DeliveryReport, _ output: Output) -> [String] {
        let state = delivery.deadReason.map { delivery.state + ": " + $0 } ?? delivery.state
        var lines = [
            output.styled("delivery \(delivery.id)", .bold) + " of event \(delivery.event) to "
                + output.styled(Output.clean(delivery.webhook), .bold) + ": "
                + output.styled(Output.clean(state), style(delivery.state) ?? .bold)
        ]
        if let next = delivery.nextAttemptAt { lines.append("  next attempt " + output.localTime(next)) }
        for attempt in delivery.attempts {
            let result =
                attempt.error.map { Output.clean($0) } ?? attempt.status.map(String.init) ?? "no answer"
            lines.append(
                "  attempt \(attempt.number)  " + output.localTime(attempt.startedAt) + "  "
                    + Quantity.duration(microseconds: attempt.durationMicroseconds) + "  " + result)
            if let reply = attempt.reply, !reply.isEmpty {
                lines.append("      " + Output.clean(reply, limit: 200))
            }
        }
        if let body = delivery.body { lines += ["  body (secret left out):"] + WebhookText.lines(body) }
        return lines
    }

    private static func style(_ state: String) -> Output.Style? {
        switch state {
        case "delivered": .green
        case "dead": .red
        case "pending": .yellow
        default: nil
        }
    }
}
