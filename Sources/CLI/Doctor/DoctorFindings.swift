import Control
import Daemon

/// One thing that `doctor` says.
struct DoctorFinding: Sendable, Equatable, Encodable {
    enum Severity: String, Sendable, Encodable {
        /// As it should be.
        case ok
        /// May be meant so.
        case note
        /// Something does not work until somebody acts.
        case problem
    }

    /// A word for programs.
    let code: String
    let severity: Severity
    /// What was found. May hold outside text: cleaned when printed.
    let text: String
    /// What to do; empty when nothing.
    let fix: String

    init(_ code: String, _ severity: Severity, _ text: String, fix: String = "") {
        self.code = code
        self.severity = severity
        self.text = text
        self.fix = fix
    }
}

/// Judges the facts. Pure.
enum DoctorFindings {
    static func judge(_ facts: DoctorFacts) -> [DoctorFinding] {
        daemon(facts) + udev(facts) + phones(facts) + adbServer(facts) + daemonPhones(facts) + webhooks(facts)
    }

    private static func daemon(_ facts: DoctorFacts) -> [DoctorFinding] {
        switch facts.daemon {
        case .running(let report):
            [
                .init(
                    "daemon", .ok,
                    "the daemon is running (pid \(report.daemon.pid), \(report.daemon.version))")
            ] + store(report)
        case .notRunning(let message):
            [
                .init(
                    "daemon-not-running", .problem, message,
                    fix: "start it: \"phonewire run\", or \"sudo systemctl start phonewire\"")
            ]
        case .noPermission(let message):
            [
                .init(
                    "socket-permission", .problem, message,
                    fix: "\"sudo adduser $USER phonewire\" and log in again, or use sudo")
            ]
        case .failing(let message):
            [.init("daemon-failing", .problem, message, fix: "see its log: \"journalctl -u phonewire\"")]
        }
    }

    private static func store(_ report: StatusReport) -> [DoctorFinding] {
        guard let error = report.store.writeError else { return [] }
        let since = report.store.writeErrorSince.map { " since \($0.text)" } ?? ""
        return [
            .init(
                "store-cannot-write", .problem,
                "the daemon has not been able to store anything\(since): \(error)",
                fix:
                    "\"df -h \(report.daemon.stateFolder)\" shows the room left; the daemon goes on by itself "
                    + "once it can write")
        ]
    }

    private static func udev(_ facts: DoctorFacts) -> [DoctorFinding] {
        var findings: [DoctorFinding] = []
        findings.append(
            facts.udevRunning
                ? .init("udev", .ok, "udevd is running")
                : .init(
                    "udev-not-running", .problem,
                    "no udevd is running: phones that are plugged in are not noticed",
                    fix:
                        "\"sudo systemctl start systemd-udevd\"; in a container, share /run/udev with the host"
                ))
        if let file = facts.rulesFile {
            findings.append(.init("udev-rules", .ok, "the USB rules are installed: \(file)"))
        } else {
            // Root needs no rule, and other rules may do the same: then the nodes below say so.
            let denied = facts.phones.contains { if case .denied = $0.access { true } else { false } }
            findings.append(
                .init(
                    "udev-rules-missing", denied ? .problem : .note,
                    "60-phonewire.rules is not installed: only root may open phones, unless another rule allows it",
                    fix: rulesFix))
        }
        return findings
    }

    private static let rulesFix =
        "\"sudo cp udev/60-phonewire.rules /etc/udev/rules.d/ && sudo udevadm control --reload && "
        + "sudo udevadm trigger\", join the group plugdev, then plug the phone in again"

