/// A completion script for bash, made from the command table.
enum BashCompletion {
    /// The script.
    static func lines(_ table: [CommandSpec]) -> [String] {
        let globals = GlobalOptions.specs.map { "--" + $0.name }.joined(separator: " ")
        var lines = [
            "# bash completion for phonewire, made by \"phonewire completion bash\"",
            "_phonewire() {",
            "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}",
            "    local words=() word index",
            "    for ((index = 1; index < COMP_CWORD; index++)); do",
            "        word=${COMP_WORDS[index]}",
            "        case $word in",
            "            \(valueReplies(table).map(\.0).joined(separator: "|"))) ((index++)) ;;",
            "            -*) ;;",
            "            *) words+=(\"$word\") ;;",
            "        esac",
            "    done",
            "    case $previous in",
        ]
        for (options, reply) in valueReplies(table) {
            lines.append("        \(options)) \(reply); return ;;")
        }
        lines += ["    esac", "    case \"${words[*]}\" in"]
        for (words, next) in ShellWords.followers(table) {
            let pattern = words.isEmpty ? "\"\"" : "\"" + words.joined(separator: " ") + "\""
            var choices = next
            if let command = table.first(where: { $0.path == words }) {
                choices += command.options.map { "--" + $0.name } + (command.positionals.first?.choices ?? [])
            } else if let list = table.first(where: { $0.isDefault && Array($0.path.dropLast()) == words }) {
                choices += list.options.map { "--" + $0.name }
            }
            let all = (choices + [globals]).joined(separator: " ")
            lines.append("        \(pattern)) COMPREPLY=($(compgen -W '\(all)' -- \"$current\")); return ;;")
        }
        for command in table where !command.options.isEmpty || !command.positionals.isEmpty {
            let all = (command.options.map { "--" + $0.name } + [globals]).joined(separator: " ")
            let pattern = "\"" + command.name + " \"*"
            lines.append("        \(pattern)) COMPREPLY=($(compgen -W '\(all)' -- \"$current\")); return ;;")
        }
        return lines + ["    esac", "}", "complete -F _phonewire phonewire"]
    }

    /// What may follow options that have a value, as `case` patterns; one pattern an option name.
    private static func valueReplies(_ table: [CommandSpec]) -> [(String, String)] {
        var seen: Set<String> = []
        var replies: [(String, String)] = []
        for option in table.flatMap(\.options) + GlobalOptions.specs where option.value != nil {
            guard seen.insert(option.name).inserted else { continue }
            let reply =
                switch option.kind {
                case .file: "COMPREPLY=($(compgen -f -- \"$current\"))"
                case .folder: "COMPREPLY=($(compgen -d -- \"$current\"))"
                case .text:
                    "COMPREPLY=($(compgen -W '\(option.choices.joined(separator: " "))' -- \"$current\"))"
                }
            replies.append(("--" + option.name, reply))
        }
        return replies
    }
}

/// What may follow which words, for the shells.
enum ShellWords {
    /// Every beginning of a command with the words that can come next; commands without followers too.
    static func followers(_ table: [CommandSpec]) -> [([String], [String])] {
        var result: [([String], [String])] = []
        for command in table {
            for length in 0...command.path.count {
                let beginning = Array(command.path.prefix(length))
                let next = length < command.path.count ? [command.path[length]] : []
                if let index = result.firstIndex(where: { $0.0 == beginning }) {
                    for word in next where !result[index].1.contains(word) { result[index].1.append(word) }
                } else {
                    result.append((beginning, next))
                }
            }
        }
        return result
    }
}
