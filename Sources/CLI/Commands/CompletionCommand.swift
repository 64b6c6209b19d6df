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
