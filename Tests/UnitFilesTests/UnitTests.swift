import FoundationEssentials
import Testing

@Suite("systemd/phonewire.service and phonewire.sysusers")
struct UnitTests {
    /// Highest exposure allowed, in tenths, as `systemd-analyze security` counts it.
    static let exposureMax = 18

    private let unit: String

    init() throws {
        unit = try PackageFiles.text("systemd/phonewire.service")
    }

    private func values(of key: String) -> [String] {
        unit.split(separator: "\n").filter { $0.hasPrefix(key + "=") }.map {
            String($0.dropFirst(key.count + 1))
        }
    }

    @Test(
        "What the daemon relies on",
        arguments: [
            ("Type", ["notify"]), ("NotifyAccess", ["main"]), ("ExecStart", ["/usr/bin/phonewire run"]),
            ("User", ["phonewire"]), ("SupplementaryGroups", ["plugdev"]), ("StateDirectory", ["phonewire"]),
            ("StateDirectoryMode", ["0700"]), ("RuntimeDirectory", ["phonewire"]),
            ("RuntimeDirectoryMode", ["0750"]),
            ("WatchdogSec", ["30"]), ("Restart", ["on-failure"]), ("StartLimitIntervalSec", ["0"]),
            ("DevicePolicy", ["closed"]), ("DeviceAllow", ["char-usb_device rw"]), ("ProtectClock", ["yes"]),
            ("RestrictAddressFamilies", ["AF_UNIX AF_INET AF_INET6 AF_NETLINK"]),
            ("CapabilityBoundingSet", [""]),
            ("UMask", ["0077"]), ("PrivateDevices", []), ("SystemCallErrorNumber", ["EPERM"]),
        ])
    func directives(key: String, expected: [String]) {
        #expect(values(of: key) == expected)
    }

    @Test(
        "Nothing newer than systemd 252",
        arguments: [
            "RestartSteps", "RestartMaxDelaySec", "RestartMode", "OpenFile", "MemoryZSwapMax",
        ])
    func notNewer(key: String) {
        #expect(values(of: key) == [])
    }

    @Test("systemd accepts every line", .enabled(if: Systemd.isHere || Command.mustHaveAll, Systemd.missing))
    func verify() throws {
        #expect(try verify(unit) == "")
    }

    @Test(
        "A misspelt directive would be noticed",
        .enabled(if: Systemd.isHere || Command.mustHaveAll, Systemd.missing))
    func verifyNotices() throws {
        let wrong = unit.replacing("ProtectHome=", with: "ProtectHoome=")
        #expect(try verify(wrong).contains("ProtectHoome"))
    }

    @Test("The sandbox holds", .enabled(if: Systemd.isHere || Command.mustHaveAll, Systemd.missing))
    func exposure() throws {
        let file = PackageFiles.root.appending(path: "systemd/phonewire.service").path
        let analyze = try #require(Systemd.analyze, Systemd.missing)
        func result(_ threshold: Int) throws -> Command.Result {
            try Command.run(
                analyze, ["security", "--no-pager", "--offline=true", "--threshold=\(threshold)", file])
        }
        let shipped = try result(Self.exposureMax)
        #expect(shipped.exitCode == 0, "\(shipped.output)")
        // The check itself: nobody reaches an exposure of 0.
        #expect(try result(0).exitCode != 0)
    }

    @Test("The user and the groups", .enabled(if: Systemd.isHere || Command.mustHaveAll, Systemd.missing))
    func users() throws {
        let file = PackageFiles.root.appending(path: "systemd/phonewire.sysusers").path
        let sysusers = try #require(Command.path(of: "systemd-sysusers"), Systemd.missing)
        let folder = FileManager.default.temporaryDirectory.appending(path: "phonewire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let result = try Command.run(
            sysusers,
            ["--dry-run", "--root=\(folder.path)", "--replace=/usr/lib/sysusers.d/phonewire.conf", file])
        #expect(result.exitCode == 0, "\(result.output)")
        for line in ["Creating group 'phonewire'", "Creating user 'phonewire'", "Creating group 'plugdev'"] {
            #expect(result.output.contains(line), "\(result.output)")
        }
    }

    /// What `systemd-analyze verify` says about `text`; nothing when all is well. Its exit code does not tell: it is
    /// 0 for unknown directives. The program's path is one that exists here, because systemd looks.
    private func verify(_ text: String) throws -> String {
        let analyze = try #require(Systemd.analyze, Systemd.missing)
        let folder = FileManager.default.temporaryDirectory.appending(path: "phonewire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let copy = folder.appending(path: "phonewire.service")
        try Data(text.replacing("ExecStart=/usr/bin/phonewire", with: "ExecStart=/bin/true").utf8).write(
            to: copy)
        let result = try Command.run(analyze, ["verify", "--no-pager", copy.path])
        return result.exitCode == 0 ? result.output : "exit code \(result.exitCode): \(result.output)"
    }
}

/// The programs that check units.
enum Systemd {
    static let analyze = Command.path(of: "systemd-analyze")
    static var isHere: Bool { analyze != nil }
    static let missing: Comment = "needs systemd-analyze (package systemd)"
}
