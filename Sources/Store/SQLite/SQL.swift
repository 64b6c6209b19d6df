import Base

/// One SQL statement of ours and the name under which errors speak of it. Values are always bound, by name (`:name`), never
/// spliced.
struct SQL: Sendable, Hashable {
    /// A few words, such as "insert event".
    let name: String
    /// The statement.
    let text: String

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    /// Inserts one row into `table`: every one of `columns` gets the parameter of its name. `ending` is what follows
    /// VALUES, such as ON CONFLICT.
    static func insertion(
        _ name: String, into table: String, _ columns: [SQLName], ending: String = ""
    ) -> SQL {
        let parameters = columns.map { ":" + $0.text }.joined(separator: ", ")
        return SQL(
            name,
            "INSERT INTO \(table) (\(columns.list)) VALUES (\(parameters))"
                + (ending.isEmpty ? "" : " " + ending))
    }
}

/// The name of a column of a result, or of a parameter of a statement (`:name`). Each table's file declares its own, as
/// `fileprivate` constants.
///
/// A column of a result is called what stands behind its AS, and without AS what the table calls it; whatever is computed, or
/// is there twice, needs an AS.
struct SQLName: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The name as it stands in SQL, without the colon of a parameter.
    let text: String
    /// A number made from the text, once: names are compared for every value of every row.
    private let mark: UInt64

    init(text: String) {
        self.text = text
        // The hash FNV-1a of 64 bits: quick, and good enough for names of our own.
        mark = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    init(stringLiteral text: String) { self.init(text: text) }

    static func == (left: SQLName, right: SQLName) -> Bool {
        left.mark == right.mark && left.text == right.text
    }

    func hash(into hasher: inout Hasher) { hasher.combine(mark) }
}

extension [SQLName] {
    /// The names with commas between, for SELECT and INSERT.
    var list: String { map(\.text).joined(separator: ", ") }
}

/// A value that is bound to a parameter.
enum SQLValue: Sendable, Equatable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    init(_ value: Int?) { self = value.map { .integer(Int64($0)) } ?? .null }
    init(_ value: Int64?) { self = value.map { .integer($0) } ?? .null }
    init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    init(_ value: Bool) { self = .integer(value ? 1 : 0) }
    init(_ value: some RawRepresentable<Int64>) { self = .integer(value.rawValue) }
    init(_ value: some RawRepresentable<String>) { self = .text(value.rawValue) }
    /// Dates are stored as milliseconds since 1970.
    init(_ value: WallTime?) { self = value.map { .integer($0.milliseconds) } ?? .null }
}

/// The values of a statement's parameters: `[.id: SQLValue(key), .name: .text(name)]`.
struct SQLValues: Sendable {
    let pairs: [(SQLName, SQLValue)]

    /// The values of both; a name may be in one of them only.
    static func + (left: SQLValues, right: SQLValues) -> SQLValues {
        SQLValues(pairs: left.pairs + right.pairs)
    }
}

extension SQLValues: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (SQLName, SQLValue)...) { self.init(pairs: elements) }
}
