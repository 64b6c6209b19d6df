import Control
import Daemon
import Delivery

/// Webhooks as text.
enum WebhookText {
    static func table(_ webhooks: [WebhookReport], now: Timestamp?, _ output: Output) -> Table {
        let columns = Filter.fields.compactMap(\.column)
        var table = Table(
            ["NAME", "STATE", "PENDING", "DELIVERED", "DEAD", "OLDEST", "NEXT ATTEMPT"]
                + columns.map(\.title) + ["URL", "LAST ERROR"],
            right: [2, 3, 4])
        for webhook in webhooks {
            let (state, style) = state(of: webhook)
            let oldest = webhook.oldestPendingAt.flatMap { moment in
                now.map { Quantity.duration(milliseconds: $0.milliseconds - moment.milliseconds) }
            }
            let fares: [Table.Cell] = [
                .init(Output.clean(webhook.name), .bold), .init(state, style), .init(String(webhook.pending)),
                .init(String(webhook.delivered)), .init(String(webhook.dead), webhook.dead > 0 ? .red : nil),
                .init(oldest ?? ""), .init(webhook.nextAttemptAt.map { output.localTime($0) } ?? ""),
            ]
            let filter = columns.map { Table.Cell(Output.clean($0.show(webhook.filter), limit: 40)) }
            let receiver: [Table.Cell] = [
                .init(Output.clean(webhook.url, limit: 60)), .init(Output.clean(trouble(webhook), limit: 80)),
            ]
            table.add(fares + filter + receiver)
        }
        return table
    }

    /// All about one webhook.
    static func lines(_ webhook: WebhookReport, _ output: Output) -> [String] {
        Fields.lines(
            [
                ("name", webhook.name), ("url", webhook.url), ("format", webhook.format),
            ] + Filter.fields.map { ($0.name, $0.show(webhook.filter)) } + [
                ("secret", webhook.secretSet ? "set" : "none"),
                ("state", state(of: webhook).0 + (webhook.pausedReason.map { ": " + $0 } ?? "")),
                ("added", output.localTime(webhook.createdAt)), ("pending", String(webhook.pending)),
                ("delivered", String(webhook.delivered)), ("dead", String(webhook.dead)),
                ("oldest pending", webhook.oldestPendingAt.map { output.localTime($0) } ?? ""),
                ("last error", webhook.lastError ?? ""),
                ("next attempt", webhook.nextAttemptAt.map { output.localTime($0) } ?? ""),
                ("what to do", advice(webhook)),
            ], output)
    }

    /// A webhook that was just added.
    static func lines(_ added: WebhookAdded) -> [String] {
        let webhook = added.webhook
        let name = Output.clean(webhook.name)
        var lines = ["webhook \(name) added; it will get requests like this:", ""]
        lines += ["  POST " + Output.clean(webhook.url)] + self.lines(added.sample)
        let remarks = Filter.fields.map { $0.remark(webhook.filter) }.filter { !$0.isEmpty }
        if !remarks.isEmpty { lines += [""] + remarks.map { Output.clean($0, limit: 4000) } }
        return lines + ["", "try it: phonewire webhooks test \(name)"]
    }

    /// What came of a test.
    static func lines(_ test: WebhookTestReport, _ output: Output) -> [String] {
        let time = Quantity.duration(microseconds: test.durationMicroseconds)
        let answer = test.status.map { "answered \($0) in \(time)" } ?? "no answer after \(time)"
        var lines = ["  POST " + Output.clean(test.url)] + self.lines(test.sample) + [""]
        lines.append(
            test.delivered
                ? output.styled(answer, .green)
                : output.styled(answer, .red) + (test.error.map { ": " + Output.clean($0) } ?? ""))
        if let reply = test.reply, !reply.isEmpty { lines.append("  " + Output.clean(reply)) }
        return lines
    }

    /// A sample request, indented.
    static func lines(_ sample: SampleRequest) -> [String] {
        let headers = (sample.headers ?? [:]).sorted { $0.key < $1.key }
        return ["  Content-Type: " + Output.clean(sample.contentType)]
            + headers.map { "  " + Output.clean($0.key) + ": " + Output.clean($0.value) } + [""]
            + sample.body.split(separator: "\n", omittingEmptySubsequences: false).map {
                "  " + Output.clean(String($0), limit: 4000)
            }
    }

    private static func trouble(_ webhook: WebhookReport) -> String {
        guard let reason = webhook.pausedReason else { return webhook.lastError ?? "" }
        guard let error = webhook.lastError, error != reason else { return reason }
        return reason + "; " + error
    }

    private static func advice(_ webhook: WebhookReport) -> String {
        if !webhook.enabled { return "" }
        if webhook.pausedReason != nil {
            return "set its receiver right, then \"phonewire webhooks enable \(webhook.name)\""
        }
        return webhook.lastError == nil
            ? "" : "\"phonewire webhooks test \(webhook.name)\" shows what its receiver answers"
    }

    private static func state(of webhook: WebhookReport) -> (String, Output.Style?) {
        if !webhook.enabled { return ("disabled", .dim) }
        if webhook.pausedReason != nil { return ("paused", .red) }
        return webhook.lastError == nil ? ("ok", .green) : ("failing", .yellow)
    }
}