    private static func phones(_ facts: DoctorFacts) -> [DoctorFinding] {
        if !facts.usbPresent {
            return [
                .init(
                    "no-usb", .problem, "this computer shows no USB (/sys/bus/usb/devices)",
                    fix: "in a container or virtual machine, pass USB through; phones over TCP work without: "
                        + "\"phonewire devices connect HOST:PORT\"")
            ]
        }
        var findings = facts.silentPhones.map { phone in
            DoctorFinding(
                "debugging-off", .problem, "\(phone.name) at port \(phone.port): USB debugging is off",
                fix: "on the phone: Settings, Developer options, USB debugging "
                    + "(7 taps on the build number show the Developer options)")
        }
        if facts.phones.isEmpty, facts.silentPhones.isEmpty {
            findings.append(
                .init(
                    "no-phone", .problem, "no phone is on USB",
                    fix: "plug one in with a data cable, unlock it, switch USB debugging on; "
                        + "some phones need the USB mode \"file transfer\""))
        }
        for phone in facts.phones { findings += self.phone(phone, facts) }
        return findings
    }

    private static func phone(_ phone: DoctorFacts.Phone, _ facts: DoctorFacts) -> [DoctorFinding] {
        let name = "\(phone.name) at port \(phone.port)"
        if let served = served(phone.port, facts), served.state != .busy, served.state != .noPermission {
            return [.init("phone", .ok, "\(name): the daemon has it, \(served.state.rawValue)")]
        }
        var findings: [DoctorFinding] = []
        switch phone.access {
        case .allowed: break
        case .denied(let mode, let uid, let gid):
            findings.append(
                .init(
                    "usb-permission", .problem,
                    "\(name): you may not open \(phone.node) (mode \(mode), owner \(uid), group \(gid))",
                    fix: rulesFix))
        case .missing:
            findings.append(
                .init(
                    "usb-node-missing", .problem, "\(name): there is no \(phone.node)",
                    fix: "in a container, pass /dev/bus/usb through"))
        }
        if phone.claimed {
            let who = phone.holders.isEmpty ? "another program" : phone.holders.joined(separator: ", ")
            findings.append(
                .init(
                    "phone-busy", .problem, "\(name): \(who) holds its ADB interface",
                    fix:
                        "end it: an adb server by \"adb kill-server\"; Android Studio and scrcpy start one too"
                ))
        }
        return findings.isEmpty
            ? [.init("phone", .ok, "\(name): nobody holds it and you may open it")] : findings
    }

    private static func adbServer(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard facts.adbServerListening || !facts.adbProcesses.isEmpty else { return [] }
        let who =
            facts.adbProcesses.isEmpty
            ? "" : " (pid " + facts.adbProcesses.map(String.init).joined(separator: ", ") + ")"
        return [
            .init(
                "adb-server", .note,
                "an adb server is running\(who): it takes every phone that is plugged in",
                fix: "\"adb kill-server\", and do not start it again beside phonewire")
        ]
    }

    private static func daemonPhones(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard case .running(let report) = facts.daemon else { return [] }
        return report.devices.filter(\.state.isProblem).map { device in
            DoctorFinding(
                "phone-" + device.state.rawValue, .problem,
                "\(device.name ?? device.serial): \(device.state.rawValue)"
                    + (device.detail.isEmpty ? "" : ", " + device.detail),
                fix: device.advice)
        }
    }

    private static func webhooks(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard case .running(let report) = facts.daemon else { return [] }
        if report.webhooks.isEmpty {
            return [
                .init(
                    "no-webhook", .note, "there is no webhook: events are recorded and go nowhere",
                    fix: "\"phonewire webhooks add NAME URL\"")
            ]
        }
        return report.webhooks.compactMap { webhook in
            if let reason = webhook.pausedReason {
                return .init(
                    "webhook-paused", .problem, "webhook \(webhook.name) is paused: \(reason)",
                    fix: "set the receiver right, then \"phonewire webhooks enable \(webhook.name)\"")
            }
            if webhook.enabled, let error = webhook.lastError {
                return .init(
                    "webhook-failing", .problem, "webhook \(webhook.name): \(error)",
                    fix: "\"phonewire webhooks test \(webhook.name)\" shows what its receiver answers")
            }
            return nil
        }
    }

    private static func served(_ port: String, _ facts: DoctorFacts) -> DeviceReport? {
        guard case .running(let report) = facts.daemon else { return nil }
        return report.devices.first { $0.address == port }
    }
}
