import Base

/// One row of the phone's SMS store.
package struct SMSRow: Sendable, Equatable {
    /// Longest text read, in bytes: four times the longest message a network carries (255 parts of 153 characters). Only an app on
    /// the phone can write more; `hex()` doubles it, and the phone's own limit for a row is 2 MB.
    package static let bodyBytesMax = 160 * 1024
    /// Longest sender read, in bytes.
    package static let addressBytesMax = 4 * 1024

    /// `_id`. Not for ever: SQLite gives the id of a deleted newest row again.
    package var id: Int64
    /// 1 inbox, 2 sent; the shell sees no others.
    package var type: Int64?
    /// When the phone stored it, milliseconds since 1970 by the phone's clock.
    package var date: Int64?
    /// The service centre's time stamp, milliseconds since 1970; 0 for most sent messages.
    package var dateSent: Int64?
    /// Both as they were printed, cut to 32 bits where the phone does that: they tell rows apart all the same.
    var printedDate: Int64?
    var printedSent: Int64?
    /// `sub_id`: what it means is the maker's word, see `SMSDialect`.
    package var subID: Int64?
    /// The maker's own column for the card; nil where there is none.
    package var cardValue: Int64?
    /// The sender's bytes; nil for NULL.
    package var address: [UInt8]?
    /// The text's bytes, cut to `bodyBytesMax`; nil for NULL.
    package var body: [UInt8]?
    /// Whether the text was longer.
    package var isCut: Bool = false

    /// A row of which the id and the type are known.
    package init(id: Int64, type: Int64?) {
        self.id = id
        self.type = type
    }

    /// What identifies it.
    var mark: SMSRowMark {
        var mark = SMSRowMark(id: id, date: date, dateSent: dateSent, address: address)
        mark.printedDate = printedDate
        mark.printedSent = printedSent
        return mark
    }

    /// How much later than `date` (milliseconds since 1970) a row may have been written: some SMS apps cut dates to seconds.
    static func dateError(_ date: Int64) -> Int64 { date % 1000 == 0 ? 999 : 0 }

    /// Whether it was received; rows of other types are read for their ids alone.
    var isReceived: Bool { type == 1 }
}

/// The numbers of a row: enough to see what is new without reading any text.
struct SMSRowMark: Sendable, Hashable {
    let id: Int64
    let date: Int64?
    let dateSent: Int64?
    /// The sender; nil for NULL, and where numbers alone were read.
    let address: [UInt8]?
    /// Both dates as they were printed, cut to 32 bits where the phone does that.
    var printedDate: Int64?
    var printedSent: Int64?
    /// What it says of its SIM card.
    var card = SMSCardMark.none
}

/// The canary's answer: an aggregate always has one row when SQLite really ran it, so "readable and empty" and
/// "refused" differ.
package struct SMSCanary: Sendable, Equatable {
    /// Rows that the shell sees; nil where the phone counts none for us.
    package var count: Int64?
    /// Largest `_id`; nil when there are none.
    package var maxID: Int64?
    /// Newest `date`, milliseconds since 1970; nil when there are none.
    package var maxDate: Int64?
    /// Sum of parts of the dates, cut to 32 bits on Android 6: tells that a row was replaced by another under its id, where a date in the
    /// future hides that in `maxDate`. Nil where it was not asked for.
    package var dateSum: Int64?

    /// A canary's answer.
    package init(count: Int64?, maxID: Int64?, maxDate: Int64?, dateSum: Int64? = nil) {
        self.count = count
        self.maxID = maxID
        self.maxDate = maxDate
        self.dateSum = dateSum
    }

    /// Reads the output of `SMSQuery.canary`. An extra column (32-bit `max(date)` of Android 6) may stand between.
    package init(parsing output: [UInt8]) throws(PhoneParseError) {
        let text = lines(of: output)
        var scanner = ByteScanner(text.first ?? [])
        guard text.count == 1, scanner.accept("Row: 0 c="), let count = scanner.integer(), count >= 0,
            scanner.accept(", m="), let maxID = scanner.nullableInteger(), (maxID ?? 0) >= 0
        else { throw PhoneParseError("SMS canary", row: 0, offset: 0) }
        if scanner.accept(", x="), scanner.nullableInteger() == nil {
            throw PhoneParseError("SMS canary", row: 0, offset: 0)
        }
        guard scanner.accept(", d="), let maxDate = scanner.nullableInteger() else {
            throw PhoneParseError("SMS canary", row: 0, offset: 0)
        }
        let dateSum = scanner.accept(", s=") ? scanner.nullableInteger() : .some(nil)
        guard let dateSum, scanner.isAtEnd else { throw PhoneParseError("SMS canary", row: 0, offset: 0) }
        self.init(count: count, maxID: maxID, maxDate: maxDate, dateSum: dateSum)
    }
}
