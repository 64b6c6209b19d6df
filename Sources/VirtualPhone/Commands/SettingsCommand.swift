/// `settings get NAMESPACE KEY` `put NAMESPACE KEY VALUE`, `delete NAMESPACE KEY`: a few settings and what was put; `null` for all
/// others, as Android prints. Values that are put are only stored.
enum SettingsCommand {
    static let command = VirtualCommand(name: "settings") { call, android in
        var words = Array(call.arguments)
        if let user = words.firstIndex(of: "--user") {
            words.removeSubrange(user..<min(user + 2, words.count))
        }
        if words.count == 4, words[0] == "put" {
            android.telephony.store(words[3], for: "\(words[1])/\(words[2])")
            return .exit(0)
        }
        if words.count == 3, words[0] == "delete" {
            let removed = android.telephony.settings.removeValue(forKey: "\(words[1])/\(words[2])")
            call.out("Deleted \(removed == nil ? 0 : 1) rows\n")
            return .exit(0)
        }
        guard words.count == 3, words[0] == "get" else {
            call.error("Invalid command\n")
            return .exit(255)
        }
        if let stored = android.telephony.settings["\(words[1])/\(words[2])"] {
            call.out(stored + "\n")
            return .exit(0)
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
