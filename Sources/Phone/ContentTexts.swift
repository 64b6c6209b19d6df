import Base

/// Texts of a provider's rows, each read by a query of its own, in nonce mode: told apart by marks that nobody could know when the
/// text was written (`MarkedOutput`).
///
/// At most one row has an id, and it is asked for one column, so what stands between two marks is that value or nothing. A last query
/// of each row proves that it was still there.
struct ContentTexts: Sendable {
    /// A column that no build has: where a provider really runs queries it names it in its refusal.
    static let unknownColumn = "phonewire_none"
    /// Time for one run, and more for each row: each query starts a Java runtime on the phone.
    private static let timeout = Duration.seconds(30)
    private static let timeoutForRow = Duration.seconds(4)

    /// The provider's address, such as `content://sms`; a constant of this program.
    let provider: String
    /// The columns, constants of this program.
    let columns: [String]

    /// Reads the columns of these rows: each an id, and what else must hold of the row, so that an id that was given to another one
    /// meanwhile is not taken for it.
    func command(of rows: [(id: Int64, condition: String?)]) -> PhoneCommand {
        var parts: [String] = []
        for (id, condition) in rows {
            for column in columns {
                parts.append(query(id, column, ["\(column) IS NOT NULL", condition].compactMap(\.self)))
            }
            parts.append(query(id, "_id", [condition ?? "_id=\(id)"]))
        }
        return PhoneCommand(each: parts, timeout: Self.timeout + Self.timeoutForRow * rows.count)
    }

    private func query(_ id: Int64, _ column: String, _ conditions: [String]) -> String {
        "content query --uri \(provider)/\(id) --projection \(column) --where '\(conditions.joined(separator: " AND "))'"
    }

    /// The values of the columns of each row of `ids` in `parts`, the answer of `command`; nil in the place of a row that is gone.
    ///
    /// Law: each row's values or gone, or one error. A value begins behind `Row: 0 body=` and ends before the last line feed, whatever
    /// it holds.
    func values(
        _ parts: [[UInt8]], of ids: [Int64], what: String
    ) throws(PhoneParseError) -> [[ArraySlice<UInt8>?]?] {
        let width = columns.count + 1
        guard parts.count == ids.count * width else { throw PhoneParseError(what, row: 0, offset: 0) }
        var rows: [[ArraySlice<UInt8>?]?] = []
        for (row, id) in ids.enumerated() {
            var values: [ArraySlice<UInt8>?] = []
            for (index, column) in (columns + ["_id"]).enumerated() {
                values.append(try Self.value(parts[row * width + index], column, what, row))
            }
            guard let shown = values.removeLast() else {
                rows.append(nil)
                continue
            }
            guard shown.elementsEqual("\(id)".utf8) else { throw PhoneParseError(what, row: row, offset: 0) }
            rows.append(values)
        }
        return rows
    }

    private static func value(
        _ part: [UInt8], _ column: String, _ what: String, _ row: Int
    ) throws(PhoneParseError) -> ArraySlice<UInt8>? {
        let head = Array("Row: 0 \(column)=".utf8)
        if part.starts(with: head), part.last == .lineFeed { return part[head.count..<(part.count - 1)] }
        guard part.elementsEqual("No result found.\n".utf8) else {
            throw PhoneParseError(what, row: row, offset: 0)
        }
        return nil
    }
}
