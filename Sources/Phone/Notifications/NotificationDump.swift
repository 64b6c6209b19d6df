import Base

/// The notifications posted now, read from two dumps of the same moment: one redacted, one with the texts.
///
/// A dump is an unescaped text: a message may hold a whole forged record. So the redacted dump, in which no sender has a say, gives
/// the records and the length of every text, and the other one the texts, by length. Laws:
/// - A text is given only where it fits its record in exactly one way (`ExtrasAlignment`); nothing is guessed.
/// - A record is believed only when its first line, with the number that the phone gave the record object, occurs once in
///   each dump, and its extras say that they are of its app. What an app prints into both dumps alike (a tag, an action's
///   title, a list of texts) therefore never becomes a record with a text: it has a length in the one and a text in the other
///   only if the phone printed it. What remains: an app on the phone, not a sender, that puts another app's header into one
///   such text, and the end of that record into a list of its own extras in the right place, is believed. Only a list of keys
///   from elsewhere (`dumpsys notification --proto`) could tell.
/// - Records are told apart by these lines alone: one that cannot be read takes no other with it.
/// - Of records with one key only that is believed which proves with a text that the phone printed it; and only such a one, or
///   one that changes, is a member of a group. So what an app prints silences no other app.
/// - Time is linear in the dumps' sizes.
///
/// Dumps of Android 13 and later, of the posted notifications (`--dump-priority CRITICAL`) or whole. Sources: AOSP
/// `services/core/java/com/android/server/notification/NotificationRecord.java`, `NotificationManagerService.java`.
package struct NotificationDump: Sendable, Equatable {
    /// Why a record's texts are not given.
    package enum Trouble: Sendable, Equatable {
        /// It was replaced or removed between the two dumps: look again.
        case changed
        /// The redacted dump's record is not of a form that is known.
        case unknownForm
        /// The texts fit in more than one way.
        case ambiguous
        /// Reading it would take too long.
        case tooLong
        /// The dump that should have the texts is redacted too.
        case redacted
    }

    /// A record that could not be read.
    package struct Unreadable: Sendable, Equatable {
        /// Its key, where that could be read.
        package let key: String?
        /// Its app.
        package let package: String
        /// When its key was first posted, milliseconds since 1970, where that could be read.
        package let createdAt: Int64?
        /// When it last changed, in the same way.
        package let updatedAt: Int64?
        /// Whether the default filter would pass it over whatever it says: a player, a download.
        package let isBackground: Bool
        /// The phone's number for the record object.
        package let hash: String
        /// Why.
        package let trouble: Trouble
    }

    /// Most records read; the phone allows 50 to an app.
    package static let recordsMax = 2000

    /// The records that could be read, in the order of the dump.
    package let records: [NotificationRecord]
    /// Those that could not.
    package let unreadable: [Unreadable]
    /// How many there were beyond `recordsMax`: not looked at.
    package let leftOut: Int
    /// Whether the dump with the texts seems to hold a record that the other one has not: posted in between, or a forgery in
    /// a text that has no length (the ticker, the public version).
    package let hasStrangers: Bool

    /// Reads the two outputs. Throws when the redacted one is not a whole list.
    package init(redacted: [UInt8], values: [UInt8]) throws(PhoneParseError) {
        let redacted = DumpText(redacted)
        let values = DumpText(values)
        let list = try NotificationList(redacted)
        leftOut = max(0, list.records.count - Self.recordsMax)
        let shown = HeaderIndex(values)
        let wanted = list.records.prefix(Self.recordsMax)
        var reading = Reading(redacted: redacted, values: values, shown: shown)
        reading.read(Array(wanted), of: list.records)
        records = reading.filtered()
        unreadable = reading.unreadable
        hasStrangers = shown.hasStrangers(known: Set(list.records.map(\.hash)), outside: reading.extras)
    }
}

/// The records of a redacted dump: their places.
private struct NotificationList {
    struct Place {
        let hash: [UInt8]
        let package: [UInt8]
        let range: Range<Int>
    }

    var records: [Place] = []

