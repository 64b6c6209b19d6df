import CSQLite

/// A result code of SQLite, with what its extended value adds (sqlite.org/rescode.html).
package struct SQLiteCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The extended code; its low byte is the primary one.
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    package static let ok = SQLiteCode(rawValue: SQLITE_OK)
    package static let error = SQLiteCode(rawValue: SQLITE_ERROR)
    package static let permission = SQLiteCode(rawValue: SQLITE_PERM)
    package static let busy = SQLiteCode(rawValue: SQLITE_BUSY)
    package static let locked = SQLiteCode(rawValue: SQLITE_LOCKED)
    package static let noMemory = SQLiteCode(rawValue: SQLITE_NOMEM)
    package static let readOnly = SQLiteCode(rawValue: SQLITE_READONLY)
    package static let inputOutput = SQLiteCode(rawValue: SQLITE_IOERR)
    package static let corrupt = SQLiteCode(rawValue: SQLITE_CORRUPT)
    package static let full = SQLiteCode(rawValue: SQLITE_FULL)
    package static let cannotOpen = SQLiteCode(rawValue: SQLITE_CANTOPEN)
    package static let tooBig = SQLiteCode(rawValue: SQLITE_TOOBIG)
    package static let constraint = SQLiteCode(rawValue: SQLITE_CONSTRAINT)
    package static let misuse = SQLiteCode(rawValue: SQLITE_MISUSE)
    package static let notADatabase = SQLiteCode(rawValue: SQLITE_NOTADB)
    package static let row = SQLiteCode(rawValue: SQLITE_ROW)
    package static let done = SQLiteCode(rawValue: SQLITE_DONE)

    /// The code without what the extended value adds.
    package var primary: SQLiteCode { SQLiteCode(rawValue: rawValue & 0xFF) }

    /// `primary/extended: SQLite's words`.
    package var description: String {
        let words = unsafe sqlite3_errstr(rawValue).map { unsafe String(cString: $0) } ?? "unknown"
        return "SQLite \(primary.rawValue)/\(rawValue): \(words)"
    }

    /// A primary code matches every extended code of it, an extended one only itself.
    package static func ~= (pattern: SQLiteCode, value: SQLiteCode) -> Bool {
        pattern == value || pattern == value.primary
    }
}
