/// Where the state and the socket are, by what was asked and by who asks. Reads nothing itself.
package struct Paths: Sendable, Equatable {
    /// The system service's state folder.
    package static let systemState = "/var/lib/phonewire"
    /// The system service's socket.
    package static let systemSocket = "/run/phonewire/control.sock"

    /// The state folder; nil when nothing says where (no `HOME`).
    package let state: String?
    /// Sockets in the order in which a command tries them; the first is the one that `run` makes.
    package let sockets: [String]
    /// Whether the socket that `run` makes is for a group as well (mode 0660).
    package let socketForGroup: Bool

    /// The paths for a user. `environment` gives the value of a variable, nil when unset or empty; `systemd` says
    /// whether `$STATE_DIRECTORY` and `$RUNTIME_DIRECTORY` count (only for `run`: the unit sets them).
    package init(
        global: GlobalOptions, uid: UInt32, systemd: Bool, environment: (String) -> String?
    ) {
        func folder(_ name: String) -> String? {
            // Both may list several folders, with colons between; relative ones are not to be used.
            let first = environment(name)?.split(separator: ":").first.map(String.init)
            return first.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        let unitState = systemd ? folder("STATE_DIRECTORY") : nil
        let unitRuntime = systemd ? folder("RUNTIME_DIRECTORY") : nil
        let home = folder("XDG_STATE_HOME") ?? folder("HOME").map { $0 + "/.local/state" }
        let own = home.map { $0 + "/phonewire" }
        state = global.state ?? unitState ?? (uid == 0 ? Self.systemState : own)

        if let socket = global.socket {
            sockets = [socket]
        } else if let unitRuntime {
            sockets = [unitRuntime + "/control.sock"]
        } else if let chosen = global.state {
            sockets = [chosen + "/control.sock"]
        } else if uid == 0 {
            sockets = [Self.systemSocket]
        } else {
            let runtime = folder("XDG_RUNTIME_DIR").map { $0 + "/phonewire/control.sock" }
            sockets = [runtime, own.map { $0 + "/control.sock" }, Self.systemSocket].compactMap(\.self)
        }
        let first = sockets.first ?? ""
        socketForGroup =
            first.hasPrefix("/run/phonewire/") || unitRuntime.map { first.hasPrefix($0 + "/") } == true
    }
}
