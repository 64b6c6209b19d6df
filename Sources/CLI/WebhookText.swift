import Control

/// Webhooks as text.
enum WebhookText {
    static func table(_ webhooks: [WebhookReport], now: Timestamp?, _ output: Output) -> Table {
        var table = Table(
            [
                "NAME", "STATE", "PENDING", "DELIVERED", "DEAD", "OLDEST", "NEXT ATTEMPT", "APPS", "URL",
                "LAST ERROR",
            ],
            right: [2, 3, 4])
        for webhook in webhooks {
            let (state, style) = state(of: webhook)
            let oldest = webhook.oldestPendingAt.flatMap { moment in
                now.map { Quantity.duration(milliseconds: $0.milliseconds - moment.milliseconds) }
            }
            table.add([
                .init(Output.clean(webhook.name), .bold), .init(state, style), .init(String(webhook.pending)),
                .init(String(webhook.delivered)), .init(String(webhook.dead), webhook.dead > 0 ? .red : nil),
                .init(oldest ?? ""), .init(webhook.nextAttemptAt.map { output.localTime($0) } ?? ""),
                .init(Output.clean(apps(webhook), limit: 40)), .init(Output.clean(webhook.url, limit: 60)),
                .init(Output.clean(trouble(webhook), limit: 80)),
            ])
        }
        return table
    }

    /// All about one webhook.
    static func lines(_ webhook: WebhookReport, _ output: Output) -> [String] {
        Fields.lines(
            [
                ("name", webhook.name), ("url", webhook.url), ("format", webhook.format),
                ("events", webhook.events.joined(separator: ", ")), ("packages", packages(webhook)),
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

    /// A sample request, indented.
    static func lines(_ sample: SampleRequest) -> [String] {
        ["  Content-Type: " + Output.clean(sample.contentType), ""]
            + sample.body.split(separator: "\n", omittingEmptySubsequences: false).map {
                "  " + Output.clean(String($0), limit: 4000)
            }
    }

    /// Whose notifications it gets, in short; empty when it gets none.
    private static func apps(_ webhook: WebhookReport) -> String {
        if !webhook.events.contains("notification") { return "" }
        switch webhook.packages.count {
        case 0: return "all"
        case 1: return webhook.packages[0]
        default: return "\(webhook.packages.count) apps"
        }
    }

    /// Whose notifications it gets; empty when it gets none.
    private static func packages(_ webhook: WebhookReport) -> String {
        if !webhook.events.contains("notification") { return "" }
        return webhook.packages.isEmpty ? "all apps" : webhook.packages.joined(separator: ", ")
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
