import Delivery
import Synchronization

/// A write that may share its commit with others.
enum WriteRequest: Sendable {
    case record(RecordBatch)
    case settle([DeliveryOutcome])

    /// About how many rows it writes.
    var rows: Int {
        switch self {
        case .record(let batch): batch.observations.count + 1
        case .settle(let outcomes): outcomes.count * 2
        }
    }
}

/// What came of a write.
enum WriteReply: Sendable, Equatable {
    case recorded(RecordResult)
    case settled
}

/// Names a caller that waits for its write.
struct WriteTicket: Sendable, Hashable { let number: UInt64 }

/// The writes that wait for the store's thread, filled by callers on their own threads.
///
/// Bounded by its callers: each waits for its reply before it can add another.
final class WriteQueue: Sendable {
    struct Entry: Sendable {
        let ticket: WriteTicket
        let request: WriteRequest
    }

    private struct State {
        var next: UInt64 = 0
        var entries: [Entry] = []
    }

    private let state = Mutex(State())

    /// Adds a request at the end.
    func add(_ request: WriteRequest) -> WriteTicket {
        state.withLock { state in
            let ticket = WriteTicket(number: state.next)
            state.next += 1
            state.entries.append(Entry(ticket: ticket, request: request))
            return ticket
        }
    }

    /// Requests that no commit has removed yet.
    var count: Int { state.withLock { $0.entries.count } }

    /// Removes and returns what one commit may hold, oldest first: at least one request when there is any.
    func removeGroup() -> [Entry] {
        state.withLock { state in
            var rows = 0
            var count = 0
            for entry in state.entries.prefix(StoreLimits.requestsPerCommitMax) {
                if count > 0, rows >= StoreLimits.rowsPerCommitMax { break }
                rows += entry.request.rows
                count += 1
            }
            let group = Array(state.entries.prefix(count))
            state.entries.removeFirst(count)
            return group
        }
    }
}
