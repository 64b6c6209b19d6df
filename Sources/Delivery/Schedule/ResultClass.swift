/// What a result means for the event and for the webhook. "This event is refused" and "this endpoint is broken" are
/// told apart: only the second may stop a queue, only the first may kill an event before its time.
package enum ResultClass: Sendable, Equatable {
    /// 2xx: the receiver has it.
    case delivered
    /// No answer, or an answer that may be another one next time.
    case retry
    /// What only a person can mend, and an answer that another try cannot change soon: redirects, TLS, a wrong URL.
    case retrySlowly
    /// 429 and 503: the receiver asks everybody to wait.
    case busy
    /// 400, 409, 413, 422: this event is not wanted; others may be.
    case refused
    /// The endpoint is wrong or shut: the webhook is paused, its queue kept, and probed now and then.
    case broken
    /// 410: the endpoint is gone for good; only the user resumes the webhook.
    case gone
    /// We stopped it ourselves: it does not count as an attempt.
    case stopped

    /// `410 Gone`.
    static let goneStatus = 410
    /// `429 Too Many Requests`.
    static let tooManyRequestsStatus = 429

    /// The class of `result`.
    package init(_ result: HTTPResult) {
        switch result {
        case .answered(let answer): self = Self.ofStatus(answer.status)
        case .failed(let failure): self = Self.ofFailure(failure.kind)
        }
    }

    /// Sources: standard-webhooks/standard-webhooks spec/standard-webhooks.md (2xx, 3xx, 410, 429, 502, 504);
    /// cloudevents/spec cloudevents/http-webhook.md (410, 415, 429). What neither names is our choice.
    private static func ofStatus(_ status: Int) -> ResultClass {
        switch status {
        case 200...299: .delivered
        case 300...399: .retrySlowly
        case 400, 409, 413, 422: .refused
        case 401, 403, 404, 405, 411, 414, 415, 421, 501, 505: .broken
        case Self.goneStatus: .gone
        case Self.tooManyRequestsStatus, 503: .busy
        default: .retry
        }
    }

    private static func ofFailure(_ kind: HTTPFailure.Kind) -> ResultClass {
        switch kind {
        case .lookup, .connect, .timeout, .reset, .protocolError: .retry
        case .tls, .invalid: .retrySlowly
        case .cancelled: .stopped
        }
    }
}
