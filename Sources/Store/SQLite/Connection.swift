import Base
import CSQLite

/// The one connection to the database file, and the statements prepared on it.
///
/// Opened with `SQLITE_OPEN_NOMUTEX`: SQLite then allows use by one thread at a time and no locks of its own
/// (sqlite.org/threadsafe.html, multi-thread mode). Proof that this holds: the type is not Sendable, it is made in
/// `EventStore.init` before the actor exists for anybody else, it never leaves the actor afterwards, and the
/// actor's executor runs one job at a time, each after the one before (with `ThreadExecutor`: all on one thread).
/// `deinit` runs after the last use, because it runs when nothing refers to the object any more.
@safe final class Connection {
    let path: String
    private let busyTimeout: Duration
    private var handle: OpaquePointer?
    /// The statements that have been used so far; outside this file for `Testing.swift` alone.
    private(set) var statements: [SQL: Statement] = [:]
    /// Written by SQLite's WAL hook, inside a commit on the thread that commits. Freed only after the handle.
    private let walPagesBox: UnsafeMutablePointer<Int32>

    /// Opens `path`, which must exist. `busyTimeout` is the longest wait for another program that holds the database.
    init(path: String, busyTimeout: Duration) throws(StoreError) {
        self.path = path
        self.busyTimeout = busyTimeout
        unsafe walPagesBox = .allocate(capacity: 1)
        unsafe walPagesBox.initialize(to: 0)
        // A relative path that begins with "file:" would be read as a URI.
        let name = path.hasPrefix("/") ? path : "./" + path
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(
            name, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        unsafe handle = opened
        guard let database = unsafe opened, code == SQLITE_OK else {
            let words = unsafe opened.map { unsafe errorWords($0) } ?? "out of memory"
            throw .sqlite(SQLiteCode(rawValue: code), words: words, path: path, operation: "open")
        }
        unsafe sqlite3_extended_result_codes(database, 1)
        unsafe sqlite3_busy_timeout(database, Int32(clamping: busyTimeout.milliseconds))
        unsafe sqlite3_limit(database, SQLITE_LIMIT_LENGTH, StoreLimits.valueBytesMax)
        unsafe sqlite3_wal_hook(
            database,
            { box, _, _, pages in
                unsafe box?.assumingMemoryBound(to: Int32.self).pointee = pages
                return SQLITE_OK
            }, walPagesBox)
    }

    deinit {
        statements.removeAll()
        unsafe sqlite3_close_v2(handle)
        unsafe walPagesBox.deallocate()
    }

    /// Ends every statement and closes the file.
    func close() throws(StoreError) {
        statements.removeAll()
        let code = unsafe sqlite3_close(handle)
        guard code == SQLITE_OK else { throw failure(code, "close") }
        unsafe handle = nil
    }

    /// Pages in the write-ahead log after the last commit.
    var walPages: Int { Int(unsafe walPagesBox.pointee) }

    /// Whether a transaction is open.
    var inTransaction: Bool { unsafe handle.map { unsafe sqlite3_get_autocommit($0) == 0 } ?? false }

    /// Rows that the last INSERT, UPDATE or DELETE changed.
    var changes: Int { unsafe handle.map { unsafe Int(sqlite3_changes64($0)) } ?? 0 }

    /// The row id of the last INSERT.
    var lastRowID: Int64 { unsafe handle.map { unsafe sqlite3_last_insert_rowid($0) } ?? 0 }

    /// Runs a statement that returns no rows anybody wants.
    func run(_ sql: SQL, _ values: SQLValues = [:]) throws(StoreError) {
        try statement(sql).run(values) { _ throws(StoreError) in true }
    }

    /// Every row, at most as many as the statement's own LIMIT.
    func all<Value>(
        _ sql: SQL, _ values: SQLValues = [:], read: (borrowing Row) throws(StoreError) -> Value
    ) throws(StoreError) -> [Value] {
        var out: [Value] = []
        try statement(sql).run(values) { row throws(StoreError) in
            out.append(try read(row))
            return true
        }
        return out
    }

    /// The first row; nil when there is none.
    func first<Value>(
        _ sql: SQL, _ values: SQLValues = [:], read: (borrowing Row) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        var out: Value?
        try statement(sql).run(values) { row throws(StoreError) in
            out = try read(row)
            return false
        }
        return out
    }

    /// Rows until `read` returns false.
    func each(
        _ sql: SQL, _ values: SQLValues = [:], read: (borrowing Row) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try statement(sql).run(values, read)
    }

    /// Copies pages from the log into the database; a truncating checkpoint also empties the log file. Never waits
    /// for readers: what they hold back stays for the next time.
    /// - Returns: whether everything was copied.
    func checkpoint(truncate: Bool) throws(StoreError) -> Bool {
        let mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        var logged: Int32 = 0
        var copied: Int32 = 0
        unsafe sqlite3_busy_timeout(handle, 0)
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode, &logged, &copied)
        unsafe sqlite3_busy_timeout(handle, Int32(clamping: busyTimeout.milliseconds))
        switch SQLiteCode(rawValue: code) {
        case .ok:
            if truncate { unsafe walPagesBox.pointee = 0 }
            return logged == copied
        case .busy: return false
        default: throw failure(code, "checkpoint")
        }
    }

    /// Forbids SQL to damage the file on purpose (SQLITE_DBCONFIG_DEFENSIVE).
    /// - Returns: whether it is on now.
    func setDefensive() -> Bool {
        var now: Int32 = 0
        let code = unsafe phonewire_sqlite3_defensive(handle, 1, &now)
        return code == SQLITE_OK && now == 1
    }

    /// The statement, prepared at its first use.
    func statement(_ sql: SQL) throws(StoreError) -> Statement {
        if let known = statements[sql] { return known }
        guard let database = unsafe handle else {
            throw StoreError(.closed, path: path, operation: sql.name, message: "the database is closed")
        }
        let new = unsafe try Statement(sql, database: database, path: path)
        statements[sql] = new
        return new
    }

    /// The error for a request that cannot be granted as it is.
    func refusal(_ operation: String, _ words: String, remedy: String = "") -> StoreError {
        .refused(words, path: path, operation: operation, remedy: remedy)
    }

    /// The error for something asked for that is not there.
    func notFound(_ what: String, _ operation: String) -> StoreError {
        .notFound(what, path: path, operation: operation)
    }

    private func failure(_ code: Int32, _ operation: String) -> StoreError {
        let words = unsafe handle.map { unsafe errorWords($0) } ?? "closed"
        return .sqlite(SQLiteCode(rawValue: code), words: words, path: path, operation: operation)
    }
}
