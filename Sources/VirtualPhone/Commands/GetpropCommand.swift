/// `getprop [NAME]`: system properties.
///
/// One name prints its value and a newline, no name prints `[name]: [value]` for each; a value with a newline
/// forges lines there (LineageOS/android_system_core toolbox/getprop.cpp).
enum GetpropCommand {
    static let command = VirtualCommand(name: "getprop") { call, android in
        let properties = values(of: android)
        if let name = call.arguments.first {
            call.out((properties[name] ?? call.arguments.dropFirst().first ?? "") + "\n")
        } else {
            for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
                call.out("[\(name)]: [\(value)]\n")
            }
        }
        return .exit(0)
    }

    static func values(of android: VirtualAndroid) -> [String: String] {
        let setup = android.setup
        func bySlot(_ value: (VirtualSIM) -> String, without missing: String) -> String {
            (0..<setup.slots).map { slot in android.sim(inSlot: slot).map(value) ?? missing }
                .joined(separator: ",")
        }
        var values = [
            "ro.serialno": setup.serial,
            "ro.product.manufacturer": setup.manufacturer,
            "ro.product.model": setup.model,
            "ro.product.name": setup.productName,
            "ro.product.device": setup.deviceName,
            "ro.build.version.release": String(setup.androidRelease),
            "ro.build.version.sdk": String(setup.sdk),
            "ro.build.version.security_patch": "2025-10-05",
            "ro.build.fingerprint":
                "\(setup.manufacturer)/\(setup.productName)/\(setup.deviceName):\(setup.androidRelease)/VIRT/1:user/release-keys",
            "sys.boot_completed": "1",
            "sys.user.0.ce_available": android.locked ? "false" : "true",
            "persist.sys.timezone": "UTC",
            "gsm.sim.state": bySlot({ _ in "LOADED" }, without: "ABSENT"),
            "gsm.sim.operator.numeric": bySlot({ $0.mcc + $0.mnc }, without: ""),
            "gsm.sim.operator.alpha": bySlot({ $0.carrierName }, without: ""),
            "gsm.sim.operator.iso-country": bySlot({ $0.country }, without: ""),
            "gsm.operator.numeric": bySlot({ $0.mcc + $0.mnc }, without: ""),
            "gsm.operator.alpha": bySlot({ $0.carrierName }, without: ""),
        ]
        for (name, value) in setup.properties { values[name] = value }
        return values
    }
}
