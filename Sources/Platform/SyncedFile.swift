import Glibc

/// Small files that must survive a power cut whole: the key, the id block, the installation's name.
package enum SyncedFile {
    /// Largest file read, in bytes.
    package static let bytesMax = 64 * 1024

    /// Replaces `path` by a file of `bytes` with `mode`: written beside it, synced, renamed, the folder synced.
    package static func replace(_ path: String, bytes: [UInt8], mode: UInt32 = 0o600) throws(SystemError) {
        let temporary = path + ".new"
        _ = unsafe unlink(temporary)
        let file = try FileDescriptor.open(temporary, flags: O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        try file.writeAll(bytes, path: temporary)
        guard fsync(file.raw) == 0 else { throw SystemError("fsync", detail: temporary) }
        guard unsafe rename(temporary, path) == 0 else { throw SystemError("rename", detail: path) }
        try syncFolder(of: path)
    }

    /// Takes the file away; a missing file is not an error.
    package static func remove(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw SystemError("unlink", detail: path) }
    }

    /// The bytes of `path`; nil when there is no such file.
    package static func read(_ path: String) throws(SystemError) -> [UInt8]? {
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(path, flags: O_RDONLY)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        return try file.readAll(limit: bytesMax, path: path)
    }

    /// Makes `path` a folder of mode 0700 unless it is there already; parents too.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
        if unsafe mkdir(path, mode) == 0 { return }
        switch errno {
        case EEXIST:
            return
        case ENOENT:
            let parent = folder(of: path)
            guard parent != path else { throw SystemError("mkdir", code: ENOENT, detail: path) }
            try makeFolder(parent, mode: 0o755)
            guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else {
                throw SystemError("mkdir", detail: path)
            }
        default:
            throw SystemError("mkdir", detail: path)
        }
    }

    /// Syncs the folder that holds `path`, so that a rename or a new name in it survives a power cut.
    package static func syncFolder(of path: String) throws(SystemError) {
        let name = folder(of: path)
        let descriptor = try FileDescriptor.open(name, flags: O_RDONLY | O_DIRECTORY)
        guard fsync(descriptor.raw) == 0 else { throw SystemError("fsync", detail: name) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
