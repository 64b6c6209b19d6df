import Glibc
import Platform

/// The state folder as the store sees it: its own files and their modes.
struct StoreFolder: Sendable {
    /// Mode of the database file.
    private static let ownerOnly: mode_t = 0o600
    /// The bits of a mode that let anybody but the owner in.
    private static let rightsOfOthers: mode_t = 0o077

    let path: String

    var database: String { path + "/phonewire.db" }
    var writeAheadLog: String { database + "-wal" }
    var eventIDs: String { path + "/event-ids" }
    var installationID: String { path + "/installation-id" }

    /// Makes the folder (0700) and an empty database file (0600) where they are missing, and takes away any right
    /// of others on the database. Opens the database file only when it has just made it: closing a descriptor of
    /// it would drop SQLite's locks (sqlite.org/howtocorrupt.html, section 2.2).
    /// - Returns: whether the database file is new.
    func prepare() throws(StoreError) -> Bool {
        do throws(SystemError) { try SyncedFile.makeFolder(path) } catch { throw .system(error, path: path) }
        guard let mode = try mode(of: database) else {
            do throws(SystemError) {
                _ = try FileDescriptor.open(database, flags: O_RDWR | O_CREAT | O_EXCL, mode: Self.ownerOnly)
                try SyncedFile.syncFolder(of: database)
            } catch { throw .system(error, path: database) }
            return true
        }
        guard mode & S_IFMT == S_IFREG else {
            throw StoreError(
                .inaccessible, path: database, operation: "open", message: "is not a regular file",
                remedy: "Move it away, or name another state folder")
        }
        if mode & Self.rightsOfOthers != 0 {
            guard unsafe chmod(database, Self.ownerOnly) == 0 else {
                throw .system(SystemError("chmod", detail: database), path: database)
            }
        }
        return false
    }

    /// Size of a file in bytes; 0 when it is missing.
    func size(of file: String) -> Int64 {
        var status = stat()
        return unsafe stat(file, &status) == 0 ? Int64(status.st_size) : 0
    }

    private func mode(of file: String) throws(StoreError) -> mode_t? {
        var status = stat()
        if unsafe lstat(file, &status) == 0 { return status.st_mode }
        if errno == ENOENT { return nil }
        throw .system(SystemError("lstat", detail: file), path: file)
    }

    /// Reads one of the small files; nil when it is missing.
    func read(_ file: String) throws(StoreError) -> [UInt8]? {
        do throws(SystemError) { return try SyncedFile.read(file) } catch { throw .system(error, path: file) }
    }

    /// Replaces one of the small files, synced.
    func replace(_ file: String, by bytes: [UInt8]) throws(StoreError) {
        do throws(SystemError) {
            try SyncedFile.replace(file, bytes: bytes)
        } catch { throw .system(error, path: file) }
    }
}
