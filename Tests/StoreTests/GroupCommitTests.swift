import Base
import Delivery
import Events
import Glibc
import Synchronization
import Testing

@testable import Store

/// A commit gate that counts commits and can hold one back until it is told to go on.
final class HoldingGate: Sendable {
    private struct State {
        var commits = 0
        var holds = false
        var isHeld = false
    }

    private let state = Mutex(State())

    var commits: Int { state.withLock { $0.commits } }
    /// Whether a commit waits in the gate.
    var isHeld: Bool { state.withLock { $0.isHeld } }

    /// The next commit waits before it commits.
    func hold() { state.withLock { $0.holds = true } }
    func letGo() { state.withLock { $0.holds = false } }

    func pass(_ moment: CommitMoment) {
        if moment == .after {
            state.withLock { $0.commits += 1 }
            return
        }
        while state.withLock({
            $0.isHeld = $0.holds
            return $0.holds
        }) {
            usleep(500)
        }
    }
}

@Suite("Group commit")
struct GroupCommitTests {
    /// Holds the commit of `first` back until every one of `others` waits in the queue, then lets go.
    private func share(
        _ store: EventStore, _ gate: HoldingGate, first: RecordBatch, others: [RecordBatch]
    ) async throws -> [Result<RecordResult, StoreError>] {
        gate.hold()
        return await withTaskGroup(of: (Int, Result<RecordResult, StoreError>).self) { group in
            group.addTask { (0, await result(of: store, first)) }
            while !gate.isHeld { await Task.yield() }
            for (index, batch) in others.enumerated() {
                group.addTask { (index + 1, await result(of: store, batch)) }
                while store.queue.count <= index { await Task.yield() }
            }
            gate.letGo()
            var results: [(Int, Result<RecordResult, StoreError>)] = []
            for await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    @Test("a lone batch commits at once; those that arrive meanwhile share the next commit")
    func sharing() async throws {
        let gate = HoldingGate()
        let folder = try TestFolder()
        try await withStore(folder, gate: { gate.pass($0) }) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let before = gate.commits
            _ = try await store.record(batch(phone, [sms(1)]))
            #expect(gate.commits == before + 1)
            let others = (3..<23).map { batch(phone, [sms($0)], cursor: "\($0)") }
            let results = try await share(store, gate, first: batch(phone, [sms(2)]), others: others)
            #expect(gate.commits == before + 3)
            let ids = try results.map { try #require(try $0.get().events.first).rawValue }
            #expect(ids == Array(2...22))
            #expect(try await store.cursor(phone, .sms) == Array("22".utf8))
            #expect(store.queue.count == 0)
        }
    }

    @Test("a bad batch fails alone; the others of its commit are stored")
    func oneBadBatch() async throws {
        let gate = HoldingGate()
        try await withStore(try TestFolder(), gate: { gate.pass($0) }) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            let hook = try await store.addWebhook(webhookSettings(name: "a", url: "http://a/"), at: at(1)).key
            // It fails at its second row, when its first is written already.
            try await store.inspect { (database) throws(StoreError) in
                try database.test(
                    """
                    CREATE TEMP TRIGGER fail BEFORE INSERT ON sightings WHEN new.key = CAST('1/9' AS BLOB)
                    BEGIN SELECT raise(ABORT, 'this statement'); END
                    """)
            }
            let bad = batch(phone, [sms(8), sms(9)], cursor: "bad")
            let others = [batch(phone, [sms(2)]), bad, batch(phone, [sms(3), sms(4)])]
            let results = try await share(store, gate, first: batch(phone, [sms(1)]), others: others)
            #expect(try results[1].get().events.count == 1)
            #expect(throws: StoreError.self) { try results[2].get() }
            #expect(try results[3].get().events.count == 2)
            #expect(try await store.counts().events == 4)
            #expect(try await store.counts().pending == 4)
            #expect(try await store.cursor(phone, .sms) == Array("cursor".utf8))
            try await store.inspect { (database) throws(StoreError) in
                #expect(try database.number("SELECT count(*) FROM sightings") == 4)
                #expect(try database.number("SELECT count(*) FROM events") == 4)
                try expectCountersTrue(database, "after a bad batch")
            }
            #expect(try await store.due(webhook: hook, now: at(0), perLane: 9, excluding: []).count == 4)
        }
    }

    @Test("when SQLite gives up the whole transaction, each request is tried alone")
    func lostTransaction() async throws {
        let gate = HoldingGate()
        try await withStore(try TestFolder(), gate: { gate.pass($0) }) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            try await store.inspect { (database) throws(StoreError) in
                try database.test(
                    """
                    CREATE TEMP TRIGGER fail BEFORE INSERT ON sightings WHEN new.key = CAST('1/3' AS BLOB)
                    BEGIN SELECT raise(ROLLBACK, 'the whole transaction'); END
                    """)
            }
            let others = [batch(phone, [sms(2)]), batch(phone, [sms(3)]), batch(phone, [sms(4)])]
            let results = try await share(store, gate, first: batch(phone, [sms(1)]), others: others)
            #expect(try results[1].get().events.count == 1)
            #expect(throws: StoreError.self) { try results[2].get() }
            #expect(try results[3].get().events.count == 1)
            #expect(try await store.counts().events == 3)
        }
    }

