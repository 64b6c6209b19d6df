import Events

/// Where the subscriptions sat, as looks at the cards told: what is kept over restarts. Stored as text without blanks.
struct SIMMemory: Sendable, Equatable {
    /// The subscription in each slot, keyed by the slot counted from 0.
    typealias Map = [Int: Int]

    /// The different maps since the last complete read, and one before it.
    var maps: [Map] = []
    /// Every slot in which each subscription was ever seen.
    var places: [Int: Set<Int>] = [:]
    /// When the last complete read began, milliseconds since 1970 by the phone's clock; the latest such date, where that clock was set
    /// back.
    var since: Int64 = 0
    /// Whether the phone's clock was behind `since` at the last complete read: then no date says what came after it.
    var isBehind = false

    init() {}

    /// The map of these cards; one whose slot the phone contradicts itself about (slot 0) is in none.
    static func map(_ sims: [SIMCard]) -> Map {
        let placed = sims.filter { $0.slot > 0 }
        return Dictionary(
            placed.map { ($0.slot - 1, $0.subscription) }, uniquingKeysWith: { first, _ in first })
    }

    /// `since|0:2,1:3;0:2|2:0,3:0+1`: with `-` behind the date where the clock was behind it; maps with `;` between, an empty one is `-`;
    /// then each subscription's slots.
    var text: String {
        let shownMaps = maps.map { map in
            map.isEmpty
                ? "-" : map.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
        }
        let shownPlaces = places.sorted { $0.key < $1.key }.map { id, slots in
            "\(id):" + slots.sorted().map { String($0) }.joined(separator: "+")
        }
        return
            "\(since)\(isBehind ? "-" : "")|\(shownMaps.joined(separator: ";"))|\(shownPlaces.joined(separator: ","))"
    }

    /// The memory that `text` holds; nil for what `text` of no version is.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        isBehind = parts[0].last == "-"
        guard let since = Int64(isBehind ? parts[0].dropLast() : parts[0]), since >= 0 else { return nil }
        self.since = since
        for part in parts[1].split(separator: ";") {
            var map: Map = [:]
            for pair in part.split(separator: ",") where part != "-" {
                let numbers = pair.split(separator: ":").compactMap { Int($0) }
                guard numbers.count == 2 else { return nil }
                map[numbers[0]] = numbers[1]
            }
            maps.append(map)
        }
        for pair in parts[2].split(separator: ",") {
            let halves = pair.split(separator: ":")
            guard halves.count == 2, let id = Int(halves[0]) else { return nil }
            places[id] = Set(halves[1].split(separator: "+").compactMap { Int($0) })
        }
        guard self.text == text else { return nil }
    }
}

/// Which subscription sat in which slot while the messages of one read came.
///
/// A card's slot counts only where every look at the cards since the last complete read, and one before it, says the same: a
/// message that came between two different looks has none. A message that is dated before that read, as one that was put back,
/// has a slot only where its card was never seen in another; so has every message while the phone's clock is behind what it was.
struct SIMWindow: Sendable, Equatable {
    /// Different maps kept; with more than that nothing is certain any more.
    static let mapsMax = 8
    /// Subscriptions whose slots are remembered; more than anybody has cards.
    static let subscriptionsMax = 64
    /// How far the phone's clock may be from what is known of it, in milliseconds.
    private static let clockError: Int64 = 5000

    /// What is known of the window.
    private(set) var memory: SIMMemory
    /// The newest map; nil before the first look.
    private var latest: SIMMemory.Map?
    /// Maps seen since the read under way began, the one before it first.
    private var sinceRead: [SIMMemory.Map] = []
    private var readBegan: Int64 = 0

    /// A window that begins with what was kept, and a look at `sims`; none of them: they were not looked at.
    init(_ memory: SIMMemory, sims: [SIMCard]) {
        self.memory = memory
        latest = memory.maps.last
        sinceRead = memory.maps.last.map { [$0] } ?? []
        if !sims.isEmpty { looked(SIMMemory.map(sims)) }
    }

    /// The cards were looked at.
    mutating func looked(_ map: SIMMemory.Map) {
        latest = map
        Self.add(map, to: &memory.maps)
        Self.add(map, to: &sinceRead)
        for (slot, subscription) in map
        where memory.places[subscription] != nil || memory.places.count < Self.subscriptionsMax {
            memory.places[subscription, default: []].insert(slot)
        }
    }

    /// A query of the store is about to run, at `date`, milliseconds since 1970 by the phone's clock.
    mutating func readBegins(at date: Int64) {
        sinceRead = latest.map { [$0] } ?? []
        readBegan = max(0, date)
    }

    /// Everything that the last query could have shown is recorded: what comes next came after that query began.
    mutating func readIsComplete() {
        memory.maps = sinceRead
        memory.isBehind = readBegan < memory.since - Self.clockError
        memory.since = max(memory.since, readBegan)
    }

    /// Whether a message of `date` came after the last complete read. A date before it, or after `now`, was another clock's or another
    /// day's. All in milliseconds since 1970 by the phone's clock.
    func holds(_ date: Int64?, now: Int64) -> Bool {
        guard let date, !memory.isBehind, memory.since - SMSRow.dateError(date) <= date else { return false }
        return date - Self.clockError <= now
    }

    /// The slot, counted from 0, of a message of `date` on `subscription`; nil where the looks differ or one does not have it, and for a
    /// date that the window does not hold where the card was seen in two slots.
    func slot(of subscription: Int, at date: Int64?, now: Int64) -> Int? {
        if !holds(date, now: now), memory.places[subscription]?.count != 1 { return nil }
        var slots: Set<Int?> = []
        for map in memory.maps { slots.insert(map.first { $0.value == subscription }?.key) }
        return slots.count == 1 ? slots.first ?? nil : nil
    }

    /// The slots in which `subscription` was ever seen.
    func possibleSlots(of subscription: Int) -> Set<Int> { memory.places[subscription] ?? [] }

    /// The subscription in `slot` in all maps; nil where they differ or one has none there.
    func subscription(in slot: Int) -> Int? {
        let found = Set(memory.maps.map { $0[slot] })
        return found.count == 1 ? found.first ?? nil : nil
    }

    private static func add(_ map: SIMMemory.Map, to maps: inout [SIMMemory.Map]) {
        if maps.last == map { return }
        maps.removeAll { $0 == map }
        maps.append(map)
        // The oldest goes, but its difference must not be forgotten: a map without cards agrees with nothing.
        if maps.count > mapsMax { maps[0...1] = [[:]] }
    }
}
