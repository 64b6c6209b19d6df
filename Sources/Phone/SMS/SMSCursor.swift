import Base

/// How far a phone's SMS store has been read, and what was found out about it. Stored as text: `2` and `name=value` fields.
struct SMSCursor: Sendable, Equatable {
    /// Highest id of the last read.
    var lastID: Int64 = 0
    /// Date of the last event, milliseconds since 1970 by the phone's clock, never later than that clock was.
    var lastDate: Int64 = 0
    /// Rows up to this id were there before enrolment: they are taken note of and are not events.
    var baselineThrough: Int64 = 0
    /// How far the note-taking has come; equal to `baselineThrough` when it is done.
    var baselineRead: Int64 = 0
    /// `lastID` when the last sweep that came to its end began: the next one looks at everything above it, less
    /// an overlap, however far the reading has come since.
    var sweptID: Int64 = 0
    /// `lastDate` at the same moment.
    var sweptDate: Int64 = 0
    /// How often the store was emptied, wiped or set back.
    var generation: Int64 = 0
    /// Ids that were passed over.
    var gaps = IDGaps()
    /// Messages that were read, by what became of them.
    var counts = SMSCounts()
    /// Which build `dialect` was found out for, as a digest; 0: none.
    var build: UInt64 = 0
    /// How that build wants to be asked.
    var dialect = SMSDialect()
    /// Where the cards sat.
    var cards = SIMMemory()
    /// Rows since enrolment that the last whole check found on the phone, by what they say of their card.
    var held: [SMSCardMark: Int64] = [:]
    /// When that check ended, milliseconds since 1970 by the phone's clock; 0 before the first.
    var checkedAt: Int64 = 0
    /// What rows have shown of the meaning of `sub_id`.
    var evidence = SMSCardEvidence()
    /// When it was enrolled, or the newest date then: rows of a later date came after that, whatever their id. Milliseconds since 1970 by the phone's clock; 0: not
    /// known.
    var enrolledDate: Int64 = 0
    /// Whether the store was found empty before all that was there at enrolment had been taken note of.
    var isHiddenInBaseline = false
    /// What is read again because somebody asked for it; nil for nothing.
    var backfill: SMSBackfill?

    /// Whether what was there at enrolment has been taken note of.
    var isBaselineRead: Bool { baselineRead >= baselineThrough }

    /// The cursor of a store that stood at `maxID` when the phone was enrolled; `date` is its newest row's.
    init(enrolledAt maxID: Int64, date: Int64) {
        lastID = maxID
        lastDate = date
        baselineThrough = maxID
        sweptID = maxID
        sweptDate = date
    }

    /// Everything is looked at again by the next sweep.
    mutating func sweepAgain() {
        sweptID = 0
        sweptDate = 0
    }

    /// The rows `ids`, in rising order, were read or passed over.
    mutating func read(_ ids: [Int64]) {
        gaps.read(ids, after: max(lastID, baselineThrough))
        if let last = ids.last { lastID = max(lastID, last) }
    }

    /// Whether the next sweep looks at everything.
    var isSweepingAll: Bool { sweptID == 0 && sweptDate == 0 }

    /// Whether everything was counted once: at enrolment `checkedAt` says only when the first check is due.
    private var isCounted: Bool { checkedAt > 0 && !(held.isEmpty && checkedAt <= max(1, enrolledDate)) }

    /// What it tells of everything since enrolment.
    var ledger: PhoneLedger {
        let held = held.map { card, rows in
            switch card {
            case .slot(let slot), .both(let slot, _):
                PhoneLedger.Held(slot: slot + 1, subscription: nil, rows: rows)
            case .subscription(let id): PhoneLedger.Held(slot: nil, subscription: id, rows: rows)
            case .none: PhoneLedger.Held(slot: nil, subscription: nil, rows: rows)
            }
        }
        return PhoneLedger(
            held: held.sorted { ($0.slot ?? 0, $0.subscription ?? 0) < ($1.slot ?? 0, $1.subscription ?? 0) },
            checkedAt: isCounted ? WallTime(milliseconds: checkedAt) : nil,
            events: counts.events, withoutSlot: counts.withoutSlot,
            history: counts.history,
            putBack: counts.putBack, unreadable: counts.unreadable, missing: gaps.count,
            gaps: gaps.stretches, emptied: generation)
    }

    // MARK: As stored

    private static let numbers: [(String, any WritableKeyPath<SMSCursor, Int64> & Sendable)] = [
        ("id", \.lastID), ("date", \.lastDate), ("base", \.baselineThrough), ("baseread", \.baselineRead),
        ("sweptid", \.sweptID), ("sweptdate", \.sweptDate), ("generation", \.generation),
        ("events", \.counts.events), ("history", \.counts.history), ("again", \.counts.putBack),
        ("unreadable", \.counts.unreadable), ("noslot", \.counts.withoutSlot),
        ("checked", \.checkedAt),
    ]

    /// The cursor as stored.
    var bytes: [UInt8] {
        var fields = ["2"] + Self.numbers.map { "\($0.0)=\(self[keyPath: $0.1])" }
        fields.append(
            "gaps=\(gaps.older)" + gaps.stretches.map { ",\($0.lowerBound)-\($0.upperBound)" }.joined())
        fields.append("build=\(build)")
        fields.append("asks=\(dialect.reading.rawValue),\(dialect.limits ? 1 : 0),\(dialect.card.rawValue)")
        fields.append("cards=\(cards.text)")
        fields.append(
            "held=" + held.map { "\(Self.text($0.key)):\($0.value)" }.sorted().joined(separator: ","))
        // Fields of later versions: each only where it says something.
        if enrolledDate > 0 { fields.append("enrolled=\(enrolledDate)") }
        if evidence != SMSCardEvidence() {
            fields.append("meant=\(evidence.isSlot ? 1 : 0)\(evidence.isSubscription ? 1 : 0)")
        }
        if isHiddenInBaseline { fields.append("hidden=1") }
        if let backfill { fields.append("backfill=\(backfill.text)") }
        return Array(fields.joined(separator: " ").utf8)
    }

