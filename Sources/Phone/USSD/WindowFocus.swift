/// Who has the focus of the phone's screen (OuvrirOS/android_frameworks_base
/// `services/core/java/com/android/server/wm/WindowState.java`): where keys would go.
///
/// A window's title is its app's own choice, so an app could pass itself off as the phone's dialog: an app on the phone
/// that does this gets what is typed.
package enum WindowFocus: Sendable, Equatable {
    /// The phone app's own dialog: a result or a menu.
    case phoneDialog
    /// The phone app shows that a code is running; no key ends it.
    case phoneRunning
    /// The lock screen, or the notification shade that looks the same.
    case keyguard
    /// Nothing has it: the screen may be off.
    case nothing
    /// Anything else.
    case other
    /// The dump says nothing about it, or contradicts itself.
    case unclear

    /// Whether keys would go to an unlocked screen.
    package var isUnlocked: Bool {
        switch self {
        case .phoneDialog, .phoneRunning, .other: true
        case .keyguard, .nothing, .unclear: false
        }
    }

    /// Reads `dumpsys window`: `  mCurrentFocus=Window{8f2e1cd u0 com.android.phone}`, perhaps once a display.
    package init(parsing output: [UInt8]) {
        var names: Set<ArraySlice<UInt8>> = []
        var isTold = false
        for line in lines(of: output) {
            var scanner = ByteScanner(line)
            _ = scanner.prefix { $0 == .space }
            guard scanner.accept("mCurrentFocus=") else { continue }
            isTold = true
            if scanner.rest.elementsEqual("null".utf8) { continue }
            // A copy: slices of different places are to be equal.
            names.insert(Array(Self.name(scanner) ?? [])[...])
        }
        guard let name = names.first else {
            self = isTold ? .nothing : .unclear
            return
        }
        self = names.count == 1 ? Self.focus(of: name) : .unclear
    }

    /// The name in `Window{8f2e1cd u0 NAME}`, of the owner's windows alone.
    private static func name(_ start: ByteScanner) -> ArraySlice<UInt8>? {
        var scanner = start
        guard scanner.accept("Window{") else { return nil }
        let hash = scanner.prefix { $0.isLowercaseHexDigit }
        guard !hash.isEmpty, scanner.accept(" u0 "), scanner.rest.last == UInt8(ascii: "}") else {
            return nil
        }
        return scanner.rest.dropLast()
    }

    private static func focus(of name: ArraySlice<UInt8>) -> WindowFocus {
        switch String(decoding: name, as: UTF8.self) {
        case "": .unclear
        case "com.android.phone": .phoneDialog
        case "com.android.phone/com.android.phone.MMIDialogActivity", "com.android.phone/.MMIDialogActivity":
            .phoneRunning
        case "NotificationShade", "StatusBar", "Keyguard": .keyguard
        default: .other
        }
    }
}
