import Control
import Daemon

/// What `doctor` has looked at, before any judgement.
struct DoctorFacts: Sendable, Equatable {
    /// A USB device with an ADB interface.
    struct Phone: Sendable, Equatable {
        /// USB port such as `1-1.2`.
        var port: String
        /// Maker and product as the device says; outside text.
        var name: String
        /// Its device node.
        var node: String
        var access: Access
        /// Whether a program has claimed the ADB interface (its driver is `usbfs`).
        var claimed: Bool
        /// Programs that have the node open, `adb (pid 12)`, as far as we may see.
        var holders: [String]
    }

    /// Whether we may open a device node.
    enum Access: Sendable, Equatable {
        case allowed
        /// Refused; with the node's mode, such as `0664`, and its owner and group.
        case denied(mode: String, uid: UInt32, gid: UInt32)
        /// There is no such node (in a container, for example).
        case missing
    }

    /// A USB device that looks like a phone but has no ADB interface.
    struct SilentPhone: Sendable, Equatable {
        var port: String
        var name: String
    }

    /// What the daemon says.
    enum Daemon: Sendable, Equatable {
        case running(StatusReport)
        case notRunning(String)
        case noPermission(String)
        case failing(String)
    }

    var uid: UInt32
    /// Whether the kernel shows any USB at all.
    var usbPresent: Bool
    /// Whether a udevd runs: without one libusb hears of no arrivals.
    var udevRunning: Bool
    /// Where our rules file was found; nil when it is not installed.
    var rulesFile: String?
    var phones: [Phone]
    var silentPhones: [SilentPhone]
    /// Whether something listens on the adb server's port.
    var adbServerListening: Bool
    /// Processes called `adb`.
    var adbProcesses: [Int32]
    var daemon: Daemon
}
