import Base

/// A message as the radio brought it, put together from its parts in `content://sms/raw`.
///
/// A text message has no port there: bit 16 of `destination_port` says so, and older ones hold -1
/// (LineageOS/android_frameworks_opt_telephony `InboundSmsTracker.java`). Data messages and WAP pushes are left out: no SMS app stores
/// them.
package struct SMSRawMessage: Sendable, Equatable {
    /// Most parts read.
    private static let partsMax = 500
    private static let noPort: Int64 = 1 << 16
    /// Longest text of a part that is read, in bytes.
    private static let textBytesMax = 1024

    /// The lowest id of its parts.
    package let id: Int64
    /// The service centre's time stamp of its first part, milliseconds since 1970.
    package let sent: Int64
    /// The sender's bytes.
    package let address: [UInt8]
    /// The text's bytes, of the parts that are there; empty where the phone keeps none.
    package let text: [UInt8]
    /// Android's subscription; nil where unknown.
    package let subscription: Int?
    /// How many parts are there, of how many.
    package let parts: (there: Int, of: Int)
    /// Whether it was handed to the SMS app.
    package let isHanded: Bool

    package static func == (left: SMSRawMessage, right: SMSRawMessage) -> Bool {
        left.id == right.id && left.sent == right.sent && left.address == right.address
            && left.text == right.text
            && left.parts == right.parts && left.isHanded == right.isHanded
            && left.subscription == right.subscription
    }

    /// The newest parts with their texts; the columns are there from Android 7 on.
    static let command = PhoneCommand(
        "content query --uri content://sms/raw --projection '_id:CAST(CAST(date AS INTEGER) AS TEXT) AS d:"
            + "CAST(CAST(reference_number AS INTEGER) AS TEXT) AS r:CAST(CAST(count AS INTEGER) AS TEXT) AS n:"
            + "CAST(CAST(sequence AS INTEGER) AS TEXT) AS q:CAST(CAST(destination_port AS INTEGER) AS TEXT) AS p:"
            + "CAST(CAST(sub_id AS INTEGER) AS TEXT) AS s:CAST(CAST(deleted AS INTEGER) AS TEXT) AS x:"
            + "hex(substr(CAST(address AS BLOB),1,\(SMSRow.addressBytesMax))) AS ha:"
            + "hex(substr(CAST(message_body AS BLOB),1,\(textBytesMax))) AS hb' --sort '_id DESC LIMIT \(partsMax)'",
        timeout: .seconds(20))

    private struct Group: Hashable {
        let address: [UInt8]
        let reference: Int64
        let count: Int64
        let subscription: Int64
        /// Set where a message is one part: its id, for such messages are never put together.
        let alone: Int64?
    }

    private struct Part {
        let id: Int64
        let sent: Int64
        let sequence: Int64
        let isHanded: Bool
        let text: [UInt8]
    }

    /// Reads the answer of `command`; oldest first.
    ///
    /// Law: these messages, or one error.
    package static func parse(_ output: [UInt8]) throws(PhoneParseError) -> [SMSRawMessage] {
        let columns: [ContentColumn] =
            ["_id", "d", "r", "n", "q", "p", "s", "x"].map { .integer($0) } + [.hex("ha"), .hex("hb")]
        var groups: [Group: [Part]] = [:]
        var ids: Set<Int64> = []
        for values in try ContentTable.parse(output, columns, what: "raw SMS message") {
            guard let id = values[0].number, let sent = values[1].number else { continue }
            guard ids.insert(id).inserted else {
                throw PhoneParseError("raw SMS message: an id twice", row: ids.count, offset: 0)
            }
            let port = values[5].number ?? -1
            guard port < 0 || port & noPort != 0 else { continue }
            let count = max(1, values[3].number ?? 1)
            let group = Group(
                address: values[8].bytes, reference: values[2].number ?? 0, count: count,
                subscription: values[6].number ?? -1, alone: count == 1 ? id : nil)
            let part = Part(
                id: id, sent: sent, sequence: values[4].number ?? 1, isHanded: values[7].number == 1,
                text: values[9].bytes)
            // The network may bring a part twice.
            if groups[group]?.contains(where: { $0.sequence == part.sequence }) != true {
                groups[group, default: []].append(part)
            }
        }
        return groups.map { group, parts in message(group, parts.sorted { $0.sequence < $1.sequence }) }
            .sorted { $0.id < $1.id }
    }

    private static func message(_ group: Group, _ parts: [Part]) -> SMSRawMessage {
        SMSRawMessage(
            id: parts.map(\.id).min() ?? 0, sent: parts.first?.sent ?? 0, address: group.address,
            text: parts.flatMap(\.text),
            subscription: group.subscription >= 0 ? Int(exactly: group.subscription) : nil,
            parts: (there: parts.count, of: Int(clamping: group.count)),
            isHanded: parts.allSatisfy(\.isHanded))
    }

    /// Whether all its parts are there.
    package var isWhole: Bool { parts.there >= parts.of }

    /// Whether `row` is what its SMS app made of it: it has the same text, or the service centre's date and the sender. Apps may write a
    /// sender in another form, and some keep no such date.
    func became(_ row: SMSRow) -> Bool {
        row.dateSent == sent && row.address == address || !text.isEmpty && row.body == text
    }
}

/// Looks out for messages that the radio brought and that the SMS app does not store: each is told once, after a while.
struct SMSRawWatch: Sendable {
    /// How long after it was first seen a message must be stored.
    static let patience = Duration.seconds(60)
    /// The same for one of which parts are missing: the network may still bring them.
    static let partsPatience = Duration.seconds(900)

    /// When to look; nil: not before somebody asks.
    private(set) var next: Instant?
    private var firstSeen: [Int64: Instant] = [:]
    /// Known to be stored, or told.
    private var settled: Set<Int64> = []
    /// What was there when the phone was enrolled is not told, where it was handed over.
    private var isFirst: Bool

    /// A watch; `isEnrolling`: of a phone that is new.
    init(isEnrolling: Bool) { isFirst = isEnrolling }

    /// Look at `moment`, or earlier.
    mutating func ask(at moment: Instant) { next = min(next ?? moment, moment) }

    /// It is being looked at.
    mutating func began() { next = nil }

    /// These messages are there now; those that should have been stored by now.
    mutating func listed(_ messages: [SMSRawMessage], now: Instant) -> [SMSRawMessage] {
        let there = Set(messages.map(\.id))
        firstSeen = firstSeen.filter { there.contains($0.key) }
        settled.formIntersection(there)
        if isFirst { settled.formUnion(messages.filter(\.isHanded).map(\.id)) }
        isFirst = false
        var overdue: [SMSRawMessage] = []
        for message in messages where !settled.contains(message.id) {
            let first = firstSeen[message.id] ?? now
            firstSeen[message.id] = first
            let due = first.advanced(by: message.isWhole ? Self.patience : Self.partsPatience)
            if due <= now { overdue.append(message) } else { ask(at: due) }
        }
        return overdue
    }

    /// These are stored, or were told.
    mutating func settle(_ messages: [SMSRawMessage]) { settled.formUnion(messages.map(\.id)) }
}
