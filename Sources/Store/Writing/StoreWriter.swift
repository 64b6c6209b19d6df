import Base
import Delivery

/// Does every write: transactions of their own, and commits that several requests share. Owns the connection; belongs to the
/// store's actor, which alone uses it.
///
/// Group commit: a caller puts its request into the queue on its own thread and then asks for the actor. While a commit runs,
/// others do the same; the first of them to get the actor commits for all, and the rest find their replies waiting. A lone
/// request finds the queue empty but for itself and commits at once: nobody waits for others to come.
final class StoreWriter {
    private let path: String
    private let clock: any DaemonClock
    private let gate: CommitGate?
    private let webhooks: WebhookCache
    /// Nil when the store was closed.
    private var connection: Connection?
    private var ids: EventIDs
    /// The bound of reserved event ids that the database has on record.
    private var notedBound: Int64
    /// Replies to requests that another caller's commit has answered.
    private var answered: [WriteTicket: Result<WriteReply, StoreError>] = [:]
    private(set) var checkpoints = Checkpoints()
    /// Why nothing can be written, since the last commit; nil when the last write was committed.
    private(set) var trouble: WriteTrouble?

    init(
        _ opened: OpenedStore, webhooks: WebhookCache, clock: any DaemonClock, gate: CommitGate?
    ) {
        path = opened.folder.database
        connection = opened.connection
        ids = opened.ids
        notedBound = opened.notedBound
        self.webhooks = webhooks
        self.clock = clock
        self.gate = gate
    }

    /// The connection; throws when the store was closed.
    func database() throws(StoreError) -> Connection {
        guard let connection else {
            throw StoreError(.closed, path: path, operation: "use", message: "the store was closed")
        }
        return connection
    }

    /// Copies the log into the database and closes the file; closing again does nothing.
    func close() throws(StoreError) {
        guard let open = connection else { return }
        connection = nil
        webhooks.forget()
        // Closing checkpoints as well; what fails here is in the log and is found there at the next start.
        try open.close()
    }

    /// Copies the log when nothing was committed for a while.
    func checkpointAtRest() {
        guard let connection else { return }
        checkpoints.atRest(connection, now: clock.now())
    }

    /// One transaction of its own.
    func write<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError) -> Value {
        let database = try database()
        defer { checkpoints.afterCommit(database, now: clock.now()) }
        do throws(StoreError) {
            let value = try database.transaction(gate: gate) { () throws(StoreError) in try body(database) }
            trouble = nil
            return value
        } catch {
            noteFailure(error)
            throw error
        }
    }

    /// Commits until the request of `ticket` has its reply, which may be there already.
    func reply(to ticket: WriteTicket, from queue: WriteQueue) throws(StoreError) -> WriteReply {
        // Ends: the ticket's request was queued before this ran, and each turn removes at least one request.
        while true {
            if let reply = answered.removeValue(forKey: ticket) { return try reply.get() }
            let group = queue.removeGroup()
            guard !group.isEmpty else {
                throw .bug("a request was lost", path: path, operation: "group commit")
            }
            commit(group)
        }
    }

    private func commit(_ group: [WriteQueue.Entry]) {
        do throws(StoreError) {
            let results = try commitTogether(group)
            for (entry, result) in zip(group, results) { answered[entry.ticket] = result }
            if results.contains(where: { !$0.isFailure }) { trouble = nil }
            for case .failure(let error) in results { noteFailure(error) }
        } catch {
            noteFailure(error)
            // SQLite gave up the whole transaction. Alone, each request may still succeed.
            if group.count > 1 {
                for entry in group { commit([entry]) }
            } else {
                for entry in group { answered[entry.ticket] = .failure(error) }
            }
        }
    }

    /// Throws what ends the whole transaction; a request that fails alone has its failure in the result.
    private func commitTogether(
        _ group: [WriteQueue.Entry]
    ) throws(StoreError) -> [Result<WriteReply, StoreError>] {
        let database = try database()
        let known = try webhooks.all(database)
        try database.run(.begin)
        let results: [Result<WriteReply, StoreError>]
        do throws(StoreError) {
            let tally: Tally
            (results, tally) = try perform(group, database, known)
            if results.allSatisfy({ $0.isFailure }) {
                database.rollBack()
                return results
            }
            try tally.write(database)
            let bound = ids.reserved
            if bound != notedBound {
                try CountersTable(database: database).set(.eventIDs, to: bound)
            }
            if let stopped = stop(at: .before) {
                database.rollBack()
                return results.map { _ in .failure(stopped) }
            }
            try database.run(.commit)
            notedBound = bound
        } catch {
            database.rollBack()
            throw error
        }
        checkpoints.afterCommit(database, now: clock.now())
        if let stopped = stop(at: .after) { return results.map { _ in .failure(stopped) } }
        return results
    }

    /// Runs each request in a savepoint of its own.
    private func perform(
        _ group: [WriteQueue.Entry], _ database: Connection, _ webhooks: [Webhook]
    ) throws(StoreError) -> ([Result<WriteReply, StoreError>], Tally) {
        var results: [Result<WriteReply, StoreError>] = []
        var tally = Tally()
        for entry in group {
            do throws(StoreError) {
                let (reply, counted) = try database.savepoint { () throws(StoreError) in
                    try perform(entry.request, database, webhooks)
                }
                results.append(.success(reply))
                tally.merge(counted)
            } catch {
                guard database.inTransaction else { throw error }
                results.append(.failure(error))
            }
        }
        return (results, tally)
    }

    private func perform(
        _ request: WriteRequest, _ database: Connection, _ webhooks: [Webhook]
    ) throws(StoreError) -> (WriteReply, Tally) {
        let now = clock.wallNow()
        switch request {
        case .record(let batch):
            let recording = Recording(database: database, webhooks: webhooks, now: now)
            let (result, tally) = try recording.store(batch, ids: &ids)
            return (.recorded(result), tally)
        case .settle(let outcomes):
            return (.settled, try Settling(database: database, now: now).settle(outcomes))
        }
    }

    /// What the commit gate throws: it stops every request of the group.
    private func stop(at moment: CommitMoment) -> StoreError? {
        do throws(StoreError) {
            try gate?(moment)
            return nil
        } catch {
            return error
        }
    }

    private func noteFailure(_ error: StoreError) {
        trouble = WriteTrouble.after(trouble, error, now: clock.wallNow())
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
