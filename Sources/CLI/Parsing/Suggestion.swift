/// Guesses what somebody meant to type.
enum Suggestion {
    /// Most changes between what was typed and what was meant.
    static let changesMax = 2

    /// The candidate nearest to `word`: one that starts with it, else one within `changesMax` changes.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        if word.count >= 2, let longer = candidates.first(where: { $0.hasPrefix(word) }) { return longer }
        let scored = candidates.map { ($0, distance(Array(word.utf8), Array($0.utf8))) }
        guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= changesMax, best.1 < best.0.utf8.count
        else { return nil }
        return best.0
    }

    /// Insertions, deletions, replacements and swaps of neighbours between `left` and `right`
    /// (optimal string alignment).
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        if left.count > 64 || right.count > 64 { return Int.max }
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let same = left[row] == right[column]
                var best = min(
                    previous[column + 1] + 1, current[column] + 1, previous[column] + (same ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
