import Time

extension SQLValue {
    /// Dates are stored as milliseconds since 1970.
    init(_ value: WallTime?) { self = value.map { .integer($0.milliseconds) } ?? .null }
}
