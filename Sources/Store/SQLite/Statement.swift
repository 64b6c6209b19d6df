import CSQLite

/// A prepared statement. Belongs to one `Connection`, which keeps it and is the only one to use it.
///
/// Where its columns and parameters stand is looked up once, when it is prepared. That stays true when the schema changes
/// (SQLite then prepares it anew by itself), because no statement of ours says `SELECT *`.
@safe final class Statement {
    /// Most parameters of a statement: as many as `bind` has bits.
    private static let parametersMax = 64

    let sql: SQL
    /// SQLite's statement; outside this file for `Testing.swift` alone.
    let handle: OpaquePointer
    private let path: String
    private let database: OpaquePointer
    /// The columns of its result, in their order.
    private let columns: [SQLName]
    /// Its parameters, in their order; outside this file for `Testing.swift` alone.
    let parameters: [SQLName]
    private var running = false

    /// Compiles `sql`, to be kept for long. Parameters without a name and columns of the same name are mistakes of ours.
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
        let columnCount = unsafe sqlite3_column_count(handle)
        let parameterCount = unsafe sqlite3_bind_parameter_count(handle)
        columns = unsafe Self.columns(of: handle, count: columnCount)
        parameters = unsafe Self.parameters(of: handle, count: parameterCount)
        guard Set(columns).count == Int(columnCount) else {
            throw .bug("two columns of the result have the same name", path: path, operation: sql.name)
        }
        guard parameters.count == Int(parameterCount), parameterCount <= Self.parametersMax else {
            throw .bug(
                "a parameter has no name, or there are too many", path: path, operation: sql.name)
        }
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Runs the statement with `values`, one for each of its parameters; `row` sees each row until it returns false.
    func run(_ values: SQLValues, _ row: (borrowing Row) throws(StoreError) -> Bool) throws(StoreError) {
        guard !running else {
            throw .bug("the statement is used within itself", path: path, operation: sql.name)
        }
        running = true
        defer {
            // Both only repeat the error of the last step, which has been thrown already.
            unsafe sqlite3_reset(handle)
            unsafe sqlite3_clear_bindings(handle)
            running = false
        }
        try bind(values)
        while true {
            let code = unsafe SQLiteCode(rawValue: sqlite3_step(handle))
            switch code {
            case .row:
                if unsafe try !row(Row(handle: handle, columns: columns, sql: sql, path: path)) { return }
            case .done: return
            default: throw failure(code)
            }
        }
    }

    /// Gives every parameter its value; refuses to go on with one too many, one too few or one given twice.
    private func bind(_ values: SQLValues) throws(StoreError) {
        // One bit for each parameter that has its value.
        var given: UInt64 = 0
        for (name, value) in values.pairs {
            guard let place = parameters.firstIndex(of: name) else {
                throw .bug("there is no parameter :\(name.text)", path: path, operation: sql.name)
            }
            let bit: UInt64 = 1 << UInt64(place)
            guard given & bit == 0 else {
                throw .bug("the parameter :\(name.text) has two values", path: path, operation: sql.name)
            }
            given |= bit
            // SQLite counts parameters from 1.
            try bind(value, at: Int32(place + 1))
        }
        guard values.pairs.count == parameters.count else {
            let missing = Set(parameters).subtracting(values.pairs.map(\.0)).map(\.text).sorted()
            throw .bug(
                "no value for the parameters :\(missing.joined(separator: ", :"))", path: path,
                operation: sql.name)
        }
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

    private static func columns(of handle: OpaquePointer, count: Int32) -> [SQLName] {
        (0..<count).compactMap { index in
            unsafe sqlite3_column_name(handle, index).map { SQLName(text: unsafe String(cString: $0)) }
        }
    }

    /// SQLite says a parameter's name with the sign before it, and counts from 1. One without a name is left out.
    private static func parameters(of handle: OpaquePointer, count: Int32) -> [SQLName] {
        (0..<count).compactMap { index in
            unsafe sqlite3_bind_parameter_name(handle, index + 1).map {
                SQLName(text: String(unsafe String(cString: $0).dropFirst()))
            }
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
