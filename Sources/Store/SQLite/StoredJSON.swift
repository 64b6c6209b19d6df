import FoundationEssentials

/// Values that are stored as JSON: sorted keys, no escaped slashes, so that the same value gives the same bytes.
enum StoredJSON {
    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
    private static let decoder = JSONDecoder()

    /// `value` as JSON; nil when it cannot be written so, which is a mistake of ours.
    static func text(of value: some Encodable) -> String? {
        (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value that `text` holds; nil when it holds none.
    static func value<Value: Decodable>(_ type: Value.Type, in text: String) -> Value? {
        try? decoder.decode(type, from: Data(text.utf8))
    }
}

extension Connection {
    /// `value` as JSON, to be bound by the statement `operation`.
    func json(_ value: some Encodable, for operation: SQL) throws(StoreError) -> SQLValue {
        guard let text = StoredJSON.text(of: value) else {
            throw StoreError(
                .bug, path: path, operation: operation.name, message: "it cannot be written as JSON")
        }
        return .text(text)
    }
}

extension Row {
    /// A value stored as JSON; `what` ends the error's sentence: `is not a filter of a webhook`.
    func json<Value: Decodable>(
        _ column: SQLName, _ type: Value.Type = Value.self, orDamaged what: String
    ) throws(StoreError) -> Value {
        guard let value = StoredJSON.value(type, in: try text(column)) else { throw damaged(column, what) }
        return value
    }
}
