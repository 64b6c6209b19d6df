import CCurl
import Delivery

/// One request on its way, and what has come back so far. Lives on curl's thread alone, from `CurlLoop.start` to
/// `CurlLoop.end`, which takes it back out of curl's hands.
@safe final class CurlTransfer {
    let id: UInt64
    let continuation: CheckedContinuation<HTTPResult, Never>
    private let limits: CurlLimits
    /// Where curl writes its own words for a failure; curl asks for `CURL_ERROR_SIZE` bytes.
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    /// The header list, which curl reads during the whole transfer.
    var headers: UnsafeMutablePointer<curl_slist>?

    private(set) var body: [UInt8] = []
    /// True once a whole head has come: only then the status counts.
    private(set) var headComplete = false
    /// Which limit the peer broke, if any.
    private(set) var excess: String?
    private var bodyBytes = 0
    private var headBytes = 0

    init(id: UInt64, limits: CurlLimits, continuation: CheckedContinuation<HTTPResult, Never>) {
        self.id = id
        self.limits = limits
        self.continuation = continuation
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe headers = nil
    }

    deinit {
        unsafe errorText.deallocate()
        unsafe curl_slist_free_all(headers)
    }

    /// Takes bytes of the body; false when the transfer must end.
    func bodyReceived(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += bytes.count
        let room = limits.replyBytesKept - body.count
        if room > 0 { unsafe body.append(contentsOf: bytes.prefix(room)) }
        if bodyBytes <= limits.replyBytesSwallowed { return true }
        excess = "a reply body of more than \(limits.replyBytesSwallowed) bytes"
        return false
    }

    /// Takes one line of a head or a trailer, as curl cuts them; false when the transfer must end.
    func headReceived(_ line: UnsafeRawBufferPointer) -> Bool {
        headBytes += line.count
        if unsafe line.starts(with: Array("HTTP/".utf8)) { headComplete = false }
        if unsafe line.allSatisfy({ $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") }) {
            headComplete = true
        }
        if headBytes <= limits.headBytes { return true }
        excess = "a reply head of more than \(limits.headBytes) bytes"
        return false
    }
}
