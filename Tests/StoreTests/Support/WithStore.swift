import Base
import Events
import Platform
import Testing

@testable import Store

/// Opens a store on a thread of its own, hands it to `body` and closes it.
func withStore<Value: Sendable>(
    _ folder: TestFolder, clock: TestClock = TestClock(), options: StoreOptions = StoreOptions(),
    gate: CommitGate? = nil,
    _ body: (EventStore) async throws -> Value
) async throws -> Value {
    let executor = try ThreadExecutor(name: "store", parker: try EventParker())
    defer { executor.stop() }
    let store = try EventStore(
        directory: folder.path, executor: executor, clock: clock, options: options, commitGate: gate)
    do {
        let value = try await body(store)
        try await store.close()
        return value
    } catch {
        try? await store.close()
        throw error
    }
}

/// What opening a store in `path` throws.
func openingError(_ path: String, options: StoreOptions = StoreOptions()) throws -> StoreError? {
    let executor = try ThreadExecutor(name: "store", parker: try EventParker())
    defer { executor.stop() }
    do throws(StoreError) {
        _ = try EventStore(
            directory: path, executor: executor, clock: TestClock(), options: options)
        return nil
    } catch {
        return error
    }
}

/// The StoreError that `body` throws; any other ending is a failure of the test.
func storeError(
    _ body: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) async -> StoreError? {
    do {
        try await body()
        Issue.record("nothing was thrown", sourceLocation: sourceLocation)
        return nil
    } catch let error as StoreError {
        return error
    } catch {
        Issue.record("\(error) was thrown", sourceLocation: sourceLocation)
        return nil
    }
}

/// Options that wait for nobody.
func impatient() -> StoreOptions {
    var options = StoreOptions()
    options.busyTimeout = .milliseconds(1)
    return options
}

/// A second connection to the database of `folder`, as another program would have it.
func otherProgram(_ folder: TestFolder) throws(StoreError) -> Connection {
    try Connection(path: folder.path + "/phonewire.db", busyTimeout: .milliseconds(1))
}

extension Connection {
    /// Runs SQL of a test.
    func test(_ sql: String) throws(StoreError) { try run(SQL("test", sql)) }

    /// The one number that SQL of a test yields.
    func number(_ sql: String) throws(StoreError) -> Int64? {
        try first(SQL("test", sql)) { row throws(StoreError) in
            // It has one column, called whatever SQLite makes of the SQL.
            try row.columns.first.map { (name) throws(StoreError) in
                try row.isNull(name) ? nil : try row.integer(name)
            } ?? nil
        } ?? nil
    }
}