    /// Finds the list: the first line, or the second one behind the title of a whole dump (with toasts between them, which
    /// are texts of apps, nothing is believed). A list ends with a line of two blanks; a dump without one was cut. An empty
    /// dump is an empty list: so the phone prints it.
    init(_ dump: DumpText) throws(PhoneParseError) {
        let title = [UInt8](of: "Current Notification Manager state")
        let name = [UInt8](of: "  Notification List:")
        let end = [UInt8](of: "\n  \n")
        guard dump.count > 0 else { return }
        var start = 0
        let isWhole = dump.has(title, at: 0, below: dump.count)
        if isWhole { start = dump.lineEnd(from: 0, below: dump.count) + 1 }
        guard dump.has(name + [.lineFeed], at: start, below: dump.count) else {
            // A whole dump without the list has none posted; it goes on with a known line.
            let others = [[UInt8](of: "  mUseAttentionLight="), [UInt8](of: "  mMaxPackageEnqueueRate=")]
            if isWhole, others.contains(where: { dump.has($0, at: start, below: dump.count) }) { return }
            throw PhoneParseError("list of notifications", row: 0, offset: min(start, dump.count))
        }
        var limit = dump.count
        if isWhole {
            guard let found = dump.find(end, from: start, below: dump.count) else {
                throw PhoneParseError("whole list of notifications", row: 0, offset: dump.count)
            }
            limit = found + 1
        }
        let places = HeaderIndex.places(dump, from: start, below: limit)
        let last = places.last?.start ?? start
        guard isWhole || dump.find(end, from: last, below: dump.count) != nil else {
            throw PhoneParseError("whole list of notifications", row: places.count, offset: dump.count)
        }
        for (index, place) in places.enumerated() {
            let end = index + 1 < places.count ? places[index + 1].start : limit
            records.append(Place(hash: place.hash, package: place.package, range: place.start..<end))
        }
    }
}

/// The lines of a dump that begin like a record.
private struct HeaderIndex {
    let places: [(start: Int, hash: [UInt8], package: [UInt8])]
    /// Where each hash stands; nil where it stands twice.
    let byHash: [[UInt8]: Int?]
    let starts: [Int]

    init(_ dump: DumpText) {
        places = Self.places(dump, from: 0, below: dump.count)
        byHash = Dictionary(places.map { ($0.hash, Optional($0.start)) }, uniquingKeysWith: { _, _ in nil })
        starts = places.map(\.start)
    }

    static func places(_ dump: DumpText, from start: Int, below end: Int) -> [(
        start: Int, hash: [UInt8], package: [UInt8]
    )] {
        var places: [(start: Int, hash: [UInt8], package: [UInt8])] = []
        var position = start
        while let found = dump.find(NotificationSkeleton.opening, from: position, below: end) {
            position = found + 1
            if let (hash, package, _) = NotificationSkeleton.header(dump, at: found, below: end) {
                places.append((found, hash, package))
            }
        }
        return places
    }

    /// Whether a line begins like a record of an unknown hash, outside all of `ranges` (ascending).
    func hasStrangers(known: Set<[UInt8]>, outside ranges: [Range<Int>]) -> Bool {
        let ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
        var next = 0
        for place in places {
            while next < ranges.count, ranges[next].upperBound <= place.start { next += 1 }
            let isText = next < ranges.count && ranges[next].contains(place.start)
            if !isText, !known.contains(place.hash) { return true }
        }
        return false
    }
}

/// Reads the records of a list one by one.
private struct Reading {
    let redacted: DumpText
    let values: DumpText
    let shown: HeaderIndex
    var records: [(record: NotificationRecord, facts: NotificationFilter.Facts)] = []
    var unreadable: [NotificationDump.Unreadable] = []
    /// Where the extras of records that were read stand in the dump with the texts.
    var extras: [Range<Int>] = []
    /// The groups of which a member that is not a summary is posted.
    private var memberGroups: Set<String> = []
    /// How many records of the redacted dump have each key.
    private var keys: [[UInt8]: Int] = [:]
    /// Keys of more than one record, of which one proved itself.
    private var proven: Set<[UInt8]> = []

    init(redacted: DumpText, values: DumpText, shown: HeaderIndex) {
        self.redacted = redacted
        self.values = values
        self.shown = shown
    }

