package import Glibc
import Platform

/// The built program as a child process of the test.
package final class ChildProcess {
    package private(set) var pid: pid_t = 0
    /// Where its standard output and standard error go.
    package let log: String

    /// Starts `phonewire` with `arguments`; its output is appended to `log`.
    package init(_ arguments: [String], log: String) throws {
        self.log = log
        let program = try Self.program()
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let strings = unsafe ([program] + arguments).map { unsafe strdup($0) }
        defer { unsafe strings.forEach { unsafe free($0) } }
        let code = unsafe posix_spawn(&pid, program, &actions, nil, strings + [nil], environ)
        guard code == 0 else { throw SystemError("posix_spawn", code: code, detail: program) }
    }

    /// The program that was built with these tests: beside the test bundle.
    package static func program() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { throw SystemError("readlink", detail: "/proc/self/exe") }
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = path[..<(path.lastIndex(of: "/") ?? path.endIndex)]
        return folder + "/phonewire"
    }

    /// Sends a signal and waits for the end; returns the status of waitpid(2).
    @discardableResult
    package func end(_ signal: Int32) -> Int32 {
        guard pid != 0 else { return 0 }
        kill(pid, signal)
        return wait()
    }

    /// Waits for the end.
    @discardableResult
    package func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        pid = 0
        return status
    }

    deinit { end(SIGKILL) }
}
