import Control

/// Looks at the machine for `doctor`: works without the daemon and without rights.
struct DoctorInspection {
    /// The adb server's TCP port, `ANDROID_ADB_SERVER_PORT`'s usual value (DEFAULT_ADB_PORT, aosp-mirror/platform_system_core adb/adb.h).
    static let adbServerPort = 5037
    /// USB interface classes (class, subclass, protocol) that speak ADB: on USB, and over a debug cable.
    static let adbInterfaces = ["ff4201", "dc0201"]
    /// The interface class of phones that show files or pictures (PTP and MTP, USB Still Image class).
    static let filesInterface = "060101"
    /// Where udev reads rules from.
    static let rulesFolders = [
        "/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d", "/lib/udev/rules.d",
    ]

    private let tree: SystemTree

    init(tree: SystemTree) { self.tree = tree }

    /// All facts but the daemon's, which is given.
    func facts(uid: UInt32, daemon: DoctorFacts.Daemon) -> DoctorFacts {
        let (phones, silent) = devices()
        return DoctorFacts(
            uid: uid, usbPresent: !tree.names("/sys/bus/usb/devices").isEmpty,
            udevRunning: tree.exists("/run/udev/control"),
            rulesFile: Self.rulesFolders.map { $0 + "/60-phonewire.rules" }.first { tree.exists($0) },
            phones: phones, silentPhones: silent,
            adbServerListening: listens(port: Self.adbServerPort),
            adbProcesses: processes().filter { tree.text("/proc/\($0)/comm") == "adb" }, daemon: daemon)
    }

    private func devices() -> ([DoctorFacts.Phone], [DoctorFacts.SilentPhone]) {
        let names = tree.names("/sys/bus/usb/devices")
        var phones: [DoctorFacts.Phone] = []
        var silent: [DoctorFacts.SilentPhone] = []
        for port in names where !port.contains(":") && !port.hasPrefix("usb") {
            let interfaces = names.filter { $0.hasPrefix(port + ":") }
            let folder = "/sys/bus/usb/devices/" + port
            let name = [tree.text(folder + "/manufacturer"), tree.text(folder + "/product")]
                .compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
            let shown = name.isEmpty ? "a phone" : name
            if let adb = interfaces.first(where: { Self.adbInterfaces.contains(interfaceClass($0)) }) {
                phones.append(phone(port: port, name: shown, interface: adb))
            } else if interfaces.contains(where: { interfaceClass($0) == Self.filesInterface }) {
                silent.append(.init(port: port, name: shown))
            }
        }
        return (phones, silent)
    }

    private func phone(port: String, name: String, interface: String) -> DoctorFacts.Phone {
        let folder = "/sys/bus/usb/devices/"
        let bus = Int(tree.text(folder + port + "/busnum") ?? "") ?? 0
        let number = Int(tree.text(folder + port + "/devnum") ?? "") ?? 0
        let node = "/dev/bus/usb/" + padded(bus) + "/" + padded(number)
        let driver = tree.link(folder + interface + "/driver")?.split(separator: "/").last
        return .init(
            port: port, name: name, node: node, access: tree.nodeAccess(node), claimed: driver == "usbfs",
            holders: driver == "usbfs" ? holders(of: node) : [])
    }

    /// Class, subclass and protocol of an interface as six hexadecimal digits.
    private func interfaceClass(_ interface: String) -> String {
        ["bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"]
            .map { tree.text("/sys/bus/usb/devices/" + interface + "/" + $0) ?? "" }.joined().lowercased()
    }

    /// Processes that have `node` open; other users' are seen by root alone.
    private func holders(of node: String) -> [String] {
        processes().filter { pid in
            tree.names("/proc/\(pid)/fd").contains { tree.link("/proc/\(pid)/fd/" + $0) == node }
        }.map { pid in (tree.text("/proc/\(pid)/comm") ?? "a program") + " (pid \(pid))" }
    }

    private func processes() -> [Int32] { tree.names("/proc").compactMap { Int32($0) }.sorted() }

    /// Whether something listens on TCP `port` (proc(5): state 0A in /proc/net/tcp, port in hexadecimal).
    private func listens(port: Int) -> Bool {
        let digits = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return ["/proc/net/tcp", "/proc/net/tcp6"].contains { file in
            (tree.text(file) ?? "").split(separator: "\n").dropFirst().contains { line in
                let words = line.split(separator: " ")
                return words.count > 3 && words[1].hasSuffix(suffix) && words[3] == "0A"
            }
        }
    }

    private func padded(_ value: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
