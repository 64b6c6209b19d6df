/// Options that every command has.
package struct GlobalOptions: Sendable, Equatable {
    /// Path of the control socket.
    var socket: String?
    /// The state folder.
    var state: String?
    /// JSON instead of text.
    var json = false
    /// No colours, whatever the terminal can do.
    var noColor = false

    /// Their descriptions.
    static let specs: [OptionSpec] = [
        .value("socket", "PATH", "control socket of the daemon", kind: .file),
        .value("state", "FOLDER", "state folder of the daemon", kind: .folder),
        .flag("json", "print JSON, one documented schema per command"),
        .flag("no-color", "print no colours (as does NO_COLOR in the environment)"),
        .flag("help", "print help, also -h"),
        .flag("version", "print the version"),
    ]
}
