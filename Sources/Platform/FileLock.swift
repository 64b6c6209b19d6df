import CLinux
import Glibc

/// One daemon per state folder: an flock(2) on a file that names its holder.
package final class FileLock: Sendable {
    /// Why a lock was not had.
    package enum Refusal: Error, Sendable, Equatable {
        /// Another process holds it; `holder` is what it wrote into the file (`pid 1234`), may be empty.
        case held(path: String, holder: String)
        /// The file could not be made or locked.
        case system(SystemError)
    }

    private let file: FileDescriptor

    /// Takes the lock `path`, or says who holds it. Let go with this object, also when the process dies.
    package init(path: String) throws(Refusal) {
        let file: FileDescriptor
        do throws(SystemError) {
            file = try FileDescriptor.open(path, flags: O_RDWR | O_CREAT)
        } catch {
            throw .system(error)
        }
        guard flock(file.raw, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            guard code == EWOULDBLOCK else { throw .system(SystemError("flock", code: code, detail: path)) }
            let text = (try? file.readAll(limit: 128, path: path)) ?? []
            throw .held(
                path: path, holder: String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
        }
        self.file = file
        do throws(SystemError) {
            guard ftruncate(file.raw, 0) == 0 else { throw SystemError("ftruncate", detail: path) }
            try file.writeAll(Array("pid \(getpid())\n".utf8), path: path)
        } catch {
            throw .system(error)
        }
    }
}
