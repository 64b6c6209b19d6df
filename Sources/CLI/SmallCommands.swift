import Control

/// `phonewire version`.
enum VersionCommand {
    static let spec = CommandSpec(
        "version", "print the version of this program",
        action: .plain { (context) throws(CommandFailure) in
            try run(context.output)
            return .ok
        })

    private struct Report: Encodable { let version = ProductVersion.text }

    static func run(_ output: Output) throws(CommandFailure) {
        if output.json {
            try output.print(json: Report())
        } else {
            try output.line("phonewire \(ProductVersion.text)")
        }
    }
}

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

/// `phonewire completion`.
enum CompletionCommand {
    static let spec = CommandSpec(
        "completion", "print a completion script for a shell",
        positionals: [PositionalSpec("SHELL", "bash, zsh or fish", choices: ["bash", "zsh", "fish"])],
        examples: [
            (
                "completion bash > ~/.local/share/bash-completion/completions/phonewire",
                "completes commands and options in new bash sessions"
            )
        ], json: false,
        action: .plain { (context) throws(CommandFailure) in
            switch try context.invocation.required(0) {
            case "bash": try context.output.lines(BashCompletion.lines(CommandTable.all))
            case "zsh": try context.output.lines(ZshCompletion.lines(CommandTable.all))
            default: try context.output.lines(FishCompletion.lines(CommandTable.all))
            }
            return .ok
        })
}
