/// The phone's log: one bounded ring for each buffer, the oldest entries go first.
struct LogBuffers: Sendable {
    /// Most entries kept in each buffer.
    static let entriesMax = 4096
    /// Longest message kept, in bytes, as in Android's liblog (LOGGER_ENTRY_MAX_PAYLOAD).
    static let messageBytesMax = 4068

    /// One entry; `number` counts all entries of the phone from 0.
    struct Entry: Sendable, Equatable {
        var number: Int
        var buffer: String
        var milliseconds: Int64
        var process: Int
        var thread: Int
        var level: UInt8
        var tag: String
        var message: [UInt8]
    }

    private var rings: [String: [Entry]] = [:]
    /// The number the next entry gets.
    private(set) var next = 0

    mutating func append(
        to buffer: String, at milliseconds: Int64, process: Int, thread: Int, level: Character, tag: String,
        message: String
    ) {
        let entry = Entry(
            number: next, buffer: buffer, milliseconds: milliseconds, process: process, thread: thread,
            level: level.asciiValue ?? UInt8(ascii: "D"), tag: tag,
            message: Array(message.utf8.prefix(Self.messageBytesMax)))
        next += 1
        rings[buffer, default: []].append(entry)
        // Trimmed in large steps: removing the first entry each time would cost a copy of the ring.
        if let count = rings[buffer]?.count, count >= 2 * Self.entriesMax {
            rings[buffer]?.removeFirst(count - Self.entriesMax)
        }
    }

    /// Entries of `buffers` numbered `from` or later, in order.
    func entries(of buffers: Set<String>, from number: Int) -> [Entry] {
        var found: [Entry] = []
        for buffer in buffers {
            guard let ring = rings[buffer], let last = ring.last, last.number >= number else { continue }
            var low = 0
            var high = ring.count
            while low < high {
                let middle = (low + high) / 2
                if ring[middle].number < number { low = middle + 1 } else { high = middle }
            }
            found += ring[low...]
        }
        return buffers.count > 1 ? found.sorted { $0.number < $1.number } : found
    }

    mutating func clear() { rings = [:] }
}
