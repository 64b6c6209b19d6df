package import Base

/// How a daemon was asked to run.
package struct DaemonOptions: Sendable, Equatable {
    /// The state folder; made with mode 0700 when it is not there.
    package var stateFolder: String
    /// Path of the control socket.
    package var socketPath: String
    /// True for the system service: the socket gets mode 0660, so that its group may use it; else 0600.
    package var socketForGroup: Bool
    /// Least important records that are logged.
    package var logLevel: LogLevel
    /// Whether phones on USB are served.
    package var usb: Bool
    /// Phones to serve over TCP besides those in the store, `host:port`.
    package var addresses: [String]

    package init(
        stateFolder: String, socketPath: String, socketForGroup: Bool = false, logLevel: LogLevel = .info,
        usb: Bool = true, addresses: [String] = []
    ) {
        self.stateFolder = stateFolder
        self.socketPath = socketPath
        self.socketForGroup = socketForGroup
        self.logLevel = logLevel
        self.usb = usb
        self.addresses = addresses
    }
}
