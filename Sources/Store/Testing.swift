import CSQLite

/// What tests and a size limit change about a store; the defaults are the product's.
package struct StoreOptions: Sendable {
    /// How long to wait for another program that holds the database.
    package var busyTimeout = StoreLimits.busyTimeout
    /// Largest database, in pages of 4 KiB; nil for no limit but the disk's.
    package var pagesMax: Int32?
    var migrations = Schema.migrations
    var settings = ConnectionSetting.required

    /// The product's options.
    package init() {}
}

/// A moment around a commit at which the simulation may stop the daemon.
package enum CommitMoment: Sendable, Equatable {
    /// Everything is written, nothing committed.
    case before
    /// It is committed; the caller does not know yet.
    case after
}

/// Called around every commit of a write. Throwing `.before` rolls the transaction back; throwing `.after` lets it
/// stand and fails the caller all the same.
package typealias CommitGate = @Sendable (CommitMoment) throws(StoreError) -> Void

extension EventStore {
    /// Lets a test look at the connection.
    func inspect<Value: Sendable>(
        _ body: @Sendable (Connection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try body(try database())
    }
}

extension Connection {
    /// The statements that have been used so far.
    var usedStatements: [SQL] { Array(statements.keys) }

    /// The work of all statements since the last call, in steps of SQLite's virtual machine: a unit of its own.
    func stepsSinceLastCall() -> Int { statements.values.reduce(0) { $0 + $1.stepsSinceLastCall() } }

    /// SQLite's plan for a statement of ours, one line each.
    func plan(of sql: SQL) throws(StoreError) -> [String] {
        let explain = try statement(SQL("explain \(sql.name)", "EXPLAIN QUERY PLAN " + sql.text))
        let nothing = explain.parameters.map { ($0, SQLValue.null) }
        var lines: [String] = []
        try explain.run(SQLValues(pairs: nothing)) { row throws(StoreError) in
            lines.append(try row.text("detail"))
            return true
        }
        return lines
    }
}

extension Statement {
    /// Steps of SQLite's virtual machine since the last call.
    func stepsSinceLastCall() -> Int { Int(unsafe sqlite3_stmt_status(handle, SQLITE_STMTSTATUS_VM_STEP, 1)) }
}
