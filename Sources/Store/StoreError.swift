import Glibc
import Platform

/// Why the store could not do what it was asked: on which file, in which step, and what to do about it.
///
/// Never carries bound values: message texts and secrets cannot reach a log through an error.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of trouble it is.
    package enum Cause: Sendable, Equatable {
        /// Another process holds the database.
        case locked
        /// The disk, or the size allowed to the database, is full.
        case full
        /// The database file is damaged.
        case damaged
        /// The file is no SQLite database.
        case notADatabase
        /// A SQLite database, but not phonewire's.
        case foreignDatabase
        /// Written by a newer phonewire.
        case newerSchema(found: Int, known: Int)
        /// The migrations on record are not the ones this program knows.
        case unknownHistory
        /// A setting that durability rests on did not take.
        case settingRefused
        /// The folder or the file cannot be made, opened or written.
        case inaccessible
        /// The system failed to read or write.
        case inputOutput
        /// There is no such device, webhook or delivery.
        case notFound
        /// The request itself is wrong, such as a name that is taken.
        case refused
        /// What was to be stored can never be stored, however often it is tried.
        case unstorable
        /// The store was closed.
        case closed
        /// The commit gate stopped it.
        case stopped
        /// A mistake of ours.
        case bug
    }

    /// What a caller can do.
    package enum Disposition: Sendable, Equatable {
        /// The same call may succeed later.
        case retry
        /// Somebody must do something first.
        case giveUp
        /// Report it.
        case bug
    }

    /// The kind of trouble.
    package let cause: Cause
    /// The file or folder.
    package let path: String
    /// The step that failed: a statement's name or a file operation. Never a bound value.
    package let operation: String
    /// SQLite's code, where SQLite said it.
    package let code: SQLiteCode?
    /// What happened, one line.
    package let message: String
    /// What to do, one line; empty when there is nothing.
    package let remedy: String

    /// What happened to `path` in `operation`. A commit gate that simulates a crash throws cause `stopped`.
    package init(
        _ cause: Cause, path: String, operation: String, code: SQLiteCode? = nil, message: String,
        remedy: String = ""
    ) {
        self.cause = cause
        self.path = path
        self.operation = operation
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// Whether trying again can help.
    package var disposition: Disposition {
        switch cause {
        case .locked, .full, .inputOutput, .stopped: .retry
        case .bug: .bug
        default: .giveUp
        }
    }

    /// All of it in one line, fit for a log.
    package var description: String {
        var text = "\(path): \(operation): \(message)"
        if let code { text += " (\(code))" }
        if !remedy.isEmpty { text += ". \(remedy)" }
        return text
    }
}

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
        case .tooBig, .constraint, .mismatch:
            (.unstorable, "Trying again will not help")
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

    /// A mistake of ours.
    static func bug(_ message: String, path: String, operation: String) -> StoreError {
        StoreError(.bug, path: path, operation: operation, message: message)
    }
}