    /// The cursor that `bytes` hold; nil for bytes that no version of phonewire wrote.
    init?(_ bytes: [UInt8]) {
        let fields = String(decoding: bytes, as: UTF8.self).split(
            separator: " ", omittingEmptySubsequences: false)
        switch fields.first {
        case "1": self.init(versionOne: fields)
        case "2": self.init(versionTwo: fields)
        default: return nil
        }
        guard self.lastID >= 0, fields.first == "1" || self.bytes == bytes else { return nil }
    }

    /// Of the first version: seven numbers.
    private init?(versionOne fields: [Substring]) {
        let numbers = fields.compactMap { Self.number($0) }
        guard numbers.count == 7, fields.count == 7 else { return nil }
        lastID = numbers[1]
        lastDate = numbers[2]
        baselineThrough = numbers[3]
        baselineRead = numbers[4]
        sweptID = numbers[5]
        sweptDate = numbers[6]
        // Where the cards sat until now nobody noted: a map without cards agrees with nothing.
        cards.maps = [[:]]
    }

    private init?(versionTwo fields: [Substring]) {
        var values: [Substring: Substring] = [:]
        for field in fields.dropFirst() {
            guard let equals = field.firstIndex(of: "=") else { return nil }
            values[field[..<equals]] = field[field.index(after: equals)...]
        }
        for (name, path) in Self.numbers {
            guard let number = values[name[...]].flatMap({ Self.number($0) }) else { return nil }
            self[keyPath: path] = number
        }
        guard let gaps = values["gaps"].flatMap({ Self.gaps($0) }),
            let build = values["build"].flatMap({ UInt64($0) }),
            let dialect = values["asks"].flatMap({ Self.dialect($0) }),
            let cards = values["cards"].flatMap({ SIMMemory($0) }),
            let held = values["held"].flatMap({ Self.held($0) })
        else { return nil }
        if let text = values["enrolled"] {
            guard let date = Self.number(text) else { return nil }
            enrolledDate = date
        }
        if let text = values["meant"] {
            evidence = SMSCardEvidence(isSlot: text.first == "1", isSubscription: text.last == "1")
        }
        isHiddenInBaseline = values["hidden"] == "1"
        if let text = values["backfill"] {
            guard let backfill = SMSBackfill(text) else { return nil }
            self.backfill = backfill
        }
        self.held = held
        self.gaps = gaps
        self.build = build
        self.dialect = dialect
        self.cards = cards
    }

    private static func number(_ text: Substring) -> Int64? {
        guard let number = Int64(text), number >= 0, String(number) == text else { return nil }
        return number
    }

    private static func gaps(_ text: Substring) -> IDGaps? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard let older = parts.first.flatMap({ number($0) }), parts.count <= IDGaps.stretchesMax + 1 else {
            return nil
        }
        var stretches: [ClosedRange<Int64>] = []
        for part in parts.dropFirst() {
            let ends = part.split(separator: "-").compactMap { number($0) }
            guard ends.count == 2, ends[0] <= ends[1] else { return nil }
            stretches.append(ends[0]...ends[1])
        }
        return IDGaps(stretches: stretches, older: older)
    }

    private static func dialect(_ text: Substring) -> SMSDialect? {
        let parts = text.split(separator: ",").map(String.init)
        guard parts.count == 3, let reading = SMSDialect.Reading(rawValue: parts[0]),
            ["0", "1"].contains(parts[1]),
            let card = SMSDialect.Card(rawValue: parts[2])
        else { return nil }
        return SMSDialect(reading: reading, limits: parts[1] == "1", card: card)
    }

    /// `s7` a subscription, `p0` a slot, `-` none.
    private static func text(_ card: SMSCardMark) -> String {
        switch card {
        case .slot(let slot), .both(let slot, _): "p\(slot)"
        case .subscription(let subscription): "s\(subscription)"
        case .none: "-"
        }
    }

    private static func held(_ text: Substring) -> [SMSCardMark: Int64]? {
        var held: [SMSCardMark: Int64] = [:]
        for pair in text.split(separator: ",") {
            let halves = pair.split(separator: ":")
            guard halves.count == 2, let rows = number(halves[1]) else { return nil }
            let value = Int(halves[0].dropFirst())
            switch (halves[0].first, value) {
            case ("p", let slot?): held[.slot(slot)] = rows
            case ("s", let subscription?): held[.subscription(subscription)] = rows
            case ("-", nil): held[SMSCardMark.none] = rows
            default: return nil
            }
        }
        return held
    }
}

/// What became of the messages that were read since enrolment.
package struct SMSCounts: Sendable, Equatable {
    /// Recorded as events and forwarded.
    package var events: Int64 = 0
    /// Recorded as a restored history, not forwarded.
    package var history: Int64 = 0
    /// Put back into the phone's store; known already.
    package var putBack: Int64 = 0
    /// Could not be read.
    package var unreadable: Int64 = 0
    /// Of the events, those whose slot nothing settled.
    package var withoutSlot: Int64 = 0
}
