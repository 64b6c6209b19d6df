import Events

/// Hands out event ids: increasing, never one twice, whatever becomes of the database.
///
/// Ids are reserved in blocks whose upper bound is written and synced to the file `event-ids` before the first of
/// them is used, and noted in the database with the first event that uses one. A start goes on above the file,
/// above the database's note and above every id in it, so neither a deleted database, nor an old copy put back,
/// nor a lost file brings an id back. An id of a transaction that failed is not used again.
struct EventIDs {
    /// Most digits of a number in the file: those of `StoreLimits.eventIDMax`.
    private static let digitsMax = 16
    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let folder: StoreFolder
    private var last: Int64
    /// The largest id that is reserved in the file.
    private(set) var reserved: Int64

    /// Goes on above `floor`, what the database knows, and what the file says.
    init(folder: StoreFolder, floor: Int64) throws(StoreError) {
        self.folder = folder
        let file = try Self.bound(in: folder)
        if file == nil { try folder.replace(folder.eventIDs, by: Array("\(floor)\n".utf8)) }
        last = max(floor, file ?? 0)
        reserved = last
    }

    /// The next id; reserves a block when the last one is used up.
    mutating func next() throws(StoreError) -> EventID {
        if last == reserved {
            guard reserved <= StoreLimits.eventIDMax - StoreLimits.eventIDBlock else {
                throw Self.unusable(folder, "no ids are left")
            }
            let bound = reserved + StoreLimits.eventIDBlock
            try folder.replace(folder.eventIDs, by: Array("\(bound)\n".utf8))
            reserved = bound
        }
        last += 1
        return EventID(rawValue: last)
    }

    /// What the file says; nil when there is none.
    static func bound(in folder: StoreFolder) throws(StoreError) -> Int64? {
        guard let bytes = try folder.read(folder.eventIDs) else { return nil }
        let line = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard (1...digitsMax).contains(line.count), line.allSatisfy({ digits.contains($0) }),
            let bound = Int64(String(decoding: line, as: UTF8.self)), bound <= StoreLimits.eventIDMax
        else { throw unusable(folder, "the file holds no usable number") }
        return bound
    }

    private static func unusable(_ folder: StoreFolder, _ words: String) -> StoreError {
        StoreError(
            .damaged, path: folder.eventIDs, operation: "reserve event ids", message: words,
            remedy: "Write into it one whole number that is larger than any event id a webhook was ever sent")
    }
}
