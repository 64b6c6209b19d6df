import CSQLite

/// The phone's message store: a SQLite database with AOSP's tables and indexes, in memory or in a file.
///
/// Source of the schema: aosp-mirror/platform_packages_providers_telephonyprovider
/// src/com/android/providers/telephony/MmsSmsDatabaseHelper.java. `_id` is not AUTOINCREMENT, so ids come back.
///
/// `@safe`: the handle is made in `init`, closed in `deinit`, and never leaves this class; its owner calls it under
/// one lock.
@safe
final class SMSStore {
    /// Most rows of the raw table kept.
    static let rawRowsMax = 1000
    /// Longest value and row of the database, in bytes.
    static let valueBytesMax = 16 << 20

    /// Ids of the rows there that a query has shown to the shell.
    var shown: Set<Int64> = []
    private let database: OpaquePointer
    private let errorDefault: Int
    /// Steps of SQLite's machine that all queries have taken: what they cost, the same on every machine.
    private(set) var steps = 0

    /// Opens an empty store, in the file `path` or in memory. Failing to is only possible without memory or with a path that does not
    /// serve, so it traps.
    init(androidRelease: Int, cardColumn: String? = nil, path: String? = nil) {
        var handle: OpaquePointer?
        let place = path == nil ? SQLITE_OPEN_MEMORY : 0
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | place
        guard unsafe sqlite3_open_v2(path ?? ":memory:", &handle, flags, nil) == SQLITE_OK,
            let handle = unsafe handle
        else {
            preconditionFailure("virtual phone: SQLite cannot open \(path ?? "an in-memory database")")
        }
        unsafe database = handle
        errorDefault = androidRelease >= 11 ? -1 : 0
        // A projection may ask for zeroblob(1000000000).
        unsafe sqlite3_limit(database, SQLITE_LIMIT_LENGTH, Int32(Self.valueBytesMax))
        // A file is as short-lived as the phone.
        if path != nil { execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;") }
        execute(Self.schema(errorDefault: errorDefault))
        execute("CREATE INDEX typeThreadIdIndex ON sms (type, thread_id);")
        if androidRelease >= 8 { execute("CREATE INDEX threadIdDateIndex ON sms (thread_id, date);") }
        if let cardColumn {
            // The view was made with `*`: it has to be made anew to show it.
            execute(
                "ALTER TABLE sms ADD COLUMN \(cardColumn) INTEGER DEFAULT -1; DROP VIEW sms_restricted; "
                    + "CREATE VIEW sms_restricted AS SELECT * FROM sms WHERE type=1 OR type=2;")
        }
    }

    deinit { unsafe sqlite3_close_v2(database) }

    private static func schema(errorDefault: Int) -> String {
        """
        CREATE TABLE sms (_id INTEGER PRIMARY KEY, thread_id INTEGER, address TEXT, person INTEGER, date INTEGER,
          date_sent INTEGER DEFAULT 0, protocol INTEGER, read INTEGER DEFAULT 0, status INTEGER DEFAULT -1,
          type INTEGER, reply_path_present INTEGER, subject TEXT, body TEXT, service_center TEXT,
          locked INTEGER DEFAULT 0, sub_id INTEGER DEFAULT -1, error_code INTEGER DEFAULT \(errorDefault),
          creator TEXT, seen INTEGER DEFAULT 0);
        CREATE VIEW sms_restricted AS SELECT * FROM sms WHERE type=1 OR type=2;
        CREATE TABLE raw (_id INTEGER PRIMARY KEY, date INTEGER, reference_number INTEGER, count INTEGER,
          sequence INTEGER, destination_port INTEGER, address TEXT, sub_id INTEGER DEFAULT -1, pdu TEXT,
          deleted INTEGER DEFAULT 0, message_body TEXT, display_originating_addr TEXT);
        CREATE TABLE calls (_id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT, presentation INTEGER DEFAULT 1,
          date INTEGER, duration INTEGER DEFAULT 0, type INTEGER, subscription_component_name TEXT,
          subscription_id TEXT, new INTEGER DEFAULT 1, is_read INTEGER);
        CREATE TABLE siminfo (_id INTEGER PRIMARY KEY, icc_id TEXT, sim_id INTEGER, display_name TEXT,
          carrier_name TEXT, name_source INTEGER DEFAULT 0, color INTEGER DEFAULT -16746133, number TEXT,
          display_number_format INTEGER DEFAULT 1, data_roaming INTEGER DEFAULT 0, mcc INTEGER, mnc INTEGER,
          mcc_string TEXT, mnc_string TEXT, is_embedded INTEGER DEFAULT 0);
        """
    }

    /// Stores a row and returns its id.
    func insert(_ row: VirtualSMS) -> Int64 {
        let sql = """
            INSERT INTO sms (_id, thread_id, address, date, date_sent, protocol, read, status, type,
              reply_path_present, body, service_center, sub_id, creator, seen, error_code)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        let incoming = row.type == 1
        run(
            sql,
            [
                row.id.map(SMSColumnValue.integer) ?? .null, .integer(row.thread), .text(row.address),
                .integer(row.date), .integer(row.dateSent), incoming ? .integer(0) : .null,
                .integer(Int64(row.read)), .integer(Int64(row.status)), .integer(Int64(row.type)),
                incoming ? .integer(0) : .null, .text(row.body),
                .text(row.serviceCentre.map { Array($0.utf8) }),
                .integer(Int64(row.subscriptionID)), .text(row.creator.map { Array($0.utf8) }), .integer(1),
                .integer(Int64(row.errorCode ?? errorDefault)),
            ])
        let id = unsafe sqlite3_last_insert_rowid(database)
        shown.remove(id)
        return id
    }

    /// Writes all that `body` writes at once.
    func together(_ body: () -> Void) {
        execute("BEGIN")
        body()
        execute("COMMIT")
    }

    /// Stores the parts of a message as the radio brought them.
    /// (The text is cut into pieces of equal length: a real one is cut by what an SMS holds.)
    func insertRaw(
        id: Int64, date: Int64, reference: Int, parts: Int, address: [UInt8], body: [UInt8],
        subscriptionID: Int
    ) {
        let length = (body.count + parts - 1) / parts
        for sequence in 0..<parts {
            run(
                """
                INSERT INTO raw (_id, date, reference_number, count, sequence, destination_port, address, sub_id,
                  message_body, deleted) VALUES (?, ?, ?, ?, ?, 65536, ?, ?, ?, 0)
                """,
                [
                    .integer(id + Int64(sequence)), .integer(date), .integer(Int64(reference)),
                    .integer(Int64(parts)), .integer(Int64(sequence + 1)), .text(address),
                    .integer(Int64(subscriptionID)),
                    .text(Array(body.dropFirst(sequence * length).prefix(length))),
                ])
        }
        run("DELETE FROM raw WHERE _id <= ?", [.integer(id + Int64(parts) - 1 - Int64(Self.rawRowsMax))])
    }

    /// Writes a call to the log and returns its id.
    func insertCall(type: Int, number: [UInt8]?, date: Int64, account: String?) -> Int64 {
        run(
            "INSERT INTO calls (number, date, type, subscription_id) VALUES (?, ?, ?, ?)",
            [.text(number), .integer(date), .integer(Int64(type)), .text(account.map { Array($0.utf8) })])
        return unsafe sqlite3_last_insert_rowid(database)
    }

    /// The parts from `id` on were handed to the messaging app.
    func markRawHanded(id: Int64, parts: Int) {
        run(
            "UPDATE raw SET deleted = 1 WHERE _id >= ? AND _id < ?",
            [.integer(id), .integer(id + Int64(parts))])
    }

    /// A part of a message that never comes.
    func dropRaw(id: Int64) { run("DELETE FROM raw WHERE _id = ?", [.integer(id)]) }

    /// Drops parts that were handed over and are more than an hour old, as the provider does when it is asked for them.
    func purgeRaw(now: Int64) {
        run("DELETE FROM raw WHERE deleted = 1 AND date < ?", [.integer(now - 3_600_000)])
    }

    /// Makes the table behind `content://telephony/siminfo` say what is in the phone now.
    func replaceSIMs(_ sims: [VirtualSIM]) {
        run("DELETE FROM siminfo WHERE 1", [])
        for sim in sims {
            run(
                """
                INSERT INTO siminfo (_id, icc_id, sim_id, display_name, carrier_name, number, mcc, mnc, mcc_string,
                  mnc_string, is_embedded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(Int64(sim.subscriptionID)), .text(Array(sim.iccid.utf8)),
                    .integer(Int64(sim.slot ?? -1)), .text(Array(sim.displayName.utf8)),
                    .text(Array(sim.carrierName.utf8)),
                    sim.number.isEmpty ? .null : .text(Array(sim.number.utf8)),
                    .integer(Int64(sim.mcc) ?? 0), .integer(Int64(sim.mnc) ?? 0), .text(Array(sim.mcc.utf8)),
                    .text(Array(sim.mnc.utf8)), .integer(sim.isEmbedded ? 1 : 0),
                ])
        }
    }

    /// Writes the maker's own column of a row.
    func setCard(_ column: String, to value: Int64, id: Int64) {
        run("UPDATE sms SET \(column) = ? WHERE _id = ?", [.integer(value), .integer(id)])
    }

    /// The columns of the messages' table.
    func columns(of table: String = "sms") -> Set<String> {
        var names: Set<String> = []
        _ = query("SELECT name AS n FROM pragma_table_info('\(table)')") { _, values in
            if case .text(let text)? = values.first {
                names.insert(String(decoding: text ?? [], as: UTF8.self))
            }
            return true
        }
        return names
    }

    /// Every row, by id.
    func all() -> [VirtualSMS] {
        var rows: [VirtualSMS] = []
        _ = query(
            "SELECT _id AS i, date AS d, date_sent AS s, type AS t, sub_id AS c, address AS a, body AS b FROM sms ORDER BY 1"
        ) {
            _, values in
            func number(_ index: Int) -> Int64 {
                if case .integer(let number) = values[index] { number } else { 0 }
            }
            func text(_ index: Int) -> [UInt8]? {
                if case .text(let text) = values[index] { text } else { nil }
            }
            var row = VirtualSMS(
                id: number(0), address: nil, date: number(1), dateSent: number(2), type: Int(number(3)),
                body: nil,
                subscriptionID: Int(number(4)))
            row.address = text(5)
            row.body = text(6)
            rows.append(row)
            return true
        }
        return rows
    }

    func spoilDates() { run("UPDATE sms SET date = 'tomorrow' WHERE 1", []) }

    /// Deletes a row; false when there was none.
    func delete(id: Int64) -> Bool {
        run("DELETE FROM sms WHERE _id = ?", [.integer(id)])
        return unsafe sqlite3_changes(database) > 0
    }

    /// Deletes all rows and returns how many there were.
    func deleteAll() -> Int {
        shown = []
        run("DELETE FROM sms WHERE 1", [])
        return Int(unsafe sqlite3_changes(database))
    }

    /// Gives a row another type, as a queued message gets once it is sent; false when there is no such row.
    func setType(_ type: Int, id: Int64) -> Bool {
        run("UPDATE sms SET type = ? WHERE _id = ?", [.integer(Int64(type)), .integer(id)])
        return unsafe sqlite3_changes(database) > 0
    }

    /// The highest id in the table; 0 when it is empty.
    func highestID() -> Int64 { number("SELECT coalesce(max(_id), 0) FROM sms") }

    /// Whether there is a row of this id.
    func has(_ id: Int64) -> Bool { number("SELECT count(*) FROM sms WHERE _id = \(id)") > 0 }

    private func number(_ sql: String) -> Int64 {
        var value: Int64 = 0
        _ = query(sql) { _, values in
            if case .integer(let number)? = values.first { value = number }
            return false
        }
        return value
    }

    /// Runs a SELECT, gives each row (column names, values) to `take` until it returns false, and returns SQLite's
    /// error, if any.
    ///
    /// `sql` holds text of the host: it can only read (`query_only`), and only its first statement runs.
    func query(_ sql: String, _ take: (_ names: [String], _ values: [SMSColumnValue]) -> Bool) -> SQLFailure?
    {
        execute("PRAGMA query_only=ON")
        defer { execute("PRAGMA query_only=OFF") }
        var statement: OpaquePointer?
        guard unsafe sqlite3_prepare_v2(database, sql, -1, &statement, nil) == SQLITE_OK else {
            return failure()
        }
        defer {
            steps += Int(unsafe sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0))
            unsafe sqlite3_finalize(statement)
        }
        let columns = 0..<(unsafe sqlite3_column_count(statement))
        let names = columns.map { index in
            unsafe sqlite3_column_name(statement, index).map { unsafe String(cString: $0) } ?? ""
        }
        while true {
            switch unsafe sqlite3_step(statement) {
            case SQLITE_ROW:
                let values = columns.map { unsafe Self.value(statement, $0) }
                if !take(names, values) { return nil }
            case SQLITE_DONE: return nil
            default: return failure()
            }
        }
    }

    private static func value(_ statement: OpaquePointer?, _ index: Int32) -> SMSColumnValue {
        switch unsafe sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: return .integer(unsafe sqlite3_column_int64(statement, index))
        case SQLITE_FLOAT: return .real(unsafe sqlite3_column_double(statement, index))
        case SQLITE_BLOB: return .blob
        case SQLITE_TEXT:
            let count = Int(unsafe sqlite3_column_bytes(statement, index))
            let start = unsafe sqlite3_column_text(statement, index)
            return .text(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
        default: return .null
        }
    }

    private func failure() -> SQLFailure {
        SQLFailure(
            code: Int(unsafe sqlite3_errcode(database)),
            message: unsafe String(cString: sqlite3_errmsg(database)))
    }

    /// Runs a statement of our own; a failure is a mistake in this file.
    private func run(_ sql: String, _ values: [SMSColumnValue]) {
        var statement: OpaquePointer?
        let prepared = unsafe sqlite3_prepare_v2(database, sql, -1, &statement, nil)
        precondition(prepared == SQLITE_OK, "virtual phone: wrong SQL in SMSStore")
        defer { unsafe sqlite3_finalize(statement) }
        for (index, value) in values.enumerated() {
            let position = Int32(index + 1)
            switch value {
            case .null, .blob, .text(nil): unsafe sqlite3_bind_null(statement, position)
            case .integer(let number): unsafe sqlite3_bind_int64(statement, position, number)
            case .real(let number): unsafe sqlite3_bind_double(statement, position, number)
            case .text(let bytes?): unsafe Self.bind(bytes, to: statement, at: position)
            }
        }
        let stepped = unsafe sqlite3_step(statement)
        precondition(stepped == SQLITE_DONE, "virtual phone: SMSStore cannot write")
    }

    private static func bind(_ bytes: [UInt8], to statement: OpaquePointer?, at position: Int32) {
        unsafe bytes.withUnsafeBytes { buffer in
            let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            // An empty array may have no address, and a null pointer would bind NULL.
            if let start = unsafe start {
                _ = unsafe phonewire_sqlite3_bind_text(statement, position, start, Int32(buffer.count))
            } else {
                _ = unsafe phonewire_sqlite3_bind_text(statement, position, "", 0)
            }
        }
    }

    private func execute(_ sql: String) {
        let result = unsafe sqlite3_exec(database, sql, nil, nil, nil)
        precondition(result == SQLITE_OK, "virtual phone: wrong SQL in SMSStore")
    }
}

/// A value of a row.
enum SMSColumnValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8]?)
    case blob
}

/// SQLite's refusal of a query.
struct SQLFailure: Error, Sendable, Equatable {
    var code: Int
    var message: String
}
