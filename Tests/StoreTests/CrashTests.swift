import Base
import Delivery
import Events
import Synchronization
import Testing

@testable import Store

/// A receiver that never forgets.
private final class RecordingReceiver: Sendable {
    private let calls = Mutex<[(webhook: String, event: EventID, body: [UInt8])]>([])
    func receive(_ webhook: String, _ delivery: DueDelivery) {
        calls.withLock { $0.append((webhook, delivery.event, delivery.body.bytes)) }
    }
    var received: [(webhook: String, event: EventID, body: [UInt8])] { calls.withLock { $0 } }
}

/// Stops the store at one commit, and keeps the files as a kill at that moment leaves them.
private final class CrashGate: Sendable {
    private struct State {
        var left: Int
        var wreck: TestFolder?
        var passed = 0
    }

    private let moment: CommitMoment
    private let folder: TestFolder
    private let state: Mutex<State>

    init(_ folder: TestFolder, commit: Int, moment: CommitMoment) {
        self.folder = folder
        self.moment = moment
        state = Mutex(State(left: commit))
    }

    var wreck: TestFolder? { state.withLock { $0.wreck } }
    var passed: Int { state.withLock { $0.passed } }

    func pass(_ now: CommitMoment) throws(StoreError) {
        guard now == moment else { return }
        let crashes = state.withLock { state in
            state.passed += 1
            state.left -= 1
            if state.left == 0 { state.wreck = try? folder.copy() }
            return state.left <= 0
        }
        if crashes { throw stopError() }
    }
}

@Suite("A kill at any commit")
struct CrashTests {
    /// What each read of the phone shows: rows overlap, as reads do.
    private static let reads: [[Int64]] = [[1, 2, 3], [3, 4, 5], [5, 6], [6]]
    /// What the daemon does; started again after a crash it does all of it again.
    private static func live(_ store: EventStore, _ receiver: RecordingReceiver) async throws {
        let phone = try await store.enrol(identity(), at: at(1)).key
        for name in ["one", "two"] where try await store.webhook(named: name) == nil {
            _ = try await store.addWebhook(webhookSettings(name: name, url: "http://\(name)/"), at: at(1))
        }
        let card = SIMCard(slot: 1, subscription: 3, iccid: "8986", network: "26201", carrier: "T")
        try await store.recordSIMs(phone, [card], at: at(2))
        for (index, rows) in reads.enumerated() {
            _ = try await store.record(batch(phone, rows.map { sms($0) }, cursor: "\(index)"))
            try await deliver(store, receiver)
        }
        try await store.note(problem: "a small one", device: phone, at: at(3))
        for _ in 0..<3 { try await deliver(store, receiver) }
    }

    private static func deliver(_ store: EventStore, _ receiver: RecordingReceiver) async throws {
        for webhook in try await store.webhooks() {
            let due = try await store.due(webhook: webhook.key, now: at(100), perLane: 2, excluding: [])
            for delivery in due { receiver.receive(webhook.name, delivery) }
            try await store.settle(
                due.map { delivery in
                    // Every second event fails once.
                    let fails = delivery.attempt == 1 && delivery.event.rawValue % 2 == 0
                    return outcome(
                        delivery, fails ? .retry(at: at(50)) : .delivered, status: fails ? 500 : 200)
                })
        }
    }

    private static func drain(_ store: EventStore, _ receiver: RecordingReceiver) async throws {
        while try await store.nextDue(now: at(100)) != nil { try await deliver(store, receiver) }
    }

    @Test(
        "nothing is lost, nothing is there twice, no id changes its event",
        arguments: [CommitMoment.before, .after])
    func everyCommit(moment: CommitMoment) async throws {
        let whole = try TestFolder()
        let counting = CrashGate(whole, commit: .max, moment: moment)
        let gate: CommitGate = { (now) throws(StoreError) in try counting.pass(now) }
        try await withStore(whole, gate: gate) { (store) async throws in
            try await Self.live(store, RecordingReceiver())
        }
        let commits = counting.passed
        #expect(commits > 15)
        for commit in 1...commits { try await crash(at: commit, moment) }
    }

