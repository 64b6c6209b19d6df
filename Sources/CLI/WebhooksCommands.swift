import Control

/// `phonewire webhooks …`.
enum WebhooksCommands {
    static let specs = [list, add, show, remove, test, enable, disable]

    /// The words for kinds of events, as the daemon knows them.
    static let kinds = ["sms", "mms", "ussd", "notification", "whatsapp", "device", "sim", "ping"]

    private static let webhook = PositionalSpec("NAME", "the webhook's name")

    private static let list = CommandSpec(
        "webhooks list", "the webhooks and how they fare", isDefault: true,
        action: .plain { (context) throws(CommandFailure) in
            let report = try context.connect().call(.webhooks, as: WebhookList.self)
            let output = context.output
            if output.json {
                try output.print(json: report)
            } else if report.webhooks.isEmpty {
                output.message("no webhook yet: \"phonewire webhooks add NAME URL\"")
            } else {
                try output.lines(WebhookText.table(report.webhooks, now: nil, output).lines(output))
            }
            return .ok
        })

    private static let add = CommandSpec(
        "webhooks add", "forward events to a URL",
        details: [
            "Without --events it gets sms, whatsapp, ussd and notification. Events from now on are forwarded, older "
                + "ones are not.",
            "With --packages it takes app notifications of the apps named alone, such as com.example.bank; at most 64 of "
                + "them, 255 bytes each. What else it takes (sms, whatsapp, …) is not touched by it.",
            "The secret never stands on the command line, where every user of the computer could read it: it comes "
                + "from a file or from standard input (one line).",
        ],
        positionals: [
            PositionalSpec("NAME", "your name for it: 1 to 64 of A-Z a-z 0-9 . _ -"),
            PositionalSpec("URL", "http or https"),
        ],
        options: [
            .value("format", "FORMAT", "layout of the body", choices: ["smsnotif", "smsnotif-json"]),
            .value("events", "KIND,…", "what it gets, with commas between: " + kinds.joined(separator: " ")),
            .value("packages", "APP,…", "take notifications of these apps only, by package name"),
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
            let invocation = context.invocation
            let events = try eventKinds(invocation.value("events"))
            let arguments = AddWebhookArguments(
                name: try invocation.required(0), url: try invocation.required(1),
                format: invocation.value("format") ?? "smsnotif", events: events,
                packages: try packages(invocation.value("packages"), events: events),
                secret: try SecretInput.read(invocation))
            let report = try context.connect().call(.addWebhook(arguments), as: WebhookAdded.self)
            let output = context.output
            if output.json {
                try output.print(json: report)
                return .ok
            }
            var lines = [
                "webhook \(Output.clean(report.webhook.name)) added; it will get requests like this:", "",
            ]
            lines += ["  POST " + Output.clean(report.webhook.url)] + WebhookText.lines(report.sample)
            if !report.webhook.packages.isEmpty {
                let apps = report.webhook.packages.map { Output.clean($0) }.joined(separator: ", ")
                lines += ["", "it takes notifications of these apps only: " + apps]
            }
            lines += ["", "try it: phonewire webhooks test \(Output.clean(report.webhook.name))"]
            try output.lines(lines)
            for warning in report.warnings { output.message("note: " + Output.clean(warning)) }
            return .ok
        })

    private static let show = CommandSpec(
        "webhooks show", "all about one webhook", positionals: [webhook],
        action: .plain { (context) throws(CommandFailure) in
            let name = NameArgument(name: try context.invocation.required(0))
            let report = try context.connect().call(.webhook(name), as: WebhookReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.lines(WebhookText.lines(report, context.output))
            }
            return .ok
        })

    private static let remove = CommandSpec(
        "webhooks remove", "take a webhook away; what is still pending for it ends",
        details: ["With deliveries still pending it asks for --yes: they would never be delivered."],
        positionals: [webhook], options: [.flag("yes", "give up its pending deliveries")],
        action: .plain { (context) throws(CommandFailure) in
            let name = NameArgument(name: try context.invocation.required(0))
            let client = try context.connect()
            let now = try client.call(.webhook(name), as: WebhookReport.self)
            if now.pending > 0, !context.invocation.flag("yes") {
                throw .failed(
                    .refused, message: "webhook \(now.name) has \(now.pending) pending deliveries",
                    hint: "they end undelivered if you say --yes")
            }
            let report = try client.call(.removeWebhook(name), as: WebhookReport.self)
            if context.output.json {
                try context.output.print(json: report)
            } else {
                try context.output.line(
                    "webhook \(Output.clean(report.name)) removed; \(report.pending) pending deliveries ended"
                )
            }
            return .ok
        })

    private static let test = CommandSpec(
        "webhooks test", "send a webhook one sample event now",
        details: [
            "The sample has the id 0, which no event has, and goes out once, with the webhook's secret. A receiver may "
                + "answer 200 and still throw it away: look at its reply, which is printed."
        ],
        positionals: [webhook],
        action: .plain { (context) throws(CommandFailure) in
            let name = NameArgument(name: try context.invocation.required(0))
            let report = try context.connect().call(.testWebhook(name), as: WebhookTestReport.self)
            let output = context.output
            if output.json {
                try output.print(json: report)
                return report.delivered ? .ok : .failed
            }
            var lines = ["  POST " + Output.clean(report.url)] + WebhookText.lines(report.sample) + [""]
            let time = Quantity.duration(microseconds: report.durationMicroseconds)
            let answer = report.status.map { "answered \($0) in \(time)" } ?? "no answer after \(time)"
            lines.append(
                report.delivered
                    ? output.styled(answer, .green)
                    : output.styled(answer, .red) + (report.error.map { ": " + Output.clean($0) } ?? ""))
            if let reply = report.reply, !reply.isEmpty { lines.append("  " + Output.clean(reply)) }
            try output.lines(lines)
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
                let report = try context.connect().call(
                    .enableWebhook(EnableArguments(name: name, enabled: enabled)), as: WebhookReport.self)
                if context.output.json {
                    try context.output.print(json: report)
                } else {
                    let word = report.enabled ? "enabled" : "disabled"
                    try context.output.line("webhook \(Output.clean(report.name)) is \(word)")
                }
                return .ok
            })
    }

    private static func eventKinds(_ text: String?) throws(CommandFailure) -> [String]? {
        guard let text else { return nil }
        let words = text.split(separator: ",").map(String.init)
        guard !words.isEmpty else { throw .usage("--events needs at least one kind") }
        for word in words where !kinds.contains(word) {
            let near = Suggestion.nearest(to: word, in: kinds).map { "did you mean \($0)?" }
            throw .usage(
                "--events: unknown kind \"\(word)\"",
                hint: near ?? "there are: " + kinds.joined(separator: ", "))
        }
        return words
    }

    private static func packages(_ text: String?, events: [String]?) throws(CommandFailure) -> [String]? {
        guard let text else { return nil }
        let names = text.split(separator: ",").map(String.init)
        guard !names.isEmpty else {
            throw .usage(
                "--packages needs at least one name", hint: "leave it out to take every app's notifications")
        }
        if let events, !events.contains("notification") {
            throw .usage(
                "--packages is about notifications, and --events leaves those out",
                hint: "say --events \((events + ["notification"]).joined(separator: ",")), or no --packages")
        }
        return names
    }
}