    /// Reads `places`, the first ones of `all`.
    mutating func read(_ places: [NotificationList.Place], of all: [NotificationList.Place]) {
        var hashes: [[UInt8]: Int] = [:]
        for place in places { hashes[place.hash, default: 0] += 1 }
        let skeletons = places.map { NotificationSkeleton(redacted, $0.range) }
        for skeleton in skeletons { if let skeleton { keys[skeleton.key, default: 0] += 1 } }
        // Where the next believed record begins bounds the one before it.
        let starts = all.compactMap { shown.byHash[$0.hash] ?? nil }.sorted()
        let next = Dictionary(zip(starts, starts.dropFirst()), uniquingKeysWith: { first, _ in first })
        for (place, skeleton) in zip(places, skeletons) {
            guard let skeleton else {
                refuse(place, nil, .unknownForm)
                continue
            }
            guard hashes[place.hash] == 1 else {
                refuse(place, skeleton, .ambiguous)
                continue
            }
            guard let known = shown.byHash[place.hash] else {
                addMember(skeleton)
                refuse(place, skeleton, .changed)
                continue
            }
            guard let start = known else {
                refuse(place, skeleton, .ambiguous)
                continue
            }
            let range = start..<(next[start] ?? values.count)
            do throws(ExtrasAlignment.Failure) {
                guard values.has(skeleton.head, of: redacted, at: start + 1) else { throw .nothing }
                try add(skeleton, range)
                if skeleton.hasText { addMember(skeleton) }
            } catch {
                if error != .redacted, error != .unproven { addMember(skeleton) }
                refuse(place, skeleton, Self.trouble(error))
            }
        }
    }

    private mutating func addMember(_ skeleton: NotificationSkeleton) {
        guard !skeleton.flags.contains(.groupSummary) else { return }
        memberGroups.insert(LossyText.decode(skeleton.groupKey))
    }

    private mutating func refuse(
        _ place: NotificationList.Place, _ skeleton: NotificationSkeleton?,
        _ trouble: NotificationDump.Trouble
    ) {
        unreadable.append(
            NotificationDump.Unreadable(
                key: skeleton.map { LossyText.decode($0.key) }, package: LossyText.decode(place.package),
                createdAt: skeleton?.createdAt, updatedAt: skeleton?.updatedAt,
                isBackground: skeleton?.background != nil, hash: LossyText.decode(place.hash),
                trouble: trouble))
    }

    private mutating func add(
        _ skeleton: NotificationSkeleton, _ range: Range<Int>
    ) throws(ExtrasAlignment.Failure) {
        var ranges: [Range<Int>] = []
        let head = range.lowerBound + skeleton.head.count
        // Before the ticker there is no text that only this dump shows, and so no extras.
        let ticker = values.find(NotificationSkeleton.ticker, from: head, below: range.upperBound)
        guard let ticker else { throw .nothing }
        if !skeleton.items.isEmpty {
            ranges = try ExtrasAlignment.read(
                skeleton.items, behind: skeleton.beforeExtras, in: ticker..<range.upperBound, of: values)
        }
        if keys[skeleton.key] != 1 {
            guard skeleton.hasText else { throw .unproven }
            // The phone prints a key once: of two that prove themselves neither is believed.
            guard proven.insert(skeleton.key).inserted else {
                let key = LossyText.decode(skeleton.key)
                records.removeAll { $0.record.key == key }
                throw .ambiguous
            }
        }
        let extras = NotificationExtras(skeleton.items, ranges, values)
        if let first = ranges.first, let last = ranges.last {
            self.extras.append(first.lowerBound..<last.upperBound)
        }
        records.append((NotificationRecord(skeleton, extras), extras.facts))
    }

    private static func trouble(_ failure: ExtrasAlignment.Failure) -> NotificationDump.Trouble {
        switch failure {
        case .nothing: .changed
        case .ambiguous, .unproven: .ambiguous
        case .tooLong: .tooLong
        case .redacted: .redacted
        }
    }

    func filtered() -> [NotificationRecord] {
        records.map { record, facts in
            var record = record
            var facts = facts
            facts.hasGroupMember = memberGroups.contains(record.groupKey)
            record.ignored = NotificationFilter.reason(record, facts)
            return record
        }
    }
}
