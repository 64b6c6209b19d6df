/// One SQL statement of ours and the name under which errors speak of it. Values are always bound, never spliced.
struct SQL: Sendable, Hashable {
    /// A few words, such as "insert event".
    let name: String
    /// The statement.
    let text: String

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }
}

/// A value that is bound to a statement.
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
}
