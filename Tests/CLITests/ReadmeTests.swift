import Daemon
import Delivery
import Events
import FoundationEssentials
import Testing

@testable import CLI
@testable import Phone

/// What the READMEs copy from the code is what the code says.
@Suite struct ReadmeTests {
    @Test(arguments: [("README.md", "\n\nExit codes:"), ("Sources/CLI/README.md", "\n<!-- end -->")])
    func theTableOfCommandsIsTheCommandTable(_ path: String, _ end: String) throws {
        let table = HelpText.markdown().joined(separator: "\n")
        #expect(try Snapshot.file(path).contains("-->\n" + table + end))
    }

    @Test func theExitCodesAreDocumented() throws {
        let readme = try Snapshot.file("Sources/CLI/README.md")
        for code in ExitCode.allCases { #expect(readme.contains("\n| \(code.rawValue) | ")) }
    }

    @Test func everyCommandThatPrintsJSONHasASchema() throws {
        let readme = try Snapshot.file("Sources/CLI/README.md")
        let section = readme.split(separator: "\n## JSON\n").last ?? ""
        for command in CommandTable.all where command.json {
            let word = command.isDefault ? command.path[0] : command.name
            let short = command.path.last ?? ""
            #expect(section.contains("`\(word)`") || section.contains("`\(short)`"), "\(command.name)")
        }
    }

    @Test func theFieldsOfTheObjectsAreTheReports() throws {
        let deliveries: DeliveryReport = try snapshot("deliveries-show.json")
        let sims: SIMList = try snapshot("sims.json")
        let events: EventList = try snapshot("events.json")
        let task = try JSONDecoder().decode(TaskReport.self, from: Data(#"{"name": "ussd"}"#.utf8))
        let reports: [String: Any] = [
            "device": try snapshot("devices-show.json") as DeviceReport, "task": task,
            "sim": try #require(sims.sims.first),
            "webhook": try snapshot("webhooks-show.json") as WebhookReport,
            "event": try #require(events.events.first), "delivery": deliveries,
            "attempt": try #require(deliveries.attempts.first),
        ]
        for (object, report) in reports {
            let fields = Mirror(reflecting: report).children.map { name, value in
                (name ?? "") + (Mirror(reflecting: value).displayStyle == .optional ? "?" : "")
            }
            #expect(try words(ofRow: object).sorted() == fields.sorted(), "\(object)")
        }
    }

    @Test func theStatesOfAPhoneAreDocumented() throws {
        #expect(try words(ofRow: "state of a device") == PhoneState.allCases.map(\.rawValue))
    }

    /// The sample of a kind has no value where one may be absent.
    @Test func theDataOfEveryKindIsDocumented() throws {
        let kinds = EventKind.described.map { type in
            let fields = EventContent(type.sample(text: "text")).fields
            return [type.kind.rawValue] + fields.map { $0.name + ($0.value == nil ? "?" : "") }
        }
        #expect(try row("data of an event").split(separator: ";").map { words(String($0)) } == kinds)
    }

    @Test func theLimitOfPackagesIsTheFilters() throws {
        #expect(try Snapshot.file("README.md").contains("names up to \(PackageList.namesMax) apps"))
    }

    @Test func whatAPhoneNeedsIsWhatItsTraitsSay() throws {
        let readme = try Snapshot.file("README.md")
        let start = try #require(
            readme.firstRange(of: "| phone | what to set, besides USB debugging |\n|---|---|\n"))
        let rows = readme[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { $0.hasPrefix("| ") }.map { $0.lowercased() }
        let unknown = PhoneIdentity(
            serial: "", androidID: nil, manufacturer: "", model: "", androidVersion: "", apiLevel: 0,
            fingerprint: "")
        var needs = PhoneTraits.makers.map { (phones: $0.manufacturers, setup: $0.setup) }
            .filter { !$0.setup.isEmpty }
        needs.append((phones: ["all"], setup: PhoneTraits(unknown).setup))
        #expect(rows.count == needs.count)
        for (row, need) in zip(rows, needs) {
            let cells = row.dropFirst(2).dropLast(2).split(separator: " | ")
            #expect(Set(cells[0].split(separator: ", ").map(String.init)) == need.phones)
            #expect(cells[1] == need.setup.joined(separator: "; ").lowercased())
        }
    }

    private func snapshot<Report: Decodable>(_ name: String) throws -> Report {
        let text = try Snapshot.file("Tests/CLITests/Snapshots/" + name)
        return try JSONDecoder().decode(Report.self, from: Data(text.utf8))
    }

    /// What the last table of the section on JSON says about `object`.
    private func row(_ object: String) throws -> String {
        let readme = try Snapshot.file("Sources/CLI/README.md")
        let table = try #require(readme.split(separator: "\n| object | fields |\n").last)
        let row = table.split(separator: "\n").first { $0.hasPrefix("| \(object) | ") }
        return String(try #require(row, "\(object)"))
    }

    /// The words in backquotes of that row.
    private func words(ofRow object: String) throws -> [String] { words(try row(object)) }

    /// The words in backquotes, each up to its colon: `` `sims: [sim]` `` is `sims`.
    private func words(_ text: String) -> [String] {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        return parts.enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element.prefix { $0 != ":" }) }
    }
}
