import Base
import CSQLite

/// One row of a result, valid inside the call that gets it. Columns are asked for by name.
///
/// A column of another type than asked for is a damaged database: an error, never a conversion. A name that the result does
/// not have is a mistake of ours.
@safe struct Row: ~Copyable {
    private let handle: OpaquePointer
    /// Its columns, in their order; outside this file for tests alone.
    let columns: [SQLName]
    private let sql: SQL
    private let path: String

    /// The row at which the statement `handle` stands; `columns` are those of its result.
    init(handle: OpaquePointer, columns: [SQLName], sql: SQL, path: String) {
        unsafe self.handle = handle
        self.columns = columns
        self.sql = sql
        self.path = path
    }

    func integer(_ column: SQLName) throws(StoreError) -> Int64 {
        try integer(column, at: index(of: column))
    }

    func text(_ column: SQLName) throws(StoreError) -> String { try text(column, at: index(of: column)) }

    func blob(_ column: SQLName) throws(StoreError) -> [UInt8] {
        let index = try index(of: column)
        try expect(SQLITE_BLOB, column, at: index)
        let count = unsafe Int(sqlite3_column_bytes(handle, index))
        guard count > 0 else { return [] }
        guard let start = unsafe sqlite3_column_blob(handle, index) else { throw outOfMemory(column) }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func isNull(_ column: SQLName) throws(StoreError) -> Bool { isNull(at: try index(of: column)) }

    func optionalText(_ column: SQLName) throws(StoreError) -> String? {
        let index = try index(of: column)
        return isNull(at: index) ? nil : try text(column, at: index)
    }

    func bool(_ column: SQLName) throws(StoreError) -> Bool { try integer(column) != 0 }

    func int(_ column: SQLName) throws(StoreError) -> Int { try int(column, at: index(of: column)) }

    func optionalInt(_ column: SQLName) throws(StoreError) -> Int? {
        let index = try index(of: column)
        return isNull(at: index) ? nil : try int(column, at: index)
    }

    func time(_ column: SQLName) throws(StoreError) -> WallTime {
        WallTime(milliseconds: try integer(column))
    }

    func optionalTime(_ column: SQLName) throws(StoreError) -> WallTime? {
        let index = try index(of: column)
        return isNull(at: index) ? nil : WallTime(milliseconds: try integer(column, at: index))
    }

    func key<Key: RawRepresentable<Int64>>(
        _ column: SQLName, _: Key.Type = Key.self
    ) throws(StoreError) -> Key {
        guard let key = Key(rawValue: try integer(column)) else { throw damaged(column, "is not a key") }
        return key
    }

    func optionalKey<Key: RawRepresentable<Int64>>(
        _ column: SQLName, _: Key.Type = Key.self
    ) throws(StoreError) -> Key? {
        try isNull(column) ? nil : try key(column)
    }

    /// The error for a value that our own code cannot have written: `what` ends the sentence that begins with the column.
    func damaged(_ column: SQLName, _ what: String) -> StoreError {
        .damaged("column \(column.text) \(what)", path: path, operation: sql.name)
    }

    private func index(of column: SQLName) throws(StoreError) -> Int32 {
        guard let index = columns.firstIndex(of: column) else {
            throw .bug("the result has no column \(column.text)", path: path, operation: sql.name)
        }
        return Int32(index)
    }

    private func isNull(at index: Int32) -> Bool { unsafe sqlite3_column_type(handle, index) == SQLITE_NULL }

    private func expect(_ type: Int32, _ column: SQLName, at index: Int32) throws(StoreError) {
        guard unsafe sqlite3_column_type(handle, index) == type else {
            throw damaged(column, "is of another type")
        }
    }

    private func integer(_ column: SQLName, at index: Int32) throws(StoreError) -> Int64 {
        try expect(SQLITE_INTEGER, column, at: index)
        return unsafe sqlite3_column_int64(handle, index)
    }

    private func int(_ column: SQLName, at index: Int32) throws(StoreError) -> Int {
        guard let value = Int(exactly: try integer(column, at: index)) else {
            throw damaged(column, "is out of range")
        }
        return value
    }

    private func text(_ column: SQLName, at index: Int32) throws(StoreError) -> String {
        try expect(SQLITE_TEXT, column, at: index)
        guard let start = unsafe sqlite3_column_text(handle, index) else { throw outOfMemory(column) }
        let count = unsafe Int(sqlite3_column_bytes(handle, index))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    private func outOfMemory(_ column: SQLName) -> StoreError {
        .sqlite(.noMemory, words: "column \(column.text)", path: path, operation: sql.name)
    }
}
