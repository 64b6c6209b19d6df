import Base
import Control
import Delivery
import Events
import FoundationEssentials
import Testing

@testable import CLI
@testable import Daemon

@Suite struct DoctorTests {
    private let now = Timestamp(milliseconds: 1_645_684_231_000)

    private func facts(_ change: (inout DoctorFacts) -> Void = { _ in }) -> DoctorFacts {
        var facts = DoctorFacts(
            uid: 1000, usbPresent: true, udevRunning: true, rulesFile: "/etc/udev/rules.d/60-phonewire.rules",
            phones: [
                .init(
                    port: "1-1", name: "Google Pixel", node: "/dev/bus/usb/001/005", access: .allowed,
                    claimed: false, holders: [])
            ], silentPhones: [], adbServerListening: false, adbProcesses: [], daemon: .running(report()))
        change(&facts)
        return facts
    }

    private func report(_ devices: [DeviceReport] = [], webhooks: [WebhookReport]? = nil) -> StatusReport {
        StatusReport(
            daemon: .init(version: "0.1.0", pid: 7, startedAt: now, now: now, stateFolder: "/s"),
            devices: devices,
            webhooks: webhooks ?? [webhook()],
            store: .init(
                events: 0, pending: 0, delivered: 0, dead: 0, oldestPendingAt: nil, databaseBytes: 0),
            problems: [], degraded: [])
    }

    private func webhook(paused: String? = nil, error: String? = nil) -> WebhookReport {
        let settings = webhookSettings(name: "home", url: "http://127.0.0.1/", kinds: [.sms])
        let webhook = Webhook(
            key: WebhookKey(rawValue: 1), settings: settings, pausedReason: paused,
            createdAt: WallTime(milliseconds: now.milliseconds))
        return WebhookReport(webhook, nil, WebhookTrouble(lastError: error))
    }

    private func codes(_ facts: DoctorFacts, _ severity: DoctorFinding.Severity) -> [String] {
        DoctorFindings.judge(facts).filter { $0.severity == severity }.map(\.code)
    }

    @Test func aHealthyMachineHasNoProblem() {
        #expect(codes(facts(), .problem) == [])
        #expect(codes(facts(), .note) == [])
        #expect(codes(facts(), .ok) == ["daemon", "udev", "udev-rules", "phone"])
    }

