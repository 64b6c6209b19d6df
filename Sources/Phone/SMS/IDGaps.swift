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

    /// The rows `ids`, in rising order, follow `last`. An id that is missing already is not missing twice: after the newest rows were
    /// deleted the same hidden one is passed over again.
    mutating func read(_ ids: [Int64], after last: Int64) {
        var last = last
        if let first = ids.first(where: { $0 > last }) { close(above: first) }
        for id in ids where id > last {
            if id > last + 1 { add((last + 1)...(id - 1)) }
            came(id)
            last = id
        }
        trim()
    }

    private mutating func add(_ passed: ClosedRange<Int64>) {
        var whole = passed
        stretches.removeAll { known in
            let isBeside =
                known.upperBound >= whole.lowerBound - 1 && known.lowerBound <= whole.upperBound + 1
            if isBeside {
                whole =
                    min(known.lowerBound, whole.lowerBound)...max(known.upperBound, whole.upperBound)
            }
            return isBeside
        }
        let index = stretches.firstIndex { $0.lowerBound > whole.upperBound } ?? stretches.count
        stretches.insert(whole, at: index)
    }

    /// A row of this id is there: a message of an app that queues, a row that was hidden, or one that was given the id anew.
    mutating func came(_ id: Int64) {
        guard let index = stretches.lastIndex(where: { $0.contains(id) }) else { return }
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

    /// The store begins anew: the missing ones stay missing.
    mutating func close() { close(above: .min) }

    /// A new row was given `id`: no hidden one is above it any more, and ids there are given anew. The missing ones stay missing.
    private mutating func close(above id: Int64) {
        while let last = stretches.last, last.upperBound > id {
            stretches.removeLast()
            if last.lowerBound <= id { stretches.append(last.lowerBound...id) }
            older = Self.sum(older, max(id + 1, last.lowerBound)...last.upperBound)
        }
    }

    /// Ids are the phone's word: a sum that overflows stays at the largest number.
    private static func sum(_ count: Int64, _ stretch: ClosedRange<Int64>) -> Int64 {
        let (sum, overflow) = count.addingReportingOverflow(stretch.upperBound - stretch.lowerBound + 1)
        return overflow ? .max : sum
    }
}
