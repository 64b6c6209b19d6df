/// Something a person asks of a source of a phone.
package enum SourceRequest: Sendable, Equatable {
    case ussd(USSDRequest)
}

/// What came of it.
package enum SourceReply: Sendable, Equatable {
    case ussd(USSDOutcome)
}
