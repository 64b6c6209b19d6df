/// `phonewire help`.
enum HelpCommand {
    static let spec = CommandSpec(
        "help", "print help on a command",
        positionals: [
            PositionalSpec("COMMAND", "the command's first word", required: false),
            PositionalSpec("WORD", "its second word", required: false),
        ],
        options: [.flag("markdown", "print the table of commands as Markdown")],
        json: false,
        action: .plain { (context) throws(CommandFailure) in
            if context.invocation.flag("markdown") {
                try context.output.lines(HelpText.markdown())
                return .ok
            }
            let words = context.invocation.positionals
            guard !CommandTable.commands(below: words).isEmpty else {
                throw .usage(
                    "there is no command \"\(words.joined(separator: " "))\"", hint: "see \"phonewire help\"")
            }
            try context.output.lines(HelpText.lines(words, context.output))
            return .ok
        })
}
