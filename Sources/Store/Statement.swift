import CSQLite

/// A prepared statement. Belongs to one `Connection`, which keeps it and is the only one to use it.
@safe final class Statement {
    let sql: SQL
    private let path: String
    private let database: OpaquePointer
    private let handle: OpaquePointer
    private var running = false

    /// Compiles `sql`, to be kept for long.
    init(_ sql: SQL, database: OpaquePointer, path: String) throws(StoreError) {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            database, sql.text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle = unsafe handle else {
            throw unsafe .sqlite(
                SQLiteCode(rawValue: code), words: errorWords(database), path: path, operation: sql.name)
        }
        self.sql = sql
        self.path = path
        unsafe self.database = database
        unsafe self.handle = handle
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Runs the statement with `values`; `row` sees each row until it returns false.
    func run(_ values: [SQLValue], _ row: (borrowing Row) throws(StoreError) -> Bool) throws(StoreError) {
        guard !running else {
            throw StoreError(
                .bug, path: path, operation: sql.name, message: "the statement is used within itself")
        }
        running = true
        defer {
            // Both only repeat the error of the last step, which has been thrown already.
            unsafe sqlite3_reset(handle)
            unsafe sqlite3_clear_bindings(handle)
            running = false
        }
        for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
        while true {
            let code = unsafe SQLiteCode(rawValue: sqlite3_step(handle))
            switch code {
            case .row: if unsafe try !row(Row(handle: handle, sql: sql, path: path)) { return }
            case .done: return
            default: throw failure(code)
            }
        }
    }

    /// Steps of SQLite's virtual machine since the last call: the work done, in no unit but its own.
    func takeWork() -> Int {
        Int(unsafe sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 1))
    }

    private func bind(_ value: SQLValue, at index: Int32) throws(StoreError) {
        let code =
            switch value {
            case .null: unsafe sqlite3_bind_null(handle, index)
            case .integer(let integer): unsafe sqlite3_bind_int64(handle, index, integer)
            case .text(let text): bindText(text, at: index)
            case .blob(let bytes): bindBlob(bytes, at: index)
            }
        guard code == SQLITE_OK else { throw failure(SQLiteCode(rawValue: code)) }
    }

    private func bindText(_ text: String, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { utf8 in
            guard let count = Int32(exactly: utf8.count) else { return SQLITE_TOOBIG }
            // A nil pointer would bind NULL, not the empty text.
            guard count > 0, let start = utf8.baseAddress else {
                return unsafe phonewire_sqlite3_bind_text(handle, index, "", 0)
            }
            return unsafe start.withMemoryRebound(to: CChar.self, capacity: utf8.count) {
                unsafe phonewire_sqlite3_bind_text(handle, index, $0, count)
            }
        }
    }

    private func bindBlob(_ bytes: [UInt8], at index: Int32) -> Int32 {
        guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
        // A nil pointer would bind NULL, not the empty blob.
        if count == 0 { return unsafe sqlite3_bind_zeroblob(handle, index, 0) }
        return unsafe bytes.withUnsafeBytes {
            unsafe phonewire_sqlite3_bind_blob(handle, index, $0.baseAddress, count)
        }
    }

    private func failure(_ code: SQLiteCode) -> StoreError {
        unsafe .sqlite(code, words: errorWords(database), path: path, operation: sql.name)
    }
}

/// SQLite's words for the last error. They name tables and columns, never bound values.
func errorWords(_ database: OpaquePointer) -> String {
    unsafe sqlite3_errmsg(database).map { unsafe String(cString: $0) } ?? "unknown error"
}
