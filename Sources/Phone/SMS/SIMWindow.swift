/// Which subscription sat in which slot while the messages of one read came.
///
/// A card's slot counts only where every look at the cards since the last complete read, and one before it, says the same: a
/// message that came between two different looks has none. A message that is dated before that read, as one that was put back,
/// has a slot only where its card was never seen in another.
struct SIMWindow: Sendable, Equatable {
    /// The subscription in each slot, keyed by the slot counted from 0.
    typealias Map = [Int: Int]

    /// Different maps kept; with more than that nothing is certain any more.
    static let mapsMax = 8
    /// Subscriptions whose slots are remembered; more than anybody has cards.
    static let subscriptionsMax = 64

    /// The different maps that were seen in the window.
    private(set) var maps: [Map] = []
    /// Every slot in which each subscription was ever seen.
    private(set) var places: [Int: Set<Int>] = [:]
    /// When the window began, milliseconds since 1970 by the phone's clock; the latest such date, where that clock was set back.
    private(set) var since: Int64 = 0
    /// The newest map; nil before the first look.
    private(set) var latest: Map?
    /// Maps seen since the read under way began, the one before it first.
    private var sinceRead: [Map] = []
    private var readBegan: Int64 = 0

    init() {}

    /// A window that begins with what the cursor holds.
    init(maps: [Map], places: [Int: Set<Int>], since: Int64) {
        self.maps = maps
        self.places = places
        self.since = since
        latest = maps.last
        sinceRead = maps.last.map { [$0] } ?? []
    }

    /// The cards were looked at.
    mutating func looked(_ map: Map) {
        latest = map
        Self.add(map, to: &maps)
        Self.add(map, to: &sinceRead)
        for (slot, subscription) in map
        where places[subscription] != nil || places.count < Self.subscriptionsMax {
            places[subscription, default: []].insert(slot)
        }
    }

    /// A query of the store is about to run, at `date`, milliseconds since 1970 by the phone's clock.
    mutating func readBegins(at date: Int64) {
        sinceRead = latest.map { [$0] } ?? []
        readBegan = max(0, date)
    }

    /// Everything that the last query could have shown is recorded: what comes next came after that query began.
    mutating func readIsComplete() {
        maps = sinceRead
        since = max(since, readBegan)
    }

    /// The slot, counted from 0, of a message of `date` on `subscription`; nil where the looks differ or one does not have it.
    func slot(of subscription: Int, at date: Int64?) -> Int? {
        if (date ?? 0) < since, places[subscription]?.count != 1 { return nil }
        var slots: Set<Int?> = []
        for map in maps { slots.insert(map.first { $0.value == subscription }?.key) }
        return slots.count == 1 ? slots.first ?? nil : nil
    }

    /// The slots in which `subscription` was ever seen.
    func possibleSlots(of subscription: Int) -> Set<Int> { places[subscription] ?? [] }

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
