import Base

/// The queries of the SMS store and the readers of their answers, for one build's dialect: all of them stand here. Numbers are the
/// only thing put in.
///
/// The SQL goes through `content query` unchanged (LineageOS/android_packages_providers_TelephonyProvider
/// `SmsProvider.java`, plain URIs have no projection map). No string literals, no sub-selects: Android 11's checker
/// refuses them.
package struct SMSQuery: Sendable, Equatable {
    let dialect: SMSDialect
    /// Whether numbers of 64 bits are printed whole: before Android 7 they are cut to 32, so a plain date means nothing.
    let isWide: Bool

    /// Longest time for one query.
    private static let timeout = Duration.seconds(30)

    /// The queries for builds of `dialect`.
    package init(dialect: SMSDialect, isWide: Bool) {
        self.dialect = dialect
        self.isWide = isWide
    }

    // MARK: What the phone is asked first

    /// Whether the store can be read, and where it stands. Goes through all rows, in their order; a build that does not know
    /// `likelihood` is told by it. A date is a number whatever an app has put there: one odd row must not hide all others.
    static let canary = query(
        [
            "count(*) AS c", "max(_id) AS m", "CAST(max(CAST(date AS INTEGER)) AS TEXT) AS d",
            "sum(CAST(date AS INTEGER)%1000000) AS s",
        ],
        where: likely("_id>=\(Int64.min)", nearlyNone))
    /// Asks for `column` of no row: refused by name where there is none, no rows where there is.
    static func has(_ column: String) -> PhoneCommand { query([column], where: "_id=-1") }

    /// Counts what stands in `column`: where expressions are run the answer is a row, whatever is in the store.
    static func count(_ column: String) -> PhoneCommand { query(["count(\(column)) AS c"]) }

    /// Whether the sort order may end in `LIMIT`.
    static let limit = query(["_id"], where: "_id=-1", sort: "_id ASC LIMIT 1")

    /// Where the store stands, in plain columns: the rows from `id` on, or the newest one. `isBare`: by ids alone, for a row may hold
    /// something else than a date.
    func plainCanary(from id: Int64, isBare: Bool) -> PhoneCommand {
        let columns = isBare ? ["_id"] : ["_id", "date"]
        return dialect.limits
            ? Self.query(columns, sort: "_id DESC LIMIT 1")
            : Self.query(columns, where: "_id>=\(id)", sort: "_id ASC")
    }

    /// Reads the answer of `plainCanary`; no rows: nothing is shown.
    func plainCanary(_ output: [UInt8], isBare: Bool) throws(PhoneParseError) -> SMSCanary {
        let columns: [ContentColumn] = [.integer("_id")] + (isBare ? [] : [.integer("date")])
        let rows = try ContentTable.parse(output, columns, what: "SMS canary")
        let newest = rows.max { ($0[0].number ?? -1) < ($1[0].number ?? -1) }
        return SMSCanary(
            count: nil, maxID: newest?[0].number,
            maxDate: isBare ? nil : newest.flatMap { date($0[1].number) })
    }

    // MARK: Rows

    /// Rows above `id`, oldest first.
    func rows(above id: Int64, limit: Int) -> PhoneCommand {
        Self.query(projection, where: byID("_id>\(id)"), sort: sort(limit))
    }

    /// The rows `ids`.
    func rows(_ ids: [Int64]) -> PhoneCommand {
        var condition = "_id IN (\(Self.list(ids)))"
        if dialect.reading == .hex, ids.count > Self.idsMax, let low = ids.min(), let high = ids.max(),
            low >= 0,
            high - low < Self.spanMax
        {
            condition = between("_id>=\(low)", "_id<=\(high)") + " AND " + condition
        }
        return Self.query(projection, where: condition, sort: "_id ASC")
    }

    /// Reads the answer of `rows`. In nonce mode the texts are still missing.
    package func rows(_ output: [UInt8]) throws(PhoneParseError) -> [SMSRow] {
        var found: [SMSRow] = []
        for values in try ContentTable.parse(output, columns, what: "SMS row") {
            guard let row = row(values) else { throw PhoneParseError("SMS row", row: found.count, offset: 0) }
            found.append(row)
        }
        return found
    }

    /// Received rows of `date` (milliseconds since 1970) and newer above `id`, oldest first.
    func rows(above id: Int64, since date: Int64, limit: Int) -> PhoneCommand {
        Self.query(
            projection, where: "type=1 AND " + byID("_id>\(id)") + " AND date>=\(date)", sort: sort(limit))
    }

    /// How many of them there are, above no id; where expressions are run.
    static func count(since date: Int64) -> PhoneCommand {
        query(["count(*) AS c"], where: "type=1 AND date>=\(date)")
    }

    /// Reads the answer of `count`.
    static func count(_ output: [UInt8]) throws(PhoneParseError) -> Int64? {
        try ContentTable.parse(output, [.integer("c")], what: "SMS count").first?[0].number
    }

    /// Received rows above `id` that a message which the radio brought may have become: by the service centre's date, or new enough;
    /// newest first.
    func rows(above id: Int64, sent dates: [Int64], since date: Int64) -> PhoneCommand {
        let sent = dates.isEmpty ? "" : "date_sent IN (\(Self.list(dates))) OR "
        return Self.query(
            projection, where: "type=1 AND " + byID("_id>\(id)") + " AND (\(sent)date>\(date))",
            sort: "_id DESC LIMIT \(Self.comparedRowsMax)")
    }

    /// Most rows that messages of the radio are compared with.
    private static let comparedRowsMax = 300

    // MARK: What identifies rows

    /// The received rows above `after` and up to `through`, oldest first.
    func marks(after: Int64, through: Int64, limit: Int) -> PhoneCommand {
        Self.query(
            markProjection, where: "type=1 AND " + between("_id>\(after)", "_id<=\(through)"),
            sort: sort(limit))
    }

    /// The received rows above `after` that are above `id` or newer than `date` (milliseconds since 1970), oldest first.
    func marks(after: Int64, id: Int64, date: Int64, limit: Int) -> PhoneCommand {
        Self.query(
            markProjection, where: "type=1 AND " + byID("_id>\(after)") + " AND (_id>\(id) OR date>\(date))",
            sort: sort(limit))
    }

    /// What tells rows of one moment apart without reading long texts.
    struct Twin: Sendable {
        /// Bytes of a text that are compared; of longer ones the length too.
        static let beginBytesMax = 200

        let mark: SMSRowMark
        /// The text's first bytes.
        let begin: [UInt8]
        /// All bytes of the text.
        let length: Int64

        func hasText(of row: SMSRow) -> Bool {
            let body = row.body ?? []
            return begin.elementsEqual(body.prefix(Self.beginBytesMax)) && length == Int64(body.count)
        }
    }

    /// The received rows of these dates (milliseconds since 1970); where expressions are run.
    func twins(dates: [Int64], limit: Int) -> PhoneCommand {
        Self.query(
            markProjection + [
                "hex(substr(CAST(body AS BLOB),1,\(Twin.beginBytesMax))) AS hb",
                "CAST(ifnull(length(CAST(body AS BLOB)),0) AS TEXT) AS lb",
            ], where: "type=1 AND date IN (\(Self.list(dates)))", sort: sort(limit))
    }

    /// Reads the answer of `twins`.
    func twins(_ output: [UInt8]) throws(PhoneParseError) -> [Twin] {
        var found: [Twin] = []
        for values in try ContentTable.parse(
            output, markColumns + [.hex("hb"), .integer("lb")], what: "SMS mark")
        {
            let texts = values.suffix(2)
            found.append(
                Twin(
                    mark: try mark(values, index: found.count), begin: texts.first?.bytes ?? [],
                    length: texts.last?.number ?? 0))
        }
        return found
    }

    /// The id of the next row above `id`, whatever it holds.
    func nextID(above id: Int64) -> PhoneCommand {
        Self.query(["_id"], where: byID("_id>\(id)"), sort: sort(1))
    }

    /// The id of the next received row above `id` of `date` (milliseconds since 1970) or newer.
    func nextID(above id: Int64, since date: Int64) -> PhoneCommand {
        Self.query(["_id"], where: "type=1 AND " + byID("_id>\(id)") + " AND date>=\(date)", sort: sort(1))
    }

    /// Reads the answer of `nextID`; nil where there is no such row.
    func nextID(_ output: [UInt8]) throws(PhoneParseError) -> Int64? {
        try ContentTable.parse(output, [.integer("_id")], what: "SMS id").first?[0].number
    }

    /// Reads the answer of `marks`.
    func marks(_ output: [UInt8]) throws(PhoneParseError) -> [SMSRowMark] {
        var found: [SMSRowMark] = []
        for values in try ContentTable.parse(output, markColumns, what: "SMS mark") {
            found.append(try mark(values, index: found.count))
        }
        return found
    }

    private func mark(_ values: [ContentValue], index: Int) throws(PhoneParseError) -> SMSRowMark {
        let next = dialect.cardColumn == nil ? 2 : 3
        guard let id = values[0].number, id >= 0, let address = Self.text(values, at: next + 2) else {
            throw PhoneParseError("SMS mark", row: index, offset: 0)
        }
        var mark = SMSRowMark(
            id: id, date: date(values[next].number), dateSent: date(values[next + 1].number),
            address: address.bytes)
        mark.printedDate = values[next].number
        mark.printedSent = values[next + 1].number
        mark.card = SMSCardMark(dialect, subID: values[1].number, own: next == 3 ? values[2].number : nil)
        return mark
    }

    // MARK: Texts of their own

    private static let texts = ContentTexts(provider: "content://sms", columns: ["address", "body"])

    /// The sender and the text of `rows`, a query each. An id that was given to another message meanwhile is told by its date.
    func texts(of rows: [SMSRow]) -> PhoneCommand {
        Self.texts.command(of: rows.map { row in (row.id, row.date.map { "date=\($0)" }) })
    }

    /// `rows` with the texts that `parts` hold, the answer of `texts`; nil in the place of one that is gone.
    ///
    /// Law: that of `ContentTexts.values`.
    package static func adding(
        _ parts: [[UInt8]], to rows: [SMSRow]
    ) throws(PhoneParseError) -> [SMSRow?] {
        let values = try texts.values(parts, of: rows.map(\.id), what: "SMS text")
        return zip(rows, values).map { row, values in
            guard let values else { return nil }
            var row = row
            row.address = values[0].map { Array($0.prefix(SMSRow.addressBytesMax)) }
            row.body = values[1].map { Array($0.prefix(SMSRow.bodyBytesMax)) }
            row.isCut = (values[1]?.count ?? 0) > SMSRow.bodyBytesMax
            return row
        }
    }

    // MARK: By the id

    /// Shares of a table that nearly nothing is, and of which two make nearly nothing.
    private static let nearlyNone = "0.0000001"
    private static let few = "0.001"
    /// So many ids SQLite looks up one by one; more of them are looked for in their stretch, where it is not longer than this.
    private static let idsMax = 12
    private static let spanMax: Int64 = 10_000

    /// `condition`, with the word for SQLite's planner that it holds for this share of the rows; means the same.
    ///
    /// Without it every query goes through all messages: the view that the shell sees asks for `type=1 OR type=2`, the table has an
    /// index on type and thread (aosp-mirror/platform_packages_providers_telephonyprovider `MmsSmsDatabaseHelper.java`), and SQLite,
    /// which has no statistics, takes it, reads all of it and sorts. With it rows are found by their id (seen with 3.11, 3.30,
    /// 3.40, 3.44 and 3.50; Android 6 has 3.8.10, which knows the word too).
    private static func likely(_ condition: String, _ share: String) -> String {
        "likelihood(\(condition),\(share))"
    }

    /// In plain columns without that word: they are for builds that refuse what others know.
    private func byID(_ condition: String) -> String {
        dialect.reading == .hex ? Self.likely(condition, Self.nearlyNone) : condition
    }

    /// Two ends of a stretch. Were one of them rare enough, SQLite would not use the other one.
    private func between(_ low: String, _ high: String) -> String {
        dialect.reading == .hex
            ? Self.likely(low, Self.few) + " AND " + Self.likely(high, Self.few) : "\(low) AND \(high)"
    }

    // MARK: Columns

    /// A column of numbers as text: whole on Android 6 too, and a number whatever an app has put there.
    private static func number(_ column: String, _ alias: String) -> String {
        "CAST(CAST(\(column) AS INTEGER) AS TEXT) AS \(alias)"
    }

    private var columns: [ContentColumn] {
        switch dialect.reading {
        case .hex:
            return [.integer("_id"), .integer("t"), .integer("s")]
                + (dialect.cardColumn == nil ? [] : [.integer("o")])
                + [.integer("d"), .integer("ds"), .hex("ha"), .integer("na"), .hex("hb"), .integer("lb")]
        case .nonce:
            return [.integer("_id"), .integer("type"), .integer("sub_id")]
                + (dialect.cardColumn.map { [.integer($0)] } ?? []) + [
                    .integer("date"), .integer("date_sent"),
                ]
        }
    }

    private var projection: [String] {
        switch dialect.reading {
        case .hex:
            // Of rows that were not received only the numbers: their texts are nobody's business here.
            return ["_id", Self.number("type", "t"), Self.number("sub_id", "s")]
                + (dialect.cardColumn.map { [Self.number($0, "o")] } ?? []) + [
                    Self.number("date", "d"), Self.number("date_sent", "ds"),
                    "hex(CASE type WHEN 1 THEN substr(CAST(address AS BLOB),1,\(SMSRow.addressBytesMax)) END) AS ha",
                    "address IS NULL AS na",
                    "hex(CASE type WHEN 1 THEN substr(CAST(body AS BLOB),1,\(SMSRow.bodyBytesMax)) END) AS hb",
                    "length(CAST(body AS BLOB)) AS lb",
                ]
        case .nonce:
            return ["_id", "type", "sub_id"] + (dialect.cardColumn.map { [$0] } ?? []) + [
                "date", "date_sent",
            ]
        }
    }

    private func row(_ values: [ContentValue]) -> SMSRow? {
        guard let id = values[0].number, id >= 0 else { return nil }
        var row = SMSRow(id: id, type: values[1].number)
        row.subID = values[2].number
        var next = 3
        if dialect.cardColumn != nil {
            row.cardValue = values[next].number
            next += 1
        }
        row.date = date(values[next].number)
        row.dateSent = date(values[next + 1].number)
        row.printedDate = values[next].number
        row.printedSent = values[next + 1].number
        guard dialect.reading == .hex else { return row }
        guard let address = Self.text(values, at: next + 2) else { return nil }
        row.address = address.bytes
        let body = values[next + 4].bytes
        switch values[next + 5].number {
        case nil:
            guard body.isEmpty else { return nil }
        case let length?:
            guard length >= 0, !row.isReceived || body.count == min(Int(length), SMSRow.bodyBytesMax) else {
                return nil
            }
            row.body = body
            row.isCut = length > SMSRow.bodyBytesMax
        }
        return row
    }

    private struct Text { let bytes: [UInt8]? }

    /// A hexadecimal column and the `IS NULL` behind it; nil where they contradict each other.
    private static func text(_ values: [ContentValue], at index: Int) -> Text? {
        guard index < values.count else { return Text(bytes: nil) }
        let bytes = values[index].bytes
        switch values[index + 1].number {
        case 0: return Text(bytes: bytes)
        case 1: return bytes.isEmpty ? Text(bytes: nil) : nil
        default: return nil
        }
    }

    private var markColumns: [ContentColumn] {
        let own = dialect.cardColumn
        switch dialect.reading {
        case .hex:
            return [.integer("_id"), .integer("s")] + (own == nil ? [] : [.integer("o")])
                + [.integer("d"), .integer("ds"), .hex("ha"), .integer("na")]
        case .nonce:
            return [.integer("_id"), .integer("sub_id")] + (own.map { [.integer($0)] } ?? [])
                + [.integer("date"), .integer("date_sent")]
        }
    }

    private var markProjection: [String] {
        let own = dialect.cardColumn
        switch dialect.reading {
        case .hex:
            return ["_id", Self.number("sub_id", "s")] + (own.map { [Self.number($0, "o")] } ?? []) + [
                Self.number("date", "d"), Self.number("date_sent", "ds"),
                "hex(substr(CAST(address AS BLOB),1,\(SMSRow.addressBytesMax))) AS ha",
                "address IS NULL AS na",
            ]
        case .nonce: return ["_id", "sub_id"] + (own.map { [$0] } ?? []) + ["date", "date_sent"]
        }
    }

    /// A date that was printed whole; nil where it was cut to 32 bits.
    private func date(_ value: Int64?) -> Int64? { dialect.reading == .hex || isWide ? value : nil }

    private func sort(_ limit: Int) -> String { dialect.limits ? "_id ASC LIMIT \(limit)" : "_id ASC" }

    private static func list(_ ids: [Int64]) -> String { ids.map { String($0) }.joined(separator: ",") }

    private static func query(
        _ projection: [String], where condition: String = "", sort: String = ""
    ) -> PhoneCommand {
        var text = "content query --uri content://sms --projection '\(projection.joined(separator: ":"))'"
        if !condition.isEmpty { text += " --where '\(condition)'" }
        if !sort.isEmpty { text += " --sort '\(sort)'" }
        return PhoneCommand(text, timeout: timeout)
    }
}
