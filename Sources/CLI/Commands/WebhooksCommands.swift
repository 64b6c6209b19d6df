import Control
import Daemon
import Delivery
import Events

/// `phonewire webhooks …`.
enum WebhooksCommands {
    static let specs = [list, add, show, remove, test, enable, disable]

    private static let webhook = PositionalSpec("NAME", "the webhook's name")

    private static let list = CommandSpec(
        "webhooks list", "the webhooks and how they fare", isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(ListWebhooks())
            return try context.show(
                report, whenEmpty: "no webhook yet: \"phonewire webhooks add NAME URL\""
            ) { WebhookText.table(report.webhooks, now: nil, $0).lines($0) }
        })

    private static let add = CommandSpec(
        "webhooks add", "forward events to a URL",
        details: Filter.fields.flatMap(\.details) + [
            "Formats: " + BodyFormat.all.map { "\($0.name), \($0.summary)" }.joined(separator: "; ") + ".",
            "The secret never stands on the command line, where every user of the computer could read it: it comes "
                + "from a file or from standard input (one line).",
        ],
        positionals: [
            PositionalSpec("NAME", "your name for it: " + NameRule.words),
            PositionalSpec("URL", "http or https"),
        ],
        options: [
            .value("format", "FORMAT", "layout of the body", choices: BodyFormat.all.map(\.name))
        ] + Filter.fields.map { .value($0.name, $0.placeholder, $0.summary) } + [
            .value("secret-file", "FILE", "the secret is the first line of this file", kind: .file),
            .flag("secret-stdin", "the secret is the first line of standard input"),
        ],
        examples: [
            (
                "webhooks add home https://example.org/hook --secret-file secret.txt",
                "forwards SMS and the rest"
            ),
            (
                "webhooks add n8n http://127.0.0.1:5678/webhook/sms --format smsnotif-json --events sms",
                "SMS as JSON"
            ),
            (
                "webhooks add bank https://example.org/bank --events notification --packages com.example.bank",
                "the notifications of one app"
            ),
        ],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(AddWebhook(try settings(context.invocation)))
            try context.show(report) { _ in WebhookText.lines(report) }
            if !context.output.json {
                for warning in report.warnings { context.output.message("note: " + Output.clean(warning)) }
            }
            return .ok
        })

    private static let show = CommandSpec(
        "webhooks show", "all about one webhook", positionals: [webhook],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(ShowWebhook(name: try context.invocation.required(0)))
            return try context.show(report) { WebhookText.lines(report, $0) }
        })

    private static let remove = CommandSpec(
        "webhooks remove", "remove a webhook; what is still pending for it ends",
        details: ["With deliveries still pending it asks for --yes: they would never be delivered."],
        positionals: [webhook], options: [.flag("yes", "give up its pending deliveries")],
        action: .plain { (context) throws(CommandFailure) in
            let name = try context.invocation.required(0)
            let client = try context.connect()
            let now = try client.call(ShowWebhook(name: name))
            if now.pending > 0, !context.invocation.flag("yes") {
                throw .failed(
                    .refused, message: "webhook \(now.name) has \(now.pending) pending deliveries",
                    hint: "they end undelivered if you say --yes")
            }
            let report = try client.call(RemoveWebhook(name: name))
            return try context.show(report) { _ in
                ["webhook \(Output.clean(report.name)) removed; \(report.pending) pending deliveries ended"]
            }
        })

    private static let test = CommandSpec(
        "webhooks test", "send a webhook one sample event now",
        details: [
            "The sample has the id 0, which no event has, and goes out once, with the webhook's secret. A receiver may "
                + "answer 200 and still throw it away: look at its reply, which is printed."
        ],
        positionals: [webhook],
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.call(TestWebhook(name: try context.invocation.required(0)))
            try context.show(report) { WebhookText.lines(report, $0) }
            return report.delivered ? .ok : .failed
        })

    private static let enable = switching(
        "webhooks enable", "switch a webhook on again, or end its pause", enabled: true)
    private static let disable = switching(
        "webhooks disable", "switch a webhook off: no deliveries are made for it", enabled: false)

    private static func switching(_ path: String, _ summary: String, enabled: Bool) -> CommandSpec {
        CommandSpec(
            path, summary, positionals: [webhook],
            action: .plain { (context) throws(CommandFailure) in
                let name = try context.invocation.required(0)
                let report = try context.call(SwitchWebhook(name: name, enabled: enabled))
                return try context.show(report) { _ in
                    ["webhook \(Output.clean(report.name)) is \(report.enabled ? "enabled" : "disabled")"]
                }
            })
    }

    /// What the command line says about a new webhook.
    private static func settings(_ invocation: Invocation) throws(CommandFailure) -> WebhookSettings {
        let name = try invocation.required(0)
        let secret = Secret(try SecretInput.read(invocation))
        do throws(SettingsRefusal) {
            var filter = Filter()
            for field in Filter.fields {
                if let text = invocation.value(field.name) { try field.set(text, &filter) }
            }
            return try WebhookSettings(
                name: name, url: invocation.positional(1) ?? "",
                format: invocation.value("format") ?? BodyFormat.all[0].name,
                filter: filter, secret: secret)
        } catch {
            throw CommandFailure(error, adding: name)
        }
    }
}
