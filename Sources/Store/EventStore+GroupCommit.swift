package import Delivery

/// Group commit. A caller puts its request into the queue on its own thread and then asks for the actor. While a
/// commit runs, others do the same; the first of them to get the actor commits for all, and the rest find their
/// replies waiting. A lone request finds the queue empty but for itself and commits at once: nothing is ever
/// delayed in the hope of company.
extension EventStore {
    /// Stores what a read has shown: new keys, their events and deliveries, and the cursor, together or not at all.
    package nonisolated func record(_ batch: RecordBatch) async throws(StoreError) -> RecordResult {
        let ticket = queue.add(.record(batch))
        guard case .recorded(let result) = try await reply(to: ticket) else {
            throw StoreError(
                .bug, path: path, operation: "record", message: "got the reply of another request")
        }
        return result
    }

    /// Writes down attempts and what their deliveries have become, together or not at all. An outcome that is
    /// on record already is skipped, so settling may be repeated.
    package nonisolated func settle(_ outcomes: [DeliveryOutcome]) async throws(StoreError) {
        guard !outcomes.isEmpty else { return }
        let ticket = queue.add(.settle(outcomes))
        _ = try await reply(to: ticket)
    }

    private func reply(to ticket: WriteTicket) throws(StoreError) -> WriteReply {
        // Ends: the ticket's request was queued before this ran, and each turn takes at least one request.
        while true {
            if let reply = answered.removeValue(forKey: ticket) { return try reply.get() }
            let group = queue.takeGroup()
            guard !group.isEmpty else {
                throw StoreError(.bug, path: path, operation: "group commit", message: "a request was lost")
            }
            commit(group)
        }
    }

    private func commit(_ group: [WriteQueue.Entry]) {
        do throws(StoreError) {
            let results = try commitTogether(group)
            for (entry, result) in zip(group, results) { answered[entry.ticket] = result }
            if results.contains(where: { !$0.isFailure }) { writeTrouble = nil }
            for case .failure(let error) in results { noteWriteFailure(error) }
        } catch {
            noteWriteFailure(error)
            // SQLite gave up the whole transaction. Alone, each request may still succeed.
            if group.count > 1 {
                for entry in group { commit([entry]) }
            } else {
                for entry in group { answered[entry.ticket] = .failure(error) }
            }
        }
    }

    private func commitTogether(
        _ group: [WriteQueue.Entry]
    ) throws(StoreError) -> [Result<WriteReply, StoreError>] {
        let database = try database()
        let webhooks = try loadWebhooks(database)
        var results: [Result<WriteReply, StoreError>] = []
        var tally = Tally()
        try database.run(.begin)
        do throws(StoreError) {
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
            if results.allSatisfy({ $0.isFailure }) {
                database.rollBack()
                return results
            }
            try tally.write(database)
            let bound = ids.reserved
            if bound != notedBound {
                try database.run(.setCounter, .text(CounterName.eventIDs), .integer(bound))
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
        afterCommit(database)
        if let stopped = stop(at: .after) { return results.map { _ in .failure(stopped) } }
        return results
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

    private func perform(
        _ request: WriteRequest, _ database: Connection, _ webhooks: [Webhook]
    ) throws(StoreError) -> (WriteReply, Tally) {
        switch request {
        case .record(let batch):
            let (result, tally) = try insert(batch, database, webhooks)
            return (.recorded(result), tally)
        case .settle(let outcomes):
            return (.settled, try settle(outcomes, database))
        }
    }
}

extension Result {
    fileprivate var isFailure: Bool {
        if case .failure = self { true } else { false }
    }
}
