import Testing

@testable import CLI

@Suite struct ArgumentParserTests {
    private func parse(_ line: String) throws(CommandFailure) -> Invocation {
        try ArgumentParser(table: CommandTable.all).parse(line.split(separator: " ").map(String.init))
    }

    private func command(_ line: String) throws -> String {
        guard case .command(let spec) = try parse(line).request else { return "(no command)" }
        return spec.name
    }

    private func failure(_ line: String) -> (code: ExitCode, message: String, hint: String)? {
        do throws(CommandFailure) {
            _ = try parse(line)
            return nil
        } catch {
            guard case .failed(let code, let message, let hint) = error else { return nil }
            return (code, message, hint)
        }
    }

    @Test func aBareNounLists() throws {
        #expect(try command("webhooks") == "webhooks list")
        #expect(try command("events --limit 3") == "events list")
        #expect(try command("--json devices") == "devices list")
        #expect(try command("devices list") == "devices list")
    }

    @Test func everyCommandIsReachedByItsOwnWords() throws {
        for spec in CommandTable.all {
            let words = spec.positionals.filter(\.required).map { $0.choices.first ?? "7" }
            let invocation = try ArgumentParser(table: CommandTable.all).parse(spec.path + words)
            guard case .command(let found) = invocation.request else {
                Issue.record("\(spec.name) is not found")
                continue
            }
            #expect(found.name == spec.name)
            #expect(invocation.positionals == words)
        }
    }

    @Test func valuesComeBehindASpaceOrAnEqualsSign() throws {
        #expect(try parse("events --limit 3").value("limit") == "3")
        #expect(try parse("events --limit=3").value("limit") == "3")
        #expect(try parse("events --device=a=b").value("device") == "a=b")
        #expect(try parse("events --device= --limit 1").value("device") == "")
        #expect(try parse("events").value("limit") == nil)
    }

    @Test func globalOptionsMayStandAnywhere() throws {
        for line in [
            "--socket /s --json webhooks show home", "webhooks --socket=/s show --json home",
            "webhooks show home --json --socket /s",
        ] {
            let invocation = try parse(line)
            #expect(invocation.global.socket == "/s")
            #expect(invocation.global.json)
            #expect(invocation.positionals == ["home"])
        }
    }

    @Test func twoDashesEndOptions() throws {
        #expect(try parse("devices show -- --json").positionals == ["--json"])
        #expect(try parse("devices show -").positionals == ["-"])
    }

    @Test func helpIsFoundAnywhere() throws {
        for (line, words) in [
            ("", []), ("--help", []), ("-h", []), ("webhooks -h", ["webhooks"]),
            ("webhooks add -h", ["webhooks", "add"]), ("webhooks add x --help", ["webhooks", "add"]),
            ("status --help --nonsense", ["status"]),
        ] {
            guard case .help(let found) = try parse(line).request else {
                Issue.record("\(line): no help")
                continue
            }
            #expect(found == words)
        }
        guard case .version = try parse("--version").request else {
            Issue.record("no version")
            return
        }
    }

    @Test(arguments: [
        ("webhoks", "unknown command \"webhoks\"", "did you mean \"phonewire webhooks\"?"),
        ("web", "unknown command \"web\"", "did you mean \"phonewire webhooks\"?"),
        ("webhooks ad", "webhooks: unknown command \"ad\"", "did you mean \"phonewire webhooks add\"?"),
        ("events lsit", "events: unknown command \"lsit\"", "did you mean \"phonewire events list\"?"),
        ("frobnicate", "unknown command \"frobnicate\"", "see \"phonewire --help\""),
        ("status --wacth", "status: unknown option --wacth", "did you mean --watch?"),
        ("status -x", "status: unknown option -x", "see \"phonewire status --help\""),
        ("status extra", "status: unexpected \"extra\"", "usage: phonewire status [options]"),
        (
            "webhooks add a", "webhooks add: URL is missing",
            "usage: phonewire webhooks add NAME URL [options]"
        ),
        ("events --limit", "--limit needs a value: --limit N", ""),
        ("events --limit 1 --limit 2", "--limit is given twice", ""),
        ("status --watch=1", "--watch takes no value", ""),
        ("--socket= status", "--socket needs a path", ""),
        (
            "events --type fax",
            "--type fax: not one of sms, ussd, notification, whatsapp, call, device, sim", ""
        ),
        ("completion csh", "csh: not one of bash, zsh, fish", ""),
        ("--limit 3", "unknown option --limit", "see \"phonewire --help\""),
    ])
    func wrongLinesSayWhatIsMeant(line: String, message: String, hint: String) throws {
        let found = try #require(failure(line))
        #expect(found.code == .usage)
        #expect(found.message == message)
        #expect(found.hint == hint)
    }

    @Test func numbersHaveARange() throws {
        #expect(try parse("events --limit 1000").number("limit", in: 1...1000, standard: 50) == 1000)
        #expect(try parse("events").number("limit", in: 1...1000, standard: 50) == 50)
        for text in ["0", "1001", "x", "1.5", "99999999999999999999", ""] {
            #expect(throws: CommandFailure.self) {
                try parse("events --limit=\(text)").number("limit", in: 1...1000, standard: 50)
            }
        }
        #expect(throws: CommandFailure.self) { try parse("events show -- -4").identifier(0) }
        #expect(try parse("events show 12").identifier(0) == 12)
    }

    @Test func distancesCountSwapsAsOne() {
        #expect(Suggestion.distance(Array("lsit".utf8), Array("list".utf8)) == 1)
        #expect(Suggestion.distance(Array("".utf8), Array("abc".utf8)) == 3)
        #expect(Suggestion.distance(Array("abc".utf8), Array("abc".utf8)) == 0)
        #expect(Suggestion.nearest(to: "xyzzy", in: ["list", "show"]) == nil)
    }
}
