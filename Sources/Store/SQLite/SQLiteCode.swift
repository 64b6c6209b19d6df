import CSQLite

/// A result code of SQLite, with what its extended value adds (sqlite.org/rescode.html).
package struct SQLiteCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The extended code; its low byte is the primary one.
    package let rawValue: Int32
    /// The code of this value, known here or not.
    package init(rawValue: Int32) { self.rawValue = rawValue }

    static let ok = SQLiteCode(rawValue: SQLITE_OK)
    static let error = SQLiteCode(rawValue: SQLITE_ERROR)
    static let permission = SQLiteCode(rawValue: SQLITE_PERM)
    static let busy = SQLiteCode(rawValue: SQLITE_BUSY)
    static let locked = SQLiteCode(rawValue: SQLITE_LOCKED)
    static let noMemory = SQLiteCode(rawValue: SQLITE_NOMEM)
    static let readOnly = SQLiteCode(rawValue: SQLITE_READONLY)
    static let inputOutput = SQLiteCode(rawValue: SQLITE_IOERR)
    static let corrupt = SQLiteCode(rawValue: SQLITE_CORRUPT)
    static let full = SQLiteCode(rawValue: SQLITE_FULL)
    static let cannotOpen = SQLiteCode(rawValue: SQLITE_CANTOPEN)
    static let tooBig = SQLiteCode(rawValue: SQLITE_TOOBIG)
    static let constraint = SQLiteCode(rawValue: SQLITE_CONSTRAINT)
    static let mismatch = SQLiteCode(rawValue: SQLITE_MISMATCH)
    static let notADatabase = SQLiteCode(rawValue: SQLITE_NOTADB)
    static let row = SQLiteCode(rawValue: SQLITE_ROW)
    static let done = SQLiteCode(rawValue: SQLITE_DONE)

    /// The bits of the primary code (sqlite.org/rescode.html, section 2).
    private static let primaryMask: Int32 = 0xFF

    /// The code without what the extended value adds.
    package var primary: SQLiteCode { SQLiteCode(rawValue: rawValue & Self.primaryMask) }

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
