package import Events

/// Makes the body of an event for a webhook: once, when the delivery is created.
package enum BodyWriter {
    /// The body of `event` as `format` lays it out. `extended` adds the keys that only newer receivers know.
    package static func body(for event: Event, format: BodyFormat, extended: Bool = false) -> FrozenBody {
        switch format {
        case .smsnotif:
            FrozenBody(
                FormWriter.encode(SmsNotifFields.fields(of: event, extended: extended)),
                contentType: FormWriter.contentType)
        case .smsnotifJSON:
            FrozenBody(
                JSONWriter.encode(SmsNotifFields.fields(of: event, extended: extended)),
                contentType: JSONWriter.contentType)
        }
    }
}

extension FrozenBody {
    init(_ encoded: EncodedBody, contentType: String) {
        self.init(contentType: contentType, bytes: encoded.bytes, secretOffset: encoded.secretOffset)
    }

    /// The bytes to send: the body with `secret`, encoded as `format` asks, in its place. A format that carries
    /// no secret, or an offset that is not inside the body (a damaged store), leaves the bytes as they are.
    package func filled(secret: String, format: BodyFormat) -> [UInt8] {
        guard let secretOffset, (0...bytes.count).contains(secretOffset) else { return bytes }
        let encoded =
            switch format {
            case .smsnotif: FormWriter.escape(secret)
            case .smsnotifJSON: JSONWriter.escape(secret)
            }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count + encoded.count)
        out += bytes[..<secretOffset]
        out += encoded
        out += bytes[secretOffset...]
        return out
    }
}
