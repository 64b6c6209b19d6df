import FoundationEssentials
import Glibc
import Platform

/// Reads `/sys`, `/proc` and `/dev` below a root, which tests put elsewhere.
struct SystemTree {
    /// Longest file read, in bytes; `/proc/net/tcp` of a busy host is the longest.
    static let fileBytesMax = 1 << 20

    private let root: String

    /// The tree below `root`; empty for the machine's own.
    init(root: String = "") { self.root = root }

    /// The names in the folder `path`, sorted; empty when it cannot be read.
    func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + path)) ?? []).sorted()
    }

    /// Whether there is something at `path`.
    func exists(_ path: String) -> Bool { unsafe access(root + path, F_OK) == 0 }

    /// The text of the file `path` without spaces at its ends; nil when it cannot be read.
    func text(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(root + path, flags: O_RDONLY),
            let bytes = try? file.readAll(limit: Self.fileBytesMax, path: path)
        else { return nil }
        let text = bytes.drop { $0 <= UInt8(ascii: " ") }
        guard let last = text.lastIndex(where: { $0 > UInt8(ascii: " ") }) else { return "" }
        return String(decoding: text[...last], as: UTF8.self)
    }

    /// Where the symbolic link `path` points; nil when it is none or may not be read.
    func link(_ path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: root + path)
    }

    /// Whether we may read and write the device node `path`.
    func nodeAccess(_ path: String) -> DoctorFacts.Access {
        var status = stat()
        guard unsafe stat(root + path, &status) == 0 else { return .missing }
        if unsafe access(root + path, R_OK | W_OK) == 0 { return .allowed }
        let digits = String(status.st_mode & 0o777, radix: 8)
        let mode = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return .denied(mode: mode, uid: status.st_uid, gid: status.st_gid)
    }
}
