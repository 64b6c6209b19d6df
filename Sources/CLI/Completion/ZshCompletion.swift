/// A completion script for zsh, made from the command table.
///
/// Unverified: written by zsh's manual, never run in a zsh.
enum ZshCompletion {
    /// The script.
    static func lines(_ table: [CommandSpec]) -> [String] {
        var lines = [
            "#compdef phonewire",
            "# zsh completion for phonewire, made by \"phonewire completion zsh\"",
            "_phonewire() {",
            "    local -a plain choices",
            "    plain=(${${words[2,CURRENT-1]}:#-*})",
            "    case ${words[CURRENT-1]} in",
        ]
        var seen: Set<String> = []
        for option in table.flatMap(\.options) + GlobalOptions.specs where option.value != nil {
            guard seen.insert(option.name).inserted else { continue }
            let reply =
                switch option.kind {
                case .file: "_files"
                case .folder: "_files -/"
                case .text:
                    option.choices.isEmpty
                        ? "_message value" : "compadd -- \(option.choices.joined(separator: " "))"
                }
            lines.append("        --\(option.name)) \(reply); return ;;")
        }
        lines += ["    esac", "    case \"${plain[*]}\" in"]
        for (beginning, next) in ShellWords.followers(table) {
            lines.append("        '\(beginning.joined(separator: " "))')")
            lines += described(beginning, next, table)
            lines.append("            _describe phonewire choices; return ;;")
        }
        for command in table where !command.options.isEmpty || !command.positionals.isEmpty {
            lines.append("        '\(command.name) '*)")
            lines += described(command.path, [], table)
            lines.append("            _describe phonewire choices; return ;;")
        }
        return lines + ["    esac", "}", "_phonewire \"$@\""]
    }

    private static func described(
        _ beginning: [String], _ next: [String], _ table: [CommandSpec]
    ) -> [String] {
        var choices: [(String, String)] = next.map { word in
            let path = beginning + [word]
            let summary =
                table.first { $0.path == path }?.summary
                ?? CommandTable.groups.first { $0.name == path.joined(separator: " ") }?.summary ?? ""
            return (word, summary)
        }
        let command =
            table.first { $0.path == beginning }
            ?? table.first { $0.isDefault && Array($0.path.dropLast()) == beginning }
        choices += command?.positionals.first?.choices.map { ($0, "") } ?? []
        choices += ((command?.options ?? []) + GlobalOptions.specs).map { ("--" + $0.name, $0.summary) }
        let quoted = choices.map { "'\($0.0):\(escape($0.1))'" }
        return ["            choices=(" + quoted.joined(separator: " ") + ")"]
    }

    private static func escape(_ text: String) -> String {
        var out = ""
        for character in text {
            switch character {
            case "'": out += "'\\''"
            case ":": out += "\\:"
            default: out.append(character)
            }
        }
        return out
    }
}
