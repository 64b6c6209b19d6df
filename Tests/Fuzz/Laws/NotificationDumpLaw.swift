import Base
import Events
import Phone

extension Laws {
    /// Two dumps give records or one error; each text stands in the dump with texts, a redacted dump gives none; what is cut off
    /// changes no record; and a source that looks again finds nothing new.
    ///
    /// The input is the redacted dump and the one with texts, with a zero byte between them; without one it is both.
    package static let notificationDump = Law(name: "NotificationDump") { bytes throws(BrokenLaw) in
        let middle = bytes.firstIndex(of: 0) ?? bytes.endIndex
        let redacted = Array(bytes[..<middle])
        let values = middle == bytes.endIndex ? redacted : Array(bytes[(middle + 1)...])
        let dump: NotificationDump
        do throws(PhoneParseError) {
            dump = try NotificationDump(redacted: redacted, values: values)
        } catch {
            return try promise(error.offset <= redacted.count, "an error's offset lies in the dump")
        }
        let keys = dump.records.map(\.key)
        try promise(Set(keys).count == keys.count, "each key once")
        try promise(keys.count + dump.unreadable.count <= NotificationDump.recordsMax, "records are limited")
        // A zero byte is dropped from a text, and what is not UTF-8 is repaired: such texts do not stand there as they are.
        for record in dump.records where !values.contains(0) {
            for text in [record.title, record.text, record.bigText, record.subText, record.selfName] {
                guard let text, !text.unicodeScalars.contains("\u{FFFD}") else { continue }
                let shown = Array("(\(text))\n".utf8)
                try promise(values.contains(shown), "a text stands in the dump")
            }
        }
        try promiseNoText(in: redacted)
        try promiseSame(dump, redacted, Array(values.prefix(values.count * 2 / 3)))
        try promiseRest(redacted, values)
    }

    private static func promiseNoText(in redacted: [UInt8]) throws(BrokenLaw) {
        guard let dump = try? NotificationDump(redacted: redacted, values: redacted) else { return }
        for record in dump.records {
            let texts = [record.title, record.text, record.bigText, record.subText, record.selfName]
            try promise(texts.allSatisfy { $0 == nil }, "a redacted dump has no text")
            try promise(record.messages.isEmpty && record.textLines.isEmpty, "nor lists of texts")
        }
    }

    private static func promiseSame(
        _ dump: NotificationDump, _ redacted: [UInt8], _ cut: [UInt8]
    ) throws(BrokenLaw) {
        guard let part = try? NotificationDump(redacted: redacted, values: cut) else { return }
        let whole = Dictionary(dump.records.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for record in part.records {
            guard var same = whole[record.key] else { continue }
            same.ignored = record.ignored
            try promise(record == same, "a cut dump gives the same record or none")
        }
    }

    private static func promiseRest(_ redacted: [UInt8], _ values: [UInt8]) throws(BrokenLaw) {
        let identity = PhoneIdentity(
            serial: "", androidID: nil, manufacturer: "", model: "", androidVersion: "16", apiLevel: 36,
            fingerprint: "")
        let phone = PhoneContext(traits: PhoneTraits(identity), sims: [])
        var source = NotificationSource(cursor: Array("1".utf8), phone: phone)
        var now = Instant(nanoseconds: 0)
        var keys: Set<SourceKey> = []
        var isValues = false
        for look in 0..<3 {
            source.hintsWereLost(now: now)
            steps: for step in 0... {
                try promise(step < 10_000, "a look ends")
                switch source.next(now: now, phoneTime: WallTime(milliseconds: 0)) {
                case .run:
                    let output = isValues ? values : redacted
                    isValues.toggle()
                    source.answered(.completed(output: output, errorOutput: []), now: now)
                case .record(let observations, let cursor):
                    try promise(cursor.count <= 256 * 1024, "the cursor is limited")
                    let events = observations.filter { $0.content != nil }
                    let isNew = !Set(events.map(\.key)).isSubset(of: keys)
                    try promise(look < 2 || !isNew, "looking again finds nothing new")
                    keys.formUnion(events.map(\.key))
                    source.recorded(now: now)
                case .report: continue
                case .rest: break steps
                case .check, .backfill: throw BrokenLaw("no step of another kind")
                }
            }
            now = now.advanced(by: .seconds(2))
        }
    }
}

extension [UInt8] {
    /// Whether `other`, which is not empty, stands somewhere in these bytes.
    fileprivate func contains(_ other: [UInt8]) -> Bool {
        guard count >= other.count else { return false }
        for start in 0...(count - other.count) where self[start] == other[0] {
            if self[start..<start + other.count].elementsEqual(other) { return true }
        }
        return false
    }
}
