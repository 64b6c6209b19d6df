import Base

/// One row of the phone's SMS store, read in hex mode.
package struct SMSRow: Sendable, Equatable {
    /// `_id`. Not for ever: SQLite gives the id of a deleted newest row again.
    package var id: Int64
    /// 1 inbox, 2 sent; the shell sees no others.
    package var type: Int64?
    /// Delivery status of sent messages.
    package var status: Int64?
    /// Error of sent messages.
    package var errorCode: Int64?
    /// Subscription, written by the SMS app; -1 or NULL: unknown.
    package var subscription: Int64?
    /// 1 once read by the user.
    package var read: Int64?
    /// When the phone stored it, milliseconds since 1970 by the phone's clock.
    package var date: Int64?
    /// The service centre's time stamp, milliseconds since 1970; 0 for most sent messages.
    package var dateSent: Int64?
    /// The sender's bytes; nil for NULL.
    package var address: [UInt8]?
    /// The text's bytes; nil for NULL.
    package var body: [UInt8]?
    /// The package that wrote the row; empty for NULL.
    package var creator: [UInt8]

    /// Reads the output of `SMSQuery` in hex mode.
    ///
    /// Law: these rows in the order printed, or one error. After `hex()`, `CAST` of integers and `IS NULL` no value
    /// can hold a line feed, a comma, a blank or `=`, so a line that matches whole has exactly one reading and no
    /// message can add a line.
    package static func parse(_ output: [UInt8]) throws(PhoneParseError) -> [SMSRow] {
        var rows: [SMSRow] = []
        for (number, line) in lines(of: output).enumerated() {
            guard let row = SMSRow(line: line, number: number) else {
                throw PhoneParseError("SMS row", row: number, offset: line.startIndex)
            }
            rows.append(row)
        }
        return rows
    }

    private init?(line: ArraySlice<UInt8>, number: Int) {
        var scanner = ByteScanner(line)
        guard scanner.accept("Row: "), scanner.integer() == Int64(number),
            scanner.accept(" _id="), let id = scanner.integer(), id >= 0,
            scanner.accept(", type="), let type = scanner.nullableInteger(),
            scanner.accept(", status="), let status = scanner.nullableInteger(),
            scanner.accept(", error_code="), let errorCode = scanner.nullableInteger(),
            scanner.accept(", sub_id="), let subscription = scanner.nullableInteger(),
            scanner.accept(", read="), let read = scanner.nullableInteger(),
            scanner.accept(", d="), let date = scanner.nullableInteger(),
            scanner.accept(", ds="), let dateSent = scanner.nullableInteger(),
            scanner.accept(", ha="), let address = scanner.hex(),
            scanner.accept(", na="), let addressIsNull = scanner.integer(), 0...1 ~= addressIsNull,
            scanner.accept(", hb="), let body = scanner.hex(),
            scanner.accept(", nb="), let bodyIsNull = scanner.integer(), 0...1 ~= bodyIsNull,
            scanner.accept(", hc="), let creator = scanner.hex(), scanner.isAtEnd,
            addressIsNull == 0 || address.isEmpty, bodyIsNull == 0 || body.isEmpty
        else { return nil }
        self.id = id
        self.type = type
        self.status = status
        self.errorCode = errorCode
        self.subscription = subscription
        self.read = read
        self.date = date
        self.dateSent = dateSent
        self.address = addressIsNull == 1 ? nil : address
        self.body = bodyIsNull == 1 ? nil : body
        self.creator = creator
    }
}

/// The part of a row that identifies it: enough to see what is new without reading any text.
struct SMSRowMark: Sendable, Hashable {
    let id: Int64
    let date: Int64?
    let address: [UInt8]?

    /// Reads the output of `SMSQuery.marks`; the law is that of `SMSRow.parse`.
    static func parse(_ output: [UInt8]) throws(PhoneParseError) -> [SMSRowMark] {
        var marks: [SMSRowMark] = []
        for (number, line) in lines(of: output).enumerated() {
            var scanner = ByteScanner(line)
            guard scanner.accept("Row: "), scanner.integer() == Int64(number),
                scanner.accept(" _id="), let id = scanner.integer(), id >= 0,
                scanner.accept(", d="), let date = scanner.nullableInteger(),
                scanner.accept(", ha="), let address = scanner.hex(),
                scanner.accept(", na="), let isNull = scanner.integer(), 0...1 ~= isNull, scanner.isAtEnd
            else { throw PhoneParseError("SMS mark", row: number, offset: line.startIndex) }
            marks.append(SMSRowMark(id: id, date: date, address: isNull == 1 ? nil : address))
        }
        return marks
    }
}

/// The canary's answer: an aggregate always has one row when SQLite really ran it, so "readable and empty" and
/// "refused" differ.
package struct SMSCanary: Sendable, Equatable {
    /// Rows that the shell sees.
    package var count: Int64
    /// Largest `_id`; nil when there are none.
    package var maxID: Int64?
    /// Newest `date`, milliseconds since 1970; nil when there are none.
    package var maxDate: Int64?

    /// A canary's answer.
    package init(count: Int64, maxID: Int64?, maxDate: Int64?) {
        self.count = count
        self.maxID = maxID
        self.maxDate = maxDate
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
        guard scanner.accept(", d="), let maxDate = scanner.nullableInteger(), scanner.isAtEnd else {
            throw PhoneParseError("SMS canary", row: 0, offset: 0)
        }
        self.init(count: count, maxID: maxID, maxDate: maxDate)
    }
}
