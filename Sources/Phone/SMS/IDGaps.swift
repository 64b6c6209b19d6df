/// Row ids that were passed over: rows that were there between two that were read, and that the phone did not show.
///
/// Such a row was deleted before any read, or is a draft or a failed message, which the phone hides
/// (aosp-mirror/platform_packages_providers_telephonyprovider `ProviderUtil.java`, view `sms_restricted`): nobody can tell which.
struct IDGaps: Sendable, Equatable {
    /// Stretches kept in detail; the oldest are counted together.
    static let stretchesMax = 64

    /// Ids that are still missing, lowest first.
    private(set) var stretches: [ClosedRange<Int64>] = []
    /// Ids in stretches that are not kept in detail any more.
    private(set) var older: Int64 = 0

    init() {}

    init(stretches: [ClosedRange<Int64>], older: Int64) {
        self.stretches = stretches
        self.older = older
    }

    /// How many ids are missing.
    var count: Int64 { stretches.reduce(older) { Self.sum($0, $1) } }

    /// The rows `ids`, in rising order, follow `last`.
    mutating func read(_ ids: [Int64], after last: Int64) {
        var last = last
        for id in ids where id > last {
            if id > last + 1 { stretches.append((last + 1)...(id - 1)) }
            last = id
        }
        trim()
    }

    /// A row of a lower id came late: a message of an app that queues, or a row that was hidden.
    mutating func came(_ id: Int64) {
        guard let index = stretches.firstIndex(where: { $0.contains(id) }) else { return }
        let stretch = stretches.remove(at: index)
        var rest: [ClosedRange<Int64>] = []
        if stretch.lowerBound < id { rest.append(stretch.lowerBound...(id - 1)) }
        if id < stretch.upperBound { rest.append((id + 1)...stretch.upperBound) }
        stretches.insert(contentsOf: rest, at: index)
        trim()
    }

    private mutating func trim() {
        while stretches.count > Self.stretchesMax { older = Self.sum(older, stretches.removeFirst()) }
    }

    /// Ids are given anew from a lower one on: the missing ones stay missing.
    mutating func close() {
        older = count
        stretches = []
    }

    /// Ids are the phone's word: a sum that overflows stays at the largest number.
    private static func sum(_ count: Int64, _ stretch: ClosedRange<Int64>) -> Int64 {
        let (sum, overflow) = count.addingReportingOverflow(stretch.upperBound - stretch.lowerBound + 1)
        return overflow ? .max : sum
    }
}
