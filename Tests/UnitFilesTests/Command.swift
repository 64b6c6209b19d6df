import FoundationEssentials
import Glibc

/// A program of this machine, run to its end with a fixed list of arguments.
enum Command {
    struct Result {
        let exitCode: Int32
        /// Standard output and standard error together.
        let output: String
    }

    struct NotStarted: Error {
        let program: String
        let code: Int32
    }

    /// Whether a test may be left out because a program is missing. Never in CI, which installs them all.
    static var mustHaveAll: Bool { ProcessInfo.processInfo.environment["PHONEWIRE_CI"] == "1" }

    /// The full path of a program in the usual places; nil when it is not installed.
    static func path(of program: String) -> String? {
        ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].map { $0 + program }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    static func run(_ program: String, _ arguments: [String]) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "phonewire-\(UUID().uuidString).out")
        defer { try? FileManager.default.removeItem(at: file) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, file.path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let words = unsafe cStrings([program] + arguments)
        let settings = unsafe cStrings(["LC_ALL=C", "PATH=/usr/bin:/bin", "SYSTEMD_COLORS=0"])
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe settings.forEach { unsafe free($0) }
        }
        var child = pid_t()
        let code = unsafe posix_spawn(&child, program, &actions, nil, words, settings)
        guard code == 0 else { throw NotStarted(program: program, code: code) }
        var status = Int32()
        while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let exited = status & 0x7F == 0
        let output = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return Result(exitCode: exited ? status >> 8 & 0xFF : 128 + (status & 0x7F), output: output)
    }

    /// Copies for the kernel, with the null at the end; to be freed.
    private static func cStrings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var strings: [UnsafeMutablePointer<CChar>?] = unsafe texts.map { unsafe strdup($0) }
        unsafe strings.append(nil)
        return unsafe strings
    }
}
