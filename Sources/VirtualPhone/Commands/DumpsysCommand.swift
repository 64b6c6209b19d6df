/// `dumpsys SERVICE`: each service is one entry of the list.
enum DumpsysCommand {
    /// The services and what they print. A new one is listed here.
    static let services: [String: @Sendable (VirtualAndroid) -> String] = [
        "isub": { IsubDump.text($0) },
        "battery": { BatteryDump.text($0) },
        "telecom": { TelecomDump.text($0) },
        "telephony.registry": { TelephonyRegistryDump.text($0) },
        "window": { WindowDump.text($0) },
    ]

    /// Services that read words after their name.
    static let servicesWithArguments: [String: @Sendable (VirtualAndroid, [String]) -> String] = [
        "notification": { NotificationPrinter.text($0, $1) }
    ]

    static let command = VirtualCommand(name: "dumpsys") { call, android in
        guard let name = call.arguments.first(where: { !$0.hasPrefix("-") }) else {
            call.error("dumpsys: the virtual phone needs a service\n")
            return .exit(1)
        }
        if let dump = servicesWithArguments[name] {
            call.out(dump(android, call.arguments.drop { $0 != name }.dropFirst().map { $0 }))
            return .exit(0)
        }
        guard let dump = services[name] else {
            // Unverified: exit code 0 here, from memory of cmds/dumpsys.
            call.error("Can't find service: \(name)\n")
            return .exit(0)
        }
        call.out(dump(android))
        return .exit(0)
    }
}

/// `dumpsys battery`, as Android 8 to 10 print it, and one line more from 13 on.
enum BatteryDump {
    static func text(_ android: VirtualAndroid) -> String {
        let dock = android.setup.androidRelease >= 13 ? "  Dock powered: false\n" : ""
        return """
            Current Battery Service state:
              AC powered: false
              USB powered: true
              Wireless powered: false
            \(dock)  Max charging current: 500000
              Max charging voltage: 5000000
              Charge counter: 3270000
              status: \(android.batteryLevel == 100 ? 5 : 2)
              health: 2
              present: true
              level: \(android.batteryLevel)
              scale: 100
              voltage: 4352
              temperature: 274
              technology: Li-ion

            """
    }
}
