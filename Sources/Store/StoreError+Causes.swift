import Glibc
import Platform

extension StoreError {
    /// What SQLite reported, with the advice that belongs to its code.
    static func sqlite(_ code: SQLiteCode, words: String, path: String, operation: String) -> StoreError {
        let (cause, remedy) = advice(for: code, path: path)
        return StoreError(
            cause, path: path, operation: operation, code: code, message: words, remedy: remedy)
    }

    private static func advice(for code: SQLiteCode, path: String) -> (Cause, String) {
        switch code {
        case .busy, .locked:
            (.locked, "Another program holds the database: end it (see `fuser \(path)`) and try again")
        case .full:
            (.full, "Make room on the disk that holds it: nothing is stored until then")
        case .corrupt:
            (.damaged, damagedRemedy)
        case .notADatabase:
            (.notADatabase, "Move this file away, or name another state folder")
        case .readOnly, .cannotOpen, .permission:
            (.inaccessible, "Check that the user who runs phonewire may write this file and its folder")
        case .inputOutput:
            (.inputOutput, "Check the disk and the kernel's log")
        case .noMemory:
            (.inputOutput, "The system has no memory left")
        default:
            (.bug, "This is a mistake in phonewire: please report it")
        }
    }

    static let damagedRemedy =
        "Stop phonewire, move phonewire.db, phonewire.db-wal and phonewire.db-shm away together and restore a "
        + "backup or start afresh; leave event-ids and installation-id where they are"

    /// A system call on `path` that failed.
    static func system(_ error: SystemError, path: String) -> StoreError {
        let (cause, remedy): (Cause, String) =
            switch error.code {
            case ENOSPC, EDQUOT:
                (.full, "Make room on the disk that holds it")
            case EACCES, EPERM, EROFS:
                (.inaccessible, "Check that the user who runs phonewire may write there")
            case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EISDIR:
                (.inaccessible, "Name a folder that exists or can be made")
            default:
                (.inputOutput, "Check the disk and the kernel's log")
            }
        return StoreError(
            cause, path: path, operation: error.operation, message: "\(error)", remedy: remedy)
    }

    /// A stored value that our own code cannot have written.
    static func damaged(_ message: String, path: String, operation: String) -> StoreError {
        StoreError(.damaged, path: path, operation: operation, message: message, remedy: damagedRemedy)
    }

    /// Something asked for that is not there.
    static func notFound(_ what: String, path: String, operation: String) -> StoreError {
        StoreError(.notFound, path: path, operation: operation, message: "there is no \(what)")
    }

    /// A request that cannot be granted as it is.
    static func refused(_ message: String, path: String, operation: String, remedy: String = "") -> StoreError
    {
        StoreError(.refused, path: path, operation: operation, message: message, remedy: remedy)
    }
}