    @Test func everyTroubleHasItsName() {
        let cases: [(String, (inout DoctorFacts) -> Void)] = [
            ("no-phone", { $0.phones = [] }),
            (
                "debugging-off",
                {
                    $0.phones = []
                    $0.silentPhones = [.init(port: "1-2", name: "Samsung")]
                }
            ),
            ("usb-permission", { $0.phones[0].access = .denied(mode: "0664", uid: 0, gid: 0) }),
            ("usb-node-missing", { $0.phones[0].access = .missing }),
            (
                "store-cannot-write",
                {
                    var full = report()
                    full.store.writeError = "/s/phonewire.db: commit: full"
                    full.store.writeErrorSince = now
                    $0.daemon = .running(full)
                }
            ),
            ("phone-busy", { $0.phones[0].claimed = true }),
            ("udev-not-running", { $0.udevRunning = false }),
            ("daemon-not-running", { $0.daemon = .notRunning("no daemon answers at /x") }),
            ("socket-permission", { $0.daemon = .noPermission("/x") }),
            ("daemon-failing", { $0.daemon = .failing("no answer") }),
            (
                "phone-waiting-for-user",
                {
                    $0.daemon = .running(
                        report([.init(name: "a", id: nil, serial: "S", state: .waitingForUser)]))
                }
            ),
            (
                "phone-unauthorized",
                {
                    $0.daemon = .running(
                        report([.init(name: "a", id: nil, serial: "S", state: .unauthorized)]))
                }
            ),
            ("webhook-paused", { $0.daemon = .running(report(webhooks: [webhook(paused: "410 Gone")])) }),
            ("webhook-failing", { $0.daemon = .running(report(webhooks: [webhook(error: "refused")])) }),
            (
                "no-usb",
                {
                    $0.usbPresent = false
                    $0.phones = []
                }
            ),
        ]
        for (code, change) in cases {
            let found = facts(change)
            #expect(codes(found, .problem) == [code])
            #expect(
                DoctorFindings.judge(found).allSatisfy {
                    $0.severity == .ok || !$0.fix.isEmpty || code.hasPrefix("phone-")
                })
        }
    }

    @Test func missingRulesAreAProblemOnlyWhenAPhoneIsShut() {
        #expect(codes(facts { $0.rulesFile = nil }, .problem) == [])
        #expect(codes(facts { $0.rulesFile = nil }, .note) == ["udev-rules-missing"])
        let shut = facts {
            $0.rulesFile = nil
            $0.phones[0].access = .denied(mode: "0664", uid: 0, gid: 0)
        }
        #expect(codes(shut, .problem) == ["udev-rules-missing", "usb-permission"])
    }

    @Test func aPhoneThatTheDaemonHoldsIsNotBusy() {
        let held = facts {
            $0.phones[0].claimed = true
            $0.phones[0].access = .denied(mode: "0660", uid: 0, gid: 46)
            $0.daemon = .running(
                report([.init(name: "a", id: nil, serial: "S", state: .online, address: "1-1")]))
        }
        #expect(codes(held, .problem) == [])
        let adb = facts {
            $0.adbServerListening = true
            $0.adbProcesses = [12]
        }
        #expect(codes(adb, .note) == ["adb-server"])
    }

    @Test func factsAreReadFromTheTree() throws {
        let root =
            FileManager.default.temporaryDirectory.path + "/phonewire-doctor-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let usb = "/sys/bus/usb/devices/"
        let files: [(String, String)] = [
            (usb + "usb1/busnum", "1"), (usb + "1-1/busnum", "1\n"), (usb + "1-1/devnum", "5\n"),
            (usb + "1-1/manufacturer", "Google\n"), (usb + "1-1/product", "Pixel 7\n"),
            (usb + "1-1:1.0/bInterfaceClass", "06"), (usb + "1-1:1.0/bInterfaceSubClass", "01"),
            (usb + "1-1:1.0/bInterfaceProtocol", "01"), (usb + "1-1:1.1/bInterfaceClass", "ff"),
            (usb + "1-1:1.1/bInterfaceSubClass", "42"), (usb + "1-1:1.1/bInterfaceProtocol", "01"),
            (usb + "1-2/busnum", "1"), (usb + "1-2/devnum", "6"), (usb + "1-2/product", "Galaxy"),
            (usb + "1-2:1.0/bInterfaceClass", "06"), (usb + "1-2:1.0/bInterfaceSubClass", "01"),
            (usb + "1-2:1.0/bInterfaceProtocol", "01"), ("/dev/bus/usb/001/005", ""),
            ("/run/udev/control", ""),
            ("/lib/udev/rules.d/60-phonewire.rules", ""), ("/proc/12/comm", "adb\n"),
            ("/proc/13/comm", "bash\n"),
            (
                "/proc/net/tcp",
                """
                  sl  local_address rem_address   st tx_queue
                   0: 0100007F:1538 00000000:0000 0A 00000000:00000000
                   1: 0100007F:13AD 00000000:0000 0A 00000000:00000000
                """
            ),
        ]
        for (path, text) in files {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            try FileManager.default.createDirectory(
                atPath: root + "/" + folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: root + path))
        }
        try FileManager.default.createSymbolicLink(
            atPath: root + usb + "1-1:1.1/driver", withDestinationPath: "../../../../bus/usb/drivers/usbfs")
        try FileManager.default.createDirectory(
            atPath: root + "/proc/12/fd", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: root + "/proc/12/fd/9", withDestinationPath: "/dev/bus/usb/001/005")

        let found = DoctorInspection(tree: SystemTree(root: root)).facts(uid: 1000, daemon: .notRunning("x"))
        #expect(
            found.phones == [
                .init(
                    port: "1-1", name: "Google Pixel 7", node: "/dev/bus/usb/001/005", access: .allowed,
                    claimed: true, holders: ["adb (pid 12)"])
            ])
        #expect(found.silentPhones == [.init(port: "1-2", name: "Galaxy")])
        #expect(found.adbServerListening)
        #expect(found.adbProcesses == [12])
        #expect(found.udevRunning)
        #expect(found.rulesFile == "/lib/udev/rules.d/60-phonewire.rules")
        #expect(found.usbPresent)
    }

    @Test func anEmptyTreeGivesFactsToo() {
        let found = DoctorInspection(tree: SystemTree(root: "/nonexistent")).facts(
            uid: 0, daemon: .notRunning("x"))
        #expect(found.phones == [])
        #expect(!found.usbPresent)
        #expect(!found.adbServerListening)
    }
}
