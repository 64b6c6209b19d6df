import CLinux
import Glibc

/// Tells systemd how the service is: datagrams of `KEY=VALUE` lines to `$NOTIFY_SOCKET` (sd_notify(3)).
package struct ServiceNotify: Sendable {
    private let path: String?
    /// How often `WATCHDOG=1` is due: half of `$WATCHDOG_USEC`; nil when nobody watches.
    package let watchdogInterval: Duration?

    /// Reads the environment that systemd sets; does nothing when there is none.
    package init() {
        path = Environment.value("NOTIFY_SOCKET")
        watchdogInterval = Environment.value("WATCHDOG_USEC").flatMap { Int64($0) }.map {
            .microseconds($0 / 2)
        }
    }

    /// Sends `lines`; a service manager that is gone is not an error.
    package func send(_ lines: [String]) {
        guard let path else { return }
        let descriptor = FileDescriptor(
            owning: socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0))
        guard descriptor.raw >= 0, var address = UnixAddress(path: path) else { return }
        _ = address.send(Array(lines.joined(separator: "\n").utf8), on: descriptor.raw)
    }
}
