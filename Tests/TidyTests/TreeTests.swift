import FoundationEssentials
import Testing

@Suite("The tree is tidy")
struct TreeTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let folders = ["Sources", "Tests", "udev", "systemd", ".ci"]
    private static let textEndings = [
        ".swift", ".md", ".sh", ".h", ".modulemap", ".rules", ".service", ".sysusers",
    ]

    /// Paths below the package, of files in the folders that are shipped.
    private static func paths() throws -> [String] {
        var paths = ["Package.swift", "README.md"].filter { exists($0) }
        for folder in folders where exists(folder) {
            let below = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
            paths += below.map { folder + "/" + $0 }
        }
        return paths.sorted()
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Text files: by their ending, and every script of `.ci`.
    private static func isText(_ path: String) -> Bool {
        path.hasPrefix(".ci/") || textEndings.contains { path.hasSuffix($0) }
    }

    @Test("The tree was found")
    func found() throws {
        let paths = try Self.paths()
        #expect(paths.contains("Sources/ADB/Transport.swift"))
        #expect(paths.contains("Tests/TidyTests/TreeTests.swift"))
        #expect(paths.contains("udev/60-phonewire.rules"))
        #expect(paths.contains(".ci/run"))
    }

    @Test("Sources: imports, output, traps, tasks")
    func sources() throws {
        for path in try Self.paths() where path.hasPrefix("Sources/") && path.hasSuffix(".swift") {
            let target = path.split(separator: "/")[1]
            let findings = TidyRules.findings(source: try Self.text(path), target: String(target))
            #expect(findings == [], "\(path)")
        }
    }

    @Test("Every text file: nothing unfinished, no path of one machine")
    func texts() throws {
        for path in try Self.paths() where Self.isText(path) {
            #expect(TidyRules.findings(text: try Self.text(path)) == [], "\(path)")
        }
    }

    @Test("Every target of ours has a README")
    func readmes() throws {
        let targets = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appending(path: "Sources").path)
        #expect(targets.count > 10)
        for target in targets
        where target != "README.md" && !Self.exists("Sources/\(target)/module.modulemap") {
            #expect(Self.exists("Sources/\(target)/README.md"), "Sources/\(target)")
        }
    }

    @Test("Every Markdown file has one title, on its first line")
    func titles() throws {
        for path in try Self.paths() where path.hasSuffix(".md") {
            #expect(TidyRules.findings(markdown: try Self.text(path)) == [], "\(path)")
        }
    }

    @Test("The map names every target, and every path that it names exists")
    func map() throws {
        let map = try Self.text("Sources/README.md")
        let targets = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appending(path: "Sources").path
        ).filter { $0 != "README.md" }
        for target in targets { #expect(map.contains(target), "\(target) is not on the map") }
        let paths = TidyRules.paths(markdown: map)
        #expect(paths.count > 20)
        for path in paths where !path.hasPrefix("Tests/") {
            #expect(Self.exists("Sources/" + path), "the map names \(path)")
        }
    }
}