    @Test("a stop before the commit fails everybody and stores nothing; one after it stores everything")
    func stopped() async throws {
        let stop = Mutex<CommitMoment?>(nil)
        let folder = try TestFolder()
        try await withStore(
            folder,
            gate: { (moment) throws(StoreError) in
                if stop.withLock({ $0 == moment }) { throw stopError() }
            }
        ) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            stop.withLock { $0 = .before }
            let before = await storeError { _ = try await store.record(batch(phone, [sms(1)])) }
            #expect(before == stopError())
            #expect(try await store.events(limit: 9).isEmpty)
            stop.withLock { $0 = .after }
            let after = await storeError { _ = try await store.record(batch(phone, [sms(1)])) }
            #expect(after == stopError())
            stop.withLock { $0 = nil }
            #expect(try await store.events(limit: 9).count == 1)
            #expect(try await store.record(batch(phone, [sms(1)])).repeats == 1)
        }
    }

    @Test("a cancelled caller's batch is stored all the same, and nobody waits for it")
    func cancelledCaller() async throws {
        let gate = HoldingGate()
        try await withStore(try TestFolder(), gate: { gate.pass($0) }) { (store) async throws in
            let phone = try await store.enrol(identity(), at: at(1)).key
            gate.hold()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = await result(of: store, batch(phone, [sms(1)])) }
                while !gate.isHeld { await Task.yield() }
                group.addTask { _ = await result(of: store, batch(phone, [sms(2)])) }
                while store.queue.count < 1 { await Task.yield() }
                group.cancelAll()
                gate.letGo()
            }
            #expect(try await store.events(limit: 9).count == 2)
            #expect(store.queue.count == 0)
        }
    }

    @Test("one commit takes a limited share of a long queue")
    func limits() {
        let queue = WriteQueue()
        let small = WriteRequest.record(batch(DeviceKey(rawValue: 1), [sms(1)]))
        let large = WriteRequest.record(batch(DeviceKey(rawValue: 1), (0..<2000).map { sms($0) }))
        for _ in 0..<100 { _ = queue.add(small) }
        #expect(queue.removeGroup().count == StoreLimits.requestsPerCommitMax)
        #expect(queue.removeGroup().count == 36)
        for request in [large, small, large, small] { _ = queue.add(request) }
        #expect(queue.removeGroup().count == 1)
        #expect(queue.removeGroup().count == 2)
        #expect(queue.removeGroup().count == 1)
        #expect(queue.removeGroup().isEmpty)
    }
}

func stopError() -> StoreError {
    StoreError(.stopped, path: "gate", operation: "commit", message: "the simulation stopped it")
}

private func result(of store: EventStore, _ batch: RecordBatch) async -> Result<RecordResult, StoreError> {
    do throws(StoreError) { return .success(try await store.record(batch)) } catch { return .failure(error) }
}
