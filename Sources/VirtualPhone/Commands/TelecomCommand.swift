/// `telecom`: sets the account for calls; prints its usage.
///
/// Sources: Ankits-lab/frameworks_base (Android 11) and OuvrirOS/android_frameworks_base (12L)
/// cmds/telecom/src/com/android/commands/telecom/Telecom.java, yaap/packages_services_Telecomm
/// src/com/android/server/telecom/TelecomShellCommand.java (15 and later). Here the usage lists
/// set-user-selected-outgoing-phone-account from Android 10 on; whether 6 to 9 had it is not known.
enum TelecomCommand {
    private static let setOutgoing = "set-user-selected-outgoing-phone-account"

    static let command = VirtualCommand(name: "telecom") { call, android in
        let release = android.setup.androidRelease
        let words = Array(call.arguments)
        switch words.first {
        case nil:
            call.out(usage(release))
            // Unverified: 255 where it is `cmd telecom`.
            return .exit(release >= 15 ? 255 : 0)
        case setOutgoing? where release >= 10: return setAccount(Array(words.dropFirst()), &call, android)
        case "get-default-dialer"?: call.out("com.google.android.dialer\n")
        case "get-sim-config"? where release >= 11:
            call.out(["DSDS", "TSTS"].indices.contains(android.setup.slots - 2) ? "DSDS\n" : "\n")
        case "get-max-phones"? where release >= 11: call.out("\(android.setup.slots)\n")
        case "wait-on-handlers"?: break
        case let word?: return refuse("unknown command '\(word)'", &call, android)
        }
        return .exit(0)
    }

    /// `COMPONENT ID USER`, or nothing: ask each time. Success is printed whatever comes of it.
    private static func setAccount(
        _ words: [String], _ call: inout VirtualCall, _ android: VirtualAndroid
    ) -> VirtualCommandEnd {
        var words = words
        if words.first == "-e", android.setup.androidRelease >= 11 { words.removeFirst() }
        guard let component = words.first else {
            android.setOutgoingAccount(nil)
            call.out("Success - null set as default outgoing account.\n")
            return .exit(0)
        }
        guard component.contains("/") else { return refuse("Invalid component \(component)", &call, android) }
        guard words.count >= 3 else {
            return refuse("Argument expected after \"\(words.last ?? "")\"", &call, android)
        }
        guard let user = Int(words[2]) else {
            return refuse("Invalid user serial number \(words[2])", &call, android)
        }
        // An account that does not exist changes nothing; Telecom only logs it.
        let known = android.activeSIMs.first { TelecomDump.accountID($0.subscriptionID, android) == words[1] }
        if let known, component == TelecomDump.component, user == 0 {
            android.setOutgoingAccount(known.subscriptionID)
        } else {
            android.logs.append(
                to: "system", at: android.nowMilliseconds, process: VirtualAndroid.systemProcess,
                thread: VirtualAndroid.systemProcess, level: "W", tag: "Telecom",
                message: "PhoneAccountRegistrar: Trying to set nonexistent default outgoing "
                    + "ComponentInfo{\(component)}, ***, UserHandle{\(user)}: TSI.sUSOPA@AAo")
        }
        let id = android.setup.androidRelease >= 16 ? words[1] : "***"
        call.out(
            "Success - ComponentInfo{\(component)}, \(id), UserHandle{\(user)} set as default outgoing account.\n"
        )
        return .exit(0)
    }

    /// The usage and what is wrong. The Java program of Android 6 to 14 then ends with 0.
    private static func refuse(
        _ problem: String, _ call: inout VirtualCall, _ android: VirtualAndroid
    ) -> VirtualCommandEnd {
        let release = android.setup.androidRelease
        guard release < 15 else {
            call.error("Command[\(call.words.dropFirst().first ?? "")]: Error: \(problem)\n")
            return .exit(255)
        }
        call.error("\(usage(release))\nError: \(problem)\n")
        return .exit(0)
    }

    private static func usage(_ release: Int) -> String {
        var subcommands = [
            "[subcommand] [options]", "set-phone-account-enabled <COMPONENT> <ID> <USER_SN>",
            "set-phone-account-disabled <COMPONENT> <ID> <USER_SN>",
            "register-phone-account <COMPONENT> <ID> <USER_SN> <LABEL>",
        ]
        if release >= 10 {
            subcommands.append("\(setOutgoing) \(release >= 11 ? "[-e] " : "")<COMPONENT> <ID> <USER_SN>")
        }
        subcommands += [
            "register-sim-phone-account <COMPONENT> <ID> <USER_SN> <LABEL> <ADDRESS>",
            "unregister-phone-account <COMPONENT> <ID> <USER_SN>", "set-default-dialer <PACKAGE>",
            "get-default-dialer", "get-system-dialer", "wait-on-handlers",
        ]
        if release >= 11 { subcommands += ["set-sim-count <COUNT>", "get-sim-config", "get-max-phones"] }
        return subcommands.map { "usage: telecom \($0)\n" }.joined()
    }
}
