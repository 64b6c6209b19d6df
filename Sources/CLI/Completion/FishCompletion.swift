/// A completion script for fish, made from the command table.
///
/// Unverified: written by fish's manual, never run in a fish.
enum FishCompletion {
    /// The script.
    static func lines(_ table: [CommandSpec]) -> [String] {
        var lines = [
            "# fish completion for phonewire, made by \"phonewire completion fish\"",
            "complete -c phonewire -f",
        ]
        lines += GlobalOptions.specs.map { option($0, condition: nil) }
        for (beginning, next) in ShellWords.followers(table) {
            for word in next {
                let path = beginning + [word]
                let summary =
                    table.first { $0.path == path }?.summary
                    ?? CommandTable.groups.first { $0.name == path.joined(separator: " ") }?.summary ?? ""
                lines.append(
                    "complete -c phonewire -n \(condition(beginning, among: siblings(beginning, table))) -a \(word)"
                        + " -d \(quoted(summary))")
            }
        }
        for command in table {
            let condition = condition(command.path, among: [])
            lines += command.options.map { option($0, condition: condition) }
            for choice in command.positionals.first?.choices ?? [] {
                lines.append("complete -c phonewire -n \(condition) -a \(choice)")
            }
        }
        return lines
    }

    private static func siblings(_ beginning: [String], _ table: [CommandSpec]) -> [String] {
        ShellWords.followers(table).first { $0.0 == beginning }?.1 ?? []
    }

    private static func condition(_ words: [String], among next: [String]) -> String {
        var tests = words.map { "__fish_seen_subcommand_from \($0)" }
        if words.isEmpty { tests.append("__fish_use_subcommand") }
        if !words.isEmpty, !next.isEmpty {
            tests.append("not __fish_seen_subcommand_from " + next.joined(separator: " "))
        }
        return quoted(tests.joined(separator: "; and "))
    }

    private static func option(_ option: OptionSpec, condition: String?) -> String {
        var line = "complete -c phonewire" + (condition.map { " -n " + $0 } ?? "") + " -l \(option.name)"
        if option.value != nil {
            switch option.kind {
            case .file: line += " -r -F"
            case .folder: line += " -x -a '(__fish_complete_directories)'"
            case .text:
                line +=
                    " -x"
                    + (option.choices.isEmpty ? "" : " -a " + quoted(option.choices.joined(separator: " ")))
            }
        }
        return line + " -d " + quoted(option.summary)
    }

    private static func quoted(_ text: String) -> String {
        var out = "'"
        for character in text {
            if character == "'" || character == "\\" { out += "\\" }
            out.append(character)
        }
        return out + "'"
    }
}
