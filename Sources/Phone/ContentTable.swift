import Base

/// One column of an answer, and how its value is written. Every form is such that no value can hold a blank, a comma, a line feed
/// or `=`: a line has one reading, and no message can add a row or a field.
enum ContentColumn: Sendable, Equatable {
    /// Decimal digits, or `NULL`.
    case integer(String)
    /// Upper-case hexadecimal digits, from `hex(…)`; empty for NULL.
    case hex(String)

    var name: String {
        switch self {
        case .integer(let name), .hex(let name): name
        }
    }
}

/// A value of one column.
enum ContentValue: Sendable, Equatable {
    case integer(Int64?)
    case bytes([UInt8])

    var number: Int64? { if case .integer(let number) = self { number } else { nil } }
    var bytes: [UInt8] { if case .bytes(let bytes) = self { bytes } else { [] } }
}

/// Rows of `content query` whose columns are all of the forms above.
enum ContentTable {
    /// Reads `output`.
    ///
    /// Law: these rows in the order printed, each with exactly `columns`, or one error.
    static func parse(
        _ output: [UInt8], _ columns: [ContentColumn], what: String
    ) throws(PhoneParseError) -> [[ContentValue]] {
        let heads = columns.enumerated().map { Array("\($0 == 0 ? " " : ", ")\($1.name)=".utf8) }
        var rows: [[ContentValue]] = []
        for (number, line) in lines(of: output).enumerated() {
            guard let row = values(line, number, columns, heads) else {
                throw PhoneParseError(what, row: number, offset: line.startIndex)
            }
            rows.append(row)
        }
        return rows
    }

    private static func values(
        _ line: ArraySlice<UInt8>, _ number: Int, _ columns: [ContentColumn], _ heads: [[UInt8]]
    ) -> [ContentValue]? {
        var scanner = ByteScanner(line)
        guard scanner.accept("Row: "), scanner.integer() == Int64(number) else { return nil }
        var values: [ContentValue] = []
        values.reserveCapacity(columns.count)
        for (column, head) in zip(columns, heads) {
            guard scanner.accept(head) else { return nil }
            switch column {
            case .integer:
                guard let value = scanner.nullableInteger() else { return nil }
                values.append(.integer(value))
            case .hex:
                guard let bytes = scanner.hex() else { return nil }
                values.append(.bytes(bytes))
            }
        }
        return scanner.isAtEnd ? values : nil
    }
}
