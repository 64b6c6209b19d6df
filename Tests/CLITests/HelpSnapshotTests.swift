import Testing

@testable import CLI

@Suite struct HelpSnapshotTests {
    @Test func helpIsAContract() throws {
        let output = Captured().output()
        var text = HelpText.lines([], output).joined(separator: "\n") + "\n"
        for group in CommandTable.groups {
            text +=
                "\n======== \(group.name)\n" + HelpText.lines([group.name], output).joined(separator: "\n")
                + "\n"
        }
        for command in CommandTable.all {
            text +=
                "\n======== \(command.name)\n" + HelpText.lines(command.path, output).joined(separator: "\n")
                + "\n"
        }
        try Snapshot.expect(text, named: "help.txt")
    }

    @Test func completionIsAContract() throws {
        try Snapshot.expect(
            BashCompletion.lines(CommandTable.all).joined(separator: "\n") + "\n", named: "phonewire.bash")
        try Snapshot.expect(
            ZshCompletion.lines(CommandTable.all).joined(separator: "\n") + "\n", named: "phonewire.zsh")
        try Snapshot.expect(
            FishCompletion.lines(CommandTable.all).joined(separator: "\n") + "\n", named: "phonewire.fish")
    }

    @Test func everyCommandIsComplete() {
        for command in CommandTable.all {
            #expect(1...2 ~= command.path.count)
            #expect(!command.summary.isEmpty)
            #expect(Set(command.options.map(\.name)).count == command.options.count, "\(command.name)")
            #expect(Set(command.options.map(\.name)).isDisjoint(with: GlobalOptions.specs.map(\.name)))
            for example in command.examples {
                #expect(throws: Never.self) {
                    try ArgumentParser(table: CommandTable.all).parse(
                        example.line.prefix { $0 != ">" && $0 != "|" }.split(separator: " ").map(String.init))
                }
            }
        }
        for group in Set(CommandTable.all.filter { $0.path.count == 2 }.map { $0.path[0] }) {
            #expect(CommandTable.groups.contains { $0.name == group }, "\(group) is not a group")
            // There is no list of USSD codes: "ussd" alone asks what about it.
            let defaults = CommandTable.all.count { $0.path[0] == group && $0.isDefault }
            #expect(defaults == (group == "ussd" ? 0 : 1), "\(group) alone")
        }
        #expect(Set(CommandTable.all.map(\.name)).count == CommandTable.all.count)
    }

    @Test func noOptionAsksForASecret() {
        for option in CommandTable.all.flatMap(\.options) where option.name.contains("secret") {
            #expect(option.value == nil || option.kind == .file, "--\(option.name) would show a secret to ps")
        }
    }
}
