/// Turns words into an `Invocation`.
///
/// Options may stand anywhere after the command's words, global ones anywhere at all; `--name value` and
/// `--name=value` mean the same; `--` ends options; a noun alone means its list.
package struct ArgumentParser: Sendable {
    private let table: [CommandSpec]

    /// A parser for the commands of `table`.
    package init(table: [CommandSpec]) { self.table = table }

    private struct Progress {
        var words: [String] = []
        var command: CommandSpec?
        var global = GlobalOptions()
        var options: [String: [String]] = [:]
        var positionals: [String] = []
        var help = false
        var version = false
    }

    /// The meaning of `arguments`, the program's own name left out.
    package func parse(_ arguments: [String]) throws(CommandFailure) -> Invocation {
        var progress = Progress()
        var rest = arguments[...]
        var optionsEnded = false
        while let argument = rest.popFirst() {
            if !optionsEnded, argument == "--" {
                optionsEnded = true
            } else if !optionsEnded, argument.hasPrefix("-"), argument != "-" {
                try option(argument, rest: &rest, &progress)
            } else {
                try word(argument, &progress)
            }
        }
        return try finish(progress)
    }

    private func word(_ word: String, _ progress: inout Progress) throws(CommandFailure) {
        if let command = progress.command {
            guard progress.positionals.count < command.positionals.count else {
                if progress.help { return }
                throw .usage("\(command.name): unexpected \"\(word)\"", hint: "usage: \(command.usage)")
            }
            progress.positionals.append(word)
            return
        }
        let words = progress.words + [word]
        if let command = table.first(where: { $0.path == words }) {
            progress.command = command
        } else if !table.contains(where: { $0.path.starts(with: words) }) {
            throw unknown(word, after: progress.words)
        }
        progress.words = words
    }

    private func unknown(_ word: String, after words: [String]) -> CommandFailure {
        let candidates = table.filter { $0.path.starts(with: words) && $0.path.count > words.count }
            .map { $0.path[words.count] }
        let place = words.isEmpty ? "" : words.joined(separator: " ") + ": "
        let help = (["phonewire"] + words + ["--help"]).joined(separator: " ")
        if let near = Suggestion.nearest(to: word, in: candidates) {
            let line = (["phonewire"] + words + [near]).joined(separator: " ")
            return .usage("\(place)unknown command \"\(word)\"", hint: "did you mean \"\(line)\"?")
        }
        return .usage("\(place)unknown command \"\(word)\"", hint: "see \"\(help)\"")
    }

    private func option(
        _ argument: String, rest: inout ArraySlice<String>, _ progress: inout Progress
    ) throws(CommandFailure) {
        if argument == "-h" {
            progress.help = true
            return
        }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let inline = parts.count == 2 ? String(parts[1]) : nil
        let name = argument.hasPrefix("--") ? String(parts[0].dropFirst(2)) : ""
        if let spec = GlobalOptions.specs.first(where: { $0.name == name }) {
            try global(spec, try value(of: spec, inline: inline, rest: &rest), &progress)
            return
        }
        if progress.command == nil {
            progress.command = table.first { $0.isDefault && $0.path.dropLast() == progress.words[...] }
        }
        guard let spec = progress.command?.options.first(where: { $0.name == name }) else {
            if progress.help { return }
            throw unknownOption(String(parts[0]), progress.command)
        }
        let text = try value(of: spec, inline: inline, rest: &rest)
        if !spec.repeats, progress.options[name] != nil { throw .usage("--\(name) is given twice") }
        if !spec.choices.isEmpty, let text, !spec.choices.contains(text) {
            throw .usage("--\(name) \(text): not one of " + spec.choices.joined(separator: ", "))
        }
        progress.options[name, default: []].append(text ?? "")
    }

    private func value(
        of spec: OptionSpec, inline: String?, rest: inout ArraySlice<String>
    ) throws(CommandFailure) -> String? {
        guard let placeholder = spec.value else {
            if inline != nil { throw .usage("--\(spec.name) takes no value") }
            return nil
        }
        if let inline { return inline }
        guard let next = rest.popFirst() else {
            throw .usage("--\(spec.name) needs a value: --\(spec.name) \(placeholder)")
        }
        return next
    }

    private func global(
        _ spec: OptionSpec, _ value: String?, _ progress: inout Progress
    ) throws(CommandFailure) {
        switch spec.name {
        case "socket": progress.global.socket = try path(spec, value)
        case "state": progress.global.state = try path(spec, value)
        case "json": progress.global.json = true
        case "no-color": progress.global.noColor = true
        case "help": progress.help = true
        case "version": progress.version = true
        default: preconditionFailure("a global option that nobody reads: \(spec.name)")
        }
    }

    private func path(_ spec: OptionSpec, _ value: String?) throws(CommandFailure) -> String {
        guard let value, !value.isEmpty else { throw .usage("--\(spec.name) needs a path") }
        return value
    }

    private func unknownOption(_ option: String, _ command: CommandSpec?) -> CommandFailure {
        let known = ((command?.options ?? []) + GlobalOptions.specs).map { "--" + $0.name }
        let place = command.map { $0.name + ": " } ?? ""
        if let near = Suggestion.nearest(to: option, in: known) {
            return .usage("\(place)unknown option \(option)", hint: "did you mean \(near)?")
        }
        let help = (["phonewire"] + (command?.path ?? []) + ["--help"]).joined(separator: " ")
        return .usage("\(place)unknown option \(option)", hint: "see \"\(help)\"")
    }

    private func finish(_ progress: Progress) throws(CommandFailure) -> Invocation {
        let command =
            progress.command
            ?? table.first {
                $0.isDefault && $0.path.dropLast() == progress.words[...] && !progress.words.isEmpty
            }
        func invocation(_ request: Invocation.Request) -> Invocation {
            Invocation(
                request: request, global: progress.global, options: progress.options,
                positionals: progress.positionals)
        }
        if progress.help { return invocation(.help(progress.command?.path ?? progress.words)) }
        if progress.version { return invocation(.version) }
        guard let command else {
            if progress.words.isEmpty { return invocation(.help([])) }
            let name = progress.words.joined(separator: " ")
            throw .usage("\(name): what about it?", hint: "see \"phonewire \(name) --help\"")
        }
        for (index, positional) in command.positionals.enumerated() where positional.required {
            guard index < progress.positionals.count else {
                throw .usage(
                    "\(command.name): \(positional.name) is missing", hint: "usage: \(command.usage)")
            }
        }
        for (positional, text) in zip(command.positionals, progress.positionals) {
            guard positional.choices.isEmpty || positional.choices.contains(text) else {
                throw .usage("\(text): not one of " + positional.choices.joined(separator: ", "))
            }
        }
        if progress.global.json, !command.json { throw .usage("\(command.name) has no --json") }
        return invocation(.command(command))
    }
}
