/// `am start` with a CALL or DIAL intent.
///
/// Source: OuvrirOS/android_frameworks_base services/core/java/com/android/server/am/ActivityManagerShellCommand.java,
/// core/java/android/net/Uri.java (`toSafeString`: telephone numbers are masked, a raw `#` begins the fragment).
enum AmCommand {
    private static let call = "android.intent.action.CALL"
    private static let dialAction = "android.intent.action.DIAL"
    private static let callActivity = "com.android.server.telecom/.components.UserCallActivity"

    static let command = VirtualCommand(name: "am") { call, android in
        guard call.arguments.first == "start", let intent = Intent(call.arguments.dropFirst()) else {
            call.error("Error: Invalid arguments\n")
            return .exit(255)
        }
        call.out("Starting: \(intent.text(component: intent.component))\n")
        let problem = problem(of: intent, android)
        if let problem {
            // With -W the warnings come on the normal output.
            if intent.waits { call.out(problem) } else { call.error(problem) }
            return .exit(0)
        }
        start(intent, android)
        if intent.waits {
            call.out(
                "Status: ok\nLaunchState: COLD\nActivity: \(intent.component ?? callActivity)\nTotalTime: 214\n"
                    + "WaitTime: 231\nComplete\n")
        }
        return .exit(0)
    }

    /// What `am` prints when the activity cannot be started; its exit code is 0 all the same.
    private static func problem(of intent: Intent, _ android: VirtualAndroid) -> String? {
        if let component = intent.component, component != callActivity {
            return "Error type 3\nError: Activity class {\(fullName(component))} does not exist.\n"
        }
        let handled =
            android.setup.slots > 0 && intent.number != nil && [call, dialAction].contains(intent.action)
        return handled
            ? nil
            : "Error: Activity not started, unable to resolve "
                + "\(intent.text(component: intent.component, flags: true))\n"
    }

    private static func start(_ intent: Intent, _ android: VirtualAndroid) {
        let time = android.nowMilliseconds
        guard intent.action == call, let number = intent.number else {
            android.show(VirtualAndroid.dialer, overKeyguard: false, at: time)
            return
        }
        var window = android.newWindow(.activity(callActivity, overKeyguard: false))
        window.token = 10_000_000 + Int(android.telephony.random.next() % 900_000_000)
        window.task = 200
        android.logCreated(
            window, callActivity, intent: "\(call),NULL,tel:\(Intent.masked(number))", flags: 268_435_456,
            at: time)
        android.placeCall(number, intent: intent.text(component: callActivity, flags: true, extras: true))
    }

    private static func fullName(_ component: String) -> String {
        WindowDump.name(of: .activity(component, overKeyguard: false))
    }

    /// The options of `am start` that matter here.
    private struct Intent {
        var action: String?
        var component: String?
        var data: String?
        var waits = false

        init?(_ words: ArraySlice<String>) {
            var words = words
            while let option = words.popFirst() {
                switch option {
                case "-W": waits = true
                case "-a", "-n", "-d", "-f", "--user":
                    guard let value = words.popFirst() else { return nil }
                    if option == "-a" { action = value }
                    if option == "-n" { component = value == fullName(callActivity) ? callActivity : value }
                    if option == "-d" { data = value }
                case "--es", "--ei", "--ez":
                    guard words.count >= 2 else { return nil }
                    words = words.dropFirst(2)
                default: return nil
                }
            }
        }

        /// The decoded number of a `tel:` URI, up to a raw `#`.
        var number: String? {
            guard let data, data.hasPrefix("tel:") else { return nil }
            return Self.decoded(data.dropFirst(4).prefix { $0 != "#" })
        }

        private static func decoded(_ text: Substring) -> String {
            var out: [UInt8] = []
            var bytes = Array(text.utf8)[...]
            while let byte = bytes.popFirst() {
                let digits = String(decoding: bytes.prefix(2), as: UTF8.self)
                if byte == UInt8(ascii: "%"), digits.utf8.count == 2, digits.allSatisfy(\.isHexDigit),
                    let value = UInt8(digits, radix: 16)
                {
                    out.append(value)
                    bytes = bytes.dropFirst(2)
                } else {
                    out.append(byte)
                }
            }
            return String(decoding: out, as: UTF8.self)
        }

        static func masked(_ number: String) -> String {
            String(number.map { "-@.".contains($0) ? $0 : "x" })
        }

        func text(component: String?, flags: Bool = false, extras: Bool = false) -> String {
            var parts = ["Intent {"]
            if let action { parts.append("act=\(action)") }
            if let data { parts.append("dat=" + (number.map { "tel:" + Self.masked($0) } ?? data)) }
            if flags { parts.append("flg=0x10000000") }
            if let component { parts.append("cmp=\(component)") }
            if extras { parts.append("(has extras)") }
            return parts.joined(separator: " ") + " }"
        }
    }
}
