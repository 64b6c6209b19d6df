/// What is on the phone's screen, as far as focus goes: the keyguard, dialogs over everything, activities, the launcher.
struct PhoneScreen: Sendable {
    /// Most windows kept; further dialogs push out the oldest.
    static let windowsMax = 32

    /// Longest text in a menu's field, in bytes; what is typed after it is lost.
    static let fieldBytesMax = 4096

    /// A window of the telephone.
    struct Window: Sendable {
        enum Kind: Sendable, Equatable {
            /// `MMIDialogActivity` with its spinner, for a code on this slot.
            case running(slot: Int)
            /// The result dialog. `text` holds older results too.
            case result(text: String)
            /// The menu dialog of a session on this slot, with what was typed so far.
            case menu(slot: Int, field: String)
            /// An activity of another app: component, and whether it shows over the keyguard.
            case activity(String, overKeyguard: Bool)
        }
        var kind: Kind
        /// Identity hash, as `dumpsys window` prints it.
        var hash: String
        /// Token of an activity, and its task.
        var token = 0
        var task = 0
    }

    /// Whether the lock screen is up.
    var keyguard = false
    /// Dialogs and activities, the newest last.
    private(set) var windows: [Window] = []

    mutating func show(_ window: Window) {
        if windows.count >= Self.windowsMax { windows.removeFirst() }
        windows.append(window)
    }

    /// Takes away the newest window for which `matches` holds.
    @discardableResult
    mutating func close(_ matches: (Window.Kind) -> Bool) -> Window? {
        guard let index = windows.lastIndex(where: { matches($0.kind) }) else { return nil }
        return windows.remove(at: index)
    }

    mutating func closeAll() { windows = [] }

    /// The result dialog that is open.
    var resultText: String? {
        for window in windows.reversed() {
            if case .result(let text) = window.kind { return text }
        }
        return nil
    }

    /// Where a key goes.
    enum Focus {
        case keyguard
        case launcher
        case window(Window)
    }

    private func isDialog(_ kind: Window.Kind) -> Bool {
        switch kind {
        case .result, .menu: true
        case .running, .activity: false
        }
    }

    /// Who has the focus. Up to Android 8.0 result dialogs lay over the keyguard; since then all dialogs lie below it.
    /// Source: LineageOS/android_packages_services_Telephony src/com/android/phone/PhoneUtils.java (window types).
    func focus(release: Int) -> Focus {
        if keyguard {
            let above = windows.last { window in
                switch window.kind {
                case .activity(_, let overKeyguard): overKeyguard
                case .result: release <= 7
                case .running, .menu: false
                }
            }
            return above.map { .window($0) } ?? .keyguard
        }
        let top = windows.last { isDialog($0.kind) } ?? windows.last
        return top.map { .window($0) } ?? .launcher
    }

    /// The activity behind the dialogs; nil for the launcher.
    var topActivity: Window? { windows.last { !isDialog($0.kind) } }

    /// Types into the menu that has the focus; false when there is none.
    mutating func type(_ text: String, release: Int) -> Bool {
        guard case .window(let focused) = focus(release: release),
            case .menu(let slot, let field) = focused.kind,
            let index = windows.lastIndex(where: { $0.hash == focused.hash })
        else { return false }
        let room = max(0, Self.fieldBytesMax - field.utf8.count)
        windows[index].kind = .menu(
            slot: slot, field: field + String(decoding: text.utf8.prefix(room), as: UTF8.self))
        return true
    }
}
