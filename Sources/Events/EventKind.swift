/// What kind of thing happened; the raw value is the word used in webhooks, on the command line and in the store.
package enum EventKind: String, Sendable, Codable, CaseIterable {
    case sms
    case mms
    case ussd
    case notification
    case whatsapp
    case device
    case sim
    case ping

    /// What a webhook gets when its user names nothing.
    package static let defaults: Set<EventKind> = [.sms, .whatsapp, .ussd, .notification]
}
