/// `dumpsys window`: who has the focus, among a few other lines of it.
///
/// Sources: OuvrirOS/android_frameworks_base services/core/java/com/android/server/wm/DisplayContent.java,
/// WindowState.java (Android 12L). Unverified: the form of `mFocusedApp` before Android 11.
enum WindowDump {
    private static let launcher = "com.google.android.apps.nexuslauncher"
    private static let launcherActivity = "com.google.android.apps.nexuslauncher/.NexusLauncherActivity"

    static func text(_ android: VirtualAndroid) -> String {
        let screen = android.telephony.screen
        let release = android.setup.androidRelease
        var lines = [
            "WINDOW MANAGER LAST ANR (dumpsys window lastanr)", "  <no ANR has occurred since boot>", "",
            "WINDOW MANAGER POLICY STATE (dumpsys window policy)",
            "    mSystemReady=true mSystemBooted=true", "    showing=\(screen.keyguard)", "",
            "WINDOW MANAGER WINDOWS (dumpsys window windows)",
        ]
        let listed =
            screen.windows.reversed().map { window($0.hash, name(of: $0.kind)) } + [
                window("51aa2f1", launcherName)
            ]
        for (index, text) in ([window("c4e8a77", shade(release))] + listed).enumerated() {
            lines += ["  Window #\(index) \(text):", "    mDisplayId=0 mSession=Session{7d1e2b 1144:1000}"]
        }
        lines += [
            "", "  mCurrentFocus=\(focus(screen, release))", "  mFocusedApp=\(focusedApp(screen, release))",
        ]
        lines += ["  mHasPermanentDpad=false", ""]
        return lines.joined(separator: "\n")
    }

    private static func focus(_ screen: PhoneScreen, _ release: Int) -> String {
        switch screen.focus(release: release) {
        case .keyguard: window("c4e8a77", shade(release))
        case .launcher: window("51aa2f1", launcherName)
        case .window(let top): window(top.hash, name(of: top.kind))
        }
    }

    /// It stays on the app behind a dialog or the keyguard.
    private static func focusedApp(_ screen: PhoneScreen, _ release: Int) -> String {
        let top = screen.topActivity
        let component =
            switch top?.kind {
            case .running?: "com.android.phone/.MMIDialogActivity"
            case .activity(let component, _)?: component
            default: launcherActivity
            }
        let record =
            top.map { "ActivityRecord{\(hexadecimal($0.token)) u0 \(component) t\($0.task)}" }
            ?? "ActivityRecord{51aa2f0 u0 \(component) t7}"
        return release >= 11 ? record : "AppWindowToken{6b1c0d2 token=Token{5a0b1c3 \(record)}}"
    }

    private static func hexadecimal(_ number: Int) -> String {
        LogFollower.padLeft(String(number & 0xFFF_FFFF, radix: 16), 7, with: "0")
    }

    private static func window(_ hash: String, _ name: String) -> String { "Window{\(hash) u0 \(name)}" }

    private static var launcherName: String { "\(launcher)/\(launcher).NexusLauncherActivity" }

    /// The window that holds the keyguard.
    private static func shade(_ release: Int) -> String { release >= 11 ? "NotificationShade" : "StatusBar" }

    /// A window's name: `package/full.class.Name` of an activity; the package alone where no title was set.
    static func name(of kind: PhoneScreen.Window.Kind) -> String {
        switch kind {
        case .result, .menu: return "com.android.phone"
        case .running: return "com.android.phone/com.android.phone.MMIDialogActivity"
        case .activity(let component, _):
            let parts = component.split(separator: "/", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix(".") else { return component }
            return "\(parts[0])/\(parts[0])\(parts[1])"
        }
    }
}
