/// An event as an SmsNotif receiver reads it.
package struct SmsNotifMessage: Sendable, Equatable {
    /// A value of `data`: a form knows only text.
    package enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case boolean(Bool)
        case null
    }

    /// The webhook's secret.
    package var secret: String
    /// `sms`, `ussd`, `notification`, `whatsapp`, ...
    package var type: String
    /// The fields of `data`.
    package var fields: [String: Value]

    package init(secret: String, type: String, fields: [String: Value]) {
        self.secret = secret
        self.type = type
        self.fields = fields
    }

    /// A field as the form would carry it (`true` is `1`, `false` is `0`); nil when absent or null.
    package func text(_ name: String) -> String? {
        switch fields[name] {
        case .text(let text)?: text
        case .integer(let number)?: String(number)
        case .boolean(let value)?: value ? "1" : "0"
        case .null?, nil: nil
        }
    }

    /// A whole number, also one that came as text.
    package func integer(_ name: String) -> Int64? { text(name).flatMap { Int64($0) } }
}

/// Why a body is not an SmsNotif event.
package enum SmsNotifError: Error, Sendable, Equatable {
    /// Neither a form nor JSON.
    case contentType(String)
    /// Not what the content type promises; the text says what is wrong.
    case malformed(String)
    /// `secret`, `type` or `data` is missing.
    case missing(String)
}
