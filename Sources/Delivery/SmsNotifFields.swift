import Events
import Time

/// The fields of SmsNotif's webhooks: `secret`, `type`, `data`, in this order.
///
/// Sources: SmsNotif / Zender vendor documentation, page "Webhooks" (payload structure and PHP sample). `device` and
/// `ping` are ours, in the same shape.
enum SmsNotifFields {
    static func fields(of event: Event, extended: Bool) -> [BodyField] {
        [
            BodyField("secret", .secret),
            BodyField("type", .text(event.content.kind.rawValue)),
            BodyField("data", .group(data(of: event, extended: extended))),
        ]
    }

    private static func data(of event: Event, extended: Bool) -> [BodyField] {
        [BodyField("id", .integer(event.id.rawValue))]
            + content(of: event, extended: extended)
            + [BodyField("timestamp", .integer(event.happenedAt.seconds))]
    }

    private static func content(of event: Event, extended: Bool) -> [BodyField] {
        let device = BodyField("device", .text(event.deviceWireID))
        // Slots are counted from 1; unknown is 0, never a guess.
        let slot = BodyField("sim", .integer(Int64(event.slot ?? 0)))
        switch event.content {
        case .sms(let message):
            return [
                BodyField("rid", .integer(message.rowID)), slot, device,
                BodyField("phone", .text(message.sender)), BodyField("message", .text(message.body)),
            ]
        case .whatsapp(let message):
            return [
                BodyField("wid", .text(message.account)), BodyField("phone", .text(message.sender)),
                BodyField("message", .text(message.text)),
            ] + (extended ? [BodyField("attachment", attachment(of: message))] : [])
        case .ussd(let answer):
            return [
                slot, device, BodyField("code", .text(answer.code)),
                BodyField("response", .text(answer.response)),
            ]
        case .notification(let posted):
            return [
                device, BodyField("package", .text(posted.package)),
                BodyField("title", .text(posted.title)), BodyField("content", .text(posted.content)),
            ]
        case .device(let notice):
            return [
                device, BodyField("event", .text(notice.event)), BodyField("detail", .text(notice.detail)),
            ]
        case .ping(let ping):
            return [
                BodyField("device", .text("")), BodyField("event", .text(ping.reason)),
                BodyField("detail", .text("")),
            ]
        }
    }

    /// A link, or `false` where there is no file: older receivers test it as a flag.
    private static func attachment(of message: ChatMessage) -> BodyValue {
        message.attachment.map { .text($0) } ?? .flag(false)
    }
}
