package import Events

/// A way to lay out an event as a request: content type, headers, body, and where the secret goes.
///
/// A format is a file in this folder that declares one of these, and one line in `all`.
package struct BodyFormat: Sendable, Equatable {
    /// The word on the command line and in the store. Never changed once released.
    package let name: String
    /// What it is and for which receivers, in one line of help.
    package let summary: String
    /// Spells the webhook's secret as it stands inside the body; nil for a format that carries none there.
    let spellSecret: (@Sendable (String) -> [UInt8])?
    /// Lays an event out. Pure: the same event gives the same bytes.
    let layOut: @Sendable (Event) -> FrozenBody

    /// Every format, in the order in which help lists them; the first is the default. A new format is one line here.
    package static let all: [BodyFormat] = [.smsnotif, .smsnotifJSON]

    /// The format called `name`; nil when there is none.
    package static func named(_ name: String) -> BodyFormat? { all.first { $0.name == name } }

    /// A format is known by its name.
    package static func == (left: BodyFormat, right: BodyFormat) -> Bool { left.name == right.name }

    /// Whether bodies have a place for the webhook's secret.
    package var carriesSecret: Bool { spellSecret != nil }

    /// The body of `event`: made once, when its delivery is created.
    package func body(of event: Event) -> FrozenBody { layOut(event) }

    /// The bytes to send: `body` with `secret` in its place. A format that carries no secret, or an offset that is not
    /// inside the body (a damaged store), leaves the bytes as they are.
    package func fill(_ body: FrozenBody, secret: String) -> [UInt8] {
        guard let spellSecret, let offset = body.secretOffset, (0...body.bytes.count).contains(offset) else {
            return body.bytes
        }
        let spelled = spellSecret(secret)
        var out: [UInt8] = []
        out.reserveCapacity(body.bytes.count + spelled.count)
        out += body.bytes[..<offset]
        out += spelled
        out += body.bytes[offset...]
        return out
    }
}

/// What a format made of an event, repeated byte for byte at every attempt, but for the secret: it is left out, and
/// `secretOffset` says where the current one is put in.
package struct FrozenBody: Sendable, Equatable {
    /// `Content-Type` of the request.
    package var contentType: String
    /// Header fields of the format's own, in order; most formats have none. They never hold a secret.
    package var headers: [HTTPField]
    /// The body without the secret.
    package var bytes: [UInt8]
    /// Where the encoded secret goes; nil when the body carries none.
    package var secretOffset: Int?

    /// A body as it is stored.
    package init(contentType: String, headers: [HTTPField] = [], bytes: [UInt8], secretOffset: Int?) {
        self.contentType = contentType
        self.headers = headers
        self.bytes = bytes
        self.secretOffset = secretOffset
    }

    init(_ encoded: EncodedBody, contentType: String, headers: [HTTPField] = []) {
        self.init(
            contentType: contentType, headers: headers, bytes: encoded.bytes,
            secretOffset: encoded.secretOffset)
    }
}
