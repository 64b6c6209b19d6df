import Glibc
import Platform
import Stage
import Testing
import VirtualPhone

/// The program as a process: its start, its end, and what it says when it cannot start.
@Suite(.serialized) struct ProcessTests {
    /// Runs the program until it ends; its exit code and what it said.
    private func run(_ arguments: [String], in stage: Stage) throws -> (code: Int32, text: String) {
        let log = stage.folder + "/said.log"
        unsafe unlink(log)
        let status = try ChildProcess(arguments, log: log).wait()
        let bytes = try SyncedFile.read(log) ?? []
        return ((status >> 8) & 0xFF, String(decoding: bytes, as: UTF8.self))
    }

    @Test func aSecondDaemonOnTheSameFolderSaysWhoHasIt() throws {
        let stage = try Stage(name: "second-\(getpid())")
        defer { stage.end() }
        try stage.setUp()
        let second = try run(
            ["run", "--state", stage.folder, "--socket", stage.folder + "/other.sock", "--no-usb"], in: stage)
        #expect(second.code != 0)
        #expect(second.text.contains("another phonewire (pid \(stage.daemonPID))"))
        #expect(second.text.contains("--state"))
    }

    @Test func sigtermEndsInOrder() throws {
        let stage = try Stage(name: "term-\(getpid())")
        defer { stage.end() }
        try stage.setUp()
        stage.phones[0].receiveSMS(from: "Shop", body: "before the end", slot: 0)
        #expect(stage.retry(seconds: 30) { stage.distinct().count == 1 })
        #expect(stage.stop() == 0)
        let status = try run(["--socket", stage.folder + "/control.sock", "status"], in: stage)
        #expect(status.code == 3, "a daemon that does not run has its own exit code")
    }

    @Test func aStoreOfANewerVersionIsRefusedAndLeftAlone() throws {
        let stage = try Stage(name: "newer-\(getpid())")
        defer { stage.end() }
        try stage.setUp()
        _ = stage.stop()
        try setUserVersion(stage.folder + "/phonewire.db", 9999)
        let refused = try run(["run", "--state", stage.folder, "--no-usb"], in: stage)
        #expect(refused.code != 0)
        #expect(refused.text.contains("newer"), "\(refused.text)")
    }

    @Test func aFileThatIsNoDatabaseIsSaidToBeNone() throws {
        let stage = try Stage(name: "garbage-\(getpid())")
        defer { stage.end() }
        try SyncedFile.replace(stage.folder + "/phonewire.db", bytes: [UInt8](repeating: 0x41, count: 8192))
        let refused = try run(["run", "--state", stage.folder, "--no-usb"], in: stage)
        #expect(refused.code != 0)
        #expect(refused.text.contains("phonewire.db"), "\(refused.text)")
    }

    @Test func aFolderThatCannotBeMadeIsNamed() throws {
        let stage = try Stage(name: "folder-\(getpid())")
        defer { stage.end() }
        let refused = try run(["run", "--state", "/proc/nowhere/phonewire", "--no-usb"], in: stage)
        #expect(refused.code != 0)
        #expect(refused.text.contains("/proc/nowhere"))
    }

    /// Writes the version that SQLite keeps at byte 60 of the file header (sqlite.org/fileformat2.html).
    private func setUserVersion(_ path: String, _ version: UInt32) throws {
        let file = try FileDescriptor.open(path, flags: O_RDWR)
        try #require(lseek(file.raw, 60, SEEK_SET) == 60)
        try file.writeAll([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: version >> $0) }, path: path)
    }
}
