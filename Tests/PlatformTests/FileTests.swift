import Glibc
import Platform
import Testing

/// A folder of its own for one test, removed with it.
private final class Folder {
    let path: String
    private var names: [String] = []

    init() throws {
        let name = "/tmp/phonewire-platform-\(UInt64.random(in: 0 ... .max))"
        try SyncedFile.makeFolder(name + "/inner")
        path = name + "/inner"
    }

    func file(_ name: String) -> String {
        names.append(name)
        return path + "/" + name
    }

    deinit {
        for name in names { unsafe unlink(path + "/" + name) }
        unsafe rmdir(path)
        unsafe rmdir(String(path.dropLast("/inner".count)))
    }
}

@Suite struct FileTests {
    @Test func aFileIsReplacedWholeAndTakenAway() throws {
        let folder = try Folder()
        let path = folder.file("small")
        #expect(try SyncedFile.read(path) == nil)
        try SyncedFile.replace(path, bytes: Array("one".utf8))
        try SyncedFile.replace(path, bytes: [0, 0xFF])
        #expect(try SyncedFile.read(path) == [0, 0xFF])
        // What a crash left behind beside it does not hinder.
        try SyncedFile.replace(path + ".new", bytes: Array("left".utf8))
        try SyncedFile.replace(path, bytes: [])
        #expect(try SyncedFile.read(path) == [])
        #expect(try SyncedFile.read(path + ".new") == nil)
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        try SyncedFile.remove(path)
        try SyncedFile.remove(path)
        #expect(try SyncedFile.read(path) == nil)
    }

    @Test func whatCannotBeWrittenSaysWhere() throws {
        let folder = try Folder()
        let missing = folder.path + "/none/file"
        #expect(throws: SystemError("open", code: ENOENT, detail: missing + ".new")) {
            try SyncedFile.replace(missing, bytes: [1])
        }
        let big = folder.file("big")
        try SyncedFile.replace(big, bytes: [UInt8](repeating: 1, count: SyncedFile.bytesMax))
        #expect(try SyncedFile.read(big)?.count == SyncedFile.bytesMax)
        try SyncedFile.replace(big, bytes: [UInt8](repeating: 1, count: SyncedFile.bytesMax + 1))
        #expect(throws: SystemError("read", code: EFBIG, detail: big)) { try SyncedFile.read(big) }
    }

    @Test func aSecondHolderIsToldOfTheFirst() throws {
        let folder = try Folder()
        let path = folder.file("lock")
        do {
            let first = try FileLock(path: path)
            #expect(throws: FileLock.Refusal.held(path: path, holder: "pid \(getpid())")) {
                _ = try FileLock(path: path)
            }
            withExtendedLifetime(first) {}
        }
        _ = try FileLock(path: path)
        let nowhere = folder.path + "/none/lock"
        #expect(throws: FileLock.Refusal.system(SystemError("open", code: ENOENT, detail: nowhere))) {
            _ = try FileLock(path: nowhere)
        }
    }
}