    private func crash(at commit: Int, _ moment: CommitMoment) async throws {
        let folder = try TestFolder()
        let receiver = RecordingReceiver()
        let crash = CrashGate(folder, commit: commit, moment: moment)
        let gate: CommitGate = { (now) throws(StoreError) in try crash.pass(now) }
        let error = await storeError {
            try await withStore(folder, gate: gate) { (store) async throws in
                try await Self.live(store, receiver)
            }
        }
        #expect(error == stopError())
        let wreck = try #require(crash.wreck)
        try await withStore(wreck) { (store) async throws in
            try await checkWreck(store, "commit \(commit) \(moment)")
            try await Self.live(store, receiver)
            try await Self.drain(store, receiver)
            try await checkEnd(store, receiver, "commit \(commit) \(moment)")
        }
    }

    /// Right after the crash: what was committed together is there together.
    private func checkWreck(_ store: EventStore, _ place: Comment) async throws {
        try await store.inspect { (database) throws(StoreError) in
            try database.quickCheck()
            let orphans = try database.number("SELECT count(*) FROM pragma_foreign_key_check")
            #expect(orphans == 0, place)
            #expect(
                try database.number("SELECT count(*) FROM events")
                    == database.number("SELECT count(*) FROM sightings"), place)
            let deliveries = try database.number("SELECT count(*) FROM deliveries")
            let events = try database.number("SELECT count(*) FROM events") ?? 0
            #expect(deliveries == 2 * events, place)
            // The cursor is the last read whose rows are there.
            let cursor = try database.first(SQL("cursor", "SELECT value FROM cursors")) {
                row throws(StoreError) in
                String(decoding: try row.blob("value"), as: UTF8.self)
            }
            let expected: Int64 =
                cursor.flatMap { Int($0) }.map { Int64(Set(Self.reads.prefix($0 + 1).joined()).count) } ?? 0
            #expect(events == expected, place)
            try expectCountersTrue(database, place)
        }
    }

    /// A body names the row (`rid`), so that an id that changes its event is seen.
    private func checkEnd(_ store: EventStore, _ receiver: RecordingReceiver, _ place: Comment) async throws {
        let rows = try await store.events(limit: 100).map { event in
            event.content.of(SMSMessage.self)?.rowID ?? -1
        }
        #expect(rows.sorted() == [1, 2, 3, 4, 5, 6], place)
        let counts = try await store.counts()
        #expect([counts.pending, counts.delivered, counts.dead] == [0, 12, 0], place)
        var bodies: [EventID: [UInt8]] = [:]
        for call in receiver.received {
            #expect(bodies[call.event] == nil || bodies[call.event] == call.body, place)
            bodies[call.event] = call.body
        }
        for name in ["one", "two"] {
            let got = Set(receiver.received.filter { $0.webhook == name }.map(\.event))
            #expect(got.count == 6, place)
        }
        #expect(try await store.sims().count == 1, place)
        try await store.inspect { (database) throws(StoreError) in try expectCountersTrue(database, place) }
    }
}

/// The counters are what counting the rows gives.
func expectCountersTrue(_ database: Connection, _ place: Comment) throws(StoreError) {
    let wrong = try database.number(
        """
        SELECT count(*) FROM counters LEFT JOIN
            (SELECT 'events' AS name, count(*) AS n FROM events UNION ALL
             SELECT 'webhook/' || webhook || '/' ||
                CASE state WHEN 0 THEN 'pending' WHEN 1 THEN 'delivered' WHEN 2 THEN 'dead' ELSE 'removed' END,
                count(*) FROM deliveries GROUP BY webhook, state) AS rows USING (name)
        WHERE name <> 'event-ids' AND value <> ifnull(n, 0)
        """)
    #expect(wrong == 0, place)
    let counted = try database.number("SELECT sum(value) FROM counters WHERE name LIKE 'webhook/%'") ?? 0
    #expect(try database.number("SELECT count(*) FROM deliveries") == counted, place)
}
