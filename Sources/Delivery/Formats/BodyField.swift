/// A body's field before it is encoded. Order is part of the contract, so fields are lists, never dictionaries.
package struct BodyField: Sendable, Equatable {
    /// The key: a word of the format, never outside text.
    package let name: String
    /// The value.
    package let value: BodyValue

    /// The field `name`.
    package init(_ name: String, _ value: BodyValue) {
        self.name = name
        self.value = value
    }
}

/// What a field holds.
package indirect enum BodyValue: Sendable, Equatable {
    case integer(Int64)
    /// Outside text; U+0000 is dropped by the writers.
    case text(String)
    /// `true`/`false` in JSON, `1`/`0` in a form.
    case flag(Bool)
    /// `null` in JSON; a form leaves the whole pair out.
    case null
    /// Nested fields: an object in JSON, `name[key]` in a form.
    case group([BodyField])
    /// Values in order: an array in JSON, `name[0]`, `name[1]`, … in a form.
    case list([BodyValue])
    /// The place of the webhook's secret: empty text in the stored body. At most once in a body.
    case secret
}

/// What a writer made of a list of fields.
package struct EncodedBody: Sendable, Equatable {
    /// The bytes, without the secret.
    package var bytes: [UInt8] = []
    /// Where the encoded secret goes; nil when no field was the secret.
    package var secretOffset: Int?
}
