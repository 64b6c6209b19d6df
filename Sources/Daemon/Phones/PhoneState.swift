/// How a phone is now, in one word; the raw value is the word in `--json`.
package enum PhoneState: String, Sendable, Codable, CaseIterable {
    /// The link stands, the phone has not answered yet.
    case connecting
    /// Keys are being exchanged.
    case authorizing
    /// The phone asks its owner to allow us.
    case waitingForUser = "waiting-for-user"
    /// It answers; who it is and what it can do is being read.
    case identifying = "probing"
    /// It is served.
    case online
    /// It is known but not here.
    case offline
    /// Another program holds it.
    case busy
    /// We may not open it.
    case noPermission = "no-permission"
    /// It refused our key.
    case unauthorized
    /// It was restarted and nobody has unlocked it yet: its messages cannot be read.
    case locked
    /// It is here, but its messages cannot be read with all promises; the detail says why.
    case limited
    /// It is here and something is wrong; the detail says what.
    case failing
    /// The user switched it off.
    case disabled

    /// Whether the phone needs somebody.
    package var isProblem: Bool {
        switch self {
        case .waitingForUser, .busy, .noPermission, .unauthorized, .locked, .limited, .failing: true
        case .connecting, .authorizing, .identifying, .online, .offline, .disabled: false
        }
    }

    /// What to do about it, for people; empty when nothing needs doing.
    package var advice: String {
        switch self {
        case .connecting, .authorizing, .identifying, .online, .offline, .disabled: ""
        case .waitingForUser:
            "unlock the phone and allow USB debugging; tick \"always allow from this computer\""
        case .busy: "another program holds it: \"adb kill-server\", close Android Studio and scrcpy"
        case .noPermission: "install udev/60-phonewire.rules and plug it in again: see \"phonewire doctor\""
        case .unauthorized:
            "on the phone: Developer options, revoke USB debugging authorisations, plug in again, allow"
        case .locked: "unlock the phone once after its restart"
        case .limited: "see \"phonewire devices show\" for what cannot be read"
        case .failing: "plug it in again; see the daemon's log"
        }
    }
}
