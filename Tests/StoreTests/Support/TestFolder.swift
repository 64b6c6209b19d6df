import FoundationEssentials
import Glibc

/// A folder of its own for one test, removed with it.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/phonewire-store-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
        }
        guard made else { throw TestFolderError(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The bytes of a file in it; nil when there is none.
    func read(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path + "/" + name).map { Array($0) }
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(filePath: path + "/" + name))
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    /// What a kill at this moment would leave: every file but SQLite's shared memory, which is rebuilt.
    func copy() throws -> TestFolder {
        let other = try TestFolder()
        for name in ["phonewire.db", "phonewire.db-wal", "event-ids", "installation-id"] {
            if let bytes = read(name) { try other.write(name, bytes) }
        }
        return other
    }

    /// Size of a file in it, in bytes, without opening it: closing a database file would drop SQLite's locks.
    func size(_ name: String) -> Int {
        var status = stat()
        return unsafe stat(path + "/" + name, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Permission bits of a file in it.
    func mode(_ name: String) -> UInt32 {
        var status = stat()
        return unsafe stat(path + "/" + name, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

struct TestFolderError: Error { let code: Int32 }
