/// `input keyevent CODE...` and `input text TEXT`.
///
/// Source: OuvrirOS/android_frameworks_base services/core/java/com/android/server/input/InputShellCommand.java; what the
/// dialogs do with keys: LineageOS/android_packages_services_Telephony src/com/android/phone/PhoneUtils.java.
enum InputCommand {
    static let command = VirtualCommand(name: "input") { call, android in
        let words = Array(call.arguments)
        if android.telephony.faults.contains(.inputDenied) {
            call.error(denial(words.first ?? "", android.setup.androidRelease))
            return .exit(android.setup.androidRelease >= 13 ? 255 : 1)
        }
        switch (words.first, words.count) {
        case ("text"?, 2): return type(words[1], &call, android)
        case ("keyevent"?, 2...):
            for word in words.dropFirst() {
                switch word {
                case "4", "KEYCODE_BACK", "BACK": back(android)
                case "66", "KEYCODE_ENTER", "ENTER": enter(android)
                default: break
                }
            }
            return .exit(0)
        default:
            call.error("Error: Invalid arguments for command: \(words.first ?? "")\n")
            return .exit(255)
        }
    }

    /// Seen on Xiaomi (Genymobile/scrcpy issues 70 and 3824). Unverified: the exit codes.
    private static func denial(_ subcommand: String, _ release: Int) -> String {
        guard release >= 13 else {
            return """
                java.lang.SecurityException: Injecting to another application requires INJECT_EVENTS permission
                \tat android.os.Parcel.createException(Parcel.java:2075)
                \tat android.os.Parcel.readException(Parcel.java:2043)
                \tat android.os.Parcel.readException(Parcel.java:1991)
                \tat android.hardware.input.IInputManager$Stub$Proxy.injectInputEvent(IInputManager.java:925)
                \tat android.hardware.input.InputManager.injectInputEvent(InputManager.java:886)
                \tat com.android.commands.input.Input.injectKeyEvent(Input.java:386)

                """
        }
        return """
            Exception occurred while executing '\(subcommand)':
            java.lang.SecurityException: Injecting input events requires the caller (or the source of the \
            instrumentation, if any) to have the INJECT_EVENTS permission.
            \tat com.android.server.input.InputManagerService.injectInputEventToTarget(InputManagerService.java:916)

            """
    }

    /// Unverified: that characters outside ASCII end in this exception.
    private static func type(
        _ text: String, _ call: inout VirtualCall, _ android: VirtualAndroid
    ) -> VirtualCommandEnd {
        guard text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            call.error("Exception occurred while executing 'text':\njava.lang.NullPointerException\n")
            return .exit(255)
        }
        let typed = text.replacing("%s", with: " ")
        let release = android.setup.androidRelease
        if case .keyguard = android.telephony.screen.focus(release: release) {
            Telephony.remember(typed, in: &android.telephony.typedAtKeyguard)
        } else if android.telephony.screen.type(typed, release: release) {
            Telephony.remember(typed, in: &android.telephony.typed)
        } else {
            Telephony.remember(typed, in: &android.telephony.typedElsewhere)
        }
        return .exit(0)
    }

    /// ENTER sends a menu's field, also an empty one.
    private static func enter(_ android: VirtualAndroid) {
        switch android.telephony.screen.focus(release: android.setup.androidRelease) {
        case .keyguard: Telephony.remember("\n", in: &android.telephony.typedAtKeyguard)
        case .launcher: Telephony.remember("\n", in: &android.telephony.typedElsewhere)
        case .window(let window):
            guard case .menu(let slot, let field) = window.kind else {
                Telephony.remember("\n", in: &android.telephony.typedElsewhere)
                return
            }
            android.telephony.screen.close { $0 == window.kind }
            android.answerMenu(slot: slot, text: field)
        }
    }

    /// BACK closes results and other apps' activities; menus, the spinner and the keyguard ignore it.
    private static func back(_ android: VirtualAndroid) {
        guard case .window(let window) = android.telephony.screen.focus(release: android.setup.androidRelease)
        else {
            return
        }
        switch window.kind {
        case .result: android.closeResult()
        case .activity: android.telephony.screen.close { $0 == window.kind }
        case .running, .menu: return
        }
        android.focusChanged(reason: "setFocusedWindow", at: android.nowMilliseconds)
    }
}
