/// Help, made from the command table.
enum HelpText {
    /// Help on `words`: a command, a noun, or everything.
    static func lines(_ words: [String], _ output: Output) -> [String] {
        if let command = CommandTable.all.first(where: { $0.path == words }) { return lines(command, output) }
        if !words.isEmpty { return group(words, output) }
        var lines = [
            "phonewire forwards what arrives on Android phones to webhooks.", "",
            output.styled("usage:", .bold) + " phonewire COMMAND [options]", "",
            output.styled("commands:", .bold),
        ]
        lines += aligned(CommandTable.all.map { ($0.name, $0.summary) })
        lines += ["", output.styled("options of every command:", .bold)]
        lines += aligned(GlobalOptions.specs.map { (title($0), $0.summary) })
        lines += ["", output.styled("exit codes:", .bold)]
        lines += aligned(ExitCode.allCases.map { (String($0.rawValue), $0.meaning) })
        lines += [
            "", "\"phonewire COMMAND --help\" says more; \"phonewire doctor\" finds out what is wrong.",
        ]
        return lines
    }

    private static func group(_ words: [String], _ output: Output) -> [String] {
        let name = words.joined(separator: " ")
        let about = CommandTable.groups.first { $0.name == name }?.summary ?? ""
        var lines = ["phonewire \(name): \(about)", "", output.styled("commands:", .bold)]
        lines += aligned(CommandTable.commands(below: words).map { ($0.name, $0.summary) })
        if CommandTable.commands(below: words).contains(where: \.isDefault) {
            lines += ["", "\"phonewire \(name)\" alone means \"phonewire \(name) list\"."]
        }
        return lines
    }

    private static func lines(_ command: CommandSpec, _ output: Output) -> [String] {
        var lines = ["phonewire \(command.name): \(command.summary)", ""]
        if !command.examples.isEmpty {
            lines.append(output.styled("examples:", .bold))
            for example in command.examples {
                lines.append("  phonewire \(example.line)")
                lines.append("      " + example.does)
            }
            lines.append("")
        }
        lines.append(output.styled("usage:", .bold) + " " + command.usage)
        if !command.positionals.isEmpty {
            lines.append("")
            lines += aligned(command.positionals.map { ($0.name, $0.summary) })
        }
        if !command.options.isEmpty {
            lines += ["", output.styled("options:", .bold)]
            lines += aligned(command.options.map { (title($0), summary($0)) })
        }
        for detail in command.details { lines += ["", detail] }
        lines += [
            "",
            "Options of every command: --socket PATH, --state FOLDER, " + (command.json ? "--json, " : "")
                + "--no-color, --help.",
        ]
        return lines
    }

    /// The commands as a Markdown table.
    static func markdown() -> [String] {
        ["| command | what it does |", "|---|---|"]
            + CommandTable.all.map { command in
                "| `\(command.usage)` | \(command.summary) |"
            }
    }

    private static func title(_ option: OptionSpec) -> String {
        "--" + option.name + (option.value.map { " " + $0 } ?? "")
    }

    private static func summary(_ option: OptionSpec) -> String {
        option.choices.isEmpty
            ? option.summary : option.summary + ": " + option.choices.joined(separator: ", ")
    }

    private static func aligned(_ rows: [(String, String)]) -> [String] {
        let width = min(rows.map { $0.0.count }.max() ?? 0, 28)
        return rows.map { left, right in
            "  " + left + String(repeating: " ", count: max(width - left.count, 0) + 2) + right
        }
    }
}
