extension Connection {
    /// Runs `body` in one transaction that has the write lock from its first line (BEGIN IMMEDIATE: a read that
    /// upgrades later would fail at once when another program writes, sqlite.org/lang_transaction.html).
    func transaction<Value>(
        gate: CommitGate?, _ body: () throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let value: Value
        try run(.begin)
        do throws(StoreError) {
            value = try body()
            try gate?(.before)
            try run(.commit)
        } catch {
            rollBack()
            throw error
        }
        try gate?(.after)
        return value
    }

    /// Runs `body` inside the open transaction so that its failure undoes its own writes only.
    ///
    /// After some errors SQLite has rolled back the whole transaction (sqlite.org/lang_transaction.html, section
    /// 2.3): the caller must look at `inTransaction`.
    func savepoint<Value>(_ body: () throws(StoreError) -> Value) throws(StoreError) -> Value {
        try run(.savepoint)
        do throws(StoreError) {
            let value = try body()
            try run(.release)
            return value
        } catch {
            if inTransaction {
                try run(.rollBackToSavepoint)
                try run(.release)
            }
            throw error
        }
    }

    /// Ends an open transaction without a trace. Never fails: a transaction that cannot be rolled back is gone
    /// with the connection, and the next BEGIN reports it.
    func rollBack() {
        guard inTransaction else { return }
        do throws(StoreError) { try run(.rollback) } catch { return }
    }
}

extension SQL {
    static let begin = SQL("begin", "BEGIN IMMEDIATE")
    static let commit = SQL("commit", "COMMIT")
    static let rollback = SQL("roll back", "ROLLBACK")
    static let savepoint = SQL("savepoint", "SAVEPOINT request")
    static let release = SQL("release savepoint", "RELEASE request")
    static let rollBackToSavepoint = SQL("roll back to savepoint", "ROLLBACK TO request")
}
