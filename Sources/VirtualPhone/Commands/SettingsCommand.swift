/// `settings get NAMESPACE KEY`: the few settings phonewire reads; `null` for all others, as Android prints.
enum SettingsCommand {
    static let command = VirtualCommand(name: "settings") { call, android in
        let words = call.arguments.filter { !$0.hasPrefix("--") && $0 != "0" }
        guard words.count == 3, words[0] == "get" else {
            call.error("Invalid command\n")
            return .exit(255)
        }
        switch (words[1], words[2]) {
        case ("secure", "android_id"): call.out(android.setup.androidID + "\n")
        case ("secure", "sms_default_application"): call.out(android.setup.messagingApp + "\n")
        case ("global", "adb_enabled"): call.out("1\n")
        default: call.out("null\n")
        }
        return .exit(0)
    }
}
