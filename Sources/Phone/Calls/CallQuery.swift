import Base

/// The queries of the phone's call log and the readers of their answers. Numbers are the only thing put in.
///
/// AOSP's provider has a projection map and, for callers that may not read voicemail, strict grammar: plain columns only, and a limit in
/// the address instead of `LIMIT` (yaap/packages_providers_ContactsProvider `CallLogProvider.java`). So numbers are read first, then each
/// text in a query of its own, told apart by marks with a fresh nonce, as with SMS in nonce mode.
package enum CallQuery {
    /// A row of the call log, without its texts.
    package struct Row: Sendable, Equatable {
        /// `_id`, never given again.
        package let id: Int64
        /// 3: missed (aosp-mirror/platform_frameworks_base `CallLog.java`).
        package let type: Int64?
        /// When it came, milliseconds since 1970 by the phone's clock.
        package let date: Int64?

        var isMissed: Bool { type == 3 }
    }

    /// The texts of a row.
    struct Texts: Sendable, Equatable {
        let number: [UInt8]
        /// The phone account: from Android 13 on the subscription (LineageOS/android_packages_services_Telephony `PhoneUtils.java`).
        let account: [UInt8]
    }

    /// Rows read at a time, and rows whose texts are.
    static let rowsPerPage = 50
    static let textsPerPage = 8
    private static let log = "content query --uri 'content://call_log/calls"
    private static let columns: [ContentColumn] = [.integer("_id"), .integer("type"), .integer("date")]

    /// Whether queries are run: a column that no build has is refused by name.
    static let unknownColumn = PhoneCommand(
        "\(log)' --projection \(ContentTexts.unknownColumn) --where '_id=-1'")

    /// The newest row.
    static let newest = PhoneCommand("\(log)?limit=1' --projection _id:type:date --sort '_id DESC'")

    /// Rows above `id`, oldest first.
    static func rows(above id: Int64) -> PhoneCommand {
        PhoneCommand(
            "\(log)?limit=\(rowsPerPage)' --projection _id:type:date --where '_id>\(id)' --sort '_id ASC'")
    }

    /// Reads the answer of `rows` and `newest`.
    ///
    /// Law: these rows, or one error.
    package static func rows(_ output: [UInt8]) throws(PhoneParseError) -> [Row] {
        var rows: [Row] = []
        for values in try ContentTable.parse(output, columns, what: "call") {
            guard let id = values[0].number, id >= 0 else {
                throw PhoneParseError("call", row: rows.count, offset: 0)
            }
            rows.append(Row(id: id, type: values[1].number, date: values[2].number))
        }
        return rows
    }

    private static let texts = ContentTexts(
        provider: "content://call_log/calls", columns: ["number", "subscription_id"])

    /// Number and account of `rows`.
    static func texts(of rows: [Row]) -> PhoneCommand { texts.command(of: rows.map { ($0.id, nil) }) }

    /// The texts that `parts` hold, the answer of `texts`; nil in the place of a row that is gone.
    ///
    /// Law: that of `ContentTexts.values`.
    static func texts(_ parts: [[UInt8]], of rows: [Row]) throws(PhoneParseError) -> [Texts?] {
        try texts.values(parts, of: rows.map(\.id), what: "call texts").map { values in
            values.map { Texts(number: Array($0[0] ?? []), account: Array($0[1] ?? [])) }
        }
    }
}
