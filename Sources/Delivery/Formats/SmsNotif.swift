import Base
package import Events

// SmsNotif's webhooks: `secret`, `type`, `data`, in this order.
//
// Sources: SmsNotif / Zender vendor documentation, page "Webhooks" (payload structure and PHP sample).

extension BodyFormat {
    /// SmsNotif's form encoding: the default, because real SmsNotif receivers read nothing else.
    package static let smsnotif = BodyFormat(
        name: "smsnotif", summary: "SmsNotif's form encoding, the one its receivers read",
        spellSecret: { FormWriter.escape($0) },
        layOut: { event in
            FrozenBody(
                FormWriter.encode(SmsNotif.fields(of: event)), contentType: FormWriter.contentType)
        })

    /// The same fields as JSON.
    package static let smsnotifJSON = BodyFormat(
        name: "smsnotif-json", summary: "the same fields as JSON",
        spellSecret: { JSONWriter.escape($0) },
        layOut: { event in
            FrozenBody(
                JSONWriter.encode(SmsNotif.fields(of: event)), contentType: JSONWriter.contentType)
        })
}

/// The fields that both formats carry.
package enum SmsNotif {
    /// The fields of `event`. `extended` adds those that only newer receivers know.
    package static func fields(of event: Event, extended: Bool = false) -> [BodyField] {
        [
            BodyField("secret", .secret),
            BodyField("type", .text(event.content.kind.rawValue)),
            BodyField("data", .group(data(of: event, extended: extended))),
        ]
    }

    private static func data(of event: Event, extended: Bool) -> [BodyField] {
        let own = event.content.details.parts.compactMap { part -> BodyField? in
            switch part {
            // Slots are counted from 1; unknown is 0, never a guess.
            case .slot: BodyField("sim", .integer(Int64(event.slot ?? 0)))
            case .device: BodyField("device", .text(event.deviceWireID))
            case .field(let field): self.field(field, extended: extended)
            }
        }
        return [BodyField("id", .integer(event.id.rawValue))] + own
            + [BodyField("timestamp", .integer(event.happenedAt.seconds))]
    }

    private static func field(_ field: EventField, extended: Bool) -> BodyField? {
        guard let name = field.smsnotif, extended || !field.isExtended else { return nil }
        switch field.value {
        case .integer(let number): return BodyField(name, .integer(number))
        case .text(let text), .link(let text): return BodyField(name, .text(text))
        case nil: return BodyField(name, field.missing == .no ? .flag(false) : .text(""))
        }
    }
}
