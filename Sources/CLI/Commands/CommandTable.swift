/// Every command there is: help, completion, the parser and the README are made from it.
package enum CommandTable {
    /// The nouns with what they are about, in the order in which help shows them.
    static let groups: [(name: String, summary: String)] = [
        ("devices", "phones"),
        ("sims", "SIM cards"),
        ("webhooks", "destinations"),
        ("events", "what happened on the phones"),
        ("deliveries", "one event to one webhook"),
        ("ussd", "codes that ask the network, such as *143#"),
    ]

    /// All commands, in the order in which help shows them.
    package static let all: [CommandSpec] =
        [DemoCommand.spec, RunCommand.spec, StatusCommand.spec, DoctorCommand.spec] + DevicesCommands.specs
        + SIMsCommands.specs
        + WebhooksCommands.specs + EventsCommands.specs + DeliveriesCommands.specs
        + USSDCommands.specs + [
            ListenCommand.spec, CompletionCommand.spec, VersionCommand.spec, HelpCommand.spec,
        ]

    /// The commands of a noun, or of all when `words` is empty.
    static func commands(below words: [String]) -> [CommandSpec] {
        all.filter { $0.path.starts(with: words) }
    }
}
