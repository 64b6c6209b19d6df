package import Base
package import Delivery

/// What phonewire knows, in one SQLite file: phones, events, webhooks, deliveries. The only owner of the file.
///
/// Runs on the executor it is given, whose thread may block on the disk; see `Connection` for why SQLite needs no
/// locks of its own here. Every call either has committed when it returns or has changed nothing when it throws;
/// the one exception is a commit gate that throws after the commit. The calls about one table stand at the end of that
/// table's file.
package actor EventStore {
    /// Names this installation to receivers: 32 hexadecimal digits.
    package nonisolated let installation: String
    /// The database file.
    package nonisolated let path: String

    nonisolated let queue = WriteQueue()
    let clock: any DaemonClock
    let webhookCache = WebhookCache()
    let tallyCache = TallyCache()
    private let executor: any SerialExecutor
    private let folder: StoreFolder
    private let writer: StoreWriter

    /// The executor given at `init`.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Opens the database in `directory`, made when it is missing, on the calling thread; afterwards everything
    /// runs on `executor`. `commitGate` is called around every commit of a write.
    package init(
        directory: String, executor: any SerialExecutor, clock: any DaemonClock,
        options: StoreOptions = StoreOptions(), commitGate: CommitGate? = nil
    ) throws(StoreError) {
        let opened = try OpenedStore(directory: directory, options: options, gate: commitGate)
        self.executor = executor
        self.clock = clock
        folder = opened.folder
        path = opened.folder.database
        installation = opened.installation
        writer = StoreWriter(opened, webhooks: webhookCache, clock: clock, gate: commitGate)
    }

    /// Copies the log into the database and closes the file. Every later call throws `closed`.
    package func close() throws(StoreError) { try writer.close() }

    /// Keeps the log short while nothing happens; runs until its task is cancelled. Without it everything works,
    /// but every checkpoint falls on a commit.
    package nonisolated func run() async {
        while !Task.isCancelled {
            do { try await clock.sleep(for: StoreLimits.idleTime) } catch { return }
            await checkpointAtRest()
        }
    }

    /// Stores what a read has shown: new keys, their events and deliveries, and the cursor, together or not at all.
    package nonisolated func record(_ batch: RecordBatch) async throws(StoreError) -> RecordResult {
        let ticket = queue.add(.record(batch))
        guard case .recorded(let result) = try await reply(to: ticket) else {
            throw .bug("got the reply of another request", path: path, operation: "record")
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

    // MARK: For the tables' files

    /// The connection, for reading; throws when the store was closed.
    func database() throws(StoreError) -> Connection { try writer.database() }

    /// One transaction of its own, for everything but `record` and `settle`.
    func write<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError) -> Value {
        try writer.write(body)
    }

    /// Size of the database and its log on disk, in bytes.
    var fileBytes: Int64 { folder.size(of: folder.database) + folder.size(of: folder.writeAheadLog) }
    /// What is known about the log between checkpoints.
    var checkpoints: Checkpoints { writer.checkpoints }
    /// Why nothing can be written; nil when the last write was committed.
    var writeTrouble: WriteTrouble? { writer.trouble }

    private func reply(to ticket: WriteTicket) throws(StoreError) -> WriteReply {
        try writer.reply(to: ticket, from: queue)
    }

    /// Copies a log that is worth it when nothing was committed for a while.
    func checkpointAtRest() { writer.checkpointAtRest() }
}
