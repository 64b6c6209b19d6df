package import Delivery
package import Events
import FoundationEssentials
package import Time

/// Makes the body of an event for a webhook (its secret already taken out), inside the transaction that stores it.
package typealias BodyFreezer = @Sendable (Event, Webhook) -> FrozenBody

/// What phonewire knows, in one SQLite file: phones, events, webhooks, deliveries. The only owner of the file.
///
/// Runs on the executor it is given, whose thread may block on the disk; see `Connection` for why SQLite needs no
/// locks of its own here. Every call either has committed when it returns or has changed nothing when it throws;
/// the one exception is a commit gate that throws after the commit.
package actor EventStore {
    /// Names this installation to receivers: 32 hexadecimal digits.
    package nonisolated let installation: String
    /// The database file.
    package nonisolated let path: String

    nonisolated let queue = WriteQueue()
    let clock: any DaemonClock
    let freeze: BodyFreezer
    let gate: CommitGate?
    let options: StoreOptions
    let folder: StoreFolder
    let encoder: JSONEncoder
    let decoder = JSONDecoder()
    private let executor: any SerialExecutor
    private var connection: Connection?

    var ids: EventIDs
    /// The bound of reserved event ids that the database has on record.
    var notedBound: Int64
    /// Replies to write requests that another caller's commit has answered.
    var answered: [WriteTicket: Result<WriteReply, StoreError>] = [:]
    /// The webhooks that exist, for `record`; nil after any change of a webhook.
    var knownWebhooks: [Webhook]?
    var checkpoints = CheckpointState()
    /// Why nothing can be written, since the last commit; nil when the last write was committed.
    var writeTrouble: WriteTrouble?

    /// The executor given at `init`.
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Opens the database in `directory`, made when it is missing, on the calling thread; afterwards everything
    /// runs on `executor`. `freeze` makes bodies; `commitGate` is called around every commit of a write.
    package init(
        directory: String, executor: any SerialExecutor, clock: any DaemonClock,
        freeze: @escaping BodyFreezer, options: StoreOptions = StoreOptions(), commitGate: CommitGate? = nil
    ) throws(StoreError) {
        let opened = try OpenedStore(directory: directory, options: options, gate: commitGate)
        self.executor = executor
        self.clock = clock
        self.freeze = freeze
        self.options = options
        gate = commitGate
        folder = opened.folder
        path = opened.folder.database
        installation = opened.installation
        ids = opened.ids
        notedBound = opened.notedBound
        connection = opened.connection
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Copies the log into the database and closes the file. Every later call throws `closed`.
    package func close() throws(StoreError) {
        guard let open = connection else { return }
        connection = nil
        knownWebhooks = nil
        // Closing checkpoints as well; what fails here is in the log and is found there at the next start.
        try open.close()
    }

    /// The connection; throws when the store was closed.
    func database() throws(StoreError) -> Connection {
        guard let connection else {
            throw StoreError(.closed, path: path, operation: "use", message: "the store was closed")
        }
        return connection
    }

    /// One transaction of its own, for everything but `record` and `settle`.
    func write<Value>(_ body: (Connection) throws(StoreError) -> Value) throws(StoreError) -> Value {
        let database = try database()
        defer { afterCommit(database) }
        do throws(StoreError) {
            let value = try database.transaction(gate: gate) { () throws(StoreError) in try body(database) }
            writeTrouble = nil
            return value
        } catch {
            noteWriteFailure(error)
            throw error
        }
    }

    /// Lets a test look at the connection.
    func inspect<Value: Sendable>(
        _ body: @Sendable (Connection) throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        try body(try database())
    }
}
