import CSQLite
import Time

/// One row of a result, valid inside the call that gets it. Columns count from 0.
///
/// A column of another type than asked for is a damaged database: an error, never a conversion.
@safe struct Row: ~Copyable {
    private let handle: OpaquePointer
    private let sql: SQL
    private let path: String

    init(handle: OpaquePointer, sql: SQL, path: String) {
        unsafe self.handle = handle
        self.sql = sql
        self.path = path
    }

    func integer(_ column: Int32) throws(StoreError) -> Int64 {
        try expect(SQLITE_INTEGER, column)
        return unsafe sqlite3_column_int64(handle, column)
    }

    func text(_ column: Int32) throws(StoreError) -> String {
        try expect(SQLITE_TEXT, column)
        guard let start = unsafe sqlite3_column_text(handle, column) else { throw outOfMemory(column) }
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) throws(StoreError) -> [UInt8] {
        try expect(SQLITE_BLOB, column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        guard count > 0 else { return [] }
        guard let start = unsafe sqlite3_column_blob(handle, column) else { throw outOfMemory(column) }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

    func optionalInteger(_ column: Int32) throws(StoreError) -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    func optionalText(_ column: Int32) throws(StoreError) -> String? {
        isNull(column) ? nil : try text(column)
    }

    func bool(_ column: Int32) throws(StoreError) -> Bool { try integer(column) != 0 }

    func int(_ column: Int32) throws(StoreError) -> Int {
        guard let value = Int(exactly: try integer(column)) else { throw damaged(column, "is out of range") }
        return value
    }

    func optionalInt(_ column: Int32) throws(StoreError) -> Int? { isNull(column) ? nil : try int(column) }

    func time(_ column: Int32) throws(StoreError) -> WallTime { WallTime(milliseconds: try integer(column)) }

    func optionalTime(_ column: Int32) throws(StoreError) -> WallTime? {
        isNull(column) ? nil : try time(column)
    }

    func key<Key: RawRepresentable<Int64>>(_ column: Int32, _: Key.Type = Key.self) throws(StoreError) -> Key
    {
        guard let key = Key(rawValue: try integer(column)) else { throw damaged(column, "is no key") }
        return key
    }

    /// A word of ours, such as a kind of event.
    func word<Word: RawRepresentable<String>>(_ column: Int32, _: Word.Type = Word.self)
        throws(StoreError) -> Word
    {
        guard let word = Word(rawValue: try text(column)) else { throw damaged(column, "is no word we know") }
        return word
    }

    /// The error for a value that our own code cannot have written.
    func damaged(_ column: Int32, _ what: String) -> StoreError {
        .damaged("column \(column) \(what)", path: path, operation: sql.name)
    }

    private func expect(_ type: Int32, _ column: Int32) throws(StoreError) {
        guard unsafe sqlite3_column_type(handle, column) == type else {
            throw damaged(column, "is of another type")
        }
    }

    private func outOfMemory(_ column: Int32) -> StoreError {
        .sqlite(.noMemory, words: "column \(column)", path: path, operation: sql.name)
    }
}
