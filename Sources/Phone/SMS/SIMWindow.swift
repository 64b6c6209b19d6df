/// Which subscription sat in which slot while the messages of one read came.
///
/// A card's slot counts only where every look at the cards since the last complete read, and one before it, says the same: a
/// message that came between two different looks has none.
struct SIMWindow: Sendable, Equatable {
    /// The subscription in each slot, keyed by the slot counted from 0.
    typealias Map = [Int: Int]

    /// Different maps kept; with more than that nothing is certain any more.
    static let mapsMax = 8

    /// The different maps that were seen in the window.
    private(set) var maps: [Map] = []
    /// The newest map; nil before the first look.
    private(set) var latest: Map?
    /// Maps seen since the read under way began, the one before it first.
    private var sinceRead: [Map] = []

    init() {}

    /// A window that begins with what the cursor holds.
    init(maps: [Map]) {
        self.maps = maps
        latest = maps.last
        sinceRead = maps.last.map { [$0] } ?? []
    }

    /// The cards were looked at.
    mutating func looked(_ map: Map) {
        latest = map
        Self.add(map, to: &maps)
        Self.add(map, to: &sinceRead)
    }

    /// A query of the store is about to run.
    mutating func readBegins() { sinceRead = latest.map { [$0] } ?? [] }

    /// Everything that the last query could have shown is recorded: what comes next came after that query began.
    mutating func readIsComplete() { maps = sinceRead }

    /// The slot, counted from 0, of `subscription` in all maps; nil where they differ or one does not have it.
    func slot(of subscription: Int) -> Int? {
        var slots: Set<Int?> = []
        for map in maps { slots.insert(map.first { $0.value == subscription }?.key) }
        return slots.count == 1 ? slots.first ?? nil : nil
    }

    /// The slots in which `subscription` was seen in the window.
    func possibleSlots(of subscription: Int) -> Set<Int> {
        Set(maps.compactMap { map in map.first { $0.value == subscription }?.key })
    }

    /// The subscription in `slot` in all maps; nil where they differ or one has none there.
    func subscription(in slot: Int) -> Int? {
        let found = Set(maps.map { $0[slot] })
        return found.count == 1 ? found.first ?? nil : nil
    }

    private static func add(_ map: Map, to maps: inout [Map]) {
        if maps.last == map { return }
        maps.removeAll { $0 == map }
        maps.append(map)
        // The oldest goes, but its difference must not be forgotten: a map without cards agrees with nothing.
        if maps.count > mapsMax { maps[0...1] = [[:]] }
    }
}
